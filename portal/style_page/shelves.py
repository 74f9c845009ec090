"""What one reads: goods with their prices, stories, a merchant's own page."""

from types import SimpleNamespace as Thing

from portal.style_page import things
from portal.style_page.states import State, Town, narrow, wide

DEAR_TITLE = "Coffret de dégustation des fromages de la Chaudière, de Bellechasse et de la Rive-Sud"
PRICES = {"petit": 95, "rond": 2_000, "ordinaire": 750, "haut": 123_450, "très haut": 12_345_600}
FORMATS = (
    ("250 g", 950, "", 0, True),
    ("500 g", 1_875, "plus que 2", 0, True),
    ("Meule", 123_450, "épuisé", 20, False),
)
GOODS = ("Miel d’été", "Pain de seigle", "Savon au foin", "Bougie de cire d’abeille", "Cidre de glace")


def price_tag(town: Town) -> list[State]:
    return [
        *(narrow(label, cents=cents) for label, cents in PRICES.items()),
        State("dès, grand", {"cents": 123_450, "size": "large", "from": True}),
        narrow("en petit", cents=1_995, size="small"),
    ]


def _dear(town: Town) -> Thing:
    return things.product(
        town.sector, title=DEAR_TITLE, from_price_cents=123_450, has_price_range=True, is_alcohol=True,
        merchant=Thing(name=things.LONG_NAME),
    )  # fmt: skip


def product_card(town: Town) -> list[State]:
    gone = things.product(town.sector, in_stock=False, unit_price="")
    pictured = things.product(town.sector, photo=town.photo)
    return [
        narrow("sans photo", product=things.product(town.sector)),
        narrow("titre de trois lignes, prix haut, 18 ans", product=_dear(town)),
        narrow("épuisé", product=gone),
        *([narrow("avec photo", product=pictured)] if town.photo else []),
    ]


def flyer(town: Town) -> list[State]:
    lead = things.product(town.sector, photo=town.photo)
    goods = [lead, _dear(town), *(things.product(town.sector, title=title) for title in GOODS)]
    return [wide("la semaine", products=goods)]


def product_gallery(town: Town) -> list[State]:
    return [narrow("sans photo", photos=[], merchant=things.merchant(town.sector))]


def variant_group(town: Town) -> list[State]:
    choices = [
        Thing(variant=Thing(pk=pk, price_cents=cents), label=label, is_free=is_free, stock_note=note,
              unit_price=None, deposit_cents=deposit)
        for pk, (label, cents, note, deposit, is_free) in enumerate(FORMATS)
    ]  # fmt: skip
    field = Thing(form=Thing(is_bound=False))
    return [narrow("trois formats", group=Thing(label="Format", choices=choices), number=1, field=field)]


def heart(town: Town) -> list[State]:
    kept = {"kind": "produit", "key": "exemple"}
    return [
        narrow("étroit", name="Tomme", **kept),
        narrow("large, nom long", name=things.LONG_NAME, wide=True, **kept),
    ]


def story_card(town: Town) -> list[State]:
    long = "Ils ont tout quitté pour refaire, à Saint-Rédempteur, le pain que faisaient leurs grands-mères"
    pictured = things.story(lead_image=town.photo)
    return [
        wide("à la une, sans image", story=things.story(), size="lead", level=2),
        narrow("titre long, commandité", story=things.story(title=long, sponsored=True)),
        narrow("sans chapeau ni surtitre", story=things.story(deck="", kicker="")),
        *([narrow("avec image", story=pictured, picture=True)] if town.photo else []),
    ]


def front_page(town: Town) -> list[State]:
    shops = [things.merchant(town.sector), things.merchant(town.sector, name=things.LONG_NAME)]
    day = Thing(lead=things.story(lead_image=town.photo), open_merchants=shops)
    return [
        wide("un jour de semaine", front=day, open_count=47),
        wide("la nuit, sans histoire", front=Thing(lead=None, open_merchants=[]), open_count=0),
    ]


def opening_hours(town: Town) -> list[State]:
    week = {"week": things.week()}
    return [
        narrow(
            "des jours particuliers",
            special_days=things.SPECIAL_DAYS,
            state="open",
            standing="current",
            **week,
        ),
        narrow("que personne n’a confirmées", state="open", standing="old", confirmed_at=things.NOON, **week),
        narrow("inconnues", state="unknown", **week),
    ]


def shop_facts(town: Town) -> list[State]:
    known = {"portal": town.portal, "week": things.week()}
    listed = things.merchant(town.sector, tier="listing", phone="", website_url="")
    away = Thing(first=things.TODAY, until="9 août 2026")
    return [
        narrow("vend ici", merchant=things.merchant(town.sector), directions_url="#", **known),
        narrow("sans téléphone, en vacances", merchant=listed, vacation=away, **known),
    ]


def shop_story(town: Town) -> list[State]:
    page = Thing(owner_name="Joséphine Bélanger", owner_role="fromagère", owner_photo=None, body="")
    return [wide("sans texte ni photo", page=page)]


def unclaimed(town: Town) -> list[State]:
    shop = things.merchant(town.sector)
    return [wide("d’un registre", merchant=shop, source="Registraire"), narrow("sans source", merchant=shop)]


def person_card(town: Town) -> list[State]:
    callback = Thing(asked="On vous rappelle jeudi matin.", url="#")
    return [
        narrow("un nom, un téléphone", name="Caroline Dubé", phone="+14185550199"),
        narrow("rappel demandé", name="Caroline Dubé", callback=callback),
    ]
