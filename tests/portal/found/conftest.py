"""One of each kind of page of a portal, with all that such a page can say."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from wagtail.models import Site

from directory.enums import Tier
from directory.hours import ZONE
from directory.models import MerchantPage
from editorial.models import CampaignIndexPage, CampaignPage, StoryIndexPage, StoryPage
from home.models import ContentPage, PortalSettings
from shop.enums import MeasureUnit, ShippingRegion
from shop.models import DeliveryZone, ProductOption, ShippingRate, VariantOption
from tests.factories import (
    AuthorFactory,
    CategoryFactory,
    ImageFactory,
    MerchantFactory,
    OpeningHoursFactory,
    ProductFactory,
    ProductPhotoFactory,
    SectionFactory,
    SectorFactory,
    SeriesFactory,
    SpecialHoursFactory,
    VariantFactory,
    make_merchant_page,
    make_page,
    make_seller,
    make_vineyard,
    sign,
)

MONDAY = dt.datetime(2026, 11, 23, 10, 0, tzinfo=ZONE)


@pytest.fixture
def kinds(in_levis: Site) -> Iterator[dict[str, str]]:
    """The address of each kind of page, by its name."""
    with time_machine.travel(MONDAY, tick=False):
        _settle(in_levis)
        yield {
            **_merchants(),
            **_products(),
            **_journal(in_levis),
            **_season(in_levis),
            **_plain(in_levis),
        }


def _settle(site: Site) -> None:
    settings = PortalSettings.for_site(site)
    settings.tagline, settings.town_name, settings.journal_name = "Tout près.", "Lévis", "Journal de Lévis"
    settings.contact_phone, settings.contact_email = "+14185550100", "bonjour@exemple.test"
    settings.postal_address = "1, rue du Journal, Lévis"
    settings.save()


def _merchants() -> dict[str, str]:
    place = {
        "category": CategoryFactory(name="Alimentation"), "sector": SectorFactory(name="Vieux-Lévis"),
        "street_address": "12, côte du Passage", "city": "Lévis", "postal_code": "G6V 6C4",
        "latitude": 46.81, "longitude": -71.18, "phone": "+14185550123", "email": "boutique@exemple.test",
    }  # fmt: skip
    seller = make_seller(name="Fromagerie Roy", slug="roy", **place)
    linked = MerchantFactory(
        name="Librairie", slug="librairie", tier=Tier.LINKED_SHOP, shop_url="https://livres.example/", **place
    )
    listed = MerchantFactory(name="Salon", slug="salon", website_url="https://salon.example/", **place)
    for merchant in (linked, listed):
        make_merchant_page(merchant)
    MerchantPage.objects.filter(merchant=seller).update(cover=ImageFactory(), cover_alt="La façade")
    MerchantPage.objects.filter(merchant=linked).update(intro="Des livres.")
    for weekday in range(1, 5):
        OpeningHoursFactory(merchant=seller, weekday=weekday)
    OpeningHoursFactory(merchant=seller, weekday=5, opens=dt.time(17), closes=dt.time(2))
    OpeningHoursFactory(merchant=seller, weekday=6, opens=dt.time(0), closes=dt.time(0))
    SpecialHoursFactory(merchant=seller, date=dt.date(2026, 12, 25))
    DeliveryZone.objects.create(
        shop=seller.shop, name="Lévis", postal_prefixes=["G6V", "G6W"], fee_cents=5_00, free_from_cents=60_00
    )
    ShippingRate.objects.create(shop=seller.shop, region=ShippingRegion.QUEBEC, fee_cents=9_50)
    ShippingRate.objects.create(shop=seller.shop, region=ShippingRegion.CANADA, fee_cents=16_00)
    return {
        "merchant that sells": "/commerces/roy/",
        "merchant with its own shop": "/commerces/librairie/",
        "merchant listed": "/commerces/salon/",
    }


def _products() -> dict[str, str]:
    seller = MerchantPage.objects.get(slug="roy").merchant
    cheese = ProductFactory(
        merchant=seller, slug="chevre", title="Fromage", description="De chèvre.", is_food=True
    )
    VariantFactory(product=cheese, price_cents=12_05, net_quantity=200, net_unit=MeasureUnit.GRAM)
    ProductPhotoFactory(product=cheese)
    candle = ProductFactory(merchant=seller, slug="chandelle", title="Chandelle")
    for name, values in (("Couleur", ("Rouge", "Bleu")), ("Mèche", ("Coton", "Bois"))):
        option = ProductOption.objects.create(product=candle, name=name)
        for place, value in enumerate(values):
            known = list(candle.variants.order_by("pk"))
            variant = (
                known[place]
                if len(known) > place
                else VariantFactory(product=candle, price_cents=5_00 + place)
            )
            VariantOption.objects.create(variant=variant, option=option, value=value)
    book = ProductFactory(merchant=seller, slug="livre", title="Livre", isbn="978-2-7637-8541-7")
    VariantFactory(product=book, price_cents=29_95, units=0)
    wine = ProductFactory(merchant=make_vineyard(slug="vignoble"), slug="vin", title="Vin", is_alcohol=True)
    VariantFactory(product=wine, price_cents=24_00)
    tomme = ProductFactory(merchant=seller, slug="tomme", title="Tomme")
    for title in ("Pointe", "Meule"):
        VariantFactory(product=tomme, title=title)
    names = {
        "chevre": "product",
        "chandelle": "product in variants",
        "tomme": "product in formats",
        "livre": "book sold out",
    }
    return {name: f"/boutique/roy/{slug}/" for slug, name in names.items()} | {
        "wine": "/boutique/vignoble/vin/"
    }


def _journal(site: Site) -> dict[str, str]:
    index = StoryIndexPage.objects.descendant_of(site.root_page).get()
    story = make_page(
        StoryPage,
        index,
        title="La nuit",
        slug="nuit",
        deck="Une nuit.",
        lead_image=ImageFactory(),
        lead_alt="La cave",
        section=SectionFactory(name="À table", slug="a-table", intro="Ce qui se mange."),
        series=SeriesFactory(title="La nuit du pain", slug="la-nuit", intro="Cinq heures."),
        series_part=1,
        body=[("recipe_block", RECIPE)],
    )
    story.tags.add("Fromage")
    story.save()
    paid = make_page(
        StoryPage, index, title="Le jour", slug="jour", deck="Un jour.", lead_image=ImageFactory(),
        sponsored=True, sponsor="Caisse",
    )  # fmt: skip
    who = AuthorFactory(
        name="Ève Roy", slug="eve-roy", role="journaliste", bio="Elle écrit.", photo=ImageFactory()
    )
    for page in (story, paid):
        sign(page, who)
    return {
        "story": "/histoires/nuit/",
        "sponsored story": "/histoires/jour/",
        "author": "/histoires/auteurs/eve-roy/",
        "section": "/histoires/rubriques/a-table/",
        "series": "/histoires/series/la-nuit/",
        "tag": "/histoires/mots-cles/fromage/",
    }


def _season(site: Site) -> dict[str, str]:
    index = make_page(CampaignIndexPage, site.root_page, title="Campagnes", slug="campagnes")
    fair = {
        "name": "Marché de Noël", "day": "2026-12-05", "begins": "10:00", "ends": "16:00", "place": "Quai Paquet",
        "address": "Quai Paquet, Lévis", "words": "Du cidre chaud.",
    }  # fmt: skip
    shelf = {"title": "Sous le sapin", "size": "4"}
    make_page(
        CampaignPage, index, title="Noël d’ici", slug="noel", deck="Des cadeaux d’ici.", sponsor="Caisse",
        begins_on=dt.date(2026, 11, 20), ends_on=dt.date(2026, 12, 24),
        body=[
            {"type": "product_shelf", "value": shelf},
            {"type": "merchant_shelf", "value": shelf},
            {"type": "story_shelf", "value": {"title": "Des histoires"}},
            {"type": "agenda", "value": {"title": "À l’agenda", "occasions": [fair]}},
        ],
    )  # fmt: skip
    return {"campaigns": "/campagnes/", "campaign": "/campagnes/noel/"}


RECIPE = {
    "title": "Pain doré", "intro": "Du bon.", "servings": "4 parts", "prep_minutes": 15, "cook_minutes": 20,
    "ingredients": ["Du pain"], "steps": ["Dorer."], "products": [],
}  # fmt: skip


def _plain(site: Site) -> dict[str, str]:
    text = [("text_block", "<p>Qui nous sommes, en quelques mots.</p>")]
    about = make_page(ContentPage, site.root_page, title="À propos", slug="a-propos", body=text)
    make_page(ContentPage, site.root_page, title="Confidentialité", slug="confidentialite")
    text = [("text_block", "<p>Ceux qui écrivent.</p>")]
    make_page(ContentPage, about, title="L’équipe", slug="equipe", body=text)
    return {
        "home": "/",
        "directory": "/commerces/",
        "catalogue": "/boutique/",
        "stories": "/histoires/",
        "plain page": "/a-propos/",
        "privacy": "/confidentialite/",
        "page further down": "/a-propos/equipe/",
    }
