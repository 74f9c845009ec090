"""The system's Pango that receipts are printed with: found, or installed where we may, else the tests of PDF files
say that they were skipped and why (`python -m tests.pdf_libraries`).
"""

import os
import subprocess
import sys

from home import pdf
from tests.browser import runs

PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")


def are_there() -> bool:
    """Asked in a process of its own: what this one failed to load it does not find again."""
    asked = subprocess.run(
        [sys.executable, "-c", "from home import pdf; raise SystemExit(not pdf.can_print())"], check=False
    )
    return asked.returncode == 0


def ensure() -> None:
    """Installed where that can be done; else a sentence says what to do. Nothing but PDF files needs them."""
    if are_there():
        return
    print("Pango is installed for the receipts' PDF (once).", flush=True)
    for command in install_commands():
        if runs(command) and are_there():
            return
    print(pdf.why_not(), file=sys.stderr)


def install_commands() -> list[list[str]]:
    """Only root installs packages; on other systems than Debian's the sentence must do."""
    if os.geteuid() != 0:
        return []
    return [
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *PACKAGES],
    ]


if __name__ == "__main__":
    ensure()
