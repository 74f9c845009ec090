"""The Chromium that journeys run in: found where one is, installed where none is (`python -m tests.browser`)."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Playwright, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
# A container's shared memory is small, and a root user's browser has no sandbox. Nothing calls home.
FLAGS = [
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
INSTALL_SECONDS = 600


def executable(playwright: Playwright) -> str | None:
    """Path of a Chromium: Playwright's own, else the system's; None where there is none."""
    own = playwright.chromium.executable_path
    if Path(own).exists():
        return own
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def is_there() -> bool:
    with sync_playwright() as playwright:
        return executable(playwright) is not None


def launch_flags() -> list[str]:
    return [*FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]


def ensure() -> int:
    """0 with a browser there afterwards; 1 with a sentence that says what to do."""
    if is_there():
        return 0
    print("A Chromium is installed for the journeys (once; a minute or two).", flush=True)
    for command in install_commands():
        if runs(command) and is_there():
            return 0
    print(
        "No Chromium could be installed. Install one with the system's package manager "
        "(Debian and Ubuntu: apt-get install chromium), then run `make test` again.",
        file=sys.stderr,
    )
    return 1


def install_commands() -> list[list[str]]:
    """Playwright's own first, with the libraries it needs where we may install those; then the system's."""
    playwright = [sys.executable, "-m", "playwright", "install"]
    if os.geteuid() != 0:
        return [[*playwright, "chromium"]]
    return [
        [*playwright, "--with-deps", "chromium"],
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"],
    ]


def runs(command: list[str]) -> bool:
    try:
        done = subprocess.run(
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=INSTALL_SECONDS,
            check=False,
        )
    except (FileNotFoundError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(ensure())
