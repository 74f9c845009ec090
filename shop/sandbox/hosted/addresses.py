"""Which page answers at which address."""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from shop.sandbox.errors import Refusal, unknown_address
from shop.sandbox.hosted import checkout, express, invoice, onboarding, portal, portal_cancel, portal_card
from shop.sandbox.hosted.markup import notice
from shop.sandbox.hosted.wording import words_for
from shop.sandbox.messages import Request, Response
from shop.sandbox.world import World

HERE = Path(__file__).parent
FONTS = HERE.parents[2] / "static" / "fonts"
ASSETS = {
    "checkout.css": ("text/css; charset=utf-8", HERE / "checkout.css"),
    "icon.svg": ("image/svg+xml", HERE / "icon.svg"),
    "bricolage-grotesque.woff2": ("font/woff2", FONTS / "bricolage-grotesque.woff2"),
    "figtree.woff2": ("font/woff2", FONTS / "figtree.woff2"),
}
Page = Callable[[World, str, Request], Response]
PAGES: list[tuple[re.Pattern[str], Page, Page]] = [
    (re.compile(r"^/c/pay/(cs_test_\w{1,100})$"), checkout.show, checkout.pay),
    (re.compile(r"^/c/pay/(cs_test_\w{1,100})/authentication$"), checkout.ask, checkout.authenticate),
    (re.compile(r"^/c/onboarding/(al_\w{1,100})$"), onboarding.enter, onboarding.enter),
    (re.compile(r"^/c/onboarding/(ob_\w{1,100})/form$"), onboarding.show, onboarding.submit),
    (re.compile(r"^/c/invoice/(live_\w{1,100})$"), invoice.show, invoice.pay),
    (re.compile(r"^/c/invoice/(live_\w{1,100})/authentication$"), invoice.ask, invoice.authenticate),
    (re.compile(r"^/c/portal/(test_\w{1,100})$"), portal.show, portal.act),
    (re.compile(r"^/c/portal/(test_\w{1,100})/card$"), portal_card.show, portal_card.submit),
    (re.compile(r"^/c/portal/(test_\w{1,100})/cancel$"), portal_cancel.show, portal_cancel.submit),
    (re.compile(r"^/c/portal/(test_\w{1,100})/authentication$"), portal_card.ask, portal_card.authenticate),
    (re.compile(r"^/c/express/(lg_\w{1,100})$"), express.show, express.show),
]


def respond(world: World, request: Request) -> Response | None:
    """The page at this address, or None when there is none."""
    if request.path.startswith("/assets/"):
        return _asset(request.path.removeprefix("/assets/"))
    words = words_for(None, request.headers.get("accept-language", ""))
    if request.path == "/":
        return notice(words, words["home_title"], words["home_text"], None)
    if not request.path.startswith("/c/"):
        return None
    if request.method not in ("GET", "HEAD", "POST"):
        return Response(405, headers={"Allow": "GET, HEAD, POST"})
    try:
        return _page(world, request)
    except Refusal as refusal:
        return notice(words, words["missing_title"], words["missing_text"], None, status=refusal.status)


def _page(world: World, request: Request) -> Response:
    """Raises Refusal (404) where there is none."""
    for pattern, show, submit in PAGES:
        if match := pattern.match(request.path):
            return (submit if request.method == "POST" else show)(world, match[1], request)
    raise unknown_address(request.method, request.path)


def _asset(name: str) -> Response:
    if name not in ASSETS or not ASSETS[name][1].is_file():
        return Response(404, headers={"Content-Type": "text/plain"})
    kind, file = ASSETS[name]
    return Response(200, _content(file), {"Content-Type": kind, "Cache-Control": "max-age=3600"})


@cache
def _content(file: Path) -> bytes:
    return file.read_bytes()
