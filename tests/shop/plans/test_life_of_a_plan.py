"""What the issue wants to see, told in the sandbox's time and ours: nobody is ever charged by saying nothing."""

from django.utils import timezone

from directory import tiers
from directory.entitlements import Standing
from directory.enums import Tier
from directory.models import Merchant, Plan
from shop.models import PlanInvoice, PlanTaxRate, Product, Subscription
from shop.payments import gateway
from shop.payments.plans import changing, standing
from shop.payments.reconcile import reconcile
from tests.factories import ProductFactory, VariantFactory
from tests.shop.plans.conftest import (
    DECLINED,
    MAY_2,
    at,
    charged,
    letters_of,
    open_page,
    pay_with_another_card,
    subscribe,
    sync,
    tier_of,
)


def holds(merchant: Merchant) -> Standing:
    return tiers.entitlement_of(Merchant.objects.get(pk=merchant.pk), now=timezone.now()).standing


def offered() -> int:
    """Products that shoppers see."""
    return Product.objects.visible().count()


def test_the_free_period_ends_without_a_choice_and_nobody_is_charged(merchant, clock, sandbox):
    clock.move_to(at(2027, 4, 30, 23))
    assert standing.settle_all(now=timezone.now()) == 0
    clock.move_to(at(2027, 5, 1, 0))
    assert standing.settle_all(now=timezone.now()) == 1
    assert tier_of(merchant) == "listing"
    assert letters_of() == ["Votre page est maintenant une fiche gratuite"]
    assert [asked["path"] for asked in sandbox.requests() if asked["method"] == "POST"] == []


def test_a_subscription_is_charged_once_with_both_taxes_when_the_free_period_ends(merchant, clock, sandbox):
    row = subscribe(merchant, sandbox)
    assert (row.status, row.trial_end, charged(merchant)) == ("trialing", at(2027, 5, 1, 0), [])
    clock.move_to(MAY_2)
    sync(merchant)
    row.refresh_from_db()
    assert (row.status, row.current_period_end) == ("active", at(2027, 6, 1, 0))
    assert charged(merchant) == [(39_00, 1_95, 3_89, 44_84)]
    assert standing.settle_all(now=timezone.now()) == 0
    assert not sync(merchant)
    assert letters_of()[0] == "Votre abonnement est en place"
    assert letters_of()[1].endswith("payée\u00a0: 44,84\u00a0$")


def test_an_invoice_carries_the_portals_numbers_and_where_it_is(merchant, clock, sandbox):
    subscribe(merchant, sandbox)
    clock.move_to(MAY_2)
    sync(merchant)
    row = PlanInvoice.objects.get(total_cents__gt=0)
    invoice = gateway.client().v1.invoices.retrieve(row.invoice_id)
    fields = {field.name: field.value for field in invoice.custom_fields}
    assert fields == {"TPS/TVH": "123456789 RT0001", "TVQ": "1234567890 TQ0001"}
    assert "1, rue du Journal" in invoice.footer
    rates = {row.rate_id: row.tax for row in PlanTaxRate.objects.all()}
    taxes = {rates[tax.tax_rate_details.tax_rate]: tax.amount for tax in invoice.total_taxes}
    assert taxes == {"gst": 1_95, "qst": 3_89}
    assert row.hosted_url.startswith(sandbox.url)


def test_a_card_that_fails_gives_grace_with_reminders_then_a_listing_and_all_comes_back(
    merchant, clock, sandbox
):
    VariantFactory(product=ProductFactory(merchant=merchant))
    row = subscribe(merchant, sandbox, card=DECLINED)
    clock.move_to(MAY_2)
    sync(merchant)
    assert (tier_of(merchant), holds(merchant), offered()) == ("transactional", Standing.GRACE, 1)
    row.refresh_from_db()
    assert row.status == "past_due"
    assert row.next_try_at

    clock.move(days=20)
    sync(merchant)
    assert (tier_of(merchant), holds(merchant), offered()) == ("listing", Standing.ENDED, 0)
    assert charged(merchant) == []

    subscribe(merchant, sandbox)
    assert (tier_of(merchant), holds(merchant), offered()) == ("transactional", Standing.SUBSCRIBED, 1)
    assert charged(merchant) == [(39_00, 1_95, 3_89, 44_84)]


def test_each_failed_attempt_is_told_once(merchant, clock, sandbox):
    subscribe(merchant, sandbox, card=DECLINED)
    clock.move_to(MAY_2)
    for days in (0, 3, 5, 7):
        clock.move(days=days)
        sync(merchant)
        sync(merchant)
    late = [subject for subject in letters_of() if "n’a pas passé" in subject]
    assert late == ["Votre paiement de 44,84\u00a0$ n’a pas passé"] * 4
    assert letters_of()[-1] == "Votre page est maintenant une fiche gratuite"


