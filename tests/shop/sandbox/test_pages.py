"""The hosted pages, as a browser without JavaScript meets them."""

import contextlib
import re
import threading

import pytest
import stripe

from shop.sandbox import paying
from shop.sandbox.cards import is_plausible_number, parse_expiry
from shop.sandbox.hosted import onboarding_wording
from shop.sandbox.hosted.wording import ENGLISH, FRENCH, money
from shop.sandbox.server import Sandbox
from tests.shop.sandbox.asking import NewSession, line
from tests.shop.sandbox.visiting import visit

NBSP = "\u00a0"
NOON = 1_800_000_000  # 15 January 2027
GOOD = {
    "number": "4242 4242 4242 4242",
    "expiry": "04 / 29",
    "cvc": "123",
    "name": "Marie Roy",
    "postal_code": "G6V 3R2",
}


@pytest.fixture(autouse=True)
def _noon(sandbox: Sandbox) -> None:
    sandbox.freeze(NOON)


def test_page_shows_the_lines_the_total_and_what_it_is(new_session: NewSession):
    page = visit(new_session().url)
    assert page.status == 200
    assert 'lang="fr-CA"' in page.text
    assert f"Bac à sable{NBSP}: aucune vraie carte, aucun vrai argent" in page.text
    assert f"Payer 45,96{NBSP}$" in page.text
    assert f"2 × 19,99{NBSP}$" in page.text
    assert f"39,98{NBSP}$" in page.text
    assert "Retour à la boutique" in page.text
    assert 'href="http://localhost:9/paiement/abandon/"' in page.text
    for card in ("4242", "0002", "9995", "3155", "0259"):
        assert card in page.text


def test_page_speaks_english_when_asked(new_session: NewSession):
    page = visit(new_session(locale="en").url)
    assert 'lang="en-CA"' in page.text
    assert "Pay $45.96" in page.text
    assert "Sandbox: no real card, no real money" in page.text


@pytest.mark.parametrize(
    ("locale", "browser", "lang"),
    [
        ("auto", "en", "en-CA"),
        ("auto", "fr-CA,en;q=0.5", "fr-CA"),
        ("fr", "en", "fr-CA"),
        ("en", "fr", "en-CA"),
    ],
)
def test_session_says_the_language_or_the_browser_does(new_session: NewSession, locale, browser, lang):
    assert f'lang="{lang}"' in visit(new_session(locale=locale).url, language=browser).text


def test_fields_are_labelled_and_known_to_browsers(new_session: NewSession):
    text = visit(new_session(customer_email=None).url).text
    for name, autocomplete in (
        ("number", "cc-number"), ("expiry", "cc-exp"), ("cvc", "cc-csc"), ("name", "cc-name"),
        ("postal_code", "postal-code"), ("email", "email"),
    ):  # fmt: skip
        assert f'<label for="{name}">' in text
        assert re.search(rf'<input id="{name}"[^>]*autocomplete="{autocomplete}"', text)
    assert text.count('inputmode="numeric"') == 3


def test_page_runs_no_script_and_its_policy_lets_the_buyer_home(new_session: NewSession):
    page = visit(new_session().url)
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self' http://localhost:9" in policy
    assert "unsafe" not in policy
    assert "<script" not in page.text
    assert "style=" not in page.text


def test_assets_are_served(sandbox: Sandbox):
    assert "light-dark(" in visit(f"{sandbox.url}/assets/checkout.css").text
    assert visit(f"{sandbox.url}/assets/icon.svg").status == 200
    assert visit(f"{sandbox.url}/assets/../server.py").status == 404


def test_good_card_pays_and_leads_back(new_session: NewSession, client: stripe.StripeClient):
    session = new_session()
    page = visit(session.url, GOOD)
    assert (page.status, page.headers["Location"]) == (
        303, f"http://localhost:9/paiement/retour/?s={session.id}",
    )  # fmt: skip
    paid = client.v1.checkout.sessions.retrieve(
        session.id, params={"expand": ["payment_intent.latest_charge"]}
    )
    assert paid.payment_status == "paid"
    billing = paid.payment_intent.latest_charge.billing_details
    assert (billing.name, billing.email, billing.address.postal_code) == (
        "Marie Roy",
        "cliente@demo.test",
        "G6V 3R2",
    )


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"number": ""}, "number", "number_empty"),
        ({"number": "4242 4242 4242 4241"}, "number", "number_wrong"),
        ({"number": "4242"}, "number", "number_wrong"),
        ({"expiry": "12 / 26"}, "expiry", "expiry_past"),
        ({"expiry": "13 / 29"}, "expiry", "expiry_wrong"),
        ({"expiry": ""}, "expiry", "expiry_wrong"),
        ({"cvc": "12"}, "cvc", "cvc_wrong"),
        ({"cvc": "abc"}, "cvc", "cvc_wrong"),
        ({"name": " "}, "name", "name_empty"),
        ({"postal_code": "Lévis"}, "postal_code", "postal_code_wrong"),
    ],
)
def test_mistake_is_told_beside_its_field_and_nothing_is_lost(
    sandbox: Sandbox, new_session: NewSession, changes, field, sentence
):
    page = visit(new_session().url, GOOD | {"cvc": "987"} | changes)
    assert page.status == 422
    assert f'id="{field}-error">{FRENCH[sentence]}' in page.text
    assert f'<a href="#{field}">' in page.text
    assert re.search(rf'<input id="{field}"[^>]*aria-invalid="true"', page.text)
    for name, value in (GOOD | changes).items():
        if name != "cvc" and value.strip():
            assert f'name="{name}" value="{value}"' in page.text
    assert 'name="cvc" value=""' in page.text
    assert "987" not in page.text
    assert sandbox.ledger()["holders"] == {}


