"""From the first two options to the third: who looks ready by what it did, and how many came how far each month."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from home import audit
from home.models import AuditEntry
from home.tenancy import portal_scope
from portal.chamber_desk import conversion
from portal.chamber_desk.stages import Place
from tests.factories import ProductFactory, make_merchant_page
from tests.portal.chamber_desk.people import adviser_of, ago, merchant
from tests.portal.towns import Town

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
LATELY, LONG_AGO = NOW - timedelta(days=5), NOW - timedelta(days=90)


@dataclass
class Row:
    pk: int = 1
    tier: str = "listing"
    chosen_tier: str = ""
    place: str = ""
    claimed_at: datetime | None = LONG_AGO
    live_since: datetime | None = LONG_AGO
    drafts: int = 0
    has_photo: bool = True
    has_hours: bool = True
    acted_at: datetime | None = LATELY
    heard_at: datetime | None = None


CASES: list[tuple[dict[str, Any], tuple[str, ...]]] = [
    ({}, ("page complète", "tient sa page à jour")),
    ({"drafts": 2}, ("a préparé des produits", "page complète", "tient sa page à jour")),
    ({"tier": "linked_shop", "heard_at": LATELY, "has_photo": False},
     ("vend déjà en ligne, ailleurs", "tient sa page à jour", "en contact avec vous")),
    ({"chosen_tier": "transactional", "acted_at": None}, ("l’a déjà choisie", "page complète")),
    ({"tier": "transactional"}, ()),
    ({"live_since": LATELY}, ()),
    ({"live_since": None}, ()),
    ({"claimed_at": None}, ()),
    ({"place": Place.LESS}, ()),
]  # fmt: skip


@pytest.mark.parametrize(("facts", "signs"), CASES)
def test_signs_that_speak_for_selling(facts: dict[str, Any], signs: tuple[str, ...]) -> None:
    assert conversion.signs_of(Row(**facts), NOW) == signs


def test_ready_are_those_with_three_signs_the_most_first() -> None:
    rows = [
        Row(pk=1),
        Row(pk=2, drafts=1),
        Row(pk=3, drafts=1, tier="linked_shop"),
        Row(pk=4, drafts=1, live_since=LONG_AGO - timedelta(days=1)),
    ]
    assert [each.row.pk for each in conversion.ready(rows, NOW)] == [3, 4, 2]


def test_months_are_of_the_calendar_here() -> None:
    """The last hour of October in Toronto is November in UTC."""
    told = conversion.months({"claimed": [datetime(2026, 11, 1, 3, tzinfo=UTC), NOW]}, NOW)
    assert [(month.label, month.counts[0]) for month in told[:2]] == [
        ("novembre 2026", 1),
        ("octobre 2026", 1),
    ]
    assert len(told) == 12
    assert told[-1].label == "décembre 2025"


def test_choices_are_counted_from_what_was_written_down(here: Town) -> None:
    shop = merchant(here.site, "Chez Lise", claimed_at=ago(3))
    with portal_scope(here.site):
        for before, after in (
            ("listing", "transactional"),
            ("transactional", "listing"),
            ("listing", "linked_shop"),
        ):
            audit.note(
                "plan.chosen", shop, actor_id=None, merchant_id=shop.pk,
                before={"chosen": before}, after={"chosen": after},
            )  # fmt: skip
        audit.note("plan.chosen", shop, actor_id=None, merchant_id=shop.pk, after={"chosen": "?"})
        moments = conversion.moments_of(timezone.now())
        assert AuditEntry.objects.filter(action="plan.chosen").count() == 4
    assert (len(moments["chose"]), len(moments["left"]), len(moments["claimed"])) == (1, 1, 1)


def test_screen_names_who_is_ready_and_never_an_amount(here: Town, there: Town, bought_here: Any) -> None:
    shop = merchant(here.site, "Chez Lise", claimed_at=ago(60), tier="linked_shop")
    with portal_scope(here.site):
        make_merchant_page(shop)
        ProductFactory(merchant=shop, status="draft")
    client = adviser_of(here)
    client.post(f"/admin/chambre/appels/{shop.pk}/fait/", {"words": "Intéressée"})
    html = client.get("/admin/chambre/options/").content.decode()
    main = html[html.index('class="staff-screen') : html.index("</main>")]
    assert "Chez Lise" in main
    assert "a préparé des produits, vend déjà en ligne, ailleurs, en contact avec vous" in main
    assert "$" not in main
    assert there.canary not in html


@pytest.mark.parametrize("count", [1, 3])
def test_screen_asks_as_many_questions_for_any_number(
    here: Town, count: int, django_assert_num_queries
) -> None:
    client = adviser_of(here)
    for n in range(count):
        shop = merchant(here.site, f"Boutique {n}", claimed_at=ago(60), tier="linked_shop")
        with portal_scope(here.site):
            make_merchant_page(shop)
    client.get("/admin/chambre/options/")
    with django_assert_num_queries(19):
        client.get("/admin/chambre/options/")
