"""What is shown on the style page of people, shops, goods and dates: invented, never saved.

Things carry just what their template reads. Names are long and prices are high on purpose, here and there.
"""

import datetime as dt
from collections.abc import Sequence
from types import SimpleNamespace as Thing
from typing import Any

from django.core.paginator import Paginator
from wagtail.models import Page

from directory.models import Sector
from home.models import CustomImage

LONG_NAME = "Coopérative d’alimentation naturelle et d’écoconstruction de Saint-Rédempteur"
LONG_WORD = "Épicerie-fromagerie-charcuterie-boulangerie-torréfaction"
TODAY = dt.date(2026, 6, 24)
NOON = dt.datetime(2026, 6, 24, 12, 0, tzinfo=dt.UTC)

OPEN = Thing(state="open", is_open=True, label="Ouvert jusqu’à 17 h 30", note="")
HOURS_STATES: dict[str, Thing] = {
    "ouvert": OPEN,
    "ferme bientôt": Thing(state="closing_soon", is_open=True, label="Ferme dans 20 min", note=""),
    "fermé": Thing(state="closed", label="Fermé, ouvre jeudi à 9 h", note=""),
    "en vacances": Thing(state="away", label="En vacances jusqu’au 9 août", note=""),
    "jour férié que personne n’a confirmé": Thing(
        state="unconfirmed", label="Heures non confirmées", note="Fête nationale : appelez avant de passer."
    ),
    "sans heures": Thing(state="unknown", label="Heures inconnues", note=""),
}


def sectors_of_town() -> list[Any]:
    """Those of the portal in scope, with invented counts; a single invented one where it has none."""
    names = [(sector.name, sector.slug) for sector in Sector.objects.all()[:12]] or [
        ("Vieux-Lévis", "vieux-levis")
    ]
    return [Thing(name=n, slug=s, url=f"#{s}", count=7 * i + 1) for i, (n, s) in enumerate(names)]


def picture_of_town() -> CustomImage | None:
    """The portal's newest photograph; None where it has none."""
    return CustomImage.objects.order_by("-pk").first()


def merchant(sector: Any, **more: Any) -> Thing:
    told: dict[str, Any] = {
        "pk": 1, "name": "Fromagerie du Vieux-Lévis", "slug": "fromagerie", "page_url": "#",
        "sector": sector, "category": Thing(name="Fromagerie", icon="milk", slug="fromagerie"),
        "hours_status": OPEN, "phone": "+14185550123", "website_url": "https://exemple.test/",
        "shop_url": "https://exemple.test/boutique/", "tier": "transactional", "photo": None, "is_claimed": True,
        "street_address": "18, avenue Bégin", "city": "Lévis", "postal_code": "G6V 4C2",
        "standing": "current", "confirmed_at": NOON, "vacation_note": "",
        "latitude": None, "longitude": None, "is_visible": False,
    }  # fmt: skip
    return Thing(**{**told, **more})


def product(sector: Any, **more: Any) -> Thing:
    told: dict[str, Any] = {
        "title": "Tomme de brebis affinée", "url": "#", "photo": None, "sector_slug": sector.slug,
        "category_icon": "milk", "merchant": Thing(name="Fromagerie du Vieux-Lévis"),
        "from_price_cents": 750, "has_price_range": False, "unit_price": "3,75 $ / 100 g",
        "is_alcohol": False, "in_stock": True,
    }  # fmt: skip
    return Thing(**{**told, **more})


def story(**more: Any) -> Page:
    """A page that is nowhere: only its card's words."""
    page = Page(title="Le lait de Joséphine", url_path="/exemple/", slug="exemple")
    told: dict[str, Any] = {
        "deck": "Depuis trois générations, on se lève ici avant les oiseaux. Chaque bête a un nom.",
        "kicker": "Les gens derrière le comptoir", "section": "", "byline": "Marie-Ève Tanguay",
        "published_on": TODAY, "sponsored": False, "lead_image": None, "lead_alt": "",
    }  # fmt: skip
    for name, value in {**told, **more}.items():
        setattr(page, name, value)
    return page


