"""`make demo`: a town that runs, from an empty directory to the last Ctrl-C.

Starts what a town is made of (PostgreSQL, the payment sandbox, the worker, the web server), waits until it answers,
says where it is, and serves until it is told to stop. Then nothing of it is left running. A part that ends by itself
is reported with the end of its log, and ends the rest.
"""

import fcntl
import hashlib
import os
import shlex
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import psycopg

from home import pdf
from portal import database_role, embedded_postgres
from portal.demo_processes import DemoError, Processes
from portal.settings.demo import ROOT, demo_directory, demo_environment, sandbox_port

PASSWORD = "achetons-demo"  # noqa: S105 - a demo's, told to everybody
ACCOUNTS = {
    "admin@demo.test": "the operator, who sees everything",
    "journal@levis.demo.test": "an editor of the Journal of Lévis",
    "journal@bellechasse.demo.test": "an editor of the Journal of Bellechasse",
    "direction@levis.demo.test": "the head of the Journal of Lévis: settings, team, refunds, plans",
    "chambre@levis.demo.test": "an adviser of the Chamber of Lévis",
    "chambre@bellechasse.demo.test": "an adviser of the Chamber of Bellechasse",
    "ville@levis.demo.test": "the City",
    "vignoble@demo.test": "owner of a vineyard that sells here",
    "librairie@demo.test": "owner of a bookshop that sells here",
    "fromagerie@demo.test": "owner of a cheese dairy that sells here",
    "boutique@demo.test": "owner of a shop with an online shop of its own",
    "salon@demo.test": "owner of a salon, listed only",
    "cliente@demo.test": "a shopper with past orders",
}
READY_SECONDS = 60
HIGHEST_PORT = 64_535  # the payment sandbox listens a thousand higher


class Interrupted(Exception):
    """Somebody asked the demo to stop."""


@dataclass(frozen=True)
class Demo:
    directory: Path
    port: int
    environment: dict[str, str]
    processes: Processes

    @property
    def base_url(self) -> str:
        return f"http://localhost:{self.port}"


