"""From the list to what is near, and to the map: a tap before anything is asked or loaded, a keyboard all the way."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Street

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_near_me_then_on_the_map(page: Page, street: Street, live_server) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": 46.812345, "longitude": -71.178901})
    page.goto("/")
    page.get_by_role("button", name="Près de moi").click()
    page.wait_for_url("**/commerces/?ouvert=1&pres=46.812%2C-71.179")
    page.goto("/commerces/")
    page.get_by_role("button", name="Près de moi").click()
    page.wait_for_url("**/commerces/?pres=46.812%2C-71.179")
    expect(page.get_by_text("du plus près de vous au plus loin")).to_be_visible()
    expect(page.get_by_text("à 250\u00a0m")).to_have_count(4)
    assert not any("leaflet" in address or ".geojson" in address for address in asked)

    page.get_by_role("link", name="Carte", exact=True).click()
    pin = page.locator(".leaflet-container [data-pin='2']")
    row = page.locator("[data-row='2']")
    expect(pin).to_be_visible()
    row.get_by_role("link").nth(1).focus()
    expect(pin).to_have_class("town-plan-pin sector-vieux-levis is-lit")
    pin.focus()
    expect(row).to_have_class("merchant-row sector-vieux-levis is-lit")
    page.keyboard.press("Enter")
    expect(row.locator("h2 a")).to_be_focused()
    assert all(address.startswith((live_server.url, "data:", "blob:")) for address in asked)