def week(*, closed: bool = False) -> list[Thing]:
    days = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
    spans = [Thing(opens=dt.time(9), closes=dt.time(12)), Thing(opens=dt.time(13), closes=dt.time(17, 30))]
    return [
        Thing(label=label, is_today=i == 2, closed=closed or i == 6, is_away=False,
              spans=[] if closed or i == 6 else spans[: 1 + i % 2])
        for i, label in enumerate(days)
    ]  # fmt: skip


SPECIAL_DAYS = [
    Thing(date=TODAY, reason="Fête nationale", closed=True, spans=[]),
    Thing(date=dt.date(2026, 7, 1), reason="Fête du Canada", closed=False,
          spans=[Thing(opens=dt.time(10), closes=dt.time(16))]),
    Thing(date=dt.date(2026, 9, 7), reason="Fête du Travail", closed=False, spans=[]),
]  # fmt: skip


def pages(number: int) -> Any:
    """One page of three."""
    return Paginator(range(60), 24).get_page(number)


def totals(**more: int) -> Thing:
    told = {"items_cents": 4_500, "discount_cents": 0, "delivery_cents": 0, "deposit_cents": 0,
            "gst_cents": 225, "qst_cents": 449, "total_cents": 5_174}  # fmt: skip
    return Thing(**{**told, **more})


HIGH_TOTALS = totals(
    items_cents=123_450, discount_cents=10_000, delivery_cents=1_250, deposit_cents=220,
    gst_cents=6_235, qst_cents=12_438, total_cents=143_593,
)  # fmt: skip


def cart_line(key: int, **more: Any) -> Thing:
    told: dict[str, Any] = {
        "item": Thing(pk=key), "photo": None, "product_url": "#", "product_title": "Tomme de brebis affinée",
        "variant_title": "500 g", "line_total_cents": 3_750, "quantity": 2, "unit_price_cents": 1_875,
        "max_quantity": 12, "discount_cents": 0, "discount_title": "", "deposit_cents": 0,
        "unit_price_text": "3,75 $ / 100 g", "price_note": "", "problem": "",
    }  # fmt: skip
    return Thing(**{**told, **more})


def cart_group(sector: Any, items: Sequence[Any], **more: Any) -> Thing:
    told: dict[str, Any] = {
        "merchant": merchant(sector), "fees": "Cueillette gratuite", "items": items, "order": totals(),
        "remise_note": "Cueillette, jeudi à compter de 15 h", "address": "18, avenue Bégin, Lévis",
    }  # fmt: skip
    return Thing(**{**told, **more})


TIMELINE = [
    Thing(label="Payée", done=True, at=NOON),
    Thing(label="En préparation", done=True, at=NOON),
    Thing(label="Prête au comptoir", done=False, at=None),
]


def order_part(sector: Any, **more: Any) -> Thing:
    seller = Thing(
        name="Fromagerie du Vieux-Lévis", legal_name="9123-4567 Québec inc.", gst_number="123456789 RT0001",
        qst_number="1234567890 TQ0001", return_policy="Sept jours, avec le reçu.", phone="+14185550123",
        street_address="18, avenue Bégin", city="Lévis", postal_code="G6V 4C2",
        pickup_instructions="Sonnez à la porte bleue, derrière.",
    )  # fmt: skip
    order = Thing(
        number="LEV-2026-0142", merchant=merchant(sector), status="preparing", fulfillment="pickup", slot=None,
        slot_lost=False, pickup_from=NOON, promised_at=None, adult_required=True, **vars(totals()),
    )  # fmt: skip
    lines = [
        Thing(quantity=2, title="Tomme de brebis affinée, 500 g", amount_cents=3_750),
        Thing(quantity=1, title="Coffret de dégustation des fromages de la Chaudière et de la Rive-Sud",
              amount_cents=123_450),
    ]  # fmt: skip
    told: dict[str, Any] = {
        "merchant_snapshot": seller, "order": order, "timeline": TIMELINE, "files": [], "lines": lines,
        "refunds": [], "is_under_way": True, "why_not_cancelable": "La boutique a commencé à la préparer.",
    }  # fmt: skip
    return Thing(**{**told, **more})


REFUNDS = [
    Thing(status="succeeded", amount_cents=3_750, created_at=NOON, reason="Il en manquait un."),
    Thing(status="failed", amount_cents=123_450, created_at=NOON, reason=""),
]
