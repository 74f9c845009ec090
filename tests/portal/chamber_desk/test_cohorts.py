"""Cohorts of a town whose every figure is worked out by hand, across a month's end and the hour put back."""

from itertools import combinations, pairwise

import pytest
from wagtail.models import Site

from home.tenancy import portal_scope
from portal.chamber_desk.cohorts import Cohorts, cohorts
from portal.chamber_desk.journeys import COMING_IN, SELLING, Delay
from portal.chamber_desk.models import Journey
from tests.factories import MerchantFactory
from tests.portal.chamber_desk.people import answering
from tests.portal.chamber_desk.ways import at, left, taken_off, way

pytestmark = pytest.mark.django_db

NOW = at("2027-02-15 12:00")


@pytest.fixture(autouse=True)
def _money_adds_up() -> None:
    """Sales here are days alone, without payments: the invariants of money are not asked."""


def golden(site: Site) -> None:
    """Five came in October 2026 and two in November. The hour is put back on 1 November at 2:00."""
    way(site, "Invitée muette", invited="2026-10-05 09:00")
    way(
        site, "Vendeuse", invited="2026-10-01 00:00", begun="2026-10-31 23:30", sent="2026-11-01 00:30",
        approved="2026-11-01 23:30", live="2026-11-01 23:31", product="2026-11-02 00:10", offered="2026-11-10 08:00",
        sold="2026-11-30 23:59",
    )  # fmt: skip
    way(
        site, "Presque", begun="2026-10-31 23:59", sent="2026-11-03 10:00", approved="2026-11-05 10:00",
        live="2026-11-06 10:00", product="2026-11-20 10:00",
    )  # fmt: skip
    gone = way(
        site, "Partie", begun="2026-10-10 10:00", sent="2026-10-20 10:00", approved="2026-10-22 10:00",
        live="2026-10-23 10:00",
    )  # fmt: skip
    left(site, gone, "2026-12-31 10:00", "graduated", own_site="https://partie.example/")
    way(site, "Commencée", begun="2026-10-12 10:00")
    # November: the first hour of the month, and one whose page was taken off on its thirtieth day.
    way(site, "Première heure", begun="2026-11-01 00:00", sent="2026-11-04 00:00")
    off = way(
        site, "Retirée", begun="2026-11-02 10:00", sent="2026-11-02 11:00", approved="2026-11-03 10:00",
        live="2026-11-03 10:00",
    )  # fmt: skip
    taken_off(site, off, "2026-12-03 09:59")


def told(levis: Site) -> Cohorts:
    golden(levis)
    with portal_scope(levis):
        found = cohorts(NOW)
    assert found is not None
    return found


def test_cohorts_are_of_the_month_of_entering(levis: Site) -> None:
    found = told(levis)
    assert [(each.period.first.isoformat(), each.figures.count("entres")) for each in found.months] == [
        ("2027-02-01", 0), ("2027-01-01", 0), ("2026-12-01", 0), ("2026-11-01", 2), ("2026-10-01", 5),
    ]  # fmt: skip
    assert found.total.figures.count("entres") == 7


def test_every_figure_of_october(levis: Site) -> None:
    october = told(levis).months[-1].figures
    assert october.counts == {
        "entres": 5, "commences": 4, "envoyes": 3, "acceptes": 3, "en-ligne": 3, "produit": 2, "en-vente": 1,
        "vente": 1, "invites": 2, "photo": 0, "complete": 0, "partis": 1, "propre-boutique": 1, "fermes": 0,
        "vendent": 0,
    }  # fmt: skip
    assert set(october.undated.values()) == {0}
    # « Vendeuse » and « Presque » are there on their 30th and 90th day; « Partie » left on its 69th. No 180th yet.
    assert october.kept == {30: (3, 3), 90: (2, 3), 180: (0, 0)}
    assert october.delays == {
        "reponse": Delay(30, 30, 1),  # 1 to 31 October, for one of the two who were invited
        "inscription": Delay(3, 10, 3),  # 1, 3 and 10 days: the night of the change is one day
        "decision": Delay(2, 2, 3),  # 0, 2 and 2
        "mise-en-ligne": Delay(1, 1, 3),  # 0, 1 and 1
        "premier-produit": Delay(2, 20, 2),  # 31 October to 2 November, and to 20 November
        "premiere-vente": Delay(30, 30, 1),  # 31 October to 30 November
    }


