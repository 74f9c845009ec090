"""The report's headline, and the sentences under it, made from its numbers.

Merchants are the subject, so that nothing has to agree with an amount. What is hidden is never in a headline: the
sentence then speaks of something else. Whole sentences, each in its own singular and plural.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.impact import words
from portal.impact.report import Cell, Figures


@dataclass(frozen=True, slots=True)
class Headline:
    """One sentence for the top of the page, and those that follow it."""

    sentence: str
    more: tuple[str, ...]

    @property
    def whole(self) -> str:
        return " ".join((self.sentence, *self.more))


def headline(figures: Figures) -> Headline:
    """Of money where some reached merchants and may be told, else of contacts, else of who is there."""
    if figures.money.reached_cents.value:
        return Headline(_of_money(figures), tuple(_orders(figures.money.orders) + _contacts(figures)))
    more = _sales_untold(figures)
    if figures.reach.contacts.value:
        return Headline(_of_contacts(figures), tuple(more))
    return Headline(_of_merchants(figures), tuple(more + _no_contact(figures)))


def _of_money(figures: Figures) -> str:
    reached, sold = figures.money.reached_cents.value or 0, figures.merchants.sold.value
    told = {
        "period": words.during(figures.period),
        "count": words.number(sold or 0),
        "amount": words.amount(abs(reached)),
    }
    return (_given_back(sold) if reached < 0 else _received(sold)) % told


def _received(sold: int | None) -> str:
    """How many sold is left out where it is hidden, and where nobody did."""
    if not sold:
        return _("%(period)s, les commerces d’ici ont reçu %(amount)s de leurs ventes en ligne.")
    return ngettext(
        "%(period)s, %(count)s commerce d’ici a reçu %(amount)s de ses ventes en ligne.",
        "%(period)s, %(count)s commerces d’ici ont reçu %(amount)s de leurs ventes en ligne.",
        sold,
    )


def _given_back(sold: int | None) -> str:
    if not sold:
        return _("%(period)s, les commerces d’ici ont rendu %(amount)s de plus qu’ils n’ont reçu.")
    return ngettext(
        "%(period)s, %(count)s commerce d’ici a rendu %(amount)s de plus qu’il n’a reçu.",
        "%(period)s, %(count)s commerces d’ici ont rendu %(amount)s de plus qu’ils n’ont reçu.",
        sold,
    )


def _of_contacts(figures: Figures) -> str:
    contacts = figures.reach.contacts.value or 0
    text = ngettext(
        "%(period)s, les commerces d’ici ont reçu %(count)s contact par le portail.",
        "%(period)s, les commerces d’ici ont reçu %(count)s contacts par le portail.",
        contacts,
    )
    return text % {"period": words.during(figures.period), "count": words.number(contacts)}


def _of_merchants(figures: Figures) -> str:
    live = figures.merchants.live
    if not live:
        return _("%(period)s, aucun commerce n’était encore en ligne.") % {
            "period": words.during(figures.period)
        }
    text = ngettext(
        "%(period)s, %(count)s commerce d’ici était en ligne.",
        "%(period)s, %(count)s commerces d’ici étaient en ligne.",
        live,
    )
    return text % {"period": words.during(figures.period), "count": words.number(live)}


def _orders(orders: Cell) -> list[str]:
    if not orders.value:
        return []
    text = ngettext("%(count)s commande a été payée.", "%(count)s commandes ont été payées.", orders.value)
    return [text % {"count": words.number(orders.value)}]


def _contacts(figures: Figures) -> list[str]:
    contacts = figures.reach.contacts.value
    if contacts is None:
        return []
    if contacts == 0:
        return _no_contact(figures)
    text = ngettext(
        "Leurs pages ont aussi mené à %(count)s contact\u00a0: un appel, un itinéraire demandé ou une visite à un "
        "site ou à une boutique.",
        "Leurs pages ont aussi mené à %(count)s contacts\u00a0: appels, itinéraires demandés, visites à leur site ou "
        "à leur boutique.",
        contacts,
    )
    return [text % {"count": words.number(contacts)}]


def _no_contact(figures: Figures) -> list[str]:
    """Nothing where nobody is there to be called."""
    if not figures.merchants.live or figures.reach.contacts.is_hidden:
        return []
    return [_("Aucun contact n’a été compté.")]


def _sales_untold(figures: Figures) -> list[str]:
    """Why the headline does not speak of money."""
    if not figures.merchants.live:
        return []
    money = figures.money
    if money.reached_cents.is_hidden:
        return [_("Trop peu de commerces ont vendu pour que l’argent reçu soit publié.")]
    if money.orders.value:
        return _orders(money.orders)
    return [_("Rien ne s’est vendu en ligne.")]
