"""The views that outside checks read have exactly the columns of the contract."""

import pytest
from django.db import connection
from django.utils import timezone

from home.models import PortalSettings
from shop.models import Cart
from shop.payments.handlers import deliver_outbox
from shop.sandbox.server import Sandbox
from tests.shop.conftest import complete, place

COLUMNS = {
    "v_stock": "sku merchant_id received on_hand",
    "v_checkout": "checkout_id portal status total created_at paid_at",
    "v_order": "order_id number checkout_id merchant_id status total gst qst delivery commission merchant_share",
    "v_line": "line_id order_id sku sku_merchant_id quantity unit_price state",
    "v_payment": "payment_intent_id checkout_id amount status refunded",
    "v_transfer": "transfer_id order_id destination amount reversed",
    "v_refund": "refund_id order_id amount status",
    "v_event": "event_id type received_at processed_at",
    "v_outbox": "key kind recipient created_at sent_at attempts",
    "v_audit": "at portal actor on_behalf_of action object_type object_id merchant_id",
}
MONEY = {"total", "gst", "qst", "delivery", "commission", "merchant_share", "unit_price", "amount", "refunded",
         "reversed", "received", "on_hand", "quantity"}  # fmt: skip


def rows(sql: str, *values: object) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


@pytest.mark.parametrize("view", COLUMNS)
def test_a_view_has_the_columns_of_the_contract(db, view: str) -> None:
    found = rows(
        "SELECT column_name, data_type FROM information_schema.columns "
        "WHERE table_schema = 'public' AND table_name = %s ORDER BY ordinal_position",
        view,
    )
    assert " ".join(str(name) for name, _type in found) == COLUMNS[view]
    for name, kind in found:
        if name in MONEY:
            assert kind in ("integer", "bigint"), name
        elif str(name).endswith(("_id", "at")):
            assert kind in ("text", "character varying", "timestamp with time zone"), name


def test_a_purchase_is_read_in_them(cart: Cart, portal: PortalSettings, sandbox: Sandbox) -> None:
    checkout = complete(place(cart, portal), sandbox)
    deliver_outbox(now=timezone.now())
    assert rows("SELECT portal, status, total FROM v_checkout") == [("localhost", "paid", 43_99)]
    assert rows("SELECT checkout_id, amount, refunded FROM v_payment") == [(str(checkout.pk), 43_99, 0)]
    assert rows("SELECT status, total, commission, merchant_share FROM v_order ORDER BY order_id::int") == [
        ("paid", 24_00, 1_20, 22_80),
        ("paid", 19_99, 1_00, 18_99),
    ]
    assert rows("SELECT quantity, unit_price, state FROM v_line ORDER BY line_id::int") == [
        (2, 12_00, "sold"),
        (1, 19_99, "sold"),
    ]
    assert rows("SELECT received, on_hand FROM v_stock ORDER BY sku") == [(10, 8), (10, 9)]
    assert rows("SELECT amount, reversed FROM v_transfer ORDER BY amount") == [(18_99, 0), (22_80, 0)]
    assert rows("SELECT COUNT(*) FROM v_outbox WHERE sent_at IS NULL") == [(0,)]
