"""The script that counts, in a real browser: where a visitor came from, what led there, a call and a way out."""

from collections.abc import Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page
from wagtail.models import Site

from directory.counting.credit import sign_credit
from directory.counting.tally import tally
from directory.enums import Source
from directory.models import DailyCount, Merchant
from home.tenancy import portal_scope
from tests.directory.counting.test_left_out import PHONE
from tests.factories import MerchantFactory, make_merchant_page

pytestmark = pytest.mark.browser

OUTSIDE = "/robots.txt"
"""Where the merchant's site is: on this machine too, for Playwright asks past the browser's cache where it answers."""


@pytest.fixture
def shop(town: Site, live_server) -> Merchant:
    with portal_scope(town):
        merchant: Merchant = MerchantFactory.create(
            name="Fromagerie",
            slug="fromagerie",
            phone="+14185550123",
            website_url=f"{live_server.url}{OUTSIDE}",
        )
        make_merchant_page(merchant)
    return merchant


@pytest.fixture
def phone(chromium: Browser, town: Site, live_server) -> Iterator[Page]:
    """A visitor's own: the browser of the tests names itself as a program's."""
    context = chromium.new_context(
        base_url=live_server.url, user_agent=PHONE, viewport={"width": 390, "height": 844}
    )
    yield context.new_page()
    context.close()


def counted(town: Site) -> dict[tuple[str, str, str, int], int]:
    tally.write()
    with portal_scope(town):
        rows = DailyCount.objects.values_list("act", "subject", "source", "source_id", "times")
        return {tuple(row): times for *row, times in rows}


def test_a_visit_from_a_story_is_counted_from_page_to_way_out(
    phone: Page, town: Site, shop: Merchant
) -> None:
    token = sign_credit(Source.STORY, 77, site_id=town.pk, now=timezone.now())
    with phone.expect_response("**/vu/seen.*") as seen:
        phone.goto(f"/commerces/{shop.slug}/?de={token}")
    assert seen.value.ok
    with phone.expect_response("**/vu/seen.*"):
        phone.get_by_role("link", name="Commerces", exact=True).first.click()
    with phone.expect_response("**/vu/call.*"):
        phone.locator("a[data-call]").evaluate(
            "link => { link.href = '#'; link.click() }"
        )  # no telephone opens here
    phone.locator(".merchant-row-acts").get_by_role("link", name="Site web").click()
    phone.wait_for_url(f"**{OUTSIDE}")

    assert phone.context.cookies() == []
    assert counted(town) == {
        ("seen", "merchant", "story", 77): 1,
        ("seen", "portal", "portal", 0): 1,
        ("call", "merchant", "story", 77): 1,
        ("site", "merchant", "story", 77): 1,
    }


def test_without_scripts_images_and_links_count_and_a_second_look_does_not(
    chromium: Browser, live_server, town: Site, shop: Merchant
) -> None:
    context = chromium.new_context(base_url=live_server.url, user_agent=PHONE, java_script_enabled=False)
    page = context.new_page()
    with page.expect_response("**/vu/seen.*"):
        page.goto("/")
    page.goto("/commerces/")
    page.get_by_role("link", name="Fromagerie", exact=True).click()
    page.wait_for_load_state()
    page.goto("/commerces/")
    page.get_by_role("link", name="Fromagerie", exact=True).click()
    page.get_by_role("link", name="Visiter son site web").click()
    page.wait_for_url(f"**{OUTSIDE}")
    context.close()

    assert counted(town) == {
        ("seen", "portal", "outside", 0): 2,
        ("seen", "merchant", "outside", 0): 1,
        ("site", "merchant", "outside", 0): 1,
    }
