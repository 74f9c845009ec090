"""`python -m bench [--quick] [--part NAME]`: measures, prints the table, and writes bench/results.json.

One part alone (`purchase`, `throughput`, `staff`, …) is for looking again after a change: nothing is written.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.figures import Figure
    from bench.town import Town
    from shop.sandbox.server import Sandbox

RESULTS = Path(__file__).parent / "results.json"


def main() -> int:
    """0 when every aim holds, 1 when one is missed."""
    asked = _arguments()
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    import django

    django.setup()
    from bench import machine
    from bench.figures import table
    from bench.town import town
    from shop.sandbox.server import Sandbox

    with (
        Sandbox() as sandbox,
        _talking_to(sandbox),
        town(sandbox, products=3 if asked.quick or asked.part == "lighthouse" else 1000) as built,
    ):
        figures = list(_measured(built, asked.part, is_quick=asked.quick))
        results = {
            "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": machine.described(),
            "figures": [each.as_json() for each in figures],
        }
    sys.stdout.write(table(figures) + "\n")
    if not asked.quick and not asked.part:
        RESULTS.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n")
    return 0 if all(each.holds for each in figures) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="The benchmarks of the shop.")
    parser.add_argument(
        "--quick", action="store_true", help="once each, to see that it runs; nothing is written"
    )
    parser.add_argument(
        "--part",
        choices=("purchase", "throughput", "staff", "counting", "search", "lighthouse", "impact"),
        help="measure this alone; nothing is written",
    )
    return parser.parse_args()


@contextmanager
def _talking_to(sandbox: "Sandbox") -> Iterator[None]:
    from django.test import override_settings

    with override_settings(STRIPE_API_BASE=sandbox.url):
        yield


def _measured(built: "Town", part: str | None, *, is_quick: bool) -> Iterator["Figure"]:
    """Each part of the project that has something to measure adds its figures here."""
    from bench import counting, impact, purchase, search, staff, throughput
    from bench.crowd import crowd
    from bench.lighthouse import pages as lighthouse
    from home.tenancy import current_site

    if part in (None, "purchase"):
        yield from purchase.figures(built, purchases=1 if is_quick else 30)
    if part in (None, "throughput"):
        yield from throughput.figures(built, checkouts=8 if is_quick else 400, seconds=0.1 if is_quick else 5)
    if part in (None, "staff"):
        sizes, times = ((60, 70), 1) if is_quick else ((staff.SMALL, staff.LARGE), 9)
        yield from staff.figures(crowd(current_site(), built.stalls[0]), sizes=sizes, times=times)
    if part in (None, "counting"):
        yield from counting.figures(built, times=2 if is_quick else 100)
    if part == "lighthouse" or (part is None and not is_quick):
        yield from lighthouse.figures()
    if part in (None, "impact"):
        small = {"merchants": 30, "orders": 200, "counts": 20} if is_quick else {}
        yield from impact.figures(**small)
    if part in (None, "search"):
        usual = search.WHOLE if os.environ.get("BENCH_ROWS") == "1000000" else search.USUAL
        yield from search.figures(sizes=search.QUICK if is_quick else usual, times=2 if is_quick else 200)


if __name__ == "__main__":
    sys.exit(main())
