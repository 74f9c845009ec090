"""axe finds nothing wrong with /bilan/, light or dark, on a phone or at a desk; no script runs."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from wagtail.models import Site

from directory.models import Sector
from home.models import PortalSettings
from home.tenancy import portal_scope
from portal.impact.models import MerchantQuote
from tests.factories import MerchantFactory, SectorFactory
from tests.portal.impact.samples import OCTOBER, SEPTEMBER, a_month, publish

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

SLUGS = ("levis", "pintendre", "charny", "saint-romuald", "saint-nicolas")


@pytest.fixture
def report(town: Site) -> Site:
    with portal_scope(town):
        PortalSettings.objects.filter(site=town).update(town_shape="levis")
        for slug in SLUGS:
            SectorFactory(name=slug.title(), slug=slug)
        publish(a_month(SEPTEMBER, less=100, sectors=5))
        publish(a_month(OCTOBER, sectors=5))
        shop = MerchantFactory(sector=Sector.objects.first())
        for words in ("On m’appelle pour une tarte vue le matin même dans le journal.", "Trois commandes!"):
            MerchantQuote.objects.create(
                site=town, merchant=shop, words=words, said_by="Joséphine Roy, pâtissière", consent="courriel",
                consented_on=OCTOBER.last,
            )  # fmt: skip
    return town


def test_report_is_accessible_and_runs_no_script(
    page: Page, report: Site, assert_accessible: Callable[[Page], None]
) -> None:
    scripts: list[str] = []
    page.on("request", lambda asked: scripts.append(asked.url) if asked.resource_type == "script" else None)
    page.goto("/bilan/")
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert_accessible(page)
    for summary in page.locator("summary").all():
        summary.click()
    assert_accessible(page)
    assert scripts == []
