"""What a newsroom's second reader would say of a page before it is printed. None of it keeps anybody from publishing.

What is looked at is the page as it is in hand, saved or not; what it refers to is asked for its state of this moment.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Page

from directory.hours import wall_clock
from directory.models import Merchant
from editorial.models import CampaignPage, StoryPage
from editorial.read_ahead import MERCHANTS, PRODUCTS, keys_in
from home.belongings import of_the_portal
from home.models import HomePage
from home.references import keys_referred_to
from shop.models import Product

LONGEST_HEADLINE = 90
"""Characters: what is longer takes four lines of a phone, and search engines cut it."""
LONGEST_BAND = 40
"""Characters of a campaign's title: the band on top of every page is one line of a phone."""
FILE_NAME = re.compile(r"\.(avif|gif|heic|jpe?g|png|webp)$|_|^(img|dsc|photo)[ -]?\d", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Kind:
    """What may be said. ``title`` is read in a list of remarks, ``why`` below it."""

    code: str
    title: Any
    why: Any


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to look at again. ``words`` name what it is about."""

    kind: Kind
    words: str


LONG = Kind(
    "titre-long",
    gettext_lazy("Titre long"),
    gettext_lazy("Sur un téléphone et dans les moteurs, il se coupe."),
)
DECK = Kind(
    "chapeau-vide",
    gettext_lazy("Chapeau vide"),
    gettext_lazy("Les listes et les liens partagés le montrent sous le titre."),
)
PHOTO = Kind(
    "sans-photo",
    gettext_lazy("Sans photo d’ouverture"),
    gettext_lazy("Une page avec sa photo est lue et partagée bien davantage."),
)
ALT = Kind(
    "photo-sans-mots",
    gettext_lazy("Photo sans description"),
    gettext_lazy(
        "Qui ne voit pas la photo lit ces mots\u00a0: dites ce qu’elle montre, sans nom de fichier."
    ),
)
CREDIT = Kind(
    "photo-sans-credit", gettext_lazy("Photo sans crédit"), gettext_lazy("Qui l’a prise est nommé dessous.")
)
UNSIGNED = Kind(
    "sans-signature",
    gettext_lazy("Histoire sans signature"),
    gettext_lazy("Choisissez qui signe, sous «\u00a0Signé\u00a0»."),
)
NOBODY = Kind(
    "sans-commerce",
    gettext_lazy("Aucun commerce ni produit"),
    gettext_lazy("Un bloc de commerce ou de produit mène du texte au comptoir, en un geste."),
)
EMPTY = Kind(
    "campagne-vide",
    gettext_lazy("Campagne sans rien à montrer"),
    gettext_lazy("Ajoutez une étagère de produits, de commerces ou d’histoires."),
)
PAST = Kind(
    "jours-passes",
    gettext_lazy("Campagne finie"),
    gettext_lazy("Sa page dira qu’elle est passée, et rien n’ira dans le bandeau."),
)
HIDDEN = Kind(
    "commerce-cache",
    gettext_lazy("Commerce que personne ne voit"),
    gettext_lazy("Il est masqué, suspendu ou sans page en ligne\u00a0: sa place reste vide."),
)
SOLD_OUT = Kind(
    "produit-absent",
    gettext_lazy("Produit qu’on ne peut pas avoir"),
    gettext_lazy("Il est épuisé, retiré, ou sa boutique est fermée\u00a0: sa place reste vide."),
)
DEAD_LINK = Kind(
    "lien-mort",
    gettext_lazy("Page qui n’est pas en ligne"),
    gettext_lazy("Publiez-la d’abord, ou enlevez-la\u00a0: le lecteur n’y arriverait pas."),
)
KINDS = (
    LONG, DECK, PHOTO, ALT, CREDIT, UNSIGNED, NOBODY, EMPTY, PAST, HIDDEN, SOLD_OUT, DEAD_LINK,
)  # fmt: skip


def remarks_on(page: Page) -> list[Remark]:
    """What there is to look at again in a story, a campaign or a front page; nothing of other pages."""
    readers = {StoryPage: _of_story, CampaignPage: _of_campaign, HomePage: _of_what_it_refers_to}
    read = readers.get(type(page))
    return list(read(page)) if read else []


def _of_story(page: StoryPage) -> Iterator[Remark]:
    yield from _of_headline(page.title, LONGEST_HEADLINE)
    yield from _of_opening(page)
    if not page.story_authors.exists():
        yield Remark(UNSIGNED, _("Personne ne signe cette histoire."))
    if not keys_in(page, MERCHANTS) and not keys_in(page, PRODUCTS):
        yield Remark(NOBODY, _("L’histoire ne mène à aucun commerce ni produit."))
    yield from _of_pictures(page.body.raw_data)
    yield from _of_what_it_refers_to(page)


def _of_campaign(page: CampaignPage) -> Iterator[Remark]:
    yield from _of_headline(page.title, LONGEST_BAND)
    yield from _of_opening(page)
    if page.ends_on and page.is_over(wall_clock(timezone.now()).date()):
        yield Remark(PAST, _("Le dernier jour de la campagne est passé."))
    if not len(page.body):
        yield Remark(EMPTY, _("La campagne ne montre encore ni produit, ni commerce, ni histoire."))
    yield from _of_pictures(page.body.raw_data)
    yield from _of_what_it_refers_to(page)


# ------------------------------------------------------------------------------------------------- words and pictures


def _of_headline(title: str, longest: int) -> Iterator[Remark]:
    if len(title) > longest:
        counts = {"length": len(title), "longest": longest}
        yield Remark(
            LONG, _("Le titre a %(length)s caractères; au-delà de %(longest)s, il se coupe.") % counts
        )


def _of_opening(page: Any) -> Iterator[Remark]:
    """Of the deck and of the picture below the headline."""
    if not page.deck.strip():
        yield Remark(DECK, _("Le chapeau est vide."))
    if page.lead_image is None:
        yield Remark(PHOTO, _("La page n’a pas de photo d’ouverture."))
        return
    if is_silent(page.lead_alt):
        yield Remark(ALT, _("La photo d’ouverture ne dit pas ce qu’elle montre."))
    if not page.lead_credit.strip():
        yield Remark(CREDIT, _("La photo d’ouverture n’a pas de crédit."))


def is_silent(alt: str | None) -> bool:
    """Whether these words tell nothing of a picture: none, or the name of its file."""
    return not (alt or "").strip() or bool(FILE_NAME.search(str(alt).strip()))


def _of_pictures(raw: Any) -> Iterator[Remark]:
    silent = sum(1 for alt in _alts(raw) if is_silent(alt))
    if silent == 1:
        yield Remark(ALT, _("Une photo du texte ne dit pas ce qu’elle montre."))
    elif silent:
        yield Remark(ALT, _("Des photos du texte ne disent pas ce qu’elles montrent\u00a0: %s.") % silent)


def _alts(raw: Any) -> Iterator[str]:
    """The words of every picture in a stream, however deep."""
    if isinstance(raw, Mapping):
        if raw.get("image") and "alt" in raw:
            yield raw["alt"]
        yield from (alt for value in raw.values() for alt in _alts(value))
    elif isinstance(raw, Iterable) and not isinstance(raw, str):
        yield from (alt for value in raw for alt in _alts(value))


# -------------------------------------------------------------------------------------------------- what it refers to


def _of_what_it_refers_to(page: Page) -> Iterator[Remark]:
    """Each of them that nobody would see, once."""
    today = wall_clock(timezone.now()).date()
    merchants, products = Merchant.objects.visible(), Product.objects.visible().buyable(today)
    for name in _missing(page, Merchant, merchants, "name"):
        yield Remark(HIDDEN, _("On ne voit pas «\u00a0%s\u00a0» en ce moment.") % name)
    for name in _missing(page, Product, products, "title"):
        yield Remark(SOLD_OUT, _("On ne peut pas avoir «\u00a0%s\u00a0» en ce moment.") % name)
    for name in _missing(page, Page, Page.objects.live(), "title"):
        yield Remark(DEAD_LINK, _("«\u00a0%s\u00a0» n’est pas en ligne.") % name)


def _missing(page: Page, model: type[Any], shown: QuerySet[Any], name: str) -> list[str]:
    """Names of the portal's rows that the page refers to and that are not among ``shown``; one query at most."""
    keys = keys_referred_to(page, model)
    if not keys:
        return []
    rows = of_the_portal(model).filter(pk__in=keys).exclude(pk__in=shown.filter(pk__in=keys).values("pk"))
    return list(rows.order_by(name).values_list(name, flat=True))
