"""What frames every page, and what one finds by: search, filters, sectors, hours."""

from types import SimpleNamespace as Thing

from portal.style_page import things
from portal.style_page.states import State, Town, narrow, wide

CAMPAIGN_COLORS = ("fir", "cranberry", "night", "frost", "maple", "pumpkin", "slate", "lilac")
ICONS = ("store", "croissant", "book-open", "flower-2", "wine", "scissors", "wrench", "shirt", "hammer")
NAMES = ("Fromagerie du Vieux-Lévis", "Chez Joséphine", things.LONG_NAME, things.LONG_WORD)
MESSAGES = {
    "success": "C’est dans votre panier.",
    "info": "Votre commande attend le paiement : la page se met à jour d’elle-même.",
    "error": "Cette plage vient d’être prise. Rien n’a été payé : choisissez-en une autre.",
}


class Message(str):
    """As Django's: its words are its text."""

    __slots__ = ("level_tag",)
    level_tag: str


def _message(level_tag: str) -> Message:
    message = Message(MESSAGES[level_tag])
    message.level_tag = level_tag
    return message


def masthead(town: Town) -> list[State]:
    day = {"today": things.TODAY, "open_count": 47}
    frame = {"portal": town.portal, "site_nav": town.site_nav}
    return [
        State("la une", {"masthead": day, "front": True, **frame}, within="front season-autumn"),
        wide("une page", masthead=day, **frame),
        narrow("personne n’est ouvert", masthead={**day, "open_count": 0}, **frame),
    ]


def campaign_band(town: Town) -> list[State]:
    said = {
        "url": "#",
        "icon": "snowflake",
        "title": "Noël d’ici",
        "words": "Cent idées",
        "days": "jusqu’au 24 décembre",
    }
    return [wide(color, campaign=Thing(color=color, **said)) for color in CAMPAIGN_COLORS]


def footer(town: Town) -> list[State]:
    return [wide("partout", portal=town.portal, site_nav=town.site_nav, letter=True)]


def languages(town: Town) -> list[State]:
    french = Thing(url="", tag="fr-CA", name="Français")
    return [wide("on lit le français", languages=[french, Thing(url="#", tag="en-CA", name="English")])]


def partners(town: Town) -> list[State]:
    chamber = Thing(name="Chambre de commerce de Lévis", role="accompagne les commerces", url="#")
    city = Thing(name="Ville de Lévis", role="soutient le portail", url="")
    return [wide("deux", partners=[Thing(value=chamber), Thing(value=city)])]


def newsletter_form(town: Town) -> list[State]:
    return [wide("dans le pied", place="style", portal=town.portal)]


def notice(town: Town) -> list[State]:
    return [wide(tag, messages=[_message(tag)]) for tag in MESSAGES]


def pager(town: Town) -> list[State]:
    return [narrow(f"page {number} de 3", items=things.pages(number), query="q=pain") for number in (1, 2, 3)]


def search_box(town: Town) -> list[State]:
    return [
        wide("vide, avec exemples", show_examples=True),
        narrow("remplie", q="boulangrie pas trop loin d’ici"),
    ]


def search_picks(town: Town) -> list[State]:
    near, far = things.story(), things.story(title=things.LONG_NAME)
    return [wide("deux", picks=[Thing(page=near, reason="Du lait d’ici"), Thing(page=far, reason="")])]


def _facet(label: str, count: int, *, chosen: bool = False) -> Thing:
    return Thing(label=label, url="#", count=count, selected=chosen)


def facets(town: Town) -> list[State]:
    switches = [_facet("Ouvert maintenant", 9, chosen=True), _facet("Vend ici", 12)]
    place = {"url_without": "#", "kept": [], "sectors": []}
    near = Thing(label="Saint-Romuald", error="", code="", is_open=False, **place)
    lost = Thing(
        label="", error="Écrivez un code postal d’ici, comme G6V 6C4.", code="X9X", is_open=True, **place
    )
    groups = {"categories": _categories()}
    return [
        narrow(
            "près d’un secteur", switches=switches, facets=groups, place=near, reset_url="#", query="q=pain"
        ),
        narrow("code postal inconnu", switches=switches, facets=groups, place=lost),
    ]


def _categories() -> list[Thing]:
    return [_facet("Boulangerie", 4, chosen=True), _facet("Fromagerie", 12), _facet(things.LONG_WORD, 1_234)]


def facet_group(town: Town) -> list[State]:
    return [narrow("catégories", title="Catégorie", group=_categories())]


def index_list(town: Town) -> list[State]:
    long = Thing(name=things.LONG_WORD, url="#", count=1_234, icon="store")
    return [wide("secteurs", entries=town.sectors), narrow("mots longs", entries=[long, *town.sectors[:2]])]


def town_map(town: Town) -> list[State]:
    return [wide("de la ville", sectors=town.sectors, shape=getattr(town.portal, "town_shape", ""))]


def town_section(town: Town) -> list[State]:
    return town_map(town)


def sector_stamp(town: Town) -> list[State]:
    shape = getattr(town.portal, "town_shape", "")
    return [narrow(sector.name, sector=sector, shape=shape) for sector in town.sectors[:4]]


def plate(town: Town) -> list[State]:
    shown = zip(town.sectors, ICONS, NAMES * 3, strict=False)
    return [narrow(sector.name, sector=sector.slug, icon=icon, name=name) for sector, icon, name in shown]


def hours_status(town: Town) -> list[State]:
    return [narrow(label, status=status) for label, status in things.HOURS_STATES.items()]


def merchant_brief(town: Town) -> list[State]:
    long = things.merchant(town.sector, name=things.LONG_NAME)
    return [narrow("ouvert", merchant=things.merchant(town.sector)), narrow("nom long", merchant=long)]
