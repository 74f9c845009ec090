"""What a page may weigh and how still it stands (EXPERIENCE.md), measured in a phone's browser.

The server compresses HTML and style sheets as in production. Static files are compressed by collectstatic there
and not here: their weight is that of their gzip.
"""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Page

from home.tenancy import portal_scope
from tests.factories import ImageFactory, ProductPhotoFactory, VariantFactory
from tests.journeys.conftest import Street, check_out, pay, photo, product_address, put_in_basket, thanks

pytestmark = [pytest.mark.browser, pytest.mark.slow]

KB = 1024
BUDGET_KB = {"Document": 25, "Stylesheet": 15, "Script": 18, "Font": 62}
PAGE_KB = 300
STORY_FONTS_KB = 62 + 58
LAYOUT_SHIFT = 0.05
COMPRESSIBLE = {".js", ".css", ".svg", ".json"}

OBSERVE = """
window.moved = 0; window.painted = 0;
new PerformanceObserver(list => { for (const e of list.getEntries()) if (!e.hadRecentInput) window.moved += e.value; })
    .observe({type: "layout-shift", buffered: true});
new PerformanceObserver(list => { for (const e of list.getEntries()) window.painted = e.startTime; })
    .observe({type: "largest-contentful-paint", buffered: true});
"""


@dataclass
class Weight:
    """Bytes over the wire by kind of thing, and what else one look at a page told."""

    kinds: dict[str, int] = field(default_factory=dict)
    addresses: list[str] = field(default_factory=list)
    moved: float = 0

    def add(self, kind: str, address: str, size: int) -> None:
        self.kinds[kind] = self.kinds.get(kind, 0) + size
        self.addresses.append(address)

    @property
    def total(self) -> int:
        return sum(self.kinds.values())


class Scale:
    """Listens to one page's network and weighs what arrives."""

    def __init__(self, page: Page) -> None:
        self.page, self.weight = page, Weight()
        self.kinds: dict[str, tuple[str, str]] = {}
        self.session = page.context.new_cdp_session(page)
        self.session.send("Network.enable")
        self.session.on("Network.responseReceived", self.arrives)
        self.session.on("Network.loadingFinished", self.arrived)

    def arrives(self, event: dict[str, Any]) -> None:
        self.kinds[event["requestId"]] = (event["type"], event["response"]["url"])

    def arrived(self, event: dict[str, Any]) -> None:
        if known := self.kinds.pop(event["requestId"], None):
            kind, address = known
            self.weight.add(kind, address, compressed_file(address) or int(event["encodedDataLength"]))

    def weigh(self, address: str) -> Weight:
        """Load a page as somebody who was never here; what moves is watched down to the page's end."""
        self.session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        self.weight = Weight()
        self.page.goto(address, wait_until="networkidle")
        weighed, self.weight = self.weight, Weight()
        self.page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
        self.page.wait_for_load_state("networkidle")
        weighed.moved = self.page.evaluate("window.moved")
        self.session.send("Network.setCacheDisabled", {"cacheDisabled": False})
        return weighed


def compressed_file(address: str) -> int | None:
    """The gzip of a static text file; None for whatever the server sends as it would in production."""
    path = urlsplit(address).path
    if not path.startswith("/static/") or Path(path).suffix not in COMPRESSIBLE:
        return None
    found = finders.find(path.removeprefix("/static/"))
    return len(gzip.compress(Path(str(found)).read_bytes())) if found else None


def faults(name: str, weight: Weight, origin: str) -> list[str]:
    """Every budget the page breaks, in words."""
    fonts = STORY_FONTS_KB if name == "story" else BUDGET_KB["Font"]
    scripts = 0 if name in {"story", "order"} else BUDGET_KB["Script"]
    allowed = {**BUDGET_KB, "Font": fonts, "Script": scripts}
    found = [
        f"{name}: {kind} {weight.kinds.get(kind, 0) / KB:.1f} KB > {most}"
        for kind, most in allowed.items()
        if weight.kinds.get(kind, 0) > most * KB
    ]
    if weight.total > PAGE_KB * KB:
        found.append(f"{name}: the page {weight.total / KB:.0f} KB > {PAGE_KB}")
    if weight.moved > LAYOUT_SHIFT:
        found.append(f"{name}: layout shift {weight.moved:.3f} > {LAYOUT_SHIFT}")
    return found + [f"{name}: third party {url}" for url in weight.addresses if not url.startswith(origin)]


