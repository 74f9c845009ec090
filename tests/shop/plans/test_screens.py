"""« Mon option » and the payout account, as the owner walks through them; nobody else finds them."""

import re

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.utils import timezone

from directory.enums import MembershipRole, Tier
from directory.models import Merchant, Plan
from home.models import AuditEntry
from shop.models import Order, Product, Shop, StaysFree, Subscription, SubscriptionAttempt
from shop.payments import gateway
from shop.payments.plans import standing
from tests.factories import MembershipFactory, ProductFactory, UserFactory, VariantFactory, make_seller
from tests.shop.plans.conftest import DECLINED, GOOD, MAY_2, at, open_page, subscribe, sync, tier_of

OPTION = "/mon-commerce/fromagerie/option/"
PAYOUTS = "/mon-commerce/fromagerie/versements/"
ADDRESSES = ("", "choisir/", "abonnement/", "retour/", "changer/?option=transactional", "arret/", "rester-gratuit/",
             "paiement/")  # fmt: skip


def signed_in(user) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    return client


@pytest.fixture(autouse=True)
def _sessions_outlive_the_story(settings) -> None:
    """Months pass in these tests."""
    settings.SESSION_COOKIE_AGE = 10 * 365 * 24 * 3600


@pytest.fixture
def odile(merchant, clock) -> Client:
    """The owner."""
    return signed_in(merchant.memberships.get().user)


def html(client: Client, address: str = OPTION) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def wish(client: Client, act: str, tier: Tier | str = "") -> str:
    """Where the answer leads."""
    answer = client.post(f"{OPTION}{act}/", {"option": str(tier)} if tier else {})
    assert answer.status_code == 302, answer
    return str(answer["Location"])


def test_the_three_options_with_what_each_brings_costs_and_which_one_holds(odile, merchant, clock):
    Plan.objects.filter(tier=Tier.LINKED_SHOP).update(benefits="Un avantage du Journal\n\nUn autre")
    told = html(odile)
    for words in ("Je vends ici", "39,00 $ par mois, plus les taxes", "19,00 $ par mois", "Un avantage du Journal",
                  "Gratuite jusqu’au 30 avril 2027 inclus", "Votre option maintenant"):  # fmt: skip
        assert words in told, words


def test_subscribing_leads_to_stripe_and_back(odile, merchant, clock, sandbox):
    address = wish(odile, "abonnement", Tier.TRANSACTIONAL)
    assert address.startswith(sandbox.url)
    assert wish(odile, "abonnement", Tier.TRANSACTIONAL) == address
    sandbox.pay(str(SubscriptionAttempt.objects.get().session_id))
    assert odile.get(f"{OPTION}retour/")["Location"] == OPTION
    told = html(odile)
    assert "Merci! Votre abonnement est en place." in told
    assert "Gratuite jusqu’au premier paiement, le 1er mai 2027." in told
    assert AuditEntry.objects.filter(merchant=merchant.pk).count() == 0  # it wanted that option before


def test_without_stripe_the_screen_says_so_and_nothing_is_lost(odile, merchant, clock, sandbox):
    sandbox.fail("*", "*", "reset", times=50)
    assert wish(odile, "abonnement", Tier.TRANSACTIONAL) == OPTION
    assert "Stripe ne répond pas pour l’instant. Rien n’a été facturé" in html(odile)


def test_up_and_down_at_will_in_the_free_period_loses_nothing(odile, merchant, clock):
    product = VariantFactory(product=ProductFactory(merchant=merchant)).product
    wish(odile, "choisir", Tier.LISTING)
    assert (tier_of(merchant), Product.objects.visible().count()) == ("listing", 0)
    assert Product.objects.get(pk=product.pk).status == "published"
    wish(odile, "choisir", Tier.TRANSACTIONAL)
    assert (tier_of(merchant), Product.objects.visible().count()) == ("transactional", 1)
    assert list(AuditEntry.objects.order_by("pk").values_list("action", flat=True)) == [
        "plan.chosen", "plan.fell", "plan.chosen", "plan.rose",
    ]  # fmt: skip


def test_the_month_before_the_end_every_screen_says_that_a_choice_is_to_be_made(odile, merchant, clock):
    home = "/mon-commerce/fromagerie/"
    assert "Que voulez-vous garder ensuite?" not in html(odile, home)
    clock.move_to(at(2027, 4, 2))
    assert "C’est gratuit jusqu’au 30 avril 2027. Que voulez-vous garder ensuite?" in html(odile, home)
    told = html(odile)
    assert "Après le 30 avril 2027" in told
    for tap in ("Garder", "Changer", "Rester gratuit"):
        assert tap in told
    wish(odile, "rester-gratuit")
    assert StaysFree.objects.get().merchant == merchant
    assert "Que voulez-vous garder ensuite?" not in html(odile, home)


