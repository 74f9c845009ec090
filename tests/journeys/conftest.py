"""A small town behind a live server, and a shopper with a phone who buys there."""

import io
from collections.abc import Iterator
from datetime import timedelta
from functools import lru_cache
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.text import slugify
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect
from wagtail.models import Site

from directory.enums import Tier, Weekday
from directory.models import Merchant
from editorial.models import CampaignIndexPage, CampaignPage, StoryIndexPage, StoryPage
from home.models import ContentPage, PortalSettings
from home.tenancy import portal_scope
from portal.models import User
from shop import worker
from shop.enums import TaxClass
from shop.models import Shop, Variant
from shop.sandbox.server import Sandbox
from tests.books import broken
from tests.factories import (
    CategoryFactory,
    ImageFactory,
    MembershipFactory,
    MerchantFactory,
    OpeningHoursFactory,
    ProductFactory,
    ProductPhotoFactory,
    SectorFactory,
    VariantFactory,
    make_merchant_page,
    make_page,
    make_seller,
    sign,
)
from tests.portal.people import proved

expect.set_options(timeout=10_000)


class Street:
    """The town's main street: a cheese shop and a candle maker that sell, a bookshop elsewhere, a hair salon."""

    def __init__(self, site: Site, sandbox: Sandbox) -> None:
        self.site, self.sandbox = site, sandbox
        with portal_scope(site):
            self.category = CategoryFactory(name="Alimentation", slug="alimentation", icon="store")
            self.sector = SectorFactory(name="Vieux-Lévis", slug="vieux-levis", color="#1d4e89")
            self.cheese = self.sell("Fromagerie des Chutes", "Fromage de chèvre", 12_00, TaxClass.ZERO_RATED)
            self.candles = self.sell("Chandelles Lauzon", "Chandelle de cire", 19_99)
            self.owner: User = proved(MembershipFactory(merchant=self.cheese.product.merchant).user)
            self.bookshop = self.show(
                "Librairie Roy", tier=Tier.LINKED_SHOP, shop_url="https://librairie.test/"
            )
            self.salon = self.show("Salon Belle Rive", tier=Tier.LISTING)
            self.story = self.tell()
            self.settle()

    def sell(self, name: str, product: str, cents: int, tax_class: TaxClass = TaxClass.STANDARD) -> Variant:
        merchant = make_seller(name=name, slug=slug_of(name), email="boutique@exemple.test", **self.facts())
        Shop.objects.filter(merchant=merchant).update(return_policy="Échange en 14 jours, avec le reçu.")
        self.sandbox.add_account(merchant.shop.stripe_account_id)
        self.furnish(merchant)
        row = ProductFactory(
            merchant=merchant, title=product, slug=slug_of(product), tax_class=tax_class,
            description="Fait ici, à la main.",
        )  # fmt: skip
        ProductPhotoFactory(product=row, alt=product, image=ImageFactory(file=photo(1280, 1280)))
        return VariantFactory(product=row, price_cents=cents)

    def show(self, name: str, **fields: Any) -> Merchant:
        merchant = MerchantFactory(name=name, slug=slug_of(name), **self.facts(), **fields)
        make_merchant_page(merchant)
        self.furnish(merchant)
        return merchant

    def facts(self) -> dict[str, Any]:
        return {
            "category": self.category, "sector": self.sector, "phone": "+14185550123",
            "street_address": "12, côte du Passage", "postal_code": "G6V 6C4",
            "latitude": 46.81, "longitude": -71.18,
        }  # fmt: skip

    def furnish(self, merchant: Merchant) -> None:
        for weekday in Weekday:
            OpeningHoursFactory(merchant=merchant, weekday=weekday)
        page = merchant.pages.get()
        page.intro, page.owner_name = "On vous attend depuis 1952.", "Lucie"
        page.cover, page.cover_alt = ImageFactory(file=photo(1600, 1067)), "La façade"
        page.save()

    def tell(self) -> StoryPage:
        index = StoryIndexPage.objects.descendant_of(self.site.root_page).get()
        body = [
            {"type": "text_block", "value": "<p>Ils se lèvent à quatre heures.</p>"},
            {"type": "heading_block", "value": "La cave"},
            {"type": "merchant_block", "value": {"merchant": self.cheese.product.merchant_id}},
            {"type": "product_block", "value": {"product": self.cheese.product_id}},
        ]
        story = make_page(
            StoryPage, index, title="La nuit des fromagers", slug="la-nuit-des-fromagers", kicker="Métiers",
            deck="Une nuit dans la cave.", lead_alt="La cave", lead_credit="Anne Roy",
            lead_image=ImageFactory(file=photo(1600, 1067)), body=body,
        )  # fmt: skip
        return sign(story, name="Anne Roy", slug="anne-roy")

    def settle(self) -> None:
        for title, slug in (
            ("À propos", "a-propos"),
            ("Vie privée", "confidentialite"),
            ("Conditions", "conditions"),
        ):
            make_page(ContentPage, self.site.root_page, title=title, slug=slug)
        settings = PortalSettings.for_site(self.site)
        settings.town_name, settings.journal_name, settings.tagline = "Lévis", "Journal de Lévis", "D’ici."
        settings.contact_name, settings.contact_phone = "Julie Roy", "+14185550100"
        settings.commission_bps = 500
        settings.save()

    @property
    def addresses(self) -> dict[str, str]:
        """Every kind of public page."""
        return {
            "home": "/",
            "directory": "/commerces/",
            "merchant, listing": f"/commerces/{self.salon.slug}/",
            "merchant, linked_shop": f"/commerces/{self.bookshop.slug}/",
            "merchant, transactional": f"/commerces/{self.cheese.product.merchant.slug}/",
            "stories": "/histoires/",
            "story": f"/histoires/{self.story.slug}/",
            "author": "/histoires/auteurs/anne-roy/",
            "catalogue": "/boutique/",
            "product": product_address(self.cheese),
            "about": "/a-propos/",
        }