@pytest.fixture
def full_street(street: Street) -> Street:
    """Lists as long as a page of them gets: 24 rows of the directory, 24 products with photos."""
    with portal_scope(street.site):
        for n in range(20):
            street.show(f"Commerce du coin {n}", tier="listing")
        merchant = street.cheese.product.merchant
        for n in range(24):
            product = VariantFactory(product__merchant=merchant, product__title=f"Tomme numéro {n}").product
            ProductPhotoFactory(product=product, image=ImageFactory(file=photo(1280, 1280)))
    return street


@pytest.fixture
def observer(chromium: Browser, street: Street, live_server) -> Iterator[Page]:
    """A phone with two pixels to each of ours, as most have."""
    context = chromium.new_context(
        base_url=live_server.url,
        locale="fr-CA",
        viewport={"width": 390, "height": 844},
        device_scale_factor=2,
    )
    context.add_init_script(OBSERVE)
    yield context.new_page()
    context.close()


@pytest.fixture
def scale(observer: Page) -> Scale:
    return Scale(observer)


def test_public_pages_keep_their_budgets(
    scale: Scale, full_street: Street, live_server, tmp_path: Path
) -> None:
    weights = {name: scale.weigh(address) for name, address in full_street.addresses.items()}
    report(tmp_path, weights)
    assert [f for name, weight in weights.items() for f in faults(name, weight, live_server.url)] == []


def test_basket_checkout_and_order_keep_their_budgets(
    scale: Scale, street: Street, live_server, tmp_path: Path
) -> None:
    page = scale.page
    put_in_basket(page, product_address(street.cheese))
    put_in_basket(page, product_address(street.candles))
    weights = {"basket": scale.weigh("/panier/"), "contact": scale.weigh("/paiement/")}
    page.goto("/panier/")
    check_out(page)
    pay(page)
    thanks(page).wait_for()
    weights["order"] = scale.weigh(page.url)
    report(tmp_path, weights)
    assert [f for name, weight in weights.items() for f in faults(name, weight, live_server.url)] == []


def report(folder: Path, weights: dict[str, Weight]) -> None:
    """The figures, for who runs these tests with -s."""
    table = {
        name: {
            **{k: round(v / KB, 1) for k, v in w.kinds.items()},
            "total": round(w.total / KB),
            "cls": w.moved,
        }
        for name, w in weights.items()
    }
    (folder / "weights.json").write_text(json.dumps(table, indent=1))
    for name, row in table.items():
        print(name, row)  # noqa: T201


def test_no_page_scrolls_sideways(page: Page, street: Street) -> None:
    put_in_basket(page, product_address(street.cheese))
    wide = []
    more = {
        "basket": "/panier/",
        "contact": "/paiement/",
        "login": "/compte/connexion/",
        "not found": "/nulle-part/",
    }
    for name, address in {**street.addresses, **more}.items():
        page.goto(address)
        for width in (390, 320):
            page.set_viewport_size({"width": width, "height": 700})
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                wide.append((name, width))
    assert wide == []


def test_main_acts_are_large_enough_for_a_thumb(page: Page, street: Street) -> None:
    """44 px for the main act of a screen."""
    small = []
    for name, address in street.addresses.items():
        page.goto(address)
        for button in page.locator(".button-main:visible").all():
            box: Any = button.bounding_box()
            if box["height"] < 44:
                small.append((name, button.inner_text(), box["height"]))
    assert small == []


def test_slow_phone_sees_nothing_jump(observer: Page, street: Street) -> None:
    """1.6 Mbit/s, 150 ms, CPU ÷ 4: the fonts come after the text.

    When the page is painted is told (-s) and not judged: a busy machine paints late.
    """
    session = observer.context.new_cdp_session(observer)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    throughput = 1.6 * 1024 * 1024 / 8
    slow = {
        "offline": False,
        "latency": 150,
        "downloadThroughput": throughput,
        "uploadThroughput": throughput,
    }
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", slow)
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    jumped = {}
    for name, address in street.addresses.items():
        observer.goto(address, wait_until="networkidle")
        observer.wait_for_function("window.painted > 0")
        jumped[name] = observer.evaluate("window.moved")
        print(name, "LCP", round(observer.evaluate("window.painted")), "ms, CLS", jumped[name])  # noqa: T201
    assert {name: moved for name, moved in jumped.items() if moved > LAYOUT_SHIFT} == {}
