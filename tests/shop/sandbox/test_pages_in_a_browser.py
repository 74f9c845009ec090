"""The hosted pages in a real browser: accessible, never wider than a phone, silent towards the rest of the world."""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
import stripe
from playwright.sync_api import Browser, Page

from shop.sandbox.server import Sandbox
from tests.shop.sandbox.asking import session_params
from tests.shop.sandbox.subscribing import FAILS_LATER, TRIAL_END, Plans

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ABLE = {"card_payments": "active", "stripe_transfers": "active"}
WIDTHS = (390, 1280)


@pytest.fixture(params=["fr-CA", "en-CA"])
def phone(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    """A phone without JavaScript would do; this one has it, for axe. What leaves this machine fails the test."""
    context = chromium.new_context(locale=request.param, viewport={"width": 390, "height": 844})
    page, abroad = context.new_page(), []
    page.on("request", lambda asked: abroad.append(asked.url) if is_abroad(asked.url) else None)
    yield page
    context.close()
    assert abroad == []


def is_abroad(url: str) -> bool:
    return urlsplit(url).hostname not in ("localhost", "127.0.0.1", None)


def fits(page: Page) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.set_viewport_size({"width": WIDTHS[0], "height": 844})


@pytest.fixture
def check(phone: Page, assert_accessible: Callable[[Page], None]) -> Callable[[Page], None]:
    """Fits at both widths; and axe is content, which the language does not change."""
    is_french = phone.evaluate("navigator.language") == "fr-CA"

    def fits_and_is_accessible(page: Page) -> None:
        fits(page)
        if is_french:
            assert_accessible(page)

    return fits_and_is_accessible


def test_buyer_pays_and_the_bank_asks(
    phone: Page, sandbox: Sandbox, client: stripe.StripeClient, check
) -> None:
    account = sandbox.add_account(capabilities=ABLE)["id"]
    wish = session_params(locale="auto", success_url=f"{sandbox.url}/")
    session = client.v1.checkout.sessions.create(params=wish, options={"stripe_account": account})
    phone.goto(session.url)
    fits(phone)
    phone.locator("main form button").click()
    check(phone)
    for name, value in {"number": "4000002500003155", "expiry": "12/39", "cvc": "123"}.items():
        phone.locator(f"#{name}").fill(value)
    phone.locator("#name").fill("Marie Roy")
    phone.locator("#postal_code").fill("G6V 3R2")
    phone.locator("main form button").click()
    check(phone)
    phone.locator("button[value=authorize]").click()
    assert (
        client.v1.checkout.sessions.retrieve(session.id, options={"stripe_account": account}).status
        == "complete"
    )


def test_merchant_subscribes_and_changes_its_mind(phone: Page, plans: Plans, check) -> None:
    locale = phone.evaluate("navigator.language")
    phone.goto(plans.session(locale="auto", success_url=f"{plans.sandbox.url}/").url)
    fits(phone)
    subscription = plans.subscribed(FAILS_LATER)
    plans.sandbox.freeze(TRIAL_END + 3600)
    portal = plans.portal(subscription, locale=locale)
    phone.goto(f"{portal}/card")
    fits(phone)
    phone.goto(f"{portal}/cancel?subscription={subscription.id}")
    check(phone)
    phone.locator("main form button").click()
    check(phone)
    phone.locator("main a.button").first.click()
    phone.locator("section.pay button").click()
    check(phone)


def test_merchant_is_onboarded_and_sees_its_money(
    phone: Page, sandbox: Sandbox, client: stripe.StripeClient, paid_charge: stripe.Charge, check
) -> None:
    asked = {"recipient": {"capabilities": {"stripe_balance": {"stripe_transfers": {"requested": True}}}}}
    account = client.v2.core.accounts.create(params={"display_name": "Fromagerie", "configuration": asked}).id
    addresses = {"refresh_url": f"{sandbox.url}/", "return_url": f"{sandbox.url}/"}
    wish = {"account": account, "type": "account_onboarding"} | addresses
    phone.goto(client.v1.account_links.create(params=wish).url)
    fits(phone)
    phone.locator("button[value=submit]").click()
    check(phone)
    phone.locator("button[value=fill]").click()
    phone.locator("button[value=submit]").click()
    assert phone.url == f"{sandbox.url}/"
    sent = {"amount": 4000, "currency": "cad", "destination": account, "source_transaction": paid_charge.id}
    client.v1.transfers.create(params=sent)
    sandbox.pay_out(account, amount=1000)
    phone.goto(client.v1.accounts.login_links.create(account).url)
    check(phone)