def test_every_figure_of_november(levis: Site) -> None:
    november = told(levis).months[-2].figures
    counts = {key: number for key, number in november.counts.items() if number}
    assert counts == {"entres": 2, "commences": 2, "envoyes": 2, "acceptes": 1, "en-ligne": 1}
    # Taken off a minute before its thirtieth day was over: 10:00 on 3 December, by the town's clocks.
    assert november.kept == {30: (0, 1), 90: (0, 1), 180: (0, 0)}
    assert november.delays["inscription"] == Delay(0, 3, 2)
    assert november.delays["reponse"] == Delay(None, None, 0)


FACTS = ("begun", "sent", "approved", "live", "product", "sold")


def test_no_step_exceeds_the_one_before_whatever_facts_there_are(levis: Site) -> None:
    """Every set of facts there can be, each a merchant: a step that others imply counts, dated or not."""
    sets = [facts for size in range(1, len(FACTS) + 1) for facts in combinations(FACTS, size)]
    for number, facts in enumerate(sets):
        moments = {fact: f"2026-{10 + place % 2}-{place + 1:02d} 10:00" for place, fact in enumerate(facts)}
        way(levis, f"Commerce {number}", **moments)
    with portal_scope(levis):
        found = cohorts(NOW)
        assert found is not None
        rows = Journey.objects.count()
    assert found.total.figures.count("entres") == rows == sum(came(each) for each in sets)
    for cohort in (*found.months, found.total):
        for chain in (COMING_IN, SELLING):
            counts = [cohort.figures.count(step.key) for step in chain]
            assert all(after <= before for before, after in pairwise(counts)), counts
    assert found.total.figures.undated["envoyes"] > 0


def came(facts: tuple[str, ...]) -> bool:
    """Who neither began anything nor holds its page came by no way that is known."""
    return bool({"begun", "sent", "approved"} & set(facts))


def test_registration_that_was_gone_on_with_elsewhere_is_one_way(levis: Site) -> None:
    first = answering(levis, question="photo", days=9, answers={"name": "Chez Rose"})
    with portal_scope(levis):
        type(first).objects.filter(pk=first.pk).update(status="withdrawn")
        shop = MerchantFactory()
        assert [row.pk for row in Journey.objects.all()] == [-first.pk]
    answering(levis, question="heures", days=1, merchant=shop)
    with portal_scope(levis):
        assert Journey.objects.count() == 2
        type(first).objects.filter(merchant=shop).update(user=first.user)
        (row,) = Journey.objects.all()
    assert (row.merchant_id, row.halt, row.question, row.source) == (shop.pk, "question", "heures", "own")


def test_page_handed_over_without_a_registration_has_no_days_for_what_nothing_says(levis: Site) -> None:
    with portal_scope(levis):
        shop = MerchantFactory(claimed_at=at("2026-11-01 00:10"))
        (row,) = Journey.objects.filter(merchant=shop)
    assert (row.source, row.was_sent, row.sent_on) == ("given", True, None)
    assert (str(row.entered_on), str(row.approved_on), row.halt) == ("2026-11-01", "2026-11-01", "page")


def test_departure_that_was_taken_back_never_happened(levis: Site) -> None:
    shop = way(
        levis, "Revenue", begun="2026-10-10 10:00", sent="2026-10-11 10:00", approved="2026-10-12 10:00",
        live="2026-10-12 10:00",
    )  # fmt: skip
    left(levis, shop, "2026-11-05 10:00", undone_at=at("2026-11-08 10:00"))
    with portal_scope(levis):
        figures = Journey.objects.all().figures(NOW)
    assert (figures.count("partis"), figures.kept[30]) == (0, (1, 1))
