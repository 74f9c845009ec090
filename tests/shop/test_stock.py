"""The shelf: all or nothing, in one order, never below zero."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Site

from shop import stock
from shop.enums import ProductKind, ProductStatus
from shop.exceptions import OutOfStock, Shortage
from shop.models import StockMovement, Variant
from tests.factories import ProductFactory, VariantFactory
from tests.shop.conftest import at_once

pytestmark = pytest.mark.usefixtures("in_levis")


def on_hand(variant: Variant) -> int:
    return Variant.objects.get(pk=variant.pk).on_hand


def test_a_short_line_takes_nothing_of_the_others() -> None:
    plenty, scarce = VariantFactory(units=10), VariantFactory(units=1)
    with pytest.raises(OutOfStock), transaction.atomic():
        stock.reserve({plenty.pk: 3, scarce.pk: 2})
    assert (on_hand(plenty), on_hand(scarce)) == (10, 1)


def test_every_short_variant_is_named_with_what_is_left() -> None:
    product = ProductFactory(title="Bougie")
    rows = [
        VariantFactory(product=product, title=title, units=units) for title, units in (("S", 5), ("M", 1))
    ]
    gone = VariantFactory(product=product, title="L", units=0)
    with pytest.raises(OutOfStock) as refusal, transaction.atomic():
        stock.reserve({gone.pk: 1, rows[0].pk: 5, rows[1].pk: 2})
    assert refusal.value.shortages == [
        Shortage(rows[1].pk, "Bougie, M", asked=2, left=1),
        Shortage(gone.pk, "Bougie, L", asked=1, left=0),
    ]


def test_rows_are_taken_in_primary_key_order() -> None:
    variants = [VariantFactory() for _i in range(3)]
    with (
        CaptureQueriesContext(
            connection,
        ) as queries,
        transaction.atomic(),
    ):
        stock.reserve({variant.pk: 1 for variant in reversed(variants)})
        stock.put_back({variant.pk: 1 for variant in reversed(variants)})
    updates = [query["sql"] for query in queries if query["sql"].startswith("UPDATE")]
    in_order = [variant.pk for variant in variants] * 2
    assert [sql for sql, pk in zip(updates, in_order, strict=True) if f'"id" = {pk}' not in sql] == []


def test_units_put_back_are_free_again() -> None:
    variant = VariantFactory(units=4)
    with transaction.atomic():
        stock.reserve({variant.pk: 4})
        stock.put_back({variant.pk: 4})
    assert on_hand(variant) == 4


def test_what_is_received_and_written_off_stands_in_the_books() -> None:
    variant = VariantFactory(units=5)
    stock.receive(variant, -2, reason="cassé", now=timezone.now())
    stock.receive(variant, 1, reason="retrouvé", now=timezone.now())
    assert on_hand(variant) == 4
    assert list(StockMovement.objects.order_by("pk").values_list("delta", "reason")) == [
        (5, "test"),
        (-2, "cassé"),
        (1, "retrouvé"),
    ]


def test_more_than_is_free_cannot_be_written_off() -> None:
    variant = VariantFactory(units=2)
    with pytest.raises(OutOfStock):
        stock.receive(variant, -3, reason="cassé", now=timezone.now())
    assert (on_hand(variant), StockMovement.objects.count()) == (2, 1)


@pytest.mark.parametrize("kind", [ProductKind.MADE_TO_ORDER, ProductKind.DIGITAL])
def test_what_has_no_shelf_is_written_in_and_out_of_the_books(kind: ProductKind) -> None:
    variant = VariantFactory(product__kind=kind, units=0)
    with transaction.atomic():
        stock.reserve({variant.pk: 3})
    assert (on_hand(variant), deltas(variant)) == (0, [3])
    with transaction.atomic():
        stock.put_back({variant.pk: 3})
    assert (on_hand(variant), deltas(variant)) == (0, [3, -3])


def deltas(variant: Variant) -> list[int]:
    return list(StockMovement.objects.filter(variant=variant).order_by("pk").values_list("delta", flat=True))


def test_more_than_a_sane_number_is_not_made() -> None:
    variant = VariantFactory(product__kind=ProductKind.MADE_TO_ORDER, units=0)
    with pytest.raises(OutOfStock) as refusal, transaction.atomic():
        stock.reserve({variant.pk: 100})
    assert [(s.asked, s.left) for s in refusal.value.shortages] == [(100, 99)]
    assert deltas(variant) == []


def test_nothing_is_written_for_what_is_made_when_a_shelf_is_short() -> None:
    made = VariantFactory(product__kind=ProductKind.MADE_TO_ORDER, units=0)
    scarce = VariantFactory(units=1)
    with pytest.raises(OutOfStock), transaction.atomic():
        stock.reserve({made.pk: 1, scarce.pk: 2})
    assert (deltas(made), on_hand(scarce)) == ([], 1)


@pytest.mark.parametrize("kind", ProductKind)
@pytest.mark.parametrize(
    "change", [{"status": ProductStatus.HIDDEN}, {"status": ProductStatus.DRAFT}, {"is_active": False}]
)
def test_only_active_variants_of_published_products_are_reserved(kind: ProductKind, change: dict) -> None:
    variant = VariantFactory(product__kind=kind)
    (Variant.objects if "is_active" in change else type(variant.product).objects).update(**change)
    with pytest.raises(OutOfStock) as refusal, transaction.atomic():
        stock.reserve({variant.pk: 1})
    assert [shortage.left for shortage in refusal.value.shortages] == [0]
    assert on_hand(variant) == 10


def test_hidden_product_still_receives_and_gives_back() -> None:
    variant = VariantFactory(units=5)
    with transaction.atomic():
        stock.reserve({variant.pk: 1})
    type(variant.product).objects.update(status=ProductStatus.HIDDEN)
    with transaction.atomic():
        stock.put_back({variant.pk: 1})
    stock.receive(variant, 1, reason="retrouvé", now=timezone.now())
    stock.receive(variant, -2, reason="cassé", now=timezone.now())
    assert on_hand(variant) == 4


@pytest.mark.parametrize("was", ProductKind)
@pytest.mark.parametrize("becomes", ProductKind)
def test_books_balance_when_a_kind_changes_while_units_are_out(
    was: ProductKind, becomes: ProductKind
) -> None:
    variant = VariantFactory(product__kind=was, units=5)
    with transaction.atomic():
        stock.reserve({variant.pk: 2})
    type(variant.product).objects.update(kind=becomes)
    with transaction.atomic():
        stock.put_back({variant.pk: 2})
    assert on_hand(variant) == sum(deltas(variant))


def test_the_database_is_the_last_wall() -> None:
    variant = VariantFactory(units=1)
    with pytest.raises(IntegrityError, match="stock_is_never_negative"), transaction.atomic():
        Variant.objects.filter(pk=variant.pk).update(on_hand=-1)


@pytest.mark.django_db(transaction=True)
def test_of_two_buyers_of_the_last_unit_one_gets_it(in_levis: Site) -> None:
    variant = VariantFactory(units=1)

    def buy() -> bool:
        with transaction.atomic():
            stock.reserve({variant.pk: 1})
        return True

    outcomes = at_once(in_levis, *[buy] * 4)
    assert [outcome is True for outcome in outcomes].count(True) == 1
    assert {type(outcome) for outcome in outcomes} == {bool, OutOfStock}
    stock.put_back({variant.pk: 1})


@pytest.mark.django_db(transaction=True)
def test_baskets_in_opposite_orders_do_not_wait_for_each_other(in_levis: Site) -> None:
    first, second = VariantFactory(units=100), VariantFactory(units=100)

    def buy(*pks: int) -> bool:
        for _i in range(10):
            with transaction.atomic():
                stock.reserve(dict.fromkeys(pks, 1))
                stock.put_back(dict.fromkeys(pks, 1))
        return True

    there, back = (first.pk, second.pk), (second.pk, first.pk)
    assert at_once(in_levis, *[lambda: buy(*there), lambda: buy(*back)] * 2) == [True] * 4
    assert (on_hand(first), on_hand(second)) == (100, 100)
