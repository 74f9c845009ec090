"""The hosted pages of subscriptions, as a browser without JavaScript meets them."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
import stripe

from shop.sandbox.hosted.billing_wording import ENGLISH, FRENCH, day, per, rate_name
from tests.shop.sandbox.subscribing import (
    ASKS_ONCE,
    DAY,
    DECLINED,
    FAILS_LATER,
    FEATURES,
    NOON,
    TRIAL_END,
    TYPED,
    Plans,
)
from tests.shop.sandbox.visiting import Page, visit

NBSP = "\u00a0"
HOME = "http://localhost:9/mon-commerce/"
WITH_EMAIL = TYPED | {"email": "marie@demo.test"}


def said(page: Page) -> str:
    return page.words.replace(NBSP, " ")


def test_the_page_promises_the_trial_and_tells_each_tax(plans: Plans):
    page = visit(plans.session().url)
    assert 'lang="fr-CA"' in page.text
    for sentence in (
        "Essai gratuit jusqu’au 1er mars 2027, puis 44,84 $ par mois, taxes comprises.",
        "TPS (5 %) 1,95 $", "TVQ (9,975 %) 3,89 $", "Total, taxes comprises 44,84 $", "À payer aujourd’hui", "0,00 $",
        "Commencer l’essai gratuit", "4000 0000 0000 0341",
    ):  # fmt: skip
        assert sentence in said(page)
    assert f"44,84{NBSP}$" in page.text
    assert "<script" not in page.text
    assert "style=" not in page.text


def test_the_page_speaks_english_and_says_what_is_due_today(plans: Plans):
    page = visit(plans.session(trial_end=None, locale="en").url)
    assert "$44.84 per month, taxes included. Cancel any time." in said(page)
    assert "Subscribe and pay $44.84" in said(page)
    yearly = visit(plans.session(locale="en", line_items=[{"price": plans.yearly, "quantity": 1}]).url)
    assert "Free trial until March 1, 2027, then $448.40 per year, taxes included." in said(yearly)


def test_days_of_trial_are_told_in_days(plans: Plans):
    data = {"default_tax_rates": list(plans.rates), "trial_period_days": 30}
    session = plans.session(trial_end=None, subscription_data=data)
    assert "Essai gratuit de 30 jours, puis 44,84 $ par mois" in said(visit(session.url))
    visit(session.url, WITH_EMAIL)
    assert plans.client.v1.subscriptions.list().data[0].trial_end == NOON + 30 * DAY


def test_a_good_card_begins_and_leads_back(plans: Plans, client: stripe.StripeClient):
    session = plans.session()
    page = visit(session.url, WITH_EMAIL)
    assert (page.status, page.location) == (303, f"http://localhost:9/forfait/retour/?s={session.id}")
    begun = client.v1.subscriptions.list(
        params={"expand": ["data.customer", "data.default_payment_method"]}
    ).data[0]
    assert (begun.customer.email, begun.default_payment_method.card.exp_year) == ("marie@demo.test", 2039)
    over = visit(session.url)
    assert "L’abonnement est commencé" in said(over)
    assert visit(session.url, WITH_EMAIL).location == page.location
    assert len(client.v1.subscriptions.list().data) == 1


def test_what_is_wrong_stands_beside_its_field(plans: Plans):
    page = visit(plans.session().url, WITH_EMAIL | {"number": "4242", "cvc": ""})
    assert page.status == 422
    assert "L’abonnement n’a pas commencé." in said(page)
    assert f'id="number-error">{FRENCH["number_wrong"]}' in page.text
    assert 'value="marie@demo.test"' in page.text


def test_a_declined_card_begins_nothing(plans: Plans):
    page = visit(plans.session().url, WITH_EMAIL | {"number": DECLINED})
    assert (page.status, FRENCH["card_declined"] in page.text) == (402, True)
    assert plans.client.v1.subscriptions.list().data == []


def test_the_bank_is_asked_about_the_card_and_may_refuse(plans: Plans):
    session = plans.session()
    bank = visit(session.url, WITH_EMAIL | {"number": ASKS_ONCE}).location
    page = visit(plans.sandbox.url + bank)
    assert "prochains paiements" in said(page)
    assert "0,00" not in said(page)
    assert visit(plans.sandbox.url + bank, {"outcome": "refuse"}).location == f"/c/pay/{session.id}?refus"
    assert "n’a pas autorisé" in said(visit(f"{session.url}?refus"))
    visit(session.url, WITH_EMAIL | {"number": ASKS_ONCE})
    visit(plans.sandbox.url + bank, {"outcome": "authorize"})
    assert plans.client.v1.checkout.sessions.retrieve(session.id).status == "complete"


def test_no_card_is_asked_for_where_none_is_needed(plans: Plans):
    session = plans.session(payment_method_collection="if_required", customer_email="marie@demo.test")
    page = visit(session.url)
    assert "Aucune carte n’est demandée" in said(page)
    assert 'id="number"' not in page.text
    assert visit(session.url, {}).status == 303


def test_the_portal_tells_the_plan_the_card_and_the_invoices(plans: Plans):
    subscription = plans.subscribed()
    page = visit(plans.portal(subscription))
    for sentence in (
        "Votre abonnement", "Boutique en ligne",
        "Essai gratuit jusqu’au 1er mars 2027. Ensuite 44,84 $ par mois, taxes comprises.",
        "Visa •••• 4242, expire 12 / 2030", "15 janvier 2027", "Payée", "0,00 $", "Revenir au site",
    ):  # fmt: skip
        assert sentence in said(page)
    plans.sandbox.freeze(TRIAL_END + 3600)
    assert "Prochain paiement le 1er avril 2027 : 44,84 $" in said(visit(plans.portal(subscription)))


def test_the_portal_cancels_at_the_end_with_the_reason_and_takes_it_back(plans: Plans):
    subscription = plans.subscribed()
    portal = plans.portal(subscription)
    asked = visit(f"{portal}/cancel?subscription={subscription.id}")
    assert "« Boutique en ligne » reste ouvert jusqu’au 1er mars 2027" in said(asked)
    assert "C’est trop cher" in said(asked)
    done = visit(f"{portal}/cancel", {"subscription": subscription.id, "reason": "too_expensive"})
    assert "C’est noté : l’abonnement se termine le 1er mars 2027." in said(
        visit(plans.sandbox.url + done.location)
    )
    ending = plans.now(subscription.id)
    assert (ending.cancel_at_period_end, ending.cancellation_details.feedback) == (True, "too_expensive")
    visit(portal, {"act": "resume", "subscription": subscription.id})
    assert not plans.now(subscription.id).cancel_at_period_end
    assert "Essai gratuit" in said(visit(f"{portal}?told=resumed"))


def test_the_portal_leads_to_what_is_owed(plans: Plans):
    subscription = plans.subscribed(FAILS_LATER)
    plans.sandbox.freeze(TRIAL_END + 3600)
    invoice = plans.invoices(subscription)[0]
    page = visit(plans.portal(subscription))
    assert "Le dernier paiement n’a pas passé." in said(page)
    assert f'<a class="button" href="{invoice.hosted_invoice_url}">Payer 44,84{NBSP}$</a>' in page.text


def test_a_strangers_subscription_is_not_there(plans: Plans):
    mine, theirs = plans.subscribed(), plans.subscribed()
    portal = plans.portal(mine)
    assert visit(f"{portal}/cancel?subscription={theirs.id}").status == 404
    assert visit(f"{portal}/cancel", {"subscription": theirs.id}).status == 404
    assert visit(portal, {"act": "resume", "subscription": theirs.id}).status == 404
    assert not plans.now(theirs.id).cancel_at_period_end


def test_what_the_configuration_does_not_offer_is_not_done(plans: Plans):
    subscription, v1 = plans.subscribed(), plans.client.v1.billing_portal
    bare = v1.configurations.create(params={"features": {"customer_update": {"enabled": False}}}).id
    told = {"customer": subscription.customer, "configuration": bare, "return_url": HOME}
    portal = v1.sessions.create(params=told).url
    page = visit(portal)
    assert "Factures" not in said(page)
    assert "Changer la carte" not in said(page)
    assert "Annuler" not in said(page)
    visit(f"{portal}/cancel", {"subscription": subscription.id})
    visit(f"{portal}/card", TYPED)
    now = plans.now(subscription.id)
    assert (now.cancel_at_period_end, now.default_payment_method) == (
        False,
        subscription.default_payment_method,
    )


@pytest.mark.parametrize("changes", [{"number": DECLINED}, {"number": "4242"}])
def test_the_portal_keeps_no_card_that_is_refused(plans: Plans, changes: dict[str, str]):
    subscription = plans.subscribed()
    page = visit(plans.portal(subscription) + "/card", TYPED | changes)
    assert page.status in (402, 422)
    assert "La carte n’a pas été enregistrée." in said(page)
    assert plans.now(subscription.id).default_payment_method == subscription.default_payment_method


def test_the_portal_asks_the_bank_about_a_new_card(plans: Plans):
    subscription = plans.subscribed()
    portal = plans.portal(subscription)
    assert visit(f"{portal}/card", TYPED | {"number": ASKS_ONCE}).location.endswith("/authentication")
    assert visit(f"{portal}/authentication", {"outcome": "refuse"}).location.endswith("/card?refus")
    assert plans.now(subscription.id).default_payment_method == subscription.default_payment_method
    visit(f"{portal}/card", TYPED | {"number": ASKS_ONCE})
    visit(f"{portal}/authentication", {"outcome": "authorize"})
    assert plans.now(subscription.id).default_payment_method != subscription.default_payment_method


def test_the_portal_closes_when_nobody_comes_and_an_hour_after_the_last_look(plans: Plans):
    subscription = plans.subscribed()
    visited, forgotten = plans.portal(subscription), plans.portal(subscription)
    assert visit(visited).status == 200
    plans.sandbox.advance(300)
    assert "n’ouvre plus rien" in said(visit(forgotten))
    assert visit(f"{forgotten}/cancel", {"subscription": subscription.id}).status == 410
    plans.sandbox.advance(3200)
    assert visit(visited).status == 200
    plans.sandbox.advance(3600)
    assert visit(visited).status == 410


def test_a_portal_for_one_task_leads_there_and_back(plans: Plans):
    subscription = plans.subscribed()
    after = {"type": "redirect", "redirect": {"return_url": f"{HOME}?fait"}}
    flow = {"type": "subscription_cancel", "subscription_cancel": {"subscription": subscription.id}}
    portal = plans.portal(subscription, flow_data=flow | {"after_completion": after})
    assert visit(portal).location.endswith(f"/cancel?subscription={subscription.id}")
    assert visit(f"{portal}/cancel", {"subscription": subscription.id}).location == f"{HOME}?fait"
    card = plans.portal(subscription, flow_data={"type": "payment_method_update"})
    assert visit(card).location.endswith("/card")
    assert "La nouvelle carte est enregistrée" in said(
        visit(plans.sandbox.url + visit(f"{card}/card", TYPED).location)
    )


def test_the_portal_may_end_it_at_once(plans: Plans):
    subscription, v1 = plans.subscribed(), plans.client.v1.billing_portal
    cancel = FEATURES["subscription_cancel"] | {"mode": "immediately"}
    made = v1.configurations.create(params={"features": {"subscription_cancel": cancel}}).id
    told = {"customer": subscription.customer, "configuration": made, "locale": "en"}
    portal = v1.sessions.create(params=told).url
    assert "ends now, without a refund" in said(visit(f"{portal}/cancel?subscription={subscription.id}"))
    done = visit(f"{portal}/cancel", {"subscription": subscription.id})
    assert "The subscription has ended." in said(visit(plans.sandbox.url + done.location))
    assert plans.now(subscription.id).status == "canceled"


def test_the_invoice_page_tells_all_that_an_invoice_must(plans: Plans):
    fields = [{"name": "No TVQ", "value": "1234567890 TQ0001"}]
    told = {"custom_fields": fields, "footer": "Merci d’acheter ici."}
    subscription = plans.subscribed(FAILS_LATER, subscription_data={"invoice_settings": told})
    plans.sandbox.freeze(TRIAL_END + 3600)
    invoice = plans.invoices(subscription)[0]
    page = visit(invoice.hosted_invoice_url)
    for sentence in (
        f"Facture {invoice.number}", "Émise le 1er mars 2027", "Marie Roy", "No TVQ 1234567890 TQ0001",
        "Sous-total 39,00 $", "Du 1er mars 2027 au 1er avril 2027", "TPS (5 %) 1,95 $", "TVQ (9,975 %) 3,89 $",
        "Total 44,84 $", "44,84 $ à payer. La carte enregistrée sera essayée de nouveau le 4 mars 2027.",
        "Merci d’acheter ici.", "Payer 44,84 $ avec la carte •••• 0341",
    ):  # fmt: skip
        assert sentence in said(page)
    refused = visit(invoice.hosted_invoice_url, {"act": "kept"})
    assert (refused.status, FRENCH["card_declined"] in refused.text) == (402, True)
    assert visit(invoice.hosted_invoice_url, TYPED | {"cvc": "x"}).status == 422
    assert visit(invoice.hosted_invoice_url, TYPED).status == 303
    paid = visit(invoice.hosted_invoice_url)
    assert "Payée le 1er mars 2027." in said(paid)
    assert 'id="number"' not in paid.text
    now = plans.now(subscription.id)
    assert (now.status, now.default_payment_method) == ("active", subscription.default_payment_method)
    assert visit(invoice.hosted_invoice_url, TYPED).status == 303
    assert plans.sandbox.ledger()["holders"]["cards"] == -4484


def test_an_invoice_is_paid_once_however_often_it_is_pressed(plans: Plans):
    subscription = plans.subscribed(FAILS_LATER)
    plans.sandbox.freeze(TRIAL_END + 3600)
    address = plans.invoices(subscription)[0].hosted_invoice_url
    with ThreadPoolExecutor(8) as pool:
        assert {page.status for page in pool.map(visit, [address] * 8, [TYPED] * 8)} == {303}
    assert plans.sandbox.ledger()["holders"]["cards"] == -4484


def test_addresses_that_lead_nowhere_say_so(plans: Plans):
    for path in ("/c/invoice/live_nobody", "/c/portal/test_nobody", "/c/portal/test_nobody/card"):
        assert visit(plans.sandbox.url + path).status == 404
        assert visit(plans.sandbox.url + path, {}).status == 404


@pytest.mark.parametrize(
    "query", ["told=nobody", "told=canceled&day=x", "told=canceled&day=99999999999999", "told=%00"]
)
def test_a_twisted_address_breaks_nothing(plans: Plans, query: str):
    assert visit(f"{plans.portal(plans.subscribed())}?{query}").status == 200


def test_what_a_seller_or_a_buyer_wrote_is_escaped(plans: Plans):
    product = plans.client.v1.prices.retrieve(plans.monthly).product
    plans.client.v1.products.update(product, params={"name": "<b>Boutique</b> & fils"})
    subscription = plans.subscribed(subscription_data={"invoice_settings": {"footer": "<i>merci</i>"}})
    plans.client.v1.customers.update(subscription.customer, params={"name": "<u>Marie</u>"})
    plans.sandbox.freeze(TRIAL_END + 3600)
    pages = [
        plans.session(trial_end=None).url,
        plans.portal(subscription),
        plans.invoices(subscription)[0].hosted_invoice_url,
    ]
    pages.append(f"{pages[1]}/cancel?subscription={subscription.id}")
    for address in pages:
        assert not re.search(r"<b>Bout|<i>merci|<u>Marie", visit(address).text)
        assert "&lt;b&gt;Boutique&lt;/b&gt; &amp; fils" in visit(address).text


def test_both_languages_say_the_same_things():
    assert FRENCH.keys() == ENGLISH.keys()
    blanks = {name: set(re.findall(r"\{\w+", text)) for name, text in FRENCH.items()}
    assert blanks == {name: set(re.findall(r"\{\w+", text)) for name, text in ENGLISH.items()}
    for text in FRENCH.values():
        assert not re.search(r"[^\u00a0][:$»]|«[^\u00a0]| [;!?]|'", re.sub(r"\{[^}]*\}", "", text)), text


def test_dates_periods_and_rates_are_written_as_people_do():
    assert (day(NOON, FRENCH), day(NOON, ENGLISH)) == (f"15{NBSP}janvier 2027", f"January{NBSP}15, 2027")
    assert day(1_806_552_000 - 8 * 3600 - 1, FRENCH) == f"31{NBSP}mars 2027", (
        "the towns' day, not Greenwich's"
    )
    assert per({"interval": "month", "interval_count": 3}, FRENCH) == "tous les 3 mois"
    assert rate_name({"display_name": "TPS", "percentage": 5.0}, FRENCH) == f"TPS (5{NBSP}%)"
    assert rate_name({"display_name": "QST", "percentage": 9.975}, ENGLISH) == "QST (9.975%)"
