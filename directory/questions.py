"""What a registration asks, one question after the other: in which order, of whom, and which comes next.

``answers`` is a flat mapping of plain values. What is known already (an invitation, a public page) is in it from the
start; a question counts as answered once its name stands in ``answered``, for whoever registers has then looked at it.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy

from directory.enums import Tier

Answers = Mapping[str, Any]

ANSWERED = "answered"


class Question(StrEnum):
    """By the word that stands in the address."""

    NAME = "nom"
    WEB = "site-web"
    ADDRESS = "adresse"
    SECTOR = "secteur"
    PHONE = "telephone"
    CATEGORY = "categorie"
    HOURS = "heures"
    SENTENCE = "phrase"
    PHOTO = "photo"
    TIER = "option"
    SHOP = "boutique"
    LEGAL_NAME = "nom-legal"
    CONTRACT = "contrat"


KEYS: dict[Question, tuple[str, ...]] = {
    Question.NAME: ("name",),
    Question.WEB: ("website_url",),
    Question.ADDRESS: ("street_address", "postal_code"),
    Question.SECTOR: ("sector",),
    Question.PHONE: ("phone",),
    Question.CATEGORY: ("category",),
    Question.HOURS: ("hours",),
    Question.SENTENCE: ("intro",),
    Question.PHOTO: ("photo", "photo_shows"),
    Question.TIER: ("tier",),
    Question.SHOP: ("shop_url",),
    Question.LEGAL_NAME: ("legal_name",),
    Question.CONTRACT: ("contract",),
}
"""What each question writes, and nothing else does."""

OF_THE_PERSON = frozenset({"photo", "photo_shows", "contract"})
"""What only whoever registers can say: an invitation holds none of it."""


def asked(answers: Answers) -> list[Question]:
    """The questions of this registration in their order; the shop's address only of who wants it linked."""
    skips_shop = answers.get("tier") != Tier.LINKED_SHOP
    return [question for question in Question if question != Question.SHOP or not skips_shop]


def is_answered(answers: Answers, question: Question) -> bool:
    return question in answers.get(ANSWERED, ())


def next_question(answers: Answers) -> Question | None:
    """The first without an answer; None when all is said."""
    return next((question for question in asked(answers) if not is_answered(answers, question)), None)


def can_look_at(answers: Answers, question: Question) -> bool:
    """One goes back at will, and forward up to the first question without an answer."""
    here, questions = next_question(answers), asked(answers)
    return question in questions and (here is None or questions.index(question) <= questions.index(here))


def before(answers: Answers, question: Question) -> Question | None:
    """The question before this one; None before the first."""
    questions = asked(answers)
    place = questions.index(question) if question in questions else 0
    return questions[place - 1] if place else None


def with_answer(answers: Answers, question: Question, values: Mapping[str, Any]) -> dict[str, Any]:
    """The answers with this one; what belongs to other questions is left as it is. Raises KeyError for a stray key."""
    stray = values.keys() - set(KEYS[question])
    if stray:
        raise KeyError(", ".join(sorted(stray)))
    answered = [*answers.get(ANSWERED, ())]
    if question not in answered:
        answered.append(question.value)
    return {**answers, **values, ANSWERED: answered}


def asked_again(answers: Answers, question: Question) -> dict[str, Any]:
    """The answers with this question open again, its values kept for « is this right? »."""
    return {**answers, ANSWERED: [name for name in answers.get(ANSWERED, ()) if name != question]}


def prefilled(known: Answers) -> dict[str, Any]:
    """What may be in an invitation of what is ``known``: values of questions, none of them answered yet."""
    keys = {key for keys in KEYS.values() for key in keys} - OF_THE_PERSON
    return {key: value for key, value in known.items() if key in keys and value not in (None, "", {})}


PHOTO_SHOWS = {
    "devanture": gettext_lazy("La devanture de %(name)s"),
    "interieur": gettext_lazy("L’intérieur de %(name)s"),
    "produits": gettext_lazy("Des produits de %(name)s"),
    "equipe": gettext_lazy("L’équipe de %(name)s"),
}


def photo_words(answers: Answers) -> str:
    """What the photo shows, for who does not see it."""
    words = PHOTO_SHOWS.get(str(answers.get("photo_shows")), PHOTO_SHOWS["devanture"])
    return str(words % {"name": answers.get("name", "")})[:160]
