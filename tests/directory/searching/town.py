"""The demo’s Lévis without its pictures: merchants, hours, products and stories, as the search is asked about them."""

import datetime as dt

from wagtail.models import Site

from directory.models import DirectoryPage
from directory.searching import synonyms
from directory.searching.refreshing import refresh_all
from home.models import CustomImage
from portal.demo.loading import catalogue, handing_over, merchants, portals, stories
from portal.demo.reading import read_town
from tests.factories import ImageFactory

MOMENT = dt.datetime(2026, 11, 23, 17, 0, tzinfo=dt.UTC)
"""A Monday at noon in Lévis."""


class OnePicture(dict[str, CustomImage]):
    """Whatever picture is asked for."""

    def __init__(self, picture: CustomImage) -> None:
        super().__init__()
        self.picture = picture

    def __missing__(self, title: str) -> CustomImage:
        return self.picture


def build(site: Site) -> None:
    """In the scope of ``site``; every entry is fresh afterwards."""
    town, album = read_town("levis", seed=1, today=MOMENT.date()), OnePicture(ImageFactory())
    categories, sectors = portals.sort_merchants(town, site)
    rows = merchants.move_in(town.merchants, site, categories, sectors, now=MOMENT)
    directory = DirectoryPage.objects.descendant_of(site.root_page).get()
    merchants.open_windows(town.merchants, directory, rows, album)
    for plan in town.sellers:
        if plan.shop:
            catalogue.stock_shop(plan, plan.shop, rows[plan.slug], album, now=MOMENT)
    handing_over.arrange(town.key, rows, now=MOMENT)
    stories.publish(town, site, rows, album, today=MOMENT.date())
    synonyms.give_ours(site)
    refresh_all()
