"""What counting costs: the same page with and without it, in turn, and the image beside its page.

Without: the page's own counting tags give nothing, and the middleware that answers the image is not there. The
processor time of the application alone; what the thread that writes costs is told for itself.
"""

import datetime as dt
import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from statistics import median
from typing import Any
from unittest.mock import patch

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings

from bench.figures import Figure
from bench.guest import Guest
from bench.town import Town
from directory.counting.flood import flood
from directory.counting.tally import Key, Tally, tally
from directory.enums import Act, Source, Subject
from directory.models import DailyCount
from directory.templatetags import counting_tags
from home.tenancy import current_site_id

MIDDLEWARE = "directory.counting.middleware.CountingMiddleware"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 Version/18.6 Safari/604.1"
)
IMAGE = re.compile(r"/vu/seen\.[\w.-]+\.gif")
MOST_OF_A_PAGE, MOST_OF_AN_IMAGE = 1.03, 0.1
ROWS_WRITTEN = 1000


class Reader(Guest):
    """Whose browser names itself: a page that nobody is counted for costs less."""

    def _environ(self, method: str, address: str, body: bytes) -> dict[str, Any]:
        return {**super()._environ(method, address, body), "HTTP_USER_AGENT": PHONE}


def figures(town: Town, *, times: int) -> Iterator[Figure]:
    """Pages with counting and without take turns, so that both meet the machine in the same moods."""
    product = town.stalls[0].variant.product
    shop = f"/commerces/{product.merchant.slug}/"
    pages = {
        "a merchant's page": shop,
        "the directory": "/commerces/",
        "a product": f"/boutique/{product.merchant.slug}/{product.slug}/",
    }
    counting, plain = WSGIHandler(), _without_the_middleware()
    for name, path in pages.items():
        with_it, without = _in_turn(counting, plain, path, times)
        yield Figure(f"counting: {name}, without", without, "ms of processor")
        yield Figure(f"counting: {name}, with", with_it / without, "times", at_most=MOST_OF_A_PAGE)
    image, page = _image(counting, shop, times)
    yield Figure("counting: the image", image, "ms of processor")
    yield Figure("counting: the image, beside its page", image / page, "pages", at_most=MOST_OF_AN_IMAGE)
    yield Figure(f"counting: {ROWS_WRITTEN:,} different counts written", _written(), "ms of processor")


def _in_turn(counting: WSGIHandler, plain: WSGIHandler, path: str, times: int) -> tuple[float, float]:
    """Medians in milliseconds, with and without; the order turns round each time."""
    found: tuple[list[float], list[float]] = [], []
    for turn in range(times + 1):
        measured = {}
        for is_counted in (True, False) if turn % 2 else (False, True):
            measured[is_counted] = _one(counting if is_counted else plain, path, is_counted=is_counted)
        if turn:  # the first one warms up
            found[0].append(measured[True])
            found[1].append(measured[False])
    return median(found[0]), median(found[1])


def _one(application: WSGIHandler, path: str, *, is_counted: bool) -> float:
    with ExitStack() as stack:
        if not is_counted:
            stack.enter_context(_nothing_counted())
        reader = Reader(application)
        return _milliseconds(lambda: reader.get(path))


def _without_the_middleware() -> WSGIHandler:
    left = [each for each in settings.MIDDLEWARE if each != MIDDLEWARE]
    with override_settings(MIDDLEWARE=left):
        return WSGIHandler()


@contextmanager
def _nothing_counted() -> Iterator[None]:
    """Pages as they were before they were counted: no image, and no signed address."""
    with ExitStack() as stack:
        for name in ("_counted", "image_address", "leaving_address"):
            stack.enter_context(patch.object(counting_tags, name, _nothing))
        yield


def _nothing(*_asked: object, **_how: object) -> str:
    return ""


def _image(application: WSGIHandler, path: str, times: int) -> tuple[float, float]:
    reader = Reader(application)
    address = IMAGE.findall(reader.get(path).page)[0]
    ask = _bytes_of(application, reader, address)
    ask()
    images, pages = [], []
    for _turn in range(times):
        flood.renew()  # or the same reader would soon be held back, which costs less
        images.append(_milliseconds(ask))
        pages.append(_milliseconds(lambda: reader.get(path)))
    return median(images), median(pages)


def _bytes_of(application: WSGIHandler, reader: Reader, address: str) -> Callable[[], bytes]:
    def ask() -> bytes:
        return b"".join(application(reader._environ("GET", address, b""), _answered))  # noqa: SLF001

    return ask


def _answered(_status: str, _headers: list[tuple[str, str]], *_error: Any) -> Callable[[bytes], object]:
    return lambda _body: None


def _written() -> float:
    own, site_id = Tally(), current_site_id()
    keys = [_key(site_id, number) for number in range(ROWS_WRITTEN)]
    for key in keys:
        own.add(key)
    taken = _milliseconds(own.write)
    DailyCount.objects.all().delete()
    tally.renew()
    return taken


def _key(site_id: int, number: int) -> Key:
    day = dt.date(2026, 11, 23)
    return Key(site_id, day, Act.SEEN.value, Subject.PRODUCT.value, number, Source.OUTSIDE.value, 0, None)


def _milliseconds(act: Callable[[], object]) -> float:
    """Of this thread alone."""
    start = time.thread_time()
    act()
    return (time.thread_time() - start) * 1000
