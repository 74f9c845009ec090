"""What led people to a merchant, in words: in a table, and as a sentence."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from directory.enums import Source
from shop.result_words import number

LABELS: Mapping[Source, Any] = {
    Source.STORY: gettext_lazy("Une histoire du Journal"),
    Source.CAMPAIGN: gettext_lazy("Une campagne"),
    Source.NEWSLETTER: gettext_lazy("L’infolettre"),
    Source.FLYER: gettext_lazy("Votre affiche ou un dépliant"),
    Source.FRONT: gettext_lazy("La page d’accueil"),
    Source.SEARCH: gettext_lazy("La recherche"),
    Source.PORTAL: gettext_lazy("Ailleurs sur le portail"),
    Source.OUTSIDE: gettext_lazy("De l’extérieur"),
}
GONE: Mapping[Source, Any] = {
    Source.STORY: gettext_lazy("Une histoire qui n’est plus en ligne"),
    Source.CAMPAIGN: gettext_lazy("Une campagne qui n’est plus en ligne"),
    Source.NEWSLETTER: gettext_lazy("Une infolettre qui n’est plus en ligne"),
}


def sentence(source: Source, title: str, count: int) -> str:
    """« 12 visites sont venues de l’histoire « … ». » ``title``: "" for what has none. ``count``: one at least."""
    told = {"count": number(count), "title": title}
    return (_of_a_page(source, count) if title else _of_a_place(source, count)) % told


def _of_a_page(source: Source, count: int) -> str:
    if source == Source.STORY:
        return ngettext(
            "Une visite est venue de l’histoire «\u00a0%(title)s\u00a0».",
            "%(count)s visites sont venues de l’histoire «\u00a0%(title)s\u00a0».",
            count,
        )
    if source == Source.CAMPAIGN:
        return ngettext(
            "Une visite est venue de la campagne «\u00a0%(title)s\u00a0».",
            "%(count)s visites sont venues de la campagne «\u00a0%(title)s\u00a0».",
            count,
        )
    return ngettext(
        "Une visite est venue de l’infolettre «\u00a0%(title)s\u00a0».",
        "%(count)s visites sont venues de l’infolettre «\u00a0%(title)s\u00a0».",
        count,
    )


def _of_a_place(source: Source, count: int) -> str:
    if source == Source.FLYER:
        return ngettext(
            "Une visite est venue de votre affiche.",
            "%(count)s visites sont venues de votre affiche.",
            count,
        )
    if source == Source.FRONT:
        return ngettext(
            "Une visite est venue de la page d’accueil.",
            "%(count)s visites sont venues de la page d’accueil.",
            count,
        )
    return ngettext(
        "Une visite est venue de la recherche.", "%(count)s visites sont venues de la recherche.", count
    )


def of_product(title: str, count: int) -> str:
    """« Le produit le plus vu : « Tomme », 14 fois. » ``count``: one at least."""
    return ngettext(
        "Le produit le plus vu\u00a0: «\u00a0%(title)s\u00a0», une fois.",
        "Le produit le plus vu\u00a0: «\u00a0%(title)s\u00a0», %(count)s fois.",
        count,
    ) % {"title": title, "count": number(count)}


def label(source: Source, title: str = "", *, is_page: bool = False) -> str:
    """In a table: the page's title, or the kind of source."""
    return title or str(GONE[source] if is_page else LABELS[source])


def left_out() -> str:
    """What is counted, and what is not, in a line."""
    return _(
        "Une visite répétée dans la demi-heure compte une fois. Les robots, l’équipe du portail et la vôtre ne "
        "comptent pas. Personne n’est suivi\u00a0: on compte, sans savoir qui."
    )
