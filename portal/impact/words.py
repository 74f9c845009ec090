"""How figures and periods of the report are written, in the language that is spoken."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.enums import Act, Source
from home.dates import date_format
from home.money import cad, cad_round
from home.periods import Period
from portal.impact.report import Hidden

UNKNOWN = "–"
"""Where there is no figure at all: nothing is known, or nothing is to be said."""
A_DOLLAR = 100

KINDS: Mapping[Act, Any] = {
    Act.CALL: gettext_lazy("Appels"),
    Act.DIRECTIONS: gettext_lazy("Itinéraires demandés"),
    Act.SITE: gettext_lazy("Visites à leur site"),
    Act.SHOP: gettext_lazy("Visites à leur boutique"),
}
"""Contacts, as several are called."""

SOURCES: Mapping[Source, Any] = {
    Source.STORY: gettext_lazy("Une histoire du Journal"),
    Source.CAMPAIGN: gettext_lazy("Une campagne"),
    Source.NEWSLETTER: gettext_lazy("L’infolettre"),
    Source.FLYER: gettext_lazy("Une affiche ou un dépliant"),
    Source.FRONT: gettext_lazy("La page d’accueil"),
    Source.SEARCH: gettext_lazy("La recherche"),
    Source.PORTAL: gettext_lazy("Ailleurs sur le portail"),
    Source.OUTSIDE: gettext_lazy("De l’extérieur"),
}


def number(value: int) -> str:
    """« 1 234 », « 1,234 » in English."""
    return str(formats.number_format(value, use_l10n=True, force_grouping=True))


def share(bps: int) -> str:
    """Hundredths of a per cent: 4550 is « 45,5 % », « 45.5% » in English."""
    whole, rest = divmod(bps, 100)
    digits = f"{whole}.{rest:02d}".rstrip("0").rstrip(".")
    return _("%(number)s\u00a0%%") % {
        "number": digits.replace(".", str(formats.get_format("DECIMAL_SEPARATOR")))
    }


def amount(cents: int) -> str:
    """As one says it: whole dollars, the cents left off and never rounded up; under a dollar, to the cent."""
    if abs(cents) < A_DOLLAR:
        return cad(cents)
    return cad_round(abs(cents) // A_DOLLAR)


def hidden(reason: Hidden) -> str:
    """What stands in the place of a figure that is not published."""
    return _("<\u00a05\u00a0commerces") if reason is Hidden.FEW else _("masqué")


def why_hidden(reason: Hidden) -> str:
    """A whole sentence. It says the same of two reasons: the difference would itself tell something."""
    if reason is Hidden.FEW:
        return _("Le chiffre parlerait de moins de cinq commerces.")
    if reason is Hidden.MONTH:
        return _("Le chiffre est masqué dans un des mois additionnés.")
    return _("Le chiffre laisserait deviner celui d’un commerce.")


def period(period: Period) -> str:
    """« octobre 2026 », « août à octobre 2026 », « décembre 2025 à février 2026 »; days where no whole months."""
    if not period.is_whole_months:
        days = {"first": date_format(period.first, "j F Y"), "last": date_format(period.last, "j F Y")}
        return _("%(first)s au %(last)s") % days
    if Period.month_of(period.first) == period:
        return date_format(period.first, "F Y")
    same_year = period.first.year == period.last.year
    first = date_format(period.first, "F" if same_year else "F Y")
    return _("%(first)s à %(last)s") % {"first": first, "last": date_format(period.last, "F Y")}


def during(period_: Period) -> str:
    """As a sentence begins: « En octobre 2026 », « Entre août et octobre 2026 »."""
    if Period.month_of(period_.first) == period_:
        return _("En %(month)s") % {"month": date_format(period_.first, "F Y")}
    if not period_.is_whole_months:
        days = {"first": date_format(period_.first, "j F Y"), "last": date_format(period_.last, "j F Y")}
        return _("Du %(first)s au %(last)s") % days
    same_year = period_.first.year == period_.last.year
    first = date_format(period_.first, "F" if same_year else "F Y")
    return _("Entre %(first)s et %(last)s") % {"first": first, "last": date_format(period_.last, "F Y")}


def month_and_year(month: Period) -> tuple[str, str]:
    """« oct. » and « 2026 », for the foot of a chart."""
    return date_format(month.first, "N"), date_format(month.first, "Y")


def day(value: dt.date) -> str:
    return date_format(value, "j F Y")
