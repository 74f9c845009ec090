"""What Stripe's answers become, and that each thing is made once whatever goes wrong on the way."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.utils import timezone

from home.models import PortalSettings
from shop.enums import CheckoutStatus
from shop.exceptions import GatewayBroke, GatewayRefused, GatewayUnavailable, NotPayable
from shop.models import Cart, Checkout, CheckoutSession, PaymentIntent, Variant
from shop.payments import gateway, readings, sessions
from shop.payments.asked import SessionLine, SessionState, TransferRequest
from shop.payments.keys import Key
from shop.payments.sync import close_checkout, sync_checkout
from shop.sandbox.server import Sandbox
from tests.shop.conftest import Stall, complete, open_session, place, posts

SESSIONS = "/v1/checkout/sessions"
FAULTS = ("500_before", "500_after", "429", "hang", "hang_after", "reset", "reset_after")


@pytest.fixture
def checkout(cart: Cart, portal: PortalSettings) -> Checkout:
    return place(cart, portal)


def sessions_of(checkout: Checkout) -> list[SessionState]:
    found = gateway.sessions_since(timezone.now() - timedelta(hours=1))
    return [state for state in found if state.client_reference_id == str(checkout.public_id)]


def tried_until_it_works(checkout: Checkout, sandbox: Sandbox) -> CheckoutSession:
    for _i in range(20):
        with suppress(GatewayUnavailable):
            return open_session(checkout)
        sandbox.clear_faults()  # what hangs goes on
    raise AssertionError


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("kind", FAULTS)
def test_whatever_goes_wrong_a_checkout_gets_one_session(
    checkout: Checkout, sandbox: Sandbox, kind: str
) -> None:
    """The package tries three times by itself: here all three fail, and then we ask again."""
    sandbox.fail("POST", SESSIONS, kind, times=3, seconds=1)
    session = tried_until_it_works(checkout, sandbox)
    assert [state.session_id for state in sessions_of(checkout)] == [session.session_id]
    assert CheckoutSession.objects.count() == 1


def test_a_run_of_stored_errors_is_left_behind(checkout: Checkout, sandbox: Sandbox) -> None:
    sandbox.fail("POST", SESSIONS, "500_before", times=gateway.MOST_KEYS - 1)
    assert open_session(checkout).session_id
    assert len(sessions_of(checkout)) == 1


def test_a_stored_error_is_followed_by_the_next_key(checkout: Checkout, sandbox: Sandbox) -> None:
    sandbox.fail("POST", SESSIONS, "500_before")
    row = open_session(checkout)
    keys = [asked["idempotency_key"] for asked in posts(sandbox, SESSIONS)]
    assert list(dict.fromkeys(keys)) == [row.idempotency_key, f"{row.idempotency_key}:1"]


def test_what_was_made_behind_an_error_is_found_not_made_again(checkout: Checkout, sandbox: Sandbox) -> None:
    sandbox.fail("POST", SESSIONS, "500_after")
    row = open_session(checkout)
    assert len(posts(sandbox, SESSIONS)) == 1
    sandbox.pay(str(row.session_id))
    assert sync_checkout(checkout.pk, now=timezone.now()) is True


def test_a_stripe_that_stays_broken_is_unavailable_and_nothing_is_lost(
    checkout: Checkout, sandbox: Sandbox, cheese: Stall
) -> None:
    sandbox.fail("POST", SESSIONS, "500_before", times=100)
    with pytest.raises(GatewayBroke):
        open_session(checkout)
    checkout.refresh_from_db()
    assert (checkout.status, cheese.left()) == ("open", 8)
    assert CheckoutSession.objects.get().session_id is None
    later = checkout.expires_at
    assert close_checkout(checkout.pk, to=CheckoutStatus.EXPIRED, cause="test", now=later) is True
    assert cheese.left() == 10


def test_what_cannot_be_looked_up_is_not_given_up(
    checkout: Checkout, sandbox: Sandbox, cheese: Stall
) -> None:
    sandbox.fail("POST", SESSIONS, "500_after", times=100)
    sandbox.fail("GET", SESSIONS, "500_before", times=100)
    with pytest.raises(GatewayUnavailable):
        open_session(checkout)
    with pytest.raises(GatewayUnavailable):
        close_checkout(checkout.pk, to=CheckoutStatus.EXPIRED, cause="test", now=checkout.expires_at)
    assert cheese.left() == 8


def test_one_key_for_two_requests_is_looked_up(checkout: Checkout, sandbox: Sandbox, settings) -> None:
    """Killed before its answer was written; meanwhile the secret that signs the return address was changed."""
    first = open_session(checkout)
    CheckoutSession.objects.update(session_id=None, url="")
    settings.SECRET_KEY = "another"
    assert open_session(checkout).session_id == first.session_id
    assert len(sessions_of(checkout)) == 1


def test_asked_again_too_late_for_its_expiry_a_new_attempt_takes_over(
    checkout: Checkout, sandbox: Sandbox
) -> None:
    """Stripe wants 30 minutes; the row is two minutes old, and no session was made for it."""
    old = timezone.now() - timedelta(minutes=2)
    CheckoutSession.objects.create(checkout=checkout, attempt=1, created_at=old)
    session = open_session(checkout)
    assert (session.attempt, CheckoutSession.objects.filter(closed_at=None).count()) == (2, 1)
    checkout.refresh_from_db()
    assert checkout.expires_at == session.created_at + sessions.PAYABLE_FOR
    sandbox.pay(str(session.session_id))
    assert sync_checkout(checkout.pk, now=timezone.now()) is True


def test_no_page_is_opened_for_a_checkout_that_is_paid(checkout: Checkout, sandbox: Sandbox) -> None:
    """The other tab still holds it as open."""
    other_tab = Checkout.objects.get(pk=checkout.pk)
    complete(checkout, sandbox)
    with pytest.raises(NotPayable):
        open_session(other_tab)
    assert len(sessions_of(checkout)) == 1


def test_a_session_asks_for_our_total_in_our_words(checkout: Checkout, sandbox: Sandbox) -> None:
    open_session(checkout)
    asked = posts(sandbox, SESSIONS)[0]["params"]
    assert asked["client_reference_id"] == str(checkout.public_id)
    assert asked["payment_intent_data[transfer_group]"] == str(checkout.public_id)
    assert (asked["locale"], asked["allowed_payment_method_types[0]"]) == ("fr-CA", "card")
    assert asked["line_items[0][price_data][product_data][description]"] == "Fromagerie des Chutes"
    assert not [name for name in asked if "application_fee" in name or "on_behalf_of" in name]


def test_a_session_for_another_total_is_closed_before_anybody_sees_it(
    checkout: Checkout, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "_charges", lambda _order: [SessionLine("de trop", 1)])
    with pytest.raises(sessions.TotalMismatch):
        open_session(checkout)
    assert [state.status for state in sessions_of(checkout)] == ["expired"]
    assert CheckoutSession.objects.get().session_id is None


def test_more_lines_than_stripe_shows_become_one_for_each_shop(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox
) -> None:
    monkeypatch.setattr(sessions, "MOST_LINES", 1)
    open_session(checkout)
    asked = posts(sandbox, SESSIONS)[0]["params"]
    lines = [(asked[f"line_items[{i}][price_data][product_data][name]"]) for i in range(2)]
    assert lines == ["Fromagerie des Chutes", "Chandelles Lauzon"]


def test_an_account_without_the_capability_is_refused_by_name(
    cart: Cart, portal: PortalSettings, sandbox: Sandbox, cheese: Stall
) -> None:
    payment = PaymentIntent.objects.get(checkout=complete(place(cart, portal), sandbox))
    sandbox.set_capabilities(cheese.account, stripe_transfers="restricted")
    with pytest.raises(GatewayRefused) as refusal:
        gateway.create_transfer(
            TransferRequest(
                amount_cents=1,
                destination=cheese.account,
                charge_id=payment.charge_id,
                group="g",
                order="o",
            ),
            Key("k"),
        )
    assert refusal.value.code == "insufficient_capabilities_for_transfer"


def test_a_wrong_key_of_ours_is_no_answer_about_the_thing(sandbox: Sandbox, settings, db) -> None:
    """A key mistyped for an hour must not turn every merchant's transfer into a debt."""
    settings.STRIPE_SECRET_KEY = "sk_wrong_sandbox"
    with pytest.raises(GatewayUnavailable):
        gateway.retrieve_session("cs_test_1")


@pytest.mark.parametrize("status", ["active", "restricted", "pending"])
def test_an_accounts_capability_is_stripes_word(sandbox: Sandbox, status: str) -> None:
    account = sandbox.add_account(capabilities={"stripe_transfers": status})["id"]
    assert readings.capabilities(account) == readings.Capabilities(transfers=status, charges="inactive")


def test_a_free_line_does_not_stop_a_sale(cart: Cart, portal: PortalSettings, candles: Stall) -> None:
    Variant.objects.filter(pk=candles.variant.pk).update(price_cents=0)
    assert open_session(place(cart, portal)).url
