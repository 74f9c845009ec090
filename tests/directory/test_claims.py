"""Of two claims to one page one wins, however close they come."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import timezone
from wagtail.models import Site

from directory import claims
from directory.claims import AlreadyClaimed
from directory.enums import ClaimStatus
from directory.models import Claim, Membership, Merchant
from home.tenancy import portal_scope
from tests.factories import MerchantFactory, UserFactory
from tests.shop.test_racing_updates import while_it_waits

pytestmark = pytest.mark.django_db(transaction=True)


def proved(merchant: Merchant) -> Claim:
    claim = claims.begin(merchant, user=UserFactory(), now=timezone.now())
    assert claims.vouch(claim, by=UserFactory(), now=timezone.now())
    return claim


def two_at_once(site: Site) -> tuple[Merchant, Callable[[], Any], Callable[[], Any]]:
    """The merchant, and the two answers that race for it."""
    with portal_scope(site):
        merchant, staff, now = MerchantFactory(), UserFactory(), timezone.now()
        one, other = proved(merchant), proved(merchant)
    return (
        merchant,
        lambda: claims.approve(one, by=staff, now=now),
        lambda: claims.approve(other, by=staff, now=now),
    )


def test_second_of_two_approvals_is_told_that_it_came_too_late(levis: Site) -> None:
    merchant, first, second = two_at_once(levis)
    with portal_scope(levis), pytest.raises(AlreadyClaimed):
        while_it_waits(levis, first, second)
    only_one_won(levis, merchant)


def test_without_the_lock_the_constraint_still_stands(levis: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: the answer is no longer a sentence, and yet nobody owns the page twice."""
    monkeypatch.setattr(claims, "_held", lambda merchant: Merchant.objects.get(pk=merchant.pk))
    merchant, first, second = two_at_once(levis)
    with portal_scope(levis), pytest.raises(IntegrityError, match="claim_won_once"):
        while_it_waits(levis, first, second)
    only_one_won(levis, merchant)


def only_one_won(site: Site, merchant: Merchant) -> None:
    with portal_scope(site):
        assert Membership.objects.filter(merchant=merchant).count() == 1
        assert Claim.objects.filter(merchant=merchant, status=ClaimStatus.APPROVED).count() == 1
        assert Claim.objects.filter(merchant=merchant, status=ClaimStatus.PROVED).count() == 1
