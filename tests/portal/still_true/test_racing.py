"""Two workers at the same moment: each merchant gets one letter. With the guard away both would write."""

import datetime as dt
import uuid

import pytest
from wagtail.models import Site

from directory.hours import ZONE
from directory.models import Membership, Merchant
from portal.still_true import weekly
from shop.letters import post_later
from shop.models import OutboxMessage
from tests.factories import MembershipFactory, make_seller
from tests.shop.conftest import at_once

pytestmark = pytest.mark.django_db(transaction=True)

TUESDAY = dt.datetime(2026, 11, 24, 9, 0, tzinfo=ZONE)
A_WHILE = dt.timedelta(days=10)


@pytest.fixture
def shop(in_levis: Site, monkeypatch: pytest.MonkeyPatch) -> Merchant:
    """Silent for ten days. Letters have keys of their own, so that the outbox does not see that two are the same."""
    merchant = make_seller(claimed_at=TUESDAY - 9 * A_WHILE, confirmed_at=TUESDAY - A_WHILE)
    MembershipFactory(merchant=merchant)
    monkeypatch.setattr(weekly, "_post", post_anyhow)
    return merchant


def post_anyhow(place: Membership, begins: dt.datetime, now: dt.datetime) -> bool:
    site_id = place.merchant.site_id
    return post_later(
        "still_true", place.pk, to=place.user.email, site_id=site_id, key=str(uuid.uuid4()), now=now
    )


class TakenByAnybody:
    """As ``unjoined(Merchant)``, of a rule that would not look whether the week's letter was posted."""

    def filter(self, *_conditions: object, pk: int) -> "TakenByAnybody":
        return self

    def update(self, **_values: object) -> int:
        return 1


def write_at_once(site: Site, shop: Merchant) -> list[int]:
    """How many letters each worker says that it wrote, and how many there are."""
    told = at_once(site, *[lambda: weekly.ask(shop, now=TUESDAY)] * 2)
    return [*sorted(told), OutboxMessage.objects.count()]


def test_of_two_workers_one_writes(in_levis: Site, shop: Merchant) -> None:
    assert write_at_once(in_levis, shop) == [0, 1, 1]


def test_without_the_guard_both_write(
    in_levis: Site, shop: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weekly, "unjoined", lambda _model: TakenByAnybody())
    assert write_at_once(in_levis, shop) == [1, 1, 2]
