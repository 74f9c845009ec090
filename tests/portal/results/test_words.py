"""Sentences made from numbers, right in their grammar."""

import datetime as dt

import pytest
from django.utils import translation

from directory.counting.figures import Contacts
from directory.enums import Source
from directory.models import Merchant
from home.periods import Period
from portal.results import origins
from shop import result_words
from shop.merchant_results import Result
from shop.results import Sales

WEEK = Period(dt.date(2026, 10, 26), dt.date(2026, 11, 1))
OCTOBER = Period.month(2026, 10)
THIRTY = Period.ending(dt.date(2026, 11, 2), days=30)

SAID = [
    (Contacts(), Sales(), "Rien n’a été compté sur votre page."),
    (
        Contacts(seen=1), Sales(),
        "Votre page a été vue une fois. Aucun contact encore : ni appel, ni itinéraire, ni visite à votre site.",
    ),
    (
        Contacts(seen=1234, calls=1), Sales(),
        "Votre page a été vue 1 234 fois. Le portail vous a amené un contact : un appel.",
    ),
    (
        Contacts(seen=2, calls=2, directions=1, site_visits=3, shop_visits=1), Sales(1, 40_00, 0, 38_00),
        ("Votre page a été vue 2 fois. Le portail vous a amené 7 contacts : 2 appels, un itinéraire demandé, "
         "3 visites à votre site, une visite à votre boutique en ligne. Une commande a été payée : 40,00 $, "
         "taxes comprises."),
    ),
    (
        Contacts(directions=2, site_visits=1, shop_visits=2), Sales(3, 1200_50, 10_00, 1100_00),
        ("Le portail vous a amené 5 contacts : 2 itinéraires demandés, une visite à "
        "votre site, 2 visites à votre boutique en ligne. 3 commandes ont été payées : 1 200,50 $, taxes comprises. "
        "Rendu à votre clientèle : 10,00 $."),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("contacts", "sales", "words"), SAID)
def test_sentences(contacts: Contacts, sales: Sales, words: str) -> None:
    said = " ".join(result_words.sentences(Result(WEEK, contacts, sales)))
    assert said.replace("\u00a0", " ").replace("\u202f", " ") == words


def test_amounts_are_for_those_who_may_see_them() -> None:
    said = result_words.sentences(Result(WEEK, Contacts(), Sales(2, 80_00, 5_00, 70_00)), with_money=False)
    assert said[-1] == "2 commandes ont été payées."
    assert "$" not in " ".join(said)


@pytest.mark.parametrize(
    ("now", "before", "period", "words"),
    [
        (8, 5, WEEK, "3 de plus que la semaine d’avant"),
        (5, 8, WEEK, "3 de moins que la semaine d’avant"),
        (1, 0, WEEK, "1 de plus que la semaine d’avant"),
        (0, 0, WEEK, "comme la semaine d’avant"),
        (4, 4, OCTOBER, "comme le mois d’avant"),
        (0, 4, OCTOBER, "4 de moins que le mois d’avant"),
        (5, 4, OCTOBER, "1 de plus que le mois d’avant"),
        (5, 4, THIRTY, "1 de plus que les 30 jours d’avant"),
        (4, 5, THIRTY, "1 de moins que les 30 jours d’avant"),
        (4, 4, THIRTY, "comme les 30 jours d’avant"),
    ],
)
def test_difference_is_told_in_things(now: int, before: int, period: Period, words: str) -> None:
    assert result_words.difference(now, before, period) == words


@pytest.mark.parametrize(("now", "words"), [(8, "3 de plus"), (5, "autant"), (0, "5 de moins")])
def test_difference_beside_what_it_was(now: int, words: str) -> None:
    assert result_words.more(now, 5) == words


def test_what_figures_stand_beside() -> None:
    assert [result_words.compared_to(period) for period in (WEEK, OCTOBER, THIRTY)] == [
        "à côté de la semaine d’avant",
        "à côté du mois d’avant",
        "à côté des 30 jours d’avant",
    ]


@pytest.mark.parametrize(
    ("period", "words"),
    [
        (WEEK, "du 26 octobre au 1er novembre 2026"),
        (OCTOBER, "octobre 2026"),
        (Period(dt.date(2026, 12, 28), dt.date(2027, 1, 3)), "du 28 décembre 2026 au 3 janvier 2027"),
        (Period(dt.date(2026, 11, 1), dt.date(2026, 11, 1)), "le 1er novembre 2026"),
    ],
)
def test_span(period: Period, words: str) -> None:
    assert result_words.span(period) == words


def test_lines_are_those_that_concern_the_merchant() -> None:
    result = Result(WEEK, Contacts(seen=3, shop_visits=1), Sales(), Contacts(seen=1, calls=2), Sales())
    told = result_words.lines(result, Merchant(tier="listing"))
    assert [(line.label, line.figure, line.before) for line in told] == [
        ("Page vue", "3", "1"),
        ("Appels", "0", "2"),
        ("Itinéraires demandés", "0", "0"),
        ("Visites à votre boutique en ligne", "1", "0"),
    ]
    sells = result_words.lines(result, Merchant(tier="transactional", website_url="https://exemple.test/"))
    assert [line.label for line in sells] == [
        "Page vue", "Appels", "Itinéraires demandés", "Visites à votre site", "Visites à votre boutique en ligne",
        "Produits vus", "Mises au panier", "Commandes payées", "Ventes, taxes comprises", "Ce qui vous en revient",
    ]  # fmt: skip


NAMED = {Source.STORY: "l’histoire", Source.CAMPAIGN: "la campagne", Source.NEWSLETTER: "l’infolettre"}
PLACES = {
    Source.FLYER: "votre affiche", Source.FRONT: "la page d’accueil", Source.SEARCH: "la recherche",
}  # fmt: skip


def test_where_people_came_from_is_a_sentence() -> None:
    for source, words in NAMED.items():
        one, many = (origins.sentence(source, "Pain", count) for count in (1, 12))
        assert one == f"Une visite est venue de {words} «\u00a0Pain\u00a0»."
        assert many == f"12 visites sont venues de {words} «\u00a0Pain\u00a0»."
    for source, words in PLACES.items():
        assert origins.sentence(source, "", 1) == f"Une visite est venue de {words}."
        assert origins.sentence(source, "", 2) == f"2 visites sont venues de {words}."


def test_product_is_named() -> None:
    assert origins.of_product("Tomme", 1) == "Le produit le plus vu\u00a0: «\u00a0Tomme\u00a0», une fois."
    assert origins.of_product("Tomme", 14).endswith("«\u00a0Tomme\u00a0», 14 fois.")


def test_numbers_are_grouped_as_each_language_does() -> None:
    with translation.override("en"):
        assert result_words.number(12345) == "12,345"
    assert result_words.number(12345).replace("\u202f", "\u00a0") == "12\u00a0345"
