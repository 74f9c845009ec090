"""The supervisor of `make demo`, with parts that are quicker than a town."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from portal import demo_runner, embedded_postgres
from portal.demo_processes import DemoError, Processes
from portal.settings.demo import demo_environment

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
SPAWN_AND_SLEEP = [
    sys.executable,
    "-c",
    "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(60)'])",
]


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    path = tmp_path / "ma démo"
    (path / "log").mkdir(parents=True)
    return path


@pytest.fixture
def processes(directory: Path) -> Iterator[Processes]:
    processes = Processes(directory, {"COLOUR": "blue"})
    yield processes
    processes.end()


def demo(directory: Path, processes: Processes, *, port: int = 8000) -> demo_runner.Demo:
    return demo_runner.Demo(directory, port, demo_environment(directory, port), processes)


def descendants() -> set[int]:
    return {
        child.pid
        for child in psutil.Process().children(recursive=True)
        if "time.sleep(60)" in str(child.cmdline())
    }


def watch(processes: Processes) -> None:
    while True:
        processes.check()
        time.sleep(0.05)


def test_end_leaves_no_child_and_no_grandchild(processes: Processes) -> None:
    processes.start("family", SPAWN_AND_SLEEP)
    while len(descendants()) < 2:
        processes.check()
        time.sleep(0.05)
    processes.end()
    assert descendants() == set()


def test_process_that_ends_by_itself_is_reported_with_its_log(processes: Processes) -> None:
    processes.start("short", [sys.executable, "-c", "print('what went wrong'); raise SystemExit(3)"])
    with pytest.raises(DemoError, match=r"« short » ended by itself \(exit code 3\)(?s:.*)what went wrong"):
        watch(processes)


def test_step_that_fails_is_reported_with_its_log(processes: Processes) -> None:
    with pytest.raises(DemoError, match=r"« step » failed \(exit code 1\)(?s:.*)no such town"):
        processes.run("step", [sys.executable, "-c", "raise SystemExit('no such town')"])


def test_step_sees_the_demos_environment(processes: Processes, directory: Path) -> None:
    processes.run("step", [sys.executable, "-c", "import os; print(os.environ['COLOUR'])"])
    assert (directory / "log" / "step.log").read_text() == "blue\n"


def test_ctrl_c_in_the_terminal_does_not_reach_the_parts(processes: Processes) -> None:
    processes.start("part", SLEEP)
    assert {os.getsid(pid) for pid in descendants()}.isdisjoint({os.getsid(0)})


def test_parts_of_a_killed_run_are_ended_by_the_next(processes: Processes, directory: Path) -> None:
    processes.start("part", SLEEP)
    assert descendants()
    Processes(directory, {}).end_those_of_a_killed_run()
    assert descendants() == set()


def test_stranger_with_the_number_of_a_killed_part_is_left_alone(directory: Path) -> None:
    stranger = subprocess.Popen(SLEEP)
    (directory / "processes").write_text(f"{stranger.pid} 12345.6\n")
    Processes(directory, {}).end_those_of_a_killed_run()
    assert stranger.poll() is None
    stranger.send_signal(signal.SIGKILL)
    stranger.wait()


def test_environment_file_is_read_by_a_shell(processes: Processes, directory: Path) -> None:
    one = demo(directory, processes)
    one.environment["DATABASE_URL"] = embedded_postgres.database_url(directory / "postgres")
    demo_runner._write_environment(one)
    script = f'set -a; . "{directory}/env"; set +a; exec "{sys.executable}" -c "import os; print(dict(os.environ))"'
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)
    assert one.environment.items() <= eval(done.stdout).items()


def test_taken_port_is_told_with_another(processes: Processes, directory: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1] - 1000
        with pytest.raises(DemoError, match=rf"Port {port + 1000} is taken .*`make demo PORT={port + 10}"):
            demo_runner._check_ports_are_free(demo(directory, processes, port=port))


def test_second_run_in_one_directory_is_refused(processes: Processes, directory: Path) -> None:
    with (
        demo_runner._only_one(demo(directory, processes, port=39_817)),
        pytest.raises(DemoError, match="A demo already runs"),
        demo_runner._only_one(demo(directory, processes, port=39_827)),
    ):
        pass


@pytest.mark.parametrize("port", ["abc", "0", "64999", "-1"])
def test_senseless_port_is_told(monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(DemoError, match="is no port: take a number"):
        demo_runner._demo_from_environment()
