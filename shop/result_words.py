"""A merchant's result in words: lines of a table, and sentences made from the numbers, right in their grammar.

A difference is told in things, never in hundredths: three more than two is no « 150 % ».
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from directory.counting.figures import Contacts
from directory.enums import Tier
from directory.models import Merchant
from home.dates import date_format
from home.money import cad
from home.periods import Period
from shop.merchant_results import Result
from shop.results import Sales

DAYS_OF_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class Line:
    """A figure and its name. The others are "" where there is nothing to compare with.

    ``difference`` stands by itself; ``more`` is the same beside ``before``: « 3 de plus ».
    """

    label: str
    figure: str
    before: str = ""
    difference: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True)
class _Known:
    """How a line reads its figure. ``is_always``: it is told even when it is none."""

    label: Any
    read: Callable[[Any], int]
    is_money: bool = False
    is_always: Callable[[Merchant], bool] = lambda _merchant: True


def _sells(merchant: Merchant) -> bool:
    return bool(merchant.tier == Tier.TRANSACTIONAL)


def _never(_merchant: Merchant) -> bool:
    return False


CONTACTS = (
    _Known(gettext_lazy("Page vue"), lambda told: told.seen),
    _Known(gettext_lazy("Appels"), lambda told: told.calls),
    _Known(gettext_lazy("Itinéraires demandés"), lambda told: told.directions),
    _Known(
        gettext_lazy("Visites à votre site"),
        lambda told: told.site_visits,
        is_always=lambda merchant: bool(merchant.website_url),
    ),
    _Known(
        gettext_lazy("Visites à votre boutique en ligne"),
        lambda told: told.shop_visits,
        is_always=lambda merchant: bool(merchant.shop_url),
    ),
    _Known(gettext_lazy("Produits vus"), lambda told: told.products_seen, is_always=_sells),
    _Known(gettext_lazy("Mises au panier"), lambda told: told.baskets, is_always=_sells),
)
ORDERS = (_Known(gettext_lazy("Commandes payées"), lambda told: told.orders, is_always=_sells),)
MONEY = (
    _Known(
        gettext_lazy("Ventes, taxes comprises"), lambda told: told.charged_cents, is_money=True,
        is_always=_sells,
    ),
    _Known(
        gettext_lazy("Rendu à votre clientèle"), lambda told: told.given_back_cents, is_money=True,
        is_always=_never,
    ),
    _Known(gettext_lazy("Ce qui vous en revient"), lambda told: told.reached_cents, is_money=True,
        is_always=_sells,
    ),
)  # fmt: skip


def lines(result: Result, merchant: Merchant, *, with_money: bool = True) -> tuple[Line, ...]:
    """The figures that concern this merchant, in one order; amounts where ``with_money``."""
    known = (*ORDERS, *MONEY) if with_money else ORDERS
    return (
        *_lines(CONTACTS, result.contacts, result.contacts_before, result.period, merchant),
        *_lines(known, result.sales, result.sales_before, result.period, merchant),
    )


def _lines(
    known: tuple[_Known, ...],
    now: Contacts | Sales,
    before: Contacts | Sales | None,
    period: Period,
    merchant: Merchant,
) -> Iterator[Line]:
    for each in known:
        figure, earlier = each.read(now), each.read(before) if before else None
        if not (figure or earlier or each.is_always(merchant)):
            continue
        say = cad if each.is_money else number
        if earlier is None:
            yield Line(str(each.label), say(figure))
        else:
            yield Line(
                str(each.label),
                say(figure),
                say(earlier),
                difference(figure, earlier, period, say=say),
                more(figure, earlier, say=say),
            )


def number(count: int) -> str:
    """« 1 234 », « 1,234 » in English."""
    return str(formats.number_format(count, use_l10n=True, force_grouping=True))


def difference(now: int, before: int, period: Period, *, say: Callable[[int], str] = number) -> str:
    """« 3 de plus que la semaine d’avant »: how far ``now`` is from the period before."""
    told = {"number": say(abs(now - before)), "days": period.days}
    more, less, same = _comparisons(period)
    return (same if now == before else more if now > before else less) % told


def more(now: int, before: int, *, say: Callable[[int], str] = number) -> str:
    """« 3 de plus », where it is plain than what."""
    if now == before:
        return _("autant")
    told = {"number": say(abs(now - before))}
    return (_("%(number)s de plus") if now > before else _("%(number)s de moins")) % told


def compared_to(period: Period) -> str:
    """What the figures of that period stand beside: « à côté de la semaine d’avant »."""
    if is_week(period):
        return _("à côté de la semaine d’avant")
    if period.is_whole_months:
        return _("à côté du mois d’avant")
    return _("à côté des %(days)s jours d’avant") % {"days": period.days}


def _comparisons(period: Period) -> tuple[str, str, str]:
    if is_week(period):
        return (
            _("%(number)s de plus que la semaine d’avant"),
            _("%(number)s de moins que la semaine d’avant"),
            _("comme la semaine d’avant"),
        )
    if period.is_whole_months:
        return (
            _("%(number)s de plus que le mois d’avant"),
            _("%(number)s de moins que le mois d’avant"),
            _("comme le mois d’avant"),
        )
    return (
        _("%(number)s de plus que les %(days)s jours d’avant"),
        _("%(number)s de moins que les %(days)s jours d’avant"),
        _("comme les %(days)s jours d’avant"),
    )


def is_week(period: Period) -> bool:
    return period.days == DAYS_OF_A_WEEK and period.first.weekday() == 0


def span(period: Period) -> str:
    """« du 16 novembre au 22 novembre 2026 », or « novembre 2026 » for a whole month."""
    if period.is_whole_months and period.first.month == period.last.month:
        return date_format(period.first, "F Y")
    if period.days == 1:
        return _("le %(day)s") % {"day": date_format(period.first, "j F Y")}
    first = "j F" if period.first.year == period.last.year else "j F Y"
    told = {"first": date_format(period.first, first), "last": date_format(period.last, "j F Y")}
    return _("du %(first)s au %(last)s") % told


# --------------------------------------------------------------------------------------------------------- sentences


def sentences(result: Result, *, with_money: bool = True) -> tuple[str, ...]:
    """What happened, a sentence for each kind of thing that did."""
    if result.is_empty:
        return (_("Rien n’a été compté sur votre page."),)
    said = (seen(result.contacts), contacts(result.contacts), *sales(result.sales, with_money=with_money))
    return tuple(filter(None, said))


def seen(told: Contacts) -> str:
    """Nothing where nobody saw the page: people call from lists and stories, too."""
    if not told.seen:
        return ""
    return ngettext(
        "Votre page a été vue une fois.", "Votre page a été vue %(count)s fois.", told.seen
    ) % {"count": number(told.seen)}  # fmt: skip


def contacts(told: Contacts) -> str:
    """« Le portail vous a amené 12 contacts : 5 appels, 7 itinéraires demandés. »"""
    if not told.contacts:
        return _("Aucun contact encore\u00a0: ni appel, ni itinéraire, ni visite à votre site.")
    return ngettext(
        "Le portail vous a amené un contact\u00a0: %(parts)s.",
        "Le portail vous a amené %(count)s contacts\u00a0: %(parts)s.",
        told.contacts,
    ) % {"count": number(told.contacts), "parts": ", ".join(_parts(told))}


def _parts(told: Contacts) -> Iterator[str]:
    if told.calls:
        yield ngettext("un appel", "%(count)s appels", told.calls) % {"count": number(told.calls)}
    if told.directions:
        yield ngettext(
            "un itinéraire demandé", "%(count)s itinéraires demandés", told.directions
        ) % {"count": number(told.directions)}  # fmt: skip
    if told.site_visits:
        yield ngettext(
            "une visite à votre site", "%(count)s visites à votre site", told.site_visits
        ) % {"count": number(told.site_visits)}  # fmt: skip
    if told.shop_visits:
        yield ngettext(
            "une visite à votre boutique en ligne", "%(count)s visites à votre boutique en ligne", told.shop_visits
        ) % {"count": number(told.shop_visits)}  # fmt: skip


def sales(told: Sales, *, with_money: bool = True) -> Iterator[str]:
    if told.orders and with_money:
        yield ngettext(
            "Une commande a été payée\u00a0: %(amount)s, taxes comprises.",
            "%(count)s commandes ont été payées\u00a0: %(amount)s, taxes comprises.",
            told.orders,
        ) % {"count": number(told.orders), "amount": cad(told.charged_cents)}
    elif told.orders:
        yield ngettext(
            "Une commande a été payée.", "%(count)s commandes ont été payées.", told.orders
        ) % {"count": number(told.orders)}  # fmt: skip
    if told.given_back_cents and with_money:
        yield _("Rendu à votre clientèle\u00a0: %s.") % cad(told.given_back_cents)
