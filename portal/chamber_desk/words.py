"""Where a merchant stands, in a sentence: « bloqué aux photos depuis 9 jours »."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from directory.questions import Question
from home.dates import date_format
from portal.chamber_desk.stages import LEAVING, Place, Stage

AT_QUESTION: dict[str, Any] = {
    Question.NAME: gettext_lazy("au nom"),
    Question.WEB: gettext_lazy("à l’adresse de son site"),
    Question.ADDRESS: gettext_lazy("à l’adresse"),
    Question.SECTOR: gettext_lazy("au secteur"),
    Question.PHONE: gettext_lazy("au téléphone"),
    Question.CATEGORY: gettext_lazy("à la catégorie"),
    Question.HOURS: gettext_lazy("aux heures d’ouverture"),
    Question.SENTENCE: gettext_lazy("à la phrase qui le présente"),
    Question.PHOTO: gettext_lazy("à la photo"),
    Question.TIER: gettext_lazy("au choix de l’option"),
    Question.SHOP: gettext_lazy("à l’adresse de sa boutique"),
    Question.LEGAL_NAME: gettext_lazy("au nom légal"),
    Question.CONTRACT: gettext_lazy("au contrat"),
}
"""Where a registration was left."""


def days_since(moment: datetime, now: datetime) -> int:
    """Whole days of the calendar here; 0 for today and for what is to come."""
    return max(0, (timezone.localdate(now) - timezone.localdate(moment)).days)


def since(moment: datetime | None, now: datetime) -> str:
    """« depuis 9 jours », « depuis aujourd’hui »; "" where nobody knows."""
    if moment is None:
        return ""
    days = days_since(moment, now)
    if not days:
        return _("depuis aujourd’hui")
    return ngettext("depuis %(days)s jour", "depuis %(days)s jours", days) % {"days": days}


def day(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "j F Y")


def where(row: Any, now: datetime) -> str:
    """After the stage's name: at which place, and since when."""
    if row.place == Place.ENDING:
        return _("son abonnement prend fin le %(day)s") % {"day": day(row.since)}
    told = {"place": place_of(row), "since": since(row.since, now)}
    if row.place in LEAVING:
        return _("%(place)s, %(since)s") % told
    if row.place:
        return _("%(place)s %(since)s") % told
    if row.stage == Stage.REGISTERING and told["place"]:
        return _("rendu %(place)s, %(since)s") % told
    return told["since"] if row.stage != Stage.UNCLAIMED else ""


def sentence(row: Any, now: datetime) -> str:
    """« Bloqué aux photos depuis 9 jours », « En ligne depuis 3 jours »."""
    return f"{Stage(row.stage).label_of_one} {where(row, now)}".strip()


def place_of(row: Any) -> str:
    """The place where a row is stuck; of a registration, the question it was left at."""
    if row.question and row.place in {"", Place.QUESTIONS}:
        return str(AT_QUESTION.get(row.question, Place.QUESTIONS.label))
    return str(Place(row.place).label) if row.place else ""
