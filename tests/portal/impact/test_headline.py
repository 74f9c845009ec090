"""The headline's grammar, in every case that numbers can make; and nothing in it that may not be told."""

import re
from dataclasses import replace

import pytest

from directory.enums import Act, Source
from home.languages import ENGLISH, FRENCH, speaking
from home.periods import Period
from portal.impact.headline import headline
from portal.impact.report import Cell, Figures, Hidden, Merchants, Money, Reach, Stories

OCTOBER = Period.month(2026, 10)
FEW = Cell.without(Hidden.FEW)


def figures(
    *, sold: int | None = 0, reached: int | None = 0, orders: int = 0, contacts: int | None = 0, live: int = 0
) -> Figures:
    """None stands for what is hidden."""
    hidden = reached is None
    of_contacts = FEW if contacts is None else Cell(contacts)
    return Figures(
        period=OCTOBER,
        merchants=Merchants(live=live, sold=FEW if sold is None else Cell(sold)),
        money=Money(FEW if hidden else Cell(orders), FEW, FEW, FEW if hidden else Cell(reached)),
        reach=Reach(
            0, of_contacts, dict.fromkeys(Act.contacts(), of_contacts), dict.fromkeys(Source, of_contacts)
        ),
        stories=Stories(0, of_contacts, Cell(0), Cell(0)),
        sectors=(),
        categories=(),
        subsidy=None,
        local_share=None,
        hidden_months=(),
        is_provisional=False,
    )


ACTS = "appels, itinéraires demandés, visites à leur site ou à leur boutique."
ONE_ACT = "un appel, un itinéraire demandé ou une visite à un site ou à une boutique."
NONE_SOLD = "Rien ne s’est vendu en ligne."
CASES = {
    "nobody": (figures(), "En octobre 2026, aucun commerce n’était encore en ligne.", ()),
    "one merchant, nothing else": (
        figures(live=1),
        "En octobre 2026, 1 commerce d’ici était en ligne.",
        (NONE_SOLD, "Aucun contact n’a été compté."),
    ),
    "merchants, nothing else": (
        figures(live=1_200),
        "En octobre 2026, 1 200 commerces d’ici étaient en ligne.",
        (NONE_SOLD, "Aucun contact n’a été compté."),
    ),
    "one contact, no sale": (
        figures(live=6, contacts=1),
        "En octobre 2026, les commerces d’ici ont reçu 1 contact par le portail.",
        (NONE_SOLD,),
    ),
    "contacts, no sale": (
        figures(live=6, contacts=3_482),
        "En octobre 2026, les commerces d’ici ont reçu 3 482 contacts par le portail.",
        (NONE_SOLD,),
    ),
    "too few sold": (
        figures(live=6, contacts=12, sold=None, reached=None),
        "En octobre 2026, les commerces d’ici ont reçu 12 contacts par le portail.",
        ("Trop peu de commerces ont vendu pour que l’argent reçu soit publié.",),
    ),
    "everything hidden": (
        figures(live=4, contacts=None, sold=None, reached=None),
        "En octobre 2026, 4 commerces d’ici étaient en ligne.",
        ("Trop peu de commerces ont vendu pour que l’argent reçu soit publié.",),
    ),
    "one merchant, one dollar, one order, one contact": (
        figures(live=1, sold=1, reached=1_00, orders=1, contacts=1),
        "En octobre 2026, 1 commerce d’ici a reçu 1 $ de ses ventes en ligne.",
        ("1 commande a été payée.", f"Leurs pages ont aussi mené à 1 contact : {ONE_ACT}"),
    ),
    "many of each": (
        figures(live=118, sold=11, reached=16_321_48, orders=231, contacts=3_482),
        "En octobre 2026, 11 commerces d’ici ont reçu 16 321 $ de leurs ventes en ligne.",
        ("231 commandes ont été payées.", f"Leurs pages ont aussi mené à 3 482 contacts : {ACTS}"),
    ),
    "two merchants, cents, no contact": (
        figures(live=6, sold=2, reached=99, orders=2),
        "En octobre 2026, 2 commerces d’ici ont reçu 0,99 $ de leurs ventes en ligne.",
        ("2 commandes ont été payées.", "Aucun contact n’a été compté."),
    ),
    "contacts hidden": (
        figures(live=6, sold=6, reached=1_999, orders=6, contacts=None),
        "En octobre 2026, 6 commerces d’ici ont reçu 19 $ de leurs ventes en ligne.",
        ("6 commandes ont été payées.",),
    ),
    "more given back than sold": (
        figures(live=6, sold=5, reached=-12_50, orders=5, contacts=None),
        "En octobre 2026, 5 commerces d’ici ont rendu 12 $ de plus qu’ils n’ont reçu.",
        ("5 commandes ont été payées.",),
    ),
    "one gave back more": (
        figures(live=6, sold=1, reached=-1, orders=1, contacts=None),
        "En octobre 2026, 1 commerce d’ici a rendu 0,01 $ de plus qu’il n’a reçu.",
        ("1 commande a été payée.",),
    ),
    "how many sold is hidden": (
        figures(live=6, sold=None, reached=32_641_96, orders=9, contacts=None),
        "En octobre 2026, les commerces d’ici ont reçu 32 641 $ de leurs ventes en ligne.",
        ("9 commandes ont été payées.",),
    ),
    "nobody sold, and much was given back": (
        figures(live=6, reached=-5_00, contacts=None),
        "En octobre 2026, les commerces d’ici ont rendu 5 $ de plus qu’ils n’ont reçu.",
        (),
    ),
    "all was given back": (
        figures(live=6, sold=5, reached=0, orders=5, contacts=2),
        "En octobre 2026, les commerces d’ici ont reçu 2 contacts par le portail.",
        ("5 commandes ont été payées.",),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_french_agrees_with_every_number(case: str) -> None:
    told, sentence, more = CASES[case]
    with speaking(FRENCH):
        made = headline(told)
    assert made.sentence.replace("\u00a0", " ") == sentence
    assert tuple(each.replace("\u00a0", " ") for each in made.more) == more


NOUNS = "business|merchant|shop|store|order|contact"
MANY_WITH_SINGULAR = re.compile(rf"(?<![$\d,.])(?!1\b)[\d,]+ (?:local )?(?:{NOUNS})\b")
ONE_WITH_PLURAL = re.compile(
    r"(?<![$\d,.])1 (?:local )?(?:businesses|merchants|shops|stores|orders|contacts)\b"
)


@pytest.mark.parametrize("case", CASES)
def test_english_agrees_with_every_number(case: str) -> None:
    with speaking(ENGLISH):
        whole = headline(CASES[case][0]).whole
    assert "%(" not in whole
    assert not MANY_WITH_SINGULAR.search(whole), whole
    assert not ONE_WITH_PLURAL.search(whole), whole


@pytest.mark.parametrize(
    ("period", "begins"),
    [
        (Period.month(2026, 8), "En août 2026, "),
        (Period(Period.month(2026, 8).first, OCTOBER.last), "Entre août et octobre 2026, "),
        (
            Period(Period.month(2025, 12).first, Period.month(2026, 2).last),
            "Entre décembre 2025 et février 2026, ",
        ),
    ],
)
def test_the_headline_says_when(period: Period, begins: str) -> None:
    with speaking(FRENCH):
        assert headline(replace(figures(live=3), period=period)).sentence.startswith(begins)


def test_what_is_hidden_is_in_no_headline() -> None:
    with speaking(FRENCH):
        whole = headline(figures(live=7, sold=None, reached=None, orders=77, contacts=None)).whole
    assert re.findall(r"\d+", whole) == ["2026", "7"]