@pytest.mark.parametrize("expiry", ["01 / 27", "01/2027", "0127", "1/27", " 01 - 27 "])
def test_this_month_is_not_past_however_it_is_written(new_session: NewSession, expiry: str):
    assert visit(new_session().url, GOOD | {"expiry": expiry}).status == 303


@pytest.mark.parametrize(
    ("number", "field", "sentence"),
    [
        ("4000000000000002", "number", "card_declined"),
        ("4000000000009995", "number", "insufficient_funds"),
        ("4000000000000127", "cvc", "incorrect_cvc"),
        ("4000000000000069", "expiry", "expired_card"),
        ("4000000000009987", "number", "card_declined"),
        ("4111111111111111", "number", "test_mode_live_card"),
    ],
)
def test_declined_card_is_told_and_another_may_be_tried(new_session: NewSession, number, field, sentence):
    session = new_session()
    page = visit(session.url, GOOD | {"number": number})
    assert page.status == 402
    assert f'id="{field}-error">{FRENCH[sentence]}' in page.text
    assert visit(session.url, GOOD).status == 303


def test_three_d_secure_refused_then_authorized(new_session: NewSession, client: stripe.StripeClient):
    session = new_session()
    bank = visit(session.url, GOOD | {"number": "4000 0025 0000 3155"}).headers["Location"]
    assert bank == f"/c/pay/{session.id}/authentication"
    bank = session.url + "/authentication"
    assert f"45,96{NBSP}$" in visit(bank).text
    back = visit(bank, {"outcome": "refuse"}).headers["Location"]
    page = visit(session.url + back.removeprefix(f"/c/pay/{session.id}"))
    assert FRENCH["payment_intent_authentication_failure"] in page.text
    assert 'name="name" value="Marie Roy"' in page.text
    assert 'name="number" value="4000 0025 0000 3155"' in page.text
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "unpaid"
    visit(session.url, GOOD | {"number": "4000002500003155"})
    assert visit(bank, {"outcome": "authorize"}).headers["Location"].startswith("http://localhost:9/")
    assert visit(bank, {"outcome": "authorize"}).headers["Location"].startswith("http://localhost:9/")
    assert len(client.v1.charges.list().data) == 1


def test_bank_page_without_a_question_leads_to_the_form(new_session: NewSession):
    session = new_session()
    bank = session.url + "/authentication"
    assert visit(bank).headers["Location"] == f"/c/pay/{session.id}"
    assert visit(bank, {"outcome": "authorize"}).headers["Location"] == f"/c/pay/{session.id}?refus"
    assert visit(bank, {"outcome": "perhaps"}).status == 303
    assert "errors" not in visit(f"{session.url}?refus").text


def test_refusing_after_the_session_closed_charges_nothing(new_session: NewSession, client, sandbox: Sandbox):
    session = new_session()
    visit(session.url, GOOD | {"number": "4000002500003155"})
    client.v1.checkout.sessions.expire(session.id)
    visit(session.url + "/authentication", {"outcome": "authorize"})
    assert visit(session.url).status == 410
    assert sandbox.ledger()["holders"] == {}


def test_double_click_pays_once(sandbox: Sandbox, new_session: NewSession, client: stripe.StripeClient):
    session = new_session()
    start, answers = threading.Barrier(8), []

    def click() -> None:
        start.wait()
        answers.append(visit(session.url, GOOD))

    clicks = [threading.Thread(target=click) for _ in range(8)]
    for each in clicks:
        each.start()
    for each in clicks:
        each.join()
    assert [answer.status for answer in answers] == [303] * 8
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert len(client.v1.charges.list().data) == 1
    assert sandbox.ledger()["holders"]["cards"] == -4596


