"""The copy of the contract: what the law asks, written at the payment, unchanged by whatever happens later."""

import re
import zlib
from datetime import timedelta

import pytest
from django.db import ProgrammingError, transaction
from django.test import Client
from django.utils import timezone
from wagtail.models import Site

from home import pdf
from home.models import PortalSettings
from shop import contracts
from shop.enums import Tax
from shop.models import Cart, Checkout, ContractCopy, Order, Product, Variant
from shop.sandbox.server import Sandbox
from shop.tokens import order_token
from tests.factories import TaxRegistrationFactory
from tests.shop.conftest import Stall, complete, place

NBSP = "\u00a0"


@pytest.fixture
def paid(cart: Cart, portal: PortalSettings, sandbox: Sandbox, candles: Stall, cheese: Stall) -> Checkout:
    TaxRegistrationFactory(merchant=candles.merchant)
    TaxRegistrationFactory(merchant=candles.merchant, tax=Tax.QST)
    type(candles.merchant).objects.filter(pk=candles.merchant.pk).update(legal_name="9123-4567 Québec inc.")
    candles.merchant.shop.return_policy = "Échange dans les 14 jours."
    candles.merchant.shop.save()
    return complete(place(cart, portal), sandbox)


@pytest.fixture
def sold_candle(paid: Checkout, candles: Stall) -> Order:
    return paid.orders.get(merchant=candles.merchant)


@pytest.fixture
def anyone(in_levis: Site) -> Client:
    return Client(headers={"host": "localhost"})