def test_paid_during_grace_the_shop_never_closed(merchant, clock, sandbox):
    subscribe(merchant, sandbox, card=DECLINED)
    clock.move_to(MAY_2)
    sync(merchant)
    pay_with_another_card(merchant)
    sync(merchant)
    assert (tier_of(merchant), holds(merchant)) == ("transactional", Standing.SUBSCRIBED)
    assert charged(merchant) == [(39_00, 1_95, 3_89, 44_84)]
    assert "Votre page est maintenant une fiche gratuite" not in letters_of()


def test_left_unpaid_then_paid_everything_is_restored(merchant, clock, sandbox):
    sandbox.control("POST", "dunning", {"then": "mark_unpaid"})
    subscribe(merchant, sandbox, card=DECLINED)
    clock.move_to(at(2027, 5, 25))
    sync(merchant)
    assert (tier_of(merchant), holds(merchant)) == ("listing", Standing.UNPAID)
    pay_with_another_card(merchant)
    sync(merchant)
    assert (tier_of(merchant), holds(merchant)) == ("transactional", Standing.SUBSCRIBED)
    assert letters_of()[-1] == "Votre option est de retour"


def test_with_every_webhook_lost_one_reconcile_brings_each_step_in(merchant, clock, sandbox):
    sandbox.webhooks("drop")
    sandbox.pay(str(open_page(merchant).session_id), DECLINED)
    assert reconcile(now=timezone.now()).plans_changed == 1
    assert Subscription.objects.get().status == "trialing"

    clock.move_to(MAY_2)
    assert reconcile(now=timezone.now()).plans_changed == 1
    assert (tier_of(merchant), holds(merchant)) == ("transactional", Standing.GRACE)

    clock.move(days=20)
    report = reconcile(now=timezone.now())
    assert (report.plans_changed, report.findings) == (1, [])
    assert tier_of(merchant) == "listing"

    sandbox.pay(str(open_page(merchant).session_id))
    assert reconcile(now=timezone.now()).plans_changed == 1
    assert (tier_of(merchant), len(charged(merchant))) == ("transactional", 1)
    assert reconcile(now=timezone.now()).plans_changed == 0


def test_the_end_of_the_free_period_needs_no_stripe_at_all(merchant, clock, sandbox):
    clock.move_to(MAY_2)
    sandbox.fail("*", "*", "500_before", times=50)
    assert standing.settle_all(now=timezone.now()) == 1
    assert tier_of(merchant) == "listing"


def test_stopping_holds_to_the_end_of_what_is_paid_and_may_be_taken_back(merchant, clock, sandbox, owner_id):
    subscribe(merchant, sandbox)
    clock.move_to(MAY_2)
    sync(merchant)
    changing.end(merchant, by_id=owner_id, now=timezone.now())
    assert tiers.entitlement_of(merchant, now=timezone.now()).is_ending
    changing.go_on(merchant, by_id=owner_id, now=timezone.now())
    assert not tiers.entitlement_of(merchant, now=timezone.now()).is_ending
    changing.end(merchant, by_id=owner_id, now=timezone.now())
    clock.move_to(at(2027, 5, 31))
    sync(merchant)
    assert tier_of(merchant) == "transactional"
    clock.move_to(at(2027, 6, 2))
    sync(merchant)
    assert (tier_of(merchant), len(charged(merchant))) == ("listing", 1)


def test_another_option_is_held_at_once_and_paid_from_the_next_payment_on(merchant, clock, sandbox, owner_id):
    subscribe(merchant, sandbox, tier=Tier.LINKED_SHOP)
    assert tier_of(merchant) == "linked_shop"
    clock.move_to(MAY_2)
    sync(merchant)
    changing.change(merchant, Tier.TRANSACTIONAL, by_id=owner_id, now=timezone.now())
    assert (tier_of(merchant), charged(merchant)) == ("transactional", [(19_00, 95, 1_90, 21_85)])
    clock.move_to(at(2027, 6, 2))
    sync(merchant)
    assert charged(merchant)[1:] == [(39_00, 1_95, 3_89, 44_84)]


def test_a_portals_new_price_is_for_new_subscriptions_alone(merchant, clock, sandbox):
    subscribe(merchant, sandbox)
    Plan.objects.filter(tier=Tier.TRANSACTIONAL).update(monthly_price_cents=59_00)
    clock.move_to(MAY_2)
    sync(merchant)
    assert charged(merchant) == [(39_00, 1_95, 3_89, 44_84)]
