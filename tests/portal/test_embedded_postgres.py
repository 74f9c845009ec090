"""The embedded server, started for real: slow by the second, but it is what every demo and every test stands on."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from portal import embedded_postgres as postgres

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[Path]:
    """A directory whose name has a space, an accent and a comma, and whose server is stopped afterwards."""
    path = tmp_path / "ma démo, à moi"
    yield path
    postgres.stop(path)


def server_pid(directory: Path) -> int:
    return int((directory / "data" / "postmaster.pid").read_text().splitlines()[0])


def until_its_file_says(directory: Path, state: str) -> None:
    deadline = time.monotonic() + postgres.START_SECONDS
    while postgres._pid_file_lines(directory)[7].strip() != state:
        assert time.monotonic() < deadline


def ask(directory: Path, question: str) -> object:
    with psycopg.connect(postgres.database_url(directory)) as connection:
        row = connection.execute(question).fetchone()
        assert row is not None
        return row[0]


def test_server_starts_with_its_database_and_stops(directory: Path) -> None:
    said: list[str] = []
    postgres.start(directory, say=said.append)
    assert said == ["PostgreSQL prepares its data directory (once).", "PostgreSQL starts."]
    assert ask(directory, "SELECT current_database()") == "achetons"
    pid = server_pid(directory)
    postgres.stop(directory)
    assert not psutil.pid_exists(pid)


def test_letters_sort_and_rise_the_same_on_every_machine(directory: Path) -> None:
    postgres.start(directory)
    assert ask(directory, "SHOW server_encoding") == "UTF8"
    assert ask(directory, "SELECT upper('épicerie œuf')") == "ÉPICERIE ŒUF"
    assert ask(directory, "SELECT datlocale FROM pg_database WHERE datname = 'achetons'") == "C.UTF-8"


def test_demo_is_durable_and_a_test_run_is_quick(directory: Path) -> None:
    postgres.start(directory)
    assert ask(directory, "SHOW fsync") == "on"
    postgres.stop(directory)
    postgres.start(directory, durable=False)
    assert ask(directory, "SHOW fsync") == "off"


def test_starting_twice_is_starting_once(directory: Path) -> None:
    postgres.start(directory)
    pid = server_pid(directory)
    postgres.start(directory)
    assert server_pid(directory) == pid


def test_server_listens_to_no_network_and_lets_no_other_user_in(directory: Path) -> None:
    postgres.start(directory)
    assert ask(directory, "SHOW listen_addresses") == ""
    assert postgres._socket_directory(directory).stat().st_mode & 0o077 == 0


def test_committed_rows_survive_kill_9_and_its_leftovers(directory: Path) -> None:
    postgres.start(directory)
    with psycopg.connect(postgres.database_url(directory)) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
    os.kill(server_pid(directory), signal.SIGKILL)
    postgres.start(directory)
    assert ask(directory, "SELECT one FROM kept") == 1


def test_server_just_killed_that_still_has_its_number_is_waited_for(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    postgres.start(directory)
    killed = psutil.Process(server_pid(directory))
    killed.kill()
    os.waitid(os.P_PID, killed.pid, os.WEXITED | os.WNOWAIT)
    # What the process table says in the moment between the signal and the end, which no test can hold still.
    seen, look = [killed, killed], postgres._server
    monkeypatch.setattr(postgres, "_server", lambda home: seen.pop() if seen else look(home))
    postgres.start(directory)
    assert seen == []
    assert ask(directory, "SELECT 1") == 1


def test_server_that_is_stopping_is_waited_for_and_started_anew(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    postgres.start(directory)
    stopping = psutil.Process(server_pid(directory))
    (checkpointer,) = (each for each in stopping.children() if "checkpointer" in each.cmdline()[0])
    checkpointer.suspend()  # without its last checkpoint no server stops
    stopping.send_signal(signal.SIGINT)
    until_its_file_says(directory, "stopping")
    answered, answers = [], postgres._answers

    def ask_and_let_go(home: Path) -> bool:
        answered.append(answers(home))
        if len(answered) == 2:
            checkpointer.resume()
        return answered[-1]

    monkeypatch.setattr(postgres, "_answers", ask_and_let_go)
    postgres.start(directory)
    assert not any(answered)
    assert server_pid(directory) != stopping.pid
    assert ask(directory, "SELECT 1") == 1


def test_server_that_neither_answers_nor_ends_is_told_of(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    postgres.start(directory)
    monkeypatch.setattr(postgres, "START_SECONDS", 0)
    monkeypatch.setattr(postgres, "_answers", lambda home: False)
    with pytest.raises(postgres.EmbeddedPostgresError, match=r"has not answered for .*server\.log"):
        postgres.start(directory)


def test_stale_pid_file_with_a_strangers_number_is_put_aside(directory: Path) -> None:
    postgres.start(directory)
    pid_file = directory / "data" / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    os.kill(server_pid(directory), signal.SIGKILL)
    # This test's own number: a living process that is no PostgreSQL.
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    postgres.start(directory)
    assert ask(directory, "SELECT 1") == 1


def test_initialisation_cut_short_is_begun_again(directory: Path) -> None:
    (directory / "data.new").mkdir(parents=True)
    (directory / "data.new" / "PG_VERSION").write_text("18\n")
    postgres.start(directory)
    assert ask(directory, "SELECT 1") == 1


def test_path_too_long_for_a_socket_works(tmp_path: Path) -> None:
    directory = tmp_path / ("long" * 20) / ("longer" * 20)
    try:
        postgres.start(directory)
        assert ask(directory, "SELECT 1") == 1
    finally:
        postgres.stop(directory)
    assert not postgres._socket_directory(directory).exists()


def test_damaged_files_are_reported_with_what_to_do(directory: Path) -> None:
    postgres.start(directory)
    postgres.stop(directory)
    (directory / "data" / "global" / "pg_control").write_bytes(b"")
    with pytest.raises(postgres.EmbeddedPostgresError, match=r"delete .* and start again") as caught:
        postgres.start(directory)
    assert "pg_control" in str(caught.value)


USE = (
    "import sys, time; from pathlib import Path; from portal import embedded_postgres as p;"
    "p.use(Path(sys.argv[1]), durable=False); print('ready', flush=True); sys.stdin.read()"
)


def user_of(directory: Path) -> subprocess.Popen[str]:
    """Another process that uses the server until its standard input is closed."""
    process = subprocess.Popen(
        [sys.executable, "-c", USE, str(directory)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def leave(process: subprocess.Popen[str]) -> None:
    process.communicate(timeout=30)


def test_last_user_to_leave_stops_the_server(directory: Path) -> None:
    first, second = user_of(directory), user_of(directory)
    pid = server_pid(directory)
    leave(first)
    assert psutil.pid_exists(pid)
    leave(second)
    assert not psutil.pid_exists(pid)


def test_user_that_was_killed_counts_no_more(directory: Path) -> None:
    killed, other = user_of(directory), user_of(directory)
    pid = server_pid(directory)
    killed.kill()
    killed.communicate(timeout=30)
    leave(other)
    assert not psutil.pid_exists(pid)


def test_ctrl_c_in_the_terminal_does_not_reach_the_server(directory: Path) -> None:
    postgres.start(directory)
    pid = server_pid(directory)
    assert os.getsid(pid) != os.getsid(0)
    assert ask(directory, "SELECT 1") == 1