def words(html: str) -> str:
    """What one reads: no tags, single spaces."""
    text = re.sub(r"<style>.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL)
    return re.sub(r"[ \n]+", " ", text)


def address(order: Order, ending: str = "/") -> str:
    return f"/commande/{order_token(order.checkout)}/recu/{order.number}{ending}"


def test_copy_says_all_that_the_law_asks(sold_candle: Order, candles: Stall) -> None:
    said = words(sold_candle.contract_copy.html)
    merchant = candles.merchant
    for expected in (
        merchant.name, "9123-4567 Québec inc.", merchant.street_address, merchant.postal_code,
        f"Numéro de TPS{NBSP}: 123456789 RT0001", f"Numéro de TVQ{NBSP}: 1234567890 TQ0001",
        sold_candle.number, "Marie Tremblay", "marie@exemple.test", candles.variant.product.title, "TPS TVQ",
        f"19,99{NBSP}$", f"TPS (5{NBSP}%) 1,00{NBSP}$", f"TVQ (9,975{NBSP}%) 1,99{NBSP}$",
        f"Total payé 22,98{NBSP}$", f"Moyen de paiement{NBSP}: visa 4242", "À prendre à la boutique",
        "30 jours après la date promise", "Échange dans les 14 jours.",
    ):  # fmt: skip
        assert expected in said, expected
    assert "14,975" not in said
    assert "Fromagerie" not in said


def test_unregistered_merchants_receipt_names_no_tax(paid: Checkout, cheese: Stall) -> None:
    said = words(paid.orders.get(merchant=cheese.merchant).contract_copy.html)
    assert "sans taxe" in said
    assert "Numéro de" not in said
    assert f"Total payé 24,00{NBSP}$" in said


def test_tax_that_the_portal_collects_goes_under_its_number(
    cart: Cart, portal: PortalSettings, sandbox: Sandbox, candles: Stall
) -> None:
    portal.collects_tax_for_unregistered, portal.gst_number = True, "987654321 RT0001"
    portal.save()
    order = complete(place(cart, portal), sandbox).orders.get(merchant=candles.merchant)
    said = words(order.contract_copy.html)
    assert f"Numéro de TPS{NBSP}: 987654321 RT0001 (Achetons Lévis, qui perçoit cette taxe" in said
    assert "TVQ" not in said


def test_later_prices_and_names_change_nothing(sold_candle: Order, candles: Stall, anyone: Client) -> None:
    before = anyone.get(address(sold_candle)).content
    Variant.objects.update(price_cents=99_00)
    Product.objects.update(title="autre chose")
    type(candles.merchant).objects.update(name="Autre nom", street_address="2, rue Neuve")
    PortalSettings.objects.update(brand="Autre portail")
    assert anyone.get(address(sold_candle)).content == before


def test_copy_is_written_once_and_cannot_be_changed(sold_candle: Order) -> None:
    kept = sold_candle.contract_copy
    assert contracts.write(sold_candle, now=timezone.now() + timedelta(days=1)) == kept
    with pytest.raises(ProgrammingError), transaction.atomic():
        ContractCopy.objects.filter(pk=kept.pk).update(html="autre chose")
    assert ContractCopy.objects.get(order=sold_candle).html == kept.html


def test_what_people_typed_is_text_in_it(
    cart: Cart, portal: PortalSettings, sandbox: Sandbox, candles: Stall, anyone: Client
) -> None:
    Product.objects.filter(pk=candles.variant.product_id).update(
        title="<style>*{display:none}</style><img src='file:///etc/passwd'>"
    )
    order = complete(place(cart, portal), sandbox).orders.get(merchant=candles.merchant)
    html = anyone.get(address(order)).content.decode()
    assert html.count("<style>") == 1
    assert "<img" not in html


def test_unpaid_order_has_no_receipt(cart: Cart, portal: PortalSettings, anyone: Client) -> None:
    order = place(cart, portal).orders.first()
    for ending in ("/", ".pdf"):
        assert anyone.get(address(order, ending)).status_code == 404
    assert not ContractCopy.objects.exists()


def test_order_sold_before_copies_were_kept_gets_its_own(
    cart: Cart, portal: PortalSettings, sandbox: Sandbox, candles: Stall, anyone: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    with monkeypatch.context() as before:
        before.setattr(contracts, "write", lambda order, *, now: None)
        order = complete(place(cart, portal), sandbox).orders.get(merchant=candles.merchant)
    assert not ContractCopy.objects.exists()
    for _look in range(2):
        assert "19,99" in anyone.get(address(order)).content.decode()
    assert ContractCopy.objects.get().order == order


def test_page_shows_its_own_style_and_loads_nothing(sold_candle: Order, anyone: Client) -> None:
    answer = anyone.get(address(sold_candle))
    policy = answer["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert not re.search(r"(?:src|href)=\"(?!tel:)", answer.content.decode())
    assert (answer["X-Robots-Tag"], answer["Referrer-Policy"]) == ("noindex", "no-referrer")
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.skipif(not pdf.can_print(), reason=pdf.why_not())
def test_pdf_is_tagged_french_and_light(sold_candle: Order, anyone: Client) -> None:
    answer = anyone.get(address(sold_candle, ".pdf"))
    assert answer["Content-Type"] == "application/pdf"
    assert f"recu-{sold_candle.number}.pdf" in answer["Content-Disposition"]
    assert answer.content.startswith(b"%PDF-")
    assert len(answer.content) < 150_000
    inside = inflated(answer.content)
    for mark in (b"/StructTreeRoot", b"/Marked true", b"/Lang (fr-CA)", b"/FontFile", b"pdfuaid", b"/Title"):
        assert mark in inside, mark


def inflated(content: bytes) -> bytes:
    """What the streams of a PDF hold."""
    streams = re.findall(rb"FlateDecode.*?stream\n(.*?)\nendstream", content, flags=re.DOTALL)
    return b"".join(zlib.decompress(stream) for stream in streams)


def test_without_the_library_the_page_that_prints_takes_its_place(
    sold_candle: Order, anyone: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "_weasyprint", lambda: None)
    assert anyone.get(address(sold_candle, ".pdf")).url == address(sold_candle)
    assert "libpango" in pdf.why_not()


def test_receipt_is_its_own_checkouts_and_portals_alone(
    paid: Checkout, sold_candle: Order, portal: PortalSettings, sandbox: Sandbox, candles: Stall,
    bellechasse: Site, anyone: Client,
) -> None:  # fmt: skip
    from shop import carts

    other_cart = carts.create()
    carts.add(other_cart, candles.variant, 1)
    other = complete(place(other_cart, portal), sandbox).orders.get()
    for ending in ("/", ".pdf"):
        crossed = f"/commande/{order_token(paid)}/recu/{other.number}{ending}"
        assert anyone.get(crossed).status_code == 404
        abroad = Client(headers={"host": "bellechasse.localhost"}).get(address(sold_candle, ending))
        assert abroad.status_code == 404
        assert b"Marie" not in abroad.content