def test_a_helper_reads_the_notice_and_does_not_find_the_option(merchant, clock):
    helper = MembershipFactory(merchant=merchant, role=MembershipRole.HELPER).user
    clock.move_to(at(2027, 4, 2))
    told = html(signed_in(helper), "/mon-commerce/fromagerie/")
    assert "Que voulez-vous garder ensuite?" in told
    assert "Parlez-en à la personne propriétaire." in told


@pytest.mark.parametrize("address", ADDRESSES)
def test_helpers_strangers_and_passers_by_do_not_find_it(merchant, clock, sandbox, address):
    """Nor does the owner of another shop; and nothing changes."""
    other = MembershipFactory(merchant=make_seller(slug="autre")).user
    helper = MembershipFactory(merchant=merchant, role=MembershipRole.HELPER).user
    for user in (helper, other, UserFactory()):
        client = signed_in(user)
        assert client.get(f"{OPTION}{address}").status_code in (404, 405)
        assert client.post(f"{OPTION}{address}", {"option": "listing"}).status_code in (404, 405)
    assert Client(headers={"host": "localhost"}).get(f"{OPTION}{address}").status_code in (302, 405)
    assert (tier_of(merchant), SubscriptionAttempt.objects.count()) == ("transactional", 0)


@pytest.mark.parametrize("word", ["", "everything", "\0", "TRANSACTIONAL"])
def test_what_is_no_option_is_not_found(odile, merchant, clock, word):
    for act in ("choisir", "abonnement", "changer"):
        assert odile.post(f"{OPTION}{act}/", {"option": word}).status_code == 404


def test_a_late_payment_shows_on_every_screen_and_the_shop_stays_open(odile, merchant, clock, sandbox):
    subscribe(merchant, sandbox, card=DECLINED)
    clock.move_to(MAY_2)
    sync(merchant)
    told = html(odile, "/mon-commerce/fromagerie/")
    assert "Votre dernier paiement n’a pas passé. Votre boutique reste ouverte pour l’instant." in told
    assert "Un paiement à régler" in html(odile)
    assert wish(odile, "paiement").startswith(sandbox.url)


def test_fallen_the_screen_says_what_is_hidden_and_how_to_come_back(odile, merchant, clock, sandbox):
    clock.move_to(MAY_2)
    standing.settle_all(now=timezone.now())
    assert "Vos produits sont cachés, rien n’est perdu." in html(odile, "/mon-commerce/fromagerie/")
    wish(odile, "abonnement", Tier.TRANSACTIONAL)
    sandbox.pay(str(SubscriptionAttempt.objects.get().session_id))
    odile.get(f"{OPTION}retour/")
    assert tier_of(merchant) == "transactional"


def test_invoices_stand_with_each_tax_apart(odile, merchant, clock, sandbox):
    subscribe(merchant, sandbox)
    clock.move_to(MAY_2)
    sync(merchant)
    told = html(odile)
    for words in ("44,84 $", "39,00 $ + TPS 1,95 $ + TVQ 3,89 $", "123456789 RT0001"):
        assert words in told


def test_a_change_of_option_is_told_before_it_is_made(odile, merchant, clock, sandbox):
    subscribe(merchant, sandbox, tier=Tier.LINKED_SHOP)
    told = html(odile, f"{OPTION}changer/?option=transactional")
    assert "À payer aujourd’hui 0,00 $" in told
    assert "le 1er mai 2027, puis chaque mois 39,00 $" in told
    assert tier_of(merchant) == "linked_shop"
    wish(odile, "changer", Tier.TRANSACTIONAL)
    assert (tier_of(merchant), Subscription.objects.get().amount_cents) == ("transactional", 39_00)


def test_stopping_and_going_on_after_all(odile, merchant, clock, sandbox):
    subscribe(merchant, sandbox)
    wish(odile, "arret")
    assert "vous l’avez demandé" in html(odile)
    odile.post(f"{OPTION}arret/", {"continuer": "1"})
    assert "vous l’avez demandé" not in html(odile)


def test_choosing_while_one_pays_leads_to_what_it_would_cost(odile, merchant, clock, sandbox):
    subscribe(merchant, sandbox)
    assert wish(odile, "choisir", Tier.LINKED_SHOP) == f"{OPTION}changer/?option=linked_shop"
    assert tier_of(merchant) == "transactional"


