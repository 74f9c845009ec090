"""By keyboard alone, in a browser: what is begun is offered, chosen with the arrows, and opened."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from wagtail.models import Site

from directory.searching.refreshing import refresh_all
from home.tenancy import portal_scope
from tests.factories import make_seller


@pytest.mark.slow
def test_suggestions_are_gone_down_with_the_arrows(
    page: Page, town: Site, assert_accessible: Callable[[Page], None]
) -> None:
    with portal_scope(town):
        make_seller(name="Fromagerie du Rang", slug="fromagerie-du-rang")
        refresh_all()
    page.goto("/recherche/")
    box = page.get_by_role("combobox")
    box.press_sequentially("froma")
    options = page.get_by_role("option")
    expect(options).to_have_text(["fromagerie", re.compile("Fromagerie du Rang")])
    assert_accessible(page)
    box.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    box.press("Escape")
    expect(options).to_have_count(0)
    box.press_sequentially("g")
    expect(options).to_have_count(2)
    box.press("ArrowUp")
    box.press("Enter")
    expect(page).to_have_url(re.compile("/commerces/fromagerie-du-rang/$"))
    page.goto("/recherche/")
    box.press_sequentially("froma")
    expect(options).to_have_count(2)
    box.press("ArrowDown")
    box.press("Enter")
    expect(page).to_have_url(re.compile(r"/recherche/\?q=fromagerie$"))
    expect(page.get_by_role("heading", name="1 commerce")).to_be_visible()
