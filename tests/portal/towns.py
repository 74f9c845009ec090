"""A town with everything a visitor, a shopper or a merchant can meet, each text marked with the town's canary."""

from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.utils import timezone
from wagtail.models import Site

from directory.counting.credit import Credit
from directory.models import Merchant
from editorial.mentions import sync_mentions
from editorial.models import StoryIndexPage, StoryPage
from home.models import ContentPage, CustomImage, PortalSettings
from home.tenancy import portal_scope
from portal.models import User
from shop import carts, checkouts
from shop.checkouts import Contact
from shop.models import CartItem, Checkout, Order, Variant
from shop.payments.sessions import ensure_session
from shop.payments.sync import sync_checkout
from shop.sandbox.server import Sandbox
from shop.tokens import order_token
from tests.factories import (
    PASSWORD,
    CategoryFactory,
    ImageFactory,
    MembershipFactory,
    OpeningHoursFactory,
    ProductFactory,
    ProductPhotoFactory,
    SectorFactory,
    VariantFactory,
    make_page,
    make_seller,
    sign,
)
from tests.portal.people import proved


@dataclass(frozen=True)
class Town:
    """One portal and one of each of its things. `canary` stands in every text of it."""

    site: Site
    canary: str
    merchant: Merchant
    owner: User
    variant: Variant
    story: StoryPage
    picture: CustomImage

    @property
    def host(self) -> str:
        return str(self.site.hostname)

    def visitor(self) -> Client:
        return Client(headers={"host": self.host})

    def signed_in(self, user: User) -> Client:
        client = self.visitor()
        client.force_login(user)
        return client


@dataclass(frozen=True)
class Purchase:
    """A basket that was paid, and another that waits."""

    checkout: Checkout
    order: Order
    waiting: CartItem

    @property
    def token(self) -> str:
        return order_token(self.checkout)


def make_town(site: Site, canary: str) -> Town:
    with portal_scope(site):
        merchant = make_marked_merchant(canary)
        variant = make_marked_product(merchant, canary)
        story = make_marked_story(site, merchant, variant, canary)
        about = make_page(ContentPage, site.root_page, title=f"À propos {canary}", slug="a-propos")
        about.body = (
            [("text_block", f"<p>{canary}</p>")]
            if "text_block" in about.body.stream_block.child_blocks
            else []
        )
        about.save()
        settings = PortalSettings.for_site(site)
        settings.tagline, settings.contact_name = f"Devise {canary}", f"Personne {canary}"
        settings.contact_phone, settings.town_name = "+14185550100", canary.capitalize()
        settings.save()
        owner = proved(MembershipFactory(merchant=merchant, user__email=f"{canary}@commerce.test").user)
    return Town(site, canary, merchant, owner, variant, story, story.lead_image)


def make_marked_merchant(canary: str) -> Merchant:
    category = CategoryFactory(name=f"Catégorie {canary}", slug=f"categorie-{canary}")
    sector = SectorFactory(name=f"Secteur {canary}", slug=f"secteur-{canary}")
    merchant = make_seller(
        name=f"Commerce {canary}", slug=f"commerce-{canary}", email=f"{canary}@exemple.test",
        street_address=f"1, rue {canary}", category=category, sector=sector, phone="+14185550123",
    )  # fmt: skip
    page = merchant.pages.get()
    page.intro, page.cover, page.cover_alt = f"Chez {canary}", ImageFactory(title=canary), f"Façade {canary}"
    page.save()
    OpeningHoursFactory(merchant=merchant)
    return merchant


def make_marked_product(merchant: Merchant, canary: str) -> Variant:
    product = ProductFactory(
        merchant=merchant, title=f"Produit {canary}", slug=f"produit-{canary}", description=f"Fait à {canary}"
    )
    ProductPhotoFactory(product=product, alt=f"Photo {canary}", image__file__filename=f"{canary}.jpg")
    return VariantFactory(
        product=product, sku=f"SKU-{canary}", title=f"Format {canary}", price_cents=20_00, units=40
    )


def make_marked_story(site: Site, merchant: Merchant, variant: Variant, canary: str) -> StoryPage:
    index = StoryIndexPage.objects.descendant_of(site.root_page).get()
    body: list[dict[str, Any]] = [
        {"type": "text_block", "value": f"<p>On parle de {canary}.</p>"},
        {"type": "merchant_block", "value": {"merchant": merchant.pk}},
        {"type": "product_block", "value": {"product": variant.product_id}},
    ]
    story = make_page(
        StoryPage, index, title=f"Histoire {canary}", slug=f"histoire-{canary}", deck=f"Chapeau {canary}",
        lead_image=ImageFactory(title=canary, file__filename=f"une-{canary}.jpg"),
        lead_alt=f"Photo {canary}", body=body,
    )  # fmt: skip
    sign(story, name=f"Plume {canary}", slug=f"plume-{canary}")
    sync_mentions(story)
    return story


def make_purchase(town: Town, sandbox: Sandbox, *, credit: Credit | None = None) -> Purchase:
    """Two units bought and paid by a shopper marked with the canary. ``credit``: what led to it."""
    sandbox.add_account(town.merchant.shop.stripe_account_id)
    with portal_scope(town.site):
        checkout = place(town, credit=credit)
        sandbox.pay(str(ensure_session(checkout, now=timezone.now()).session_id))
        sync_checkout(checkout.pk, now=timezone.now())
        waiting = carts.add(carts.create(), town.variant, 3)
        checkout.refresh_from_db()
        return Purchase(checkout, checkout.orders.get(), waiting)


def place(town: Town, *, credit: Credit | None = None) -> Checkout:
    """An order of two units, not paid for yet. ``credit``: what led to it."""
    with portal_scope(town.site):
        cart, now = carts.create(), timezone.now()
        carts.add(cart, town.variant, 2, credit=credit)
        return checkouts.place(
            cart,
            form_token=cart.form_token,
            contact=Contact(f"Acheteuse {town.canary}", f"acheteuse-{town.canary}@exemple.test"),
            accepted_total_cents=40_00,
            settings=PortalSettings.for_site(town.site),
            now=now,
        )


__all__ = ["PASSWORD", "Purchase", "Town", "make_purchase", "make_town", "place"]
