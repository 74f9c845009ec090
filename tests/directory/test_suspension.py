"""Suspended: found by nobody, signed out, nothing scheduled, nothing lost; and open again as it was."""

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import Revision, Site

from directory import suspension
from directory.models import Membership, Merchant, MerchantPage
from home.models import AuditEntry
from tests.factories import MembershipFactory, MerchantFactory, make_merchant_page


@pytest.fixture
def member(in_levis: Site) -> Membership:
    found = MembershipFactory(merchant=MerchantFactory(name="Salon"))
    make_merchant_page(found.merchant)
    return found


def test_suspended_merchant_is_found_by_nobody_and_signed_out(member: Membership) -> None:
    merchant, epoch, now = member.merchant, member.user.session_epoch, timezone.now()
    bystander = MembershipFactory()
    assert suspension.suspend(merchant, reason="Permis échu", actor_id=None, now=now)
    assert not suspension.suspend(merchant, reason="Encore", actor_id=None, now=now)
    member.user.refresh_from_db()
    bystander.user.refresh_from_db()
    assert (member.user.session_epoch, bystander.user.session_epoch) == (epoch + 1, 0)
    assert not Merchant.objects.visible().exists()
    merchant.refresh_from_db()
    assert suspension.reason_of(merchant) == "Permis échu"
    assert AuditEntry.objects.get().action == "merchant.suspended"


def test_restored_merchant_is_as_it_was(member: Membership) -> None:
    now = timezone.now()
    page = MerchantPage.objects.get()
    soon, late = (page.save_revision(approved_go_live_at=now + timedelta(hours=n)) for n in (1, 48))
    suspension.suspend(member.merchant, reason="Vérification", actor_id=member.user.pk, now=now)
    assert not Revision.objects.filter(approved_go_live_at__isnull=False).exists()
    next_day = now + timedelta(days=1)
    assert suspension.restore(member.merchant, actor_id=None, now=next_day)
    assert not suspension.restore(member.merchant, actor_id=None, now=next_day)
    assert list(Revision.objects.filter(approved_go_live_at__isnull=False)) == [late]
    assert soon.pk != late.pk
    assert Merchant.objects.visible().get() == member.merchant
    assert MerchantPage.objects.get().live