@pytest.mark.parametrize("card", [GOOD, DECLINED])
def test_a_listing_is_not_chosen_over_a_subscription_that_would_go_on_charging(
    odile, merchant, clock, sandbox, card
):
    subscribe(merchant, sandbox, card=card)
    clock.move_to(MAY_2)
    sync(merchant)
    assert wish(odile, "choisir", Tier.LISTING) == OPTION
    assert "c’est lui qu’il faut régler ou arrêter" in html(odile)
    assert tier_of(merchant) == "transactional"


def test_an_open_page_of_another_person_of_the_shop_is_shared(odile, merchant, clock, sandbox):
    address = open_page(merchant).url
    assert wish(odile, "abonnement", Tier.TRANSACTIONAL) == address


# ------------------------------------------------------------------------------------------------------ payout account


@pytest.fixture
def newcomer(merchant, clock) -> Merchant:
    """A listing that never sold: no shop, no account."""
    Shop.objects.filter(merchant=merchant).delete()
    Merchant.objects.filter(pk=merchant.pk).update(tier=Tier.LISTING)
    return merchant


def account_of(merchant: Merchant) -> str:
    return str(Shop.objects.get(merchant=merchant).stripe_account_id)


def test_from_a_listing_to_a_shop_that_may_be_paid_and_back(odile, newcomer, sandbox):
    wish(odile, "choisir", Tier.TRANSACTIONAL)
    assert "Ouvrir votre compte de versement" in html(odile, PAYOUTS)
    answer = odile.post(f"{PAYOUTS}compte/")
    assert answer["Location"].startswith(f"{sandbox.url}/c/onboarding/")
    account = account_of(newcomer)

    odile.get(f"{PAYOUTS}compte/retour/")
    assert "Terminer votre compte de versement" in html(odile, PAYOUTS)

    sandbox.onboard(account)
    odile.get(f"{PAYOUTS}compte/retour/")
    assert Shop.objects.get(merchant=newcomer).can_be_paid
    assert "votre boutique peut recevoir de l’argent" in html(odile, PAYOUTS)

    wish(odile, "choisir", Tier.LISTING)
    wish(odile, "choisir", Tier.TRANSACTIONAL)
    assert (account_of(newcomer), Order.objects.count()) == (account, 0)
    assert Shop.objects.get(merchant=newcomer).can_be_paid


def test_the_account_is_made_once_whatever_is_clicked_and_whatever_breaks(odile, newcomer, sandbox):
    sandbox.fail("POST", "/v2/core/accounts", "500_after", times=1)
    sandbox.fail("POST", "/v2/core/account_links", "reset", times=1)
    for _click in range(3):
        odile.post(f"{PAYOUTS}compte/")
    known = [found.id for found in gateway.client().v2.core.accounts.list().data]
    assert [name for name in known if not name.startswith("acct_test")] == [account_of(newcomer)]


def test_the_payout_account_is_the_owners_alone(newcomer, sandbox):
    helper = MembershipFactory(merchant=newcomer, role=MembershipRole.HELPER).user
    assert signed_in(helper).post(f"{PAYOUTS}compte/").status_code == 404
    assert signed_in(helper).get(f"{PAYOUTS}compte/retour/").status_code == 404
    assert not Shop.objects.exists()


def test_a_portal_whose_merchants_charge_asks_for_cards_too(odile, newcomer, sandbox, portal):
    portal.merchants_charge_themselves = True
    portal.save()
    odile.post(f"{PAYOUTS}compte/")
    sandbox.onboard(account_of(newcomer))
    odile.get(f"{PAYOUTS}compte/retour/")
    shop = Shop.objects.get(merchant=newcomer)
    assert (shop.can_be_paid, shop.can_charge) == (True, True)


@pytest.mark.parametrize(
    "address",
    [
        f"{OPTION}abonnement/",
        f"{OPTION}changer/",
        f"{OPTION}arret/",
        f"{OPTION}paiement/",
        f"{PAYOUTS}compte/",
    ],
)
def test_what_moves_money_asks_for_the_second_factor_again(odile, merchant, sandbox, address):
    TOTP.activate(merchant.memberships.get().user, "JBSWY3DPEHPK3PXP")
    session = odile.session
    session["account_authentication_methods"] = []
    session.save()
    answer = odile.post(address, {"option": "transactional"})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/compte/"), answer["Location"]
    assert not SubscriptionAttempt.objects.exists()