def main() -> int:
    """0 after somebody stopped the demo, 1 after a failure, which is said."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        demo = _demo_from_environment()
        with _only_one(demo), _everything_stopped_afterwards(demo):
            _start(demo)
            _serve(demo)
    except Interrupted:
        return 0
    except (DemoError, embedded_postgres.EmbeddedPostgresError) as error:
        print(f"\n{error}", file=sys.stderr, flush=True)
        return 1
    return 0


def _interrupt(number: int, frame: FrameType | None) -> None:
    del number, frame
    raise Interrupted


def say(sentence: str) -> None:
    """Raises Interrupted, once, when nobody reads any more (`make demo | head`): a town without its person closes."""
    try:
        print(sentence, flush=True)
    except BrokenPipeError:
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115 - open until the end
        raise Interrupted from None


# ------------------------------------------------------------------------------------------------------- what is asked


def _demo_from_environment() -> Demo:
    port_text = os.environ.get("PORT") or "8000"
    if not port_text.isdigit() or not 0 < int(port_text) <= HIGHEST_PORT:
        raise DemoError(
            f"PORT={port_text} is no port: take a number from 1024 to {HIGHEST_PORT}, like `make demo PORT=8100`."
        )
    port, directory = int(port_text), demo_directory(os.environ.get("DEMO_DIR") or ".demo")
    environment = demo_environment(directory, port)
    return Demo(directory, port, environment, Processes(directory, environment))


@contextmanager
def _only_one(demo: Demo) -> Iterator[None]:
    """Two runs never share a directory; one that was killed leaves its parts behind, and they are ended here."""
    _make_directory(demo.directory)
    with (demo.directory / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DemoError(
                f"A demo already runs in {demo.directory}. Stop it, or run a second one beside it: "
                f"`make demo PORT={demo.port + 10} DEMO_DIR=.demo-{demo.port + 10}`."
            ) from None
        demo.processes.end_those_of_a_killed_run()
        _check_ports_are_free(demo)
        yield


def _make_directory(directory: Path) -> None:
    try:
        for name in ("log", "mail", "media"):
            (directory / name).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DemoError(
            f"{directory} cannot be written ({error.strerror}). Choose another with DEMO_DIR=…"
        ) from None


def _check_ports_are_free(demo: Demo) -> None:
    for port in (demo.port, sandbox_port(demo.port)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                raise DemoError(
                    f"Port {port} is taken by another program. Stop it, or choose another port: "
                    f"`make demo PORT={demo.port + 10}` (the payment sandbox listens a thousand higher)."
                ) from None


# -------------------------------------------------------------------------------------------------------------- start


def _start(demo: Demo) -> None:
    _start_database(demo)
    _write_environment(demo)
    demo.processes.start("sandbox", _sandbox(demo))
    # Packing and migrating take half a minute each the first time, and have nothing to do with one another.
    with _static_files_packed_meanwhile(demo):
        _migrate(demo)
    demo.processes.start("web", _web_server(demo.port))
    _wait_until_listening(demo, "sandbox", sandbox_port(demo.port))
    say("The towns move in (the first time takes a minute).")
    demo.processes.run("load_demo", _manage("load_demo"))
    demo.processes.start("worker", _manage("worker"))
    _wait_until_ready(demo)


def _start_database(demo: Demo) -> None:
    if not _database_is_ours(demo):
        say("The database is the one DATABASE_URL names.")
        demo.environment["DATABASE_URL"] = os.environ["DATABASE_URL"]
        return
    home = demo.directory / "postgres"
    embedded_postgres.use(home, say=say)
    demo.environment["DATABASE_URL"] = _application_url(demo)


def _owner_url(demo: Demo) -> str:
    """For migrations, which make and own the tables."""
    return embedded_postgres.database_url(demo.directory / "postgres")


def _application_url(demo: Demo) -> str:
    """For all that runs afterwards: a role that cannot change the audit trail."""
    role = embedded_postgres.APPLICATION_ROLE
    return embedded_postgres.database_url(demo.directory / "postgres", role=role)


def _database_is_ours(demo: Demo) -> bool:
    """A shell that read DEMO_DIR/env names our own server, which may not run yet."""
    return os.environ.get("DATABASE_URL", "") in {"", _owner_url(demo), _application_url(demo)}


def _write_environment(demo: Demo) -> None:
    """`set -a; . DEMO_DIR/env; set +a` makes a shell talk to this town."""
    lines = [f"{name}={_shell_value(value)}\n" for name, value in demo.environment.items()]
    (demo.directory / "env").write_text("".join(lines))


def _shell_value(value: str) -> str:
    # A lone question mark is harmless in an assignment; quotes would trouble whoever reads the file without a shell.
    return value if shlex.quote(value.replace("?", "")) == value.replace("?", "") else shlex.quote(value)


def _migrate(demo: Demo) -> None:
    """Asking Django whether there is anything to migrate takes seconds: ask only when a migration changed.

    The note of it stands beside the data it speaks of. About somebody else's database we know nothing.
    """
    stamp, state = demo.directory / "postgres" / "migrated", _migrations_state()
    is_ours = _database_is_ours(demo)
    if is_ours and stamp.exists() and stamp.read_text() == state:
        return
    say("The database takes its shape.")
    migrate = _manage("migrate", "--no-input", "--verbosity", "0")
    if not is_ours:
        demo.processes.run("migrate", migrate)
        return
    demo.processes.run("migrate", migrate, DATABASE_URL=_owner_url(demo))
    with psycopg.connect(_owner_url(demo)) as connection:
        database_role.restrict(connection, embedded_postgres.APPLICATION_ROLE)
    stamp.write_text(state)


def _migrations_state() -> str:
    files = sorted(ROOT.glob("*/migrations/*.py"))
    texts = [f"{path}\n{path.read_text()}" for path in [ROOT / "requirements.txt", *files]]
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


@contextmanager
def _static_files_packed_meanwhile(demo: Demo) -> Iterator[None]:
    stamp, state = demo.directory / "static.state", _static_files_state()
    if stamp.exists() and stamp.read_text() == state:
        yield
        return
    say("Style sheets and pictures are packed.")
    demo.processes.start("static", _manage("collectstatic", "--no-input", "--verbosity", "0"))
    yield
    demo.processes.finish("static")
    stamp.write_text(state)


def _static_files_state() -> str:
    """Changes whenever a static file of ours, or the packages that bring their own, changed."""
    files = [(path, path.stat()) for path in sorted((ROOT / "static").rglob("*"))]
    facts = [f"{path} {stat.st_mtime_ns} {stat.st_size}" for path, stat in files]
    facts.append((ROOT / "requirements.txt").read_text())
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()


def _manage(*arguments: str) -> list[str]:
    return [sys.executable, str(ROOT / "manage.py"), *arguments]


def _sandbox(demo: Demo) -> list[str]:
    port, state = str(sandbox_port(demo.port)), str(demo.directory / "sandbox.sqlite3")
    return _manage("stripe_sandbox", "--port", port, "--state", state)


def _web_server(port: int) -> list[str]:
    # Only this machine may come in: the demo's passwords are public.
    return [
        sys.executable, "-m", "gunicorn", "portal.wsgi", "--bind", f"127.0.0.1:{port}",
        "--workers", "2", "--threads", "4", "--graceful-timeout", "5", "--no-control-socket",
    ]  # fmt: skip


def _wait_until_listening(demo: Demo, name: str, port: int) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        demo.processes.check()
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise DemoError(
        demo.processes.report(name, f"« {name} » does not listen on port {port} after {READY_SECONDS} s.")
    )


def _wait_until_ready(demo: Demo) -> None:
    deadline, answer = time.monotonic() + READY_SECONDS, ""
    while time.monotonic() < deadline:
        demo.processes.check()
        try:
            with urllib.request.urlopen(f"{demo.base_url}/readyz", timeout=10):  # noqa: S310 - http, ours
                return
        except urllib.error.HTTPError as error:
            answer = f"{error.code}: {error.read(500).decode(errors='replace')}"
        except OSError:
            pass
        time.sleep(0.2)
    raise DemoError(demo.processes.report("web", f"The town is not ready after {READY_SECONDS} s. {answer}"))


# -------------------------------------------------------------------------------------------------------------- serve


def _serve(demo: Demo) -> None:
    _tell_addresses(demo)
    if missing := pdf.why_not():
        say(f"\n{missing}")
    parent = os.getppid()
    while os.getppid() == parent:  # a `make` that was killed takes its town with it
        demo.processes.check()
        time.sleep(0.5)


def _tell_addresses(demo: Demo) -> None:
    width = max(map(len, ACCOUNTS))
    accounts = "\n".join(f"    {email:<{width}}  {person}" for email, person in ACCOUNTS.items())
    say(f"""
Achetons runs.

    Achetons Lévis        {demo.base_url}/
    Achetons Bellechasse  http://bellechasse.localhost:{demo.port}/
    sign in               {demo.base_url}/compte/connexion/
    staff (Wagtail)       {demo.base_url}/admin/
    payment sandbox       {demo.environment["STRIPE_API_BASE"]}/
    mails, as files       {demo.directory / "mail"}

Accounts, all with the password {PASSWORD}:

{accounts}

A card that pays: 4242 4242 4242 4242, any date to come, any code. Ctrl-C stops everything.""")


# --------------------------------------------------------------------------------------------------------------- stop


@contextmanager
def _everything_stopped_afterwards(demo: Demo) -> Iterator[None]:
    """No process is left. PostgreSQL goes when this one does, if no other uses it."""
    try:
        yield
    finally:
        # A second Ctrl-C must not leave half of it running.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        with suppress(Interrupted):
            say("\nThe town closes.")
        demo.processes.end()
        (demo.directory / "env").unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main())
