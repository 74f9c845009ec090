"""The processes a demo is made of: started with their logs, watched, and ended to the last child."""

import os
import subprocess
from pathlib import Path

import psutil

from portal.settings.demo import ROOT

STOP_SECONDS = 15
LOG_LINES = 20


class DemoError(Exception):
    """The demo cannot run; the message says what a person can do."""


class Processes:
    """Each has a name, a log under `directory/log`, and a session of its own, out of reach of Ctrl-C."""

    def __init__(self, directory: Path, environment: dict[str, str]) -> None:
        self.directory = directory
        self.environment = environment
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._others = {child.pid for child in psutil.Process().children()}

    def start(self, name: str, command: list[str], **changes: str) -> None:
        """``changes``: what this one's environment says otherwise."""
        with self._log(name).open("wb") as log:
            self._running[name] = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, **self.environment, "PYTHONUNBUFFERED": "1", **changes},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._remember()

    def finish(self, name: str) -> None:
        """Wait for a process that ends by itself. Raises DemoError, with the end of its log, where it failed."""
        code = self._running[name].wait()
        del self._running[name]
        if code:
            raise DemoError(self.report(name, f"« {name} » failed (exit code {code})."))

    def run(self, name: str, command: list[str], **changes: str) -> None:
        self.start(name, command, **changes)
        self.finish(name)

    def check(self) -> None:
        """Raises DemoError when one that should run has ended."""
        for name, process in self._running.items():
            if process.poll() is not None:
                raise DemoError(
                    self.report(name, f"« {name} » ended by itself (exit code {process.returncode}).")
                )

    def report(self, name: str, sentence: str) -> str:
        """The sentence, and how the log of that process ends."""
        lines = self._log(name).read_text(errors="replace").splitlines()[-LOG_LINES:]
        return "\n".join(
            [f"{sentence} Its log, {self._log(name)}, ends with:", *(f"    {line}" for line in lines)]
        )

    def end(self) -> None:
        """None is left afterwards: last started, first ended."""
        for process in reversed(self._running.values()):
            _end_family(process.pid)
            process.wait()
        self._running.clear()
        _end_strays(spared=self._others)
        self._notes.unlink(missing_ok=True)

    def end_those_of_a_killed_run(self) -> None:
        for line in self._notes.read_text().splitlines() if self._notes.exists() else []:
            pid, birth = line.split()
            # The moment of birth tells a process of ours from a stranger that wears its number today.
            if _birth(int(pid)) == birth:
                _end_family(int(pid))
        self._notes.unlink(missing_ok=True)

    def _remember(self) -> None:
        lines = [f"{process.pid} {_birth(process.pid)}\n" for process in self._running.values()]
        self._notes.write_text("".join(lines))

    @property
    def _notes(self) -> Path:
        return self.directory / "processes"

    def _log(self, name: str) -> Path:
        return self.directory / "log" / f"{name}.log"


def _birth(pid: int) -> str:
    try:
        return str(psutil.Process(pid).create_time())
    except psutil.NoSuchProcess:
        return "gone"


def _end_family(leader: int) -> None:
    """End a process and every process it started: first it is asked, then they are made to."""
    try:
        family = [psutil.Process(leader), *psutil.Process(leader).children(recursive=True)]
        family[0].terminate()
    except psutil.NoSuchProcess:
        return
    _, left = psutil.wait_procs(family, timeout=STOP_SECONDS)
    for process in left:
        process.kill()


def _end_strays(*, spared: set[int]) -> None:
    """One that was being started when the signal came is nobody's yet. PostgreSQL ends its own way.

    ``spared``: what this process had started before the demo.
    """
    for child in psutil.Process().children():
        if child.pid not in spared and _is_stray(child):
            _end_family(child.pid)


def _is_stray(child: psutil.Process) -> bool:
    try:
        return child.status() != psutil.STATUS_ZOMBIE and not child.name().startswith("postgres")
    except psutil.NoSuchProcess:  # a zombie's name is not to be had either
        return False
