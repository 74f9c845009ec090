"""`python -m bench --part lighthouse`: the five pages that most people see, judged by Lighthouse."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from bench.figures import Figure
from tests.browser import NAMES, launch_flags

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
TOWN = ROOT / ".bench" / "demo"
"""Kept from one run to the next, as `make demo` keeps its own."""

AIMS = {"performance": 98, "accessibility": 100, "best-practices": 100, "seo": 100}
BUDGET_KB = {"document": 25, "stylesheet": 15, "script": 18, "font": 62, "total": 300}
STORY_FONTS_KB = 62 + 58
LCP_SECONDS, SHIFT = 1.8, 0.05

RUN_SECONDS = 180
RUNS, TRIES = 3, 3


def figures(*, runs: int = RUNS) -> Iterator[Figure]:
    """Scores, what was painted when, and weights. Says so, and yields nothing, where there is no npm or no browser."""
    npm, browser = shutil.which("npm"), next((path for name in NAMES if (path := shutil.which(name))), None)
    if npm is None or browser is None:
        sys.stderr.write("Lighthouse is left out: it needs npm (Node 18.16 or newer) and Chromium.\n")
        return
    _install(npm)
    with _demo() as address:
        for name, page in _pages(address).items():
            for _n in range(2):
                _read(page)
            yield from _judged(name, [_run(page, browser) for _n in range(runs)])


def _install(npm: str) -> None:
    """What the lock file names, and nothing else; no package runs a script. Once for each lock file."""
    mark, wanted = HERE / "node_modules" / "installed-lock.json", HERE / "package-lock.json"
    if mark.exists() and mark.read_bytes() == wanted.read_bytes():
        return
    sys.stderr.write("Lighthouse is installed (once).\n")
    quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run([npm, "ci", *quiet], cwd=HERE, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    shutil.copy(wanted, mark)


@contextmanager
def _demo() -> Iterator[str]:
    """A demo town's address, once it answers; nothing of it runs afterwards. Raises RuntimeError."""
    port = _free_port()
    own = {"PORT": str(port), "DEMO_DIR": str(TOWN)}
    inherited = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}}
    sys.stderr.write("A demo town is started (the first time takes some minutes).\n")
    demo = subprocess.Popen(
        [sys.executable, "-m", "portal.demo_runner"],
        cwd=ROOT, env={**inherited, **own}, stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        _wait_until_it_runs(demo)
        yield f"http://localhost:{port}"
    finally:
        demo.send_signal(signal.SIGINT)
        demo.wait(timeout=60)


def _free_port() -> int:
    """One above which, by a thousand, the demo's payment sandbox finds its own."""
    for port in range(8300, 8400):
        with socket.socket() as tried:
            if tried.connect_ex(("localhost", port)) != 0:
                return port
    raise RuntimeError("No free port between 8300 and 8400")


def _wait_until_it_runs(demo: "subprocess.Popen[str]") -> None:
    """It answers long before its towns have moved in; when they have, it says so. Raises RuntimeError if it ends."""
    assert demo.stdout is not None
    for line in demo.stdout:
        if line.startswith("Achetons runs."):
            return
    raise RuntimeError("The demo ended by itself; its words are above")


def _read(address: str) -> str:
    with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310 - our own demo
        return str(answer.read().decode())


def _pages(address: str) -> dict[str, str]:
    """One of each kind, found as somebody would who follows the first link."""
    product = _first(rf"{address}/boutique/", r"/boutique/([\w-]+)/([\w-]+)/")
    story = _first(rf"{address}/histoires/", r"/histoires/(?!rss/)([\w-]+)/")
    return {
        "home": f"{address}/",
        "directory": f"{address}/commerces/",
        "merchant": f"{address}/commerces/{product.split('/')[2]}/",
        "story": f"{address}{story}",
        "product": f"{address}{product}",
    }


def _first(address: str, pattern: str) -> str:
    found = re.search(rf'href="(?:https?://[^/"]+)?({pattern})"', _read(address))
    if found is None:
        raise RuntimeError(f"No such link at {address}")
    return found[1]


def _run(address: str, browser: str) -> dict[str, Any]:
    """One report. Raises RuntimeError where the browser saw nothing, TRIES times in a row."""
    report: dict[str, Any] = {}
    for _n in range(TRIES):
        report = _report(address, browser)
        if "runtimeError" not in report:
            return report
    raise RuntimeError(f"Lighthouse saw nothing at {address}: {report['runtimeError'].get('message')}")


def _report(address: str, browser: str) -> dict[str, Any]:
    """As Lighthouse wrote it. Raises TimeoutExpired; FileNotFoundError where it wrote none."""
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / "report.json"
        flags = ["--headless", "--disable-gpu", *launch_flags(), f"--user-data-dir={folder}/profile"]
        command = [
            str(HERE / "node_modules" / ".bin" / "lighthouse"), address, "--quiet", "--no-enable-error-reporting",
            f"--only-categories={','.join(AIMS)}", "--output=json", f"--output-path={written}",
            f"--chrome-flags={' '.join(flags)}",
        ]  # fmt: skip
        environment = {**os.environ, "CHROME_PATH": browser}
        subprocess.run(command, env=environment, check=False, timeout=RUN_SECONDS)  # noqa: S603
        report: dict[str, Any] = json.loads(written.read_text())
    return report


def _judged(name: str, reports: list[dict[str, Any]]) -> Iterator[Figure]:
    """The medians of one page, and what a first look at it weighs."""
    for category, aim in AIMS.items():
        score = median(report["categories"][category]["score"] * 100 for report in reports)
        yield Figure(f"Lighthouse, {name}: {category}", score, "of 100", at_least=aim)
    lcp = median(_number(report, "largest-contentful-paint") / 1000 for report in reports)
    yield Figure(f"Lighthouse, {name}: largest paint", lcp, "s", at_most=LCP_SECONDS)
    shift = median(_number(report, "cumulative-layout-shift") for report in reports)
    yield Figure(f"Lighthouse, {name}: layout shift", shift, "", at_most=SHIFT)
    for kind, size in _weights(reports[-1]).items():
        most = STORY_FONTS_KB if (name, kind) == ("story", "font") else BUDGET_KB[kind]
        if (name, kind) == ("story", "script"):
            most = 0
        yield Figure(f"Lighthouse, {name}: {kind}", size, "KB", at_most=most)


def _number(report: dict[str, Any], audit: str) -> float:
    return float(report["audits"][audit]["numericValue"])


def _weights(report: dict[str, Any]) -> dict[str, float]:
    """KB over the wire by kind of thing, all of them last."""
    found = dict.fromkeys(BUDGET_KB, 0.0)
    for item in report["audits"]["network-requests"]["details"]["items"]:
        kind, size = str(item.get("resourceType", "")).lower(), item.get("transferSize", 0) / 1024
        found["total"] += size
        if kind in found:
            found[kind] += size
    return found