@pytest.mark.parametrize(("is_locked", "charges"), [(True, 1), (False, 2)])
def test_the_lock_is_what_keeps_two_buyers_apart(
    sandbox: Sandbox, new_session: NewSession, client, monkeypatch: pytest.MonkeyPatch, is_locked, charges
):
    """Two payments are made to meet just before the charge. Without the lock, the control, both charge."""
    session, meeting, charge = new_session(), threading.Barrier(2), paying.record_success

    def meet_then_charge(*args):
        with contextlib.suppress(threading.BrokenBarrierError):
            meeting.wait(timeout=0.5 if is_locked else 20)
        return charge(*args)

    monkeypatch.setattr(paying, "record_success", meet_then_charge)
    if not is_locked:
        monkeypatch.setattr(sandbox.world.store, "transaction", contextlib.nullcontext)
    clicks = [threading.Thread(target=visit, args=(session.url, GOOD)) for _ in range(2)]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join()
    assert len(client.v1.charges.list().data) == charges


def test_paid_session_says_so(sandbox: Sandbox, new_session: NewSession):
    session = new_session()
    sandbox.pay(session.id)
    page = visit(session.url)
    assert page.status == 200
    assert "Cette commande est payée" in page.text
    assert f"/paiement/retour/?s={session.id}" in page.text
    assert "<form" not in page.text


def test_expired_session_says_so_and_takes_no_money(sandbox: Sandbox, new_session: NewSession):
    session = new_session(expires_at=NOON + 1860)
    sandbox.advance(1860)
    for page in (visit(session.url), visit(session.url, GOOD)):
        assert page.status in (402, 410)
        assert "Cette page de paiement est fermée" in page.text
        assert 'href="http://localhost:9/paiement/abandon/"' in page.text
    assert sandbox.ledger()["holders"] == {}


@pytest.mark.parametrize(
    "path", ["/c/pay/cs_test_nobody", "/c/pay/x", "/c/", "/c/pay/cs_test_x/authentication"]
)
def test_unknown_page_is_a_page_too(sandbox: Sandbox, path: str):
    page = visit(sandbox.url + path)
    assert page.status == 404
    assert "Cette page de paiement n’existe pas" in page.text


def test_email_is_asked_when_the_session_has_none(new_session: NewSession, client: stripe.StripeClient):
    session = new_session(customer_email=None)
    assert FRENCH["email_wrong"] in visit(session.url, GOOD).text
    assert visit(session.url, GOOD | {"email": "marie@exemple.ca"}).status == 303
    assert client.v1.checkout.sessions.retrieve(session.id).customer_details.email == "marie@exemple.ca"


def test_what_people_typed_is_escaped(new_session: NewSession):
    hostile = '"><script>alert(1)</script>'
    session = new_session(line_items=[line(100, name=hostile)], cancel_url="http://localhost:9/?a=<b>")
    page = visit(session.url, GOOD | {"name": hostile, "cvc": ""})
    assert "<script" not in page.text
    assert "&lt;script&gt;" in page.text


def test_page_without_cancel_url_has_no_way_back(new_session: NewSession):
    page = visit(new_session(cancel_url=None).url)
    assert page.status == 200
    assert "Retour à la boutique" not in page.text


def test_both_languages_say_the_same_things():
    assert FRENCH.keys() == ENGLISH.keys()
    for sentence in (*FRENCH.values(), *onboarding_wording.FRENCH.values()):
        assert not re.search(r"[^\u00a0]:\s|[ ][;!?$%]|'", sentence.replace("https:", "")), sentence


@pytest.mark.parametrize(
    ("cents", "french", "english"),
    [(5, "0,05 $", "$0.05"), (4596, "45,96 $", "$45.96"), (123450, "1 234,50 $", "$1,234.50")],
)
def test_money_is_written_in_each_language(cents, french, english):
    assert money(cents, FRENCH) == french.replace(" ", NBSP)
    assert money(cents, ENGLISH) == english


@pytest.mark.parametrize("number", ["4242424242424242", "4242 4242 4242 4242", "4000-0025-0000-3155"])
def test_right_numbers(number):
    assert is_plausible_number(number)


@pytest.mark.parametrize("number", ["", "4242", "4242424242424243", "٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢", "4" * 20, "abcd" * 4])
def test_wrong_numbers(number):
    assert not is_plausible_number(number)


@pytest.mark.parametrize("text", ["", "00/29", "13/29", "4", "04/2", "٠٤/٢٩", "04/29/01", "4/029"])
def test_wrong_expiries(text):
    assert parse_expiry(text) is None
