"""Ninety days of purchases, made with the shop's own rules against a payment sandbox."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from home.tenancy import across_portals
from portal.demo.agenda import purchases
from portal.demo.loading import studio, town
from portal.demo.reading import read_town
from shop.models import Checkout, Debt, Dispute, Order, OutboxMessage, Refund
from shop.sandbox.server import Sandbox
from tests.portal.demo.loads import draw_nothing, load

NOW = datetime(2026, 11, 22, 17, tzinfo=UTC)


def test_agenda_of_a_seed_is_always_the_same() -> None:
    levis = read_town("levis", seed=1, today=NOW.date())
    first, again = (purchases(levis, seed=1, now=NOW, count=64) for _ in range(2))
    assert first == again
    assert {purchase.fate for purchase in first} == {
        "pending", "paid", "ready", "fulfilled", "refunded", "canceled", "expired",
    }  # fmt: skip
    assert NOW - timedelta(days=91) < first[0].placed_at < NOW - timedelta(days=60)
    assert first[-1].placed_at <= NOW
    assert len({purchase.token for purchase in first}) == 64


def test_history_holds_only_what_is_on_a_shelf_without_a_deposit() -> None:
    levis = read_town("levis", seed=1, today=NOW.date())
    others = {
        item.slug for plan in levis.sellers if plan.shop for item in plan.shop.products if not item.is_plain
    }
    bought = {
        choice.product for each in purchases(levis, seed=1, now=NOW, count=64) for choice in each.choices
    }
    assert {"maree-basse-rouge", "mout-de-raisin-petillant", "patron-tuque-poudrerie"} <= others
    assert not others & bought


@pytest.mark.django_db(transaction=True)
def test_purchases_are_in_every_state_and_break_no_invariant(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(studio, "draw_all", draw_nothing)
    monkeypatch.setattr(town, "PURCHASES", {"levis": 26, "bellechasse": 3})
    assert "29 purchases" in load()
    with across_portals():
        statuses = Counter(Order.objects.values_list("status", flat=True))
        assert set(statuses) == {"pending", "paid", "ready", "fulfilled", "canceled", "refunded"}
        oldest, newest = (
            Checkout.objects.order_by("created_at").first(),
            Checkout.objects.latest("created_at"),
        )
        assert (newest.created_at - oldest.created_at).days > 60
        assert Order.objects.filter(checkout__user__email="cliente@demo.test").exists()
        led = Counter(Order.objects.values_list("credit_source", flat=True))
        assert led["story"] > 2
        assert led[""] > led["story"]
        assert Dispute.objects.get().is_open
        assert Refund.objects.filter(status="failed").count() == 1
        assert Debt.objects.get().settled_at is None
        waiting = OutboxMessage.objects.filter(sent_at=None).exclude(kind="mail.letter")  # the worker's
        assert [(row.kind, row.last_error, row.not_before) for row in waiting] == []
        before = list(Order.objects.order_by("pk").values_list("number", "status"))
    call_command("check_invariants", stdout=StringIO())
    assert "0 purchases" in load()
    with across_portals():
        assert list(Order.objects.order_by("pk").values_list("number", "status")) == before