def photo(width: int, height: int) -> ContentFile:
    """A picture with as much to tell as a photograph: it weighs what one weighs."""
    return ContentFile(_grain(width, height), name="photo.jpg")


@lru_cache(maxsize=4)
def _grain(width: int, height: int) -> bytes:
    def noise(divisor: int, strength: int) -> Image.Image:
        grain = Image.effect_noise((width // divisor, height // divisor), strength)
        return grain.resize((width, height), Image.Resampling.BICUBIC)

    light = Image.blend(Image.blend(noise(16, 50), noise(4, 24), 0.4), noise(1, 14), 0.12)
    warm = [light, light.point(lambda value: value * 0.9), light.point(lambda value: value * 0.75)]
    written = io.BytesIO()
    Image.merge("RGB", warm).save(written, "JPEG", quality=85)
    return written.getvalue()


def slug_of(name: str) -> str:
    return slugify(name)


def product_address(variant: Variant) -> str:
    return f"/boutique/{variant.product.merchant.slug}/{variant.product.slug}/"


@pytest.fixture
def street(town: Site, sandbox: Sandbox) -> Iterator[Street]:
    """Money adds up after every journey."""
    yield Street(town, sandbox)
    assert broken() == []


@pytest.fixture
def season(street: Street) -> dict[str, str]:
    """A campaign runs, and gifts are looked for: found, and not found."""
    today = timezone.localdate()
    shelf = {"title": "Sous le sapin", "size": "4"}
    fair = {"name": "Marché de Noël", "day": today.isoformat(), "place": "Quai Paquet"}
    body = [
        {"type": "product_shelf", "value": shelf},
        {"type": "merchant_shelf", "value": {**shelf, "title": "Ça vaut le détour"}},
        {"type": "story_shelf", "value": {"title": "Leurs histoires"}},
        {"type": "gift_finder", "value": {"title": "Une idée"}},
        {"type": "agenda", "value": {"title": "À l’agenda", "occasions": [fair]}},
    ]
    with portal_scope(street.site):
        index = make_page(CampaignIndexPage, street.site.root_page, title="Campagnes", slug="campagnes")
        make_page(
            CampaignPage, index, title="Noël d’ici", slug="noel", deck="Des cadeaux d’ici.", band_words="Sous le sapin",
            begins_on=today, ends_on=today + timedelta(days=9), lead_alt="La cave", body=body,
            lead_image=ImageFactory(file=photo(1600, 1067)),
        )  # fmt: skip
    return {
        "campaigns": "/campagnes/",
        "campaign": "/campagnes/noel/",
        "gifts": "/cadeaux/?age=6-8",
        "no gifts": "/cadeaux/?budget=1",
    }


def work() -> None:
    """What the worker does in its next rounds."""
    while worker.run_due_jobs():
        pass


# ------------------------------------------------------------------------------------------------ what a shopper does


def put_in_basket(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("button", name="Mettre au panier").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre panier")


def check_out(page: Page) -> None:
    """From the basket to the hosted payment page."""
    page.get_by_role("link", name="Passer à la caisse").click()
    page.get_by_label("Votre nom").fill("Marie Tremblay")
    page.get_by_label("Votre courriel").fill("marie@exemple.test")
    page.get_by_role("button", name="Continuer vers la remise").click()
    page.get_by_role("button", name="Continuer vers la vérification").click()
    page.get_by_role("button", name="Payer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Payer la commande")


def fill_card(page: Page, number: str) -> None:
    page.get_by_label("Numéro de carte").fill(number)
    page.get_by_label("Expiration").fill("12 / 34")
    page.get_by_label("Code de sécurité").fill("123")
    page.get_by_label("Nom sur la carte").fill("Marie Tremblay")
    page.get_by_label("Code postal").fill("G6V 6C4")


def pay(page: Page, number: str = "4242 4242 4242 4242") -> None:
    fill_card(page, number)
    page.get_by_role("button", name="Payer").click()


def thanks(page: Page) -> Locator:
    return page.get_by_role("heading", name="Merci, Marie Tremblay.")


@pytest.fixture
def page_without_scripts(chromium: Browser, town: Site, live_server) -> Iterator[Page]:
    """The same phone with JavaScript turned off."""
    context = chromium.new_context(
        base_url=live_server.url,
        locale="fr-CA",
        viewport={"width": 390, "height": 844},
        java_script_enabled=False,
    )
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()
