"""The facts as the rows tell them: what each column of the pipeline is drawn from, and what is left out of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from wagtail.models import Site

from directory import moderation
from directory.models import CallbackRequest, Claim, Invitation, MailRefusal, Merchant, Note, Registration
from home import audit
from home.models import AuditEntry
from home.tenancy import portal_scope
from portal.chamber_desk.models import PipelineRow
from portal.chamber_desk.stages import Place, Stage
from portal.staff_desk.opening import open_staff_desk
from shop.models import Subscription
from tests.factories import (
    MembershipFactory,
    OpeningHoursFactory,
    ProductFactory,
    ShopFactory,
    UserFactory,
    make_merchant_page,
)
from tests.portal.chamber_desk.people import ago, answering, invited, merchant

pytestmark = pytest.mark.django_db


def row_of(site: Site, made: Merchant | Registration) -> Any:
    key = made.pk if isinstance(made, Merchant) else -made.pk
    with portal_scope(site):
        return PipelineRow.objects.standing(timezone.now()).get(pk=key)


def test_registration_without_a_merchant_is_a_row_of_its_own(levis: Site) -> None:
    row = row_of(levis, answering(levis, question="photo", days=9, answers={"name": "Chez Rosé"}))
    assert (row.merchant_id, row.name, row.folded_text.strip()) == (None, "Chez Rosé", "chez rose")
    assert (row.stage, row.place, row.question) == (Stage.STUCK, Place.QUESTIONS, "photo")


def test_of_a_merchants_registrations_the_furthest_counts(levis: Site) -> None:
    shop = merchant(levis, "Chez Lise")
    invited(levis, shop, days=20, email="a@exemple.test")
    answering(levis, question="heures", days=1, merchant=shop, email="b@exemple.test")
    row = row_of(levis, shop)
    assert (row.stage, row.question, row.invited_at) == (Stage.REGISTERING, "heures", None)
    assert row.was_invited_at is not None


def test_invitation_by_the_staff_s_own_letter_counts_until_the_page_is_claimed(levis: Site) -> None:
    shop = merchant(levis, "Chez Lise")
    with portal_scope(levis):
        Invitation.objects.create(
            site=levis, merchant=shop, email="a@b.test", role="owner", secret_digest="x",
            invited_by=UserFactory(), expires_at=ago(-9),
        )  # fmt: skip
    assert row_of(levis, shop).stage == Stage.INVITED
    with portal_scope(levis):
        Merchant.objects.filter(pk=shop.pk).update(claimed_at=ago(1))
    assert row_of(levis, shop).invited_at is None


def test_claim_is_under_way_until_proved_and_then_waits(levis: Site) -> None:
    shop = merchant(levis, "Chez Lise")
    with portal_scope(levis):
        claim = Claim.objects.create(site=levis, merchant=shop, user=UserFactory())
    assert row_of(levis, shop).stage == Stage.REGISTERING
    with portal_scope(levis):
        Claim.objects.filter(pk=claim.pk).update(status="proved", proof="phone", proved_at=ago(1))
    assert row_of(levis, shop).stage == Stage.WAITING


def test_page_before_the_journal_waits_and_a_refusal_is_the_merchants_to_answer(levis: Site) -> None:
    shop = merchant(levis, "Chez Lise", claimed_at=ago(10))
    with portal_scope(levis):
        open_staff_desk(levis)
        owner = MembershipFactory(merchant=shop).user
        page = make_merchant_page(shop, live=False)
        moderation.keep(page, user=owner, seen=None)
        page.refresh_from_db()
        moderation.send(page.pk, user=owner, seen=page.latest_revision_id)
    assert row_of(levis, shop).stage == Stage.WAITING
    with portal_scope(levis):
        moderation.refuse(page.pk, user=owner, seen=page.latest_revision_id, comment="Plus court")
    row = row_of(levis, shop)
    assert row.waiting_since is None
    assert timezone.now() - row.refused_at < timedelta(minutes=1)


def test_page_photo_and_hours_are_seen(levis: Site) -> None:
    shop = merchant(levis, "Chez Lise", claimed_at=ago(10))
    with portal_scope(levis):
        make_merchant_page(shop)
    row = row_of(levis, shop)
    assert (row.has_photo, row.has_hours, row.live_since) == (False, False, shop.claimed_at)
    with portal_scope(levis):
        OpeningHoursFactory(merchant=shop)
    assert row_of(levis, shop).has_hours


def test_shop_account_and_products_make_it_sell(levis: Site) -> None:
    shop = merchant(levis, "Chez Lise", claimed_at=ago(1), tier="transactional")
    with portal_scope(levis):
        ShopFactory(merchant=shop, transfers_status="inactive")
        make_merchant_page(shop)
        ProductFactory(merchant=shop)
        ProductFactory(merchant=shop, status="draft")
    row = row_of(levis, shop)
    assert (row.has_account, row.products, row.drafts, row.stage) == (False, 1, 1, Stage.LIVE)
    with portal_scope(levis):
        shop.shop.transfers_status = "active"
        shop.shop.save()
    assert row_of(levis, shop).stage == Stage.SELLING


def test_own_peoples_acts_count_and_the_chambers_do_not(levis: Site) -> None:
    shop = merchant(levis, "Chez Lise", claimed_at=ago(1))
    with portal_scope(levis):
        owner, adviser = MembershipFactory(merchant=shop).user, UserFactory()
        audit.note("hours.week", shop, actor_id=adviser.pk, merchant_id=shop.pk)
        audit.note("hours.week", shop, actor_id=owner.pk, merchant_id=shop.pk, on_behalf_of_id=shop.pk)
    assert row_of(levis, shop).acted_at is None
    with portal_scope(levis):
        kept = audit.note("hours.week", shop, actor_id=owner.pk, merchant_id=shop.pk)
    assert row_of(levis, shop).acted_at == kept.at


def test_last_choice_alone_says_that_it_wants_less(levis: Site) -> None:
    shop = merchant(levis, "Chez Lise", claimed_at=ago(1))
    with portal_scope(levis):
        for before, after in (("listing", "transactional"), ("transactional", "linked_shop")):
            told = {"before": {"chosen": before}, "after": {"chosen": after}}
            audit.note("plan.chosen", shop, actor_id=None, merchant_id=shop.pk, **told)
        chosen = AuditEntry.objects.order_by("-pk")[0]
        assert row_of(levis, shop).lowered_at == chosen.at
        audit.note(
            "plan.chosen", shop, actor_id=None, merchant_id=shop.pk,
            before={"chosen": "linked_shop"}, after={"chosen": "transactional"},
        )  # fmt: skip
    assert row_of(levis, shop).lowered_at is None


def test_subscription_that_is_to_end_says_when(levis: Site) -> None:
    shop, ends = merchant(levis, "Chez Lise", claimed_at=ago(1)), ago(-20)
    told = {
        "site": levis,
        "merchant": shop,
        "tier": "linked_shop",
        "amount_cents": 1900,
        "created_at": ago(40),
    }
    with portal_scope(levis):
        Subscription.objects.create(subscription_id="sub_1", status="active", cancel_at=ends, **told)
        Subscription.objects.create(
            subscription_id="sub_0", status="canceled", cancel_at=ago(50), ended_at=ago(50), **told
        )
    row = row_of(levis, shop)
    assert (row.is_subscribed, row.subscription_ends_at, row.place) == (True, ends, Place.ENDING)


def test_call_asked_for_while_registering_is_the_merchants(levis: Site) -> None:
    shop = merchant(levis, "Chez Lise")
    registration = answering(levis, question="photo", days=1, merchant=shop)
    with portal_scope(levis):
        asked = CallbackRequest.objects.create(site=levis, registration=registration, phone="+14185550111")
        Note.objects.create(site=levis, merchant=shop, written_by=UserFactory(), words="Vu")
    row = row_of(levis, shop)
    assert row.callback_asked_at == asked.asked_at
    assert row.heard_at is not None


def test_refused_address_is_told_whatever_its_case(levis: Site) -> None:
    shop = merchant(levis, "Chez Lise", email="Lise@Exemple.test")
    assert not row_of(levis, shop).refuses_mail
    with portal_scope(levis):
        MailRefusal.objects.create(site=levis, email="lise@exemple.test")
    assert row_of(levis, shop).refuses_mail


def test_suspended_removed_and_answered_are_not_in_it(levis: Site) -> None:
    merchant(levis, "Fermé", suspended_at=ago(1))
    merchant(levis, "Parti", removed_at=ago(1))
    with portal_scope(levis):
        Registration.objects.create(site=levis, email="a@b.test", status="withdrawn")
        assert list(PipelineRow.objects.all()) == []


def test_other_portals_rows_are_out_of_reach(levis: Site, bellechasse: Site) -> None:
    merchant(bellechasse, "Ailleurs")
    invited(bellechasse)
    with portal_scope(levis):
        assert not PipelineRow.objects.exists()
    with portal_scope(bellechasse):
        assert PipelineRow.objects.count() == 2
