"""A bought file: fetched by its signed link from the payment on, by nobody else, until the money is given back."""

import re
from datetime import timedelta

import pytest
from django.core import signing
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from home.models import PortalSettings
from home.tenancy import portal_scope
from shop import carts
from shop.downloads import SALT, downloads_of, token_of
from shop.enums import LineState, OrderStatus, ProductKind
from shop.models import Checkout, LineItem, Order, Product
from shop.sandbox.server import Sandbox
from tests.factories import ProductFactory, VariantFactory
from tests.shop.conftest import Stall, complete, place
from tests.shop.views.conftest import Shopper

PATTERN = b"%PDF-1.4 un patron de tuque"


def sell_pattern(stall: Stall) -> Stall:
    """A file at 6.00 $, of the same merchant."""
    product = ProductFactory(merchant=stall.merchant, title="Patron de tuque d’été", kind=ProductKind.DIGITAL)
    product.digital_file.save("patron v2.PDF", ContentFile(PATTERN))
    return Stall(stall.merchant, VariantFactory(product=product, price_cents=6_00, units=0))


@pytest.fixture
def placed(candles: Stall, portal: PortalSettings) -> Checkout:
    """A checkout of one pattern and one candle."""
    cart = carts.create()
    carts.add(cart, sell_pattern(candles).variant, 1)
    carts.add(cart, candles.variant, 1)
    return place(cart, portal)


@pytest.fixture
def order(placed: Checkout, sandbox: Sandbox) -> Order:
    return complete(placed, sandbox).orders.get()


def url_of(order: Order) -> str:
    (download,) = downloads_of(order, now=timezone.now())
    return download.url


def test_paid_file_is_downloaded_and_never_shown(shopper: Shopper, order: Order) -> None:
    (download,) = downloads_of(order, now=timezone.now())
    assert (download.title, download.filename) == ("Patron de tuque d’été", "patron-de-tuque-dete.pdf")
    response = shopper.get(download.url)
    assert b"".join(response.streaming_content) == PATTERN
    assert response["Content-Disposition"] == 'attachment; filename="patron-de-tuque-dete.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Type"] == "application/octet-stream"
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "no-referrer"


def test_link_does_not_expire(order: Order) -> None:
    Order.objects.update(paid_at=timezone.now() - timedelta(days=4000))
    first = url_of(Order.objects.get())
    assert first == url_of(Order.objects.get())


def test_file_is_not_downloaded_before_it_is_paid(shopper: Shopper, placed: Checkout) -> None:
    assert downloads_of(placed.orders.get(), now=timezone.now()) == []
    line = LineItem.objects.get(kind=ProductKind.DIGITAL)
    assert shopper.get(reverse("shop:download", args=[token_of(line)])).status_code == 404


@pytest.mark.usefixtures("breaks_the_books")
@pytest.mark.parametrize(
    ("model", "change"),
    [
        (Order, {"status": OrderStatus.REFUNDED}),
        (Order, {"status": OrderStatus.CANCELED}),
        (LineItem, {"state": LineState.REFUNDED, "refunded_quantity": 1}),
        (LineItem, {"refunded_quantity": 1}),
        (Product, {"digital_file": ""}),
    ],
)
def test_refunded_or_missing_file_is_no_longer_downloaded(
    shopper: Shopper, order: Order, model, change: dict
) -> None:
    url = url_of(order)
    model.objects.update(**change)
    order.refresh_from_db()
    assert shopper.get(url).status_code == 404
    assert [download.url for download in downloads_of(order, now=timezone.now()) if download.url] == []


@pytest.mark.parametrize("status", [OrderStatus.READY, OrderStatus.FULFILLED])
@pytest.mark.usefixtures("breaks_the_books")
def test_file_stays_after_the_rest_was_handed_over(
    shopper: Shopper, order: Order, status: OrderStatus
) -> None:
    Order.objects.update(status=status)
    order.refresh_from_db()
    response = shopper.get(url_of(order))
    assert (response.status_code, response.getvalue()) == (200, PATTERN)


def test_other_lines_of_the_order_open_nothing(shopper: Shopper, order: Order) -> None:
    candle = order.lines.get(kind=ProductKind.STOCKED)
    assert shopper.get(reverse("shop:download", args=[token_of(candle)])).status_code == 404


@pytest.mark.parametrize("salt", ["achetons.order", "achetons.other"])
def test_forged_token_opens_nothing(shopper: Shopper, order: Order, salt: str) -> None:
    line = order.lines.get(kind=ProductKind.DIGITAL)
    good = token_of(line)
    for token in (
        good[:-1],
        good.replace(".", ".A"),
        str(line.pk),
        f"{line.pk}.",
        signing.Signer(salt=salt, sep=".").sign(str(line.pk)),
        signing.Signer(salt=SALT, sep=".").sign("1e9"),
    ):
        assert shopper.get(reverse("shop:download", args=[token])).status_code == 404


def test_token_of_another_portal_opens_nothing(shopper: Shopper, order: Order, bellechasse) -> None:
    url = url_of(order)
    assert shopper.get(url, headers={"host": "bellechasse.localhost"}).status_code == 404
    with portal_scope(bellechasse):
        assert downloads_of(order, now=timezone.now()) == []


def test_file_lost_from_the_disk_is_not_found(shopper: Shopper, order: Order) -> None:
    url = url_of(order)
    Product.objects.get(kind=ProductKind.DIGITAL).digital_file.storage.delete(
        Product.objects.get(kind=ProductKind.DIGITAL).digital_file.name
    )
    assert shopper.get(url).status_code == 404


def test_no_address_serves_the_file_itself(shopper: Shopper, order: Order) -> None:
    name = Product.objects.get(kind=ProductKind.DIGITAL).digital_file.name
    assert re.fullmatch(r"[\w./-]+\.PDF", name)
    for path in (f"/media/{name}", f"/media/../media-private/{name}", f"/media-private/{name}"):
        assert shopper.get(path).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_download_is_only_read(shopper: Shopper, order: Order, method: str) -> None:
    assert getattr(shopper, method)(url_of(order)).status_code == 405


def test_files_of_an_order_are_one_question(order: Order, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        downloads_of(order, now=timezone.now())
