"""What the report counts, leaves out, and cannot know: said beside its numbers, in words anybody can hold it to."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.impact import words
from portal.impact.report import LEAST_MERCHANTS, Figures, Multiplier


@dataclass(frozen=True, slots=True)
class Term:
    """``link``: where the source of it may be read; "" for none."""

    name: str
    text: str
    link: str = ""


COUNTED: tuple[tuple[Any, Any], ...] = (
    (
        gettext_lazy("L’argent reçu"),
        gettext_lazy(
            "Ce que les clients ont payé sur le portail, taxes comprises, moins ce qui leur a été rendu, la commission "
            "du portail et les taxes qu’il remet lui-même. C’est ce que disent les livres, au cent près."
        ),
    ),
    (
        gettext_lazy("Les remboursements"),
        gettext_lazy(
            "Un remboursement, ou un paiement contesté et perdu, est retranché dans la période où il est fait, et non "
            "dans celle de l’achat. Un mois publié reste donc tel qu’il a paru."
        ),
    ),
    (
        gettext_lazy("Un contact"),
        gettext_lazy(
            "Un appel, un itinéraire demandé, une visite au site ou à la boutique d’un commerce, depuis le portail. "
            "C’est un geste, pas une vente."
        ),
    ),
    (
        gettext_lazy("Compter sans surveiller"),
        gettext_lazy(
            "Ni témoin, ni adresse, ni profil\u00a0: on compte des gestes, pas des gens. Une personne qui revient un "
            "autre jour compte donc de nouveau."
        ),
    ),
    (
        gettext_lazy("Ce qui n’est pas compté"),
        gettext_lazy(
            "Les robots qui se nomment, l’équipe du portail, les gens d’un commerce chez eux, et ce qui se répète dans "
            "la demi-heure. Les appels composés à la main et les achats faits sur place, que personne ne voit."
        ),
    ),
    (
        gettext_lazy("Ce qu’on doit à une histoire"),
        gettext_lazy(
            "Un contact ou une commande, dans la même visite que la lecture\u00a0: quatre heures au plus, une seule "
            "histoire à la fois."
        ),
    ),
    (
        gettext_lazy("En ligne, nouveaux, partis"),
        gettext_lazy(
            "En ligne\u00a0: avec une page publique à la fin de la période. Nouveau\u00a0: en ligne et tenu par ses "
            "propres gens pour la première fois. Partir vers sa propre boutique compte comme une réussite."
        ),
    ),
)

UNKNOWN = (
    gettext_lazy("Ce que ce bilan ne sait pas"),
    gettext_lazy(
        "Ce qui se serait vendu sans le portail, ce qu’un contact a rapporté ensuite, et ce que des gens ont fait sans "
        "passer par lui. Il ne compare pas les commerces entre eux."
    ),
)


def method(figures: Figures) -> list[Term]:
    """Every term, the sources of this period's public money and multiplier among them."""
    return [
        *(Term(str(name), str(text)) for name, text in COUNTED),
        _few(),
        *_public_money(figures),
        *_local_share(figures),
        Term(str(UNKNOWN[0]), str(UNKNOWN[1])),
    ]


def _few() -> Term:
    text = _(
        "Un chiffre d’argent, de commandes ou de contacts qui parlerait de moins de %(least)s commerces n’est pas "
        "publié, ni celui qui le livrerait par soustraction, ni celui qu’un seul commerce fait presque à lui seul."
    )
    return Term(_("Moins de cinq commerces"), text % {"least": LEAST_MERCHANTS})


def _public_money(figures: Figures) -> list[Term]:
    if figures.subsidy is None:
        return [
            Term(
                _("L’argent public"),
                _("Aucune somme n’est inscrite pour cette période\u00a0: rien n’est calculé."),
            )
        ]
    text = _(
        "La somme inscrite pour les jours de cette période, également répartie entre ceux qu’elle couvre, divisée par "
        "l’argent reçu par les commerces. %(sources)s"
    )
    return [Term(_("L’argent public"), text % {"sources": " ".join(map(_sentence, figures.subsidy.sources))})]


def _local_share(figures: Figures) -> list[Term]:
    if figures.local_share is None:
        text = _("Aucune étude n’est inscrite\u00a0: rien n’est estimé.")
        return [Term(_("Ce qui reste dans la région"), text)]
    return [_of_multiplier(each) for each in figures.local_share.multipliers]


def _of_multiplier(multiplier: Multiplier) -> Term:
    text = _(
        "Une estimation\u00a0: l’argent reçu, multiplié par %(share)s, la part qu’une étude dit rester dans la région. "
        "Source, du %(day)s\u00a0: %(source)s"
    )
    told = {
        "share": words.share(multiplier.share_bps),
        "day": words.day(multiplier.dated),
        "source": _sentence(multiplier.source),
    }
    return Term(_("Ce qui reste dans la région"), text % told, multiplier.link)


def _sentence(text: str) -> str:
    clean = text.strip()
    return clean if clean.endswith((".", "!", "?", "…")) else f"{clean}."
