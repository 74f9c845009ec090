"""« Première vente! »: told once, to the portal's own advisers, without an amount."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.utils import timezone

from home.models import PortalRole
from home.tenancy import portal_scope
from portal.chamber_desk.first_sales import tell_of_first_sales
from shop.models import Order, OutboxMessage
from shop.payments.handlers import deliver_outbox
from tests.portal.conftest import make_staff
from tests.portal.towns import Purchase, Town


@pytest.fixture
def advisers(here: Town, there: Town) -> list[str]:
    make_staff(here.site, PortalRole.EDITOR)
    return [make_staff(town.site, PortalRole.ADVISER).email for town in (here, there)]


def told() -> list[OutboxMessage]:
    cache.delete("chamber_desk.first_sales")
    tell_of_first_sales(timezone.now())
    return list(OutboxMessage.objects.filter(key__contains="first_sale"))


def test_first_sale_is_told_once_to_the_towns_own_advisers(
    here: Town, advisers: list[str], bought_here: Purchase
) -> None:
    with portal_scope(here.site):
        for _n in range(2):
            assert [message.recipient for message in told()] == [advisers[0]]
    deliver_outbox(now=timezone.now())
    (letter,) = [sent for sent in mail.outbox if sent.to == [advisers[0]]]
    assert letter.subject == f"Première vente pour {here.merchant.name}!"
    assert f"/admin/dossiers/{here.merchant.pk}/" in letter.body
    assert "$" not in letter.body
    assert "40" not in letter.body.replace(str(here.merchant.pk), "")


def test_sale_that_is_no_first_or_no_news_is_not_told(
    here: Town, advisers: list[str], bought_here: Purchase
) -> None:
    long_ago = timezone.now() - timedelta(days=4)
    with portal_scope(here.site):
        Order.objects.filter(pk=bought_here.order.pk).update(paid_at=long_ago)
        assert told() == []
        Order.objects.filter(pk=bought_here.order.pk).update(paid_at=timezone.now(), status="refunded")
        assert told() == []
        Order.objects.filter(pk=bought_here.order.pk).update(status="paid")


def test_worker_looks_every_few_minutes_only(here: Town, advisers: Any, bought_here: Purchase) -> None:
    cache.clear()
    assert tell_of_first_sales(timezone.now()) == 1
    with portal_scope(here.site):
        OutboxMessage.objects.filter(key__contains="first_sale").delete()
    assert tell_of_first_sales(timezone.now()) == 0
