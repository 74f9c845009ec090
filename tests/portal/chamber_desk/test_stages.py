"""Where a merchant stands: each stage by its facts, and the same answer in SQL for whatever facts there may be."""

import random
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from wagtail.models import Site

from home.tenancy import portal_scope
from portal.chamber_desk.models import PipelineRow
from portal.chamber_desk.stages import PATIENCE, Place, Stage, Standing, standing

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


@dataclass(frozen=True)
class Told:
    """A merchant in the directory that nobody has claimed."""

    tier: str = "listing"
    chosen_tier: str = ""
    vacation_from: date | None = None
    vacation_until: date | None = None
    created_at: datetime = field(default_factory=lambda: ago(400))
    invited_at: datetime | None = None
    invitation_ends_at: datetime | None = None
    answered_at: datetime | None = None
    proving_since: datetime | None = None
    waiting_since: datetime | None = None
    refused_at: datetime | None = None
    claimed_at: datetime | None = None
    left_at: datetime | None = None
    left_reason: str = ""
    live_since: datetime | None = None
    has_photo: bool = False
    has_hours: bool = False
    acted_at: datetime | None = None
    tier_moved_at: datetime | None = None
    lowered_at: datetime | None = None
    has_account: bool = False
    products: int = 0
    selling_since: datetime | None = None
    first_sale_at: datetime | None = None
    last_sale_at: datetime | None = None
    subscription_ends_at: datetime | None = None


LISTED = Told()
CLAIMED = replace(LISTED, claimed_at=ago(40), acted_at=ago(2))
ONLINE = replace(CLAIMED, live_since=ago(30), has_photo=True, has_hours=True)
SHOP = replace(ONLINE, tier="transactional", has_account=True, products=2, selling_since=ago(20))

CASES: list[tuple[Told, dict[str, Any], Stage, Place | None, datetime]] = [
    (LISTED, {}, Stage.UNCLAIMED, None, ago(400)),
    (LISTED, {"invited_at": ago(2)}, Stage.INVITED, None, ago(2)),
    (LISTED, {"invited_at": ago(9)}, Stage.STUCK, Place.INVITATION, ago(9)),
    (LISTED, {"invited_at": ago(70), "invitation_ends_at": ago(10)}, Stage.UNCLAIMED, None, ago(400)),
    (LISTED, {"invited_at": ago(9), "answered_at": ago(1)}, Stage.REGISTERING, None, ago(1)),
    (LISTED, {"answered_at": ago(9)}, Stage.STUCK, Place.QUESTIONS, ago(9)),
    (LISTED, {"proving_since": ago(1)}, Stage.REGISTERING, None, ago(1)),
    (LISTED, {"proving_since": ago(4)}, Stage.STUCK, Place.PROOF, ago(4)),
    (LISTED, {"answered_at": ago(9), "waiting_since": ago(2)}, Stage.WAITING, None, ago(2)),
    (LISTED, {"waiting_since": ago(6)}, Stage.STUCK, Place.ANSWER, ago(6)),
    (LISTED, {"refused_at": ago(1)}, Stage.REGISTERING, None, ago(1)),
    (LISTED, {"refused_at": ago(5)}, Stage.STUCK, Place.REFUSED, ago(5)),
    (LISTED, {"refused_at": ago(90)}, Stage.UNCLAIMED, None, ago(400)),
    (LISTED, {"left_at": ago(2), "left_reason": "graduated"}, Stage.LEAVING, Place.GRADUATED, ago(2)),
    (LISTED, {"left_at": ago(2), "left_reason": "closing"}, Stage.LEAVING, Place.GONE, ago(2)),
    (LISTED, {"left_at": ago(2), "answered_at": ago(1)}, Stage.REGISTERING, None, ago(1)),
    (LISTED, {"left_at": ago(61), "left_reason": "other"}, Stage.UNCLAIMED, None, ago(400)),
    (CLAIMED, {"claimed_at": ago(1)}, Stage.REGISTERING, None, ago(1)),
    (CLAIMED, {}, Stage.STUCK, Place.PAGE, ago(40)),
    (CLAIMED, {"waiting_since": ago(1)}, Stage.WAITING, None, ago(1)),
    (CLAIMED, {"waiting_since": ago(8)}, Stage.STUCK, Place.ANSWER, ago(8)),
    (CLAIMED, {"refused_at": ago(4)}, Stage.STUCK, Place.REFUSED, ago(4)),
    (ONLINE, {}, Stage.LIVE, None, ago(30)),
    (ONLINE, {"waiting_since": ago(1)}, Stage.LIVE, None, ago(30)),
    (ONLINE, {"has_photo": False}, Stage.STUCK, Place.PHOTO, ago(30)),
    (ONLINE, {"has_photo": False, "live_since": ago(1)}, Stage.LIVE, None, ago(1)),
    (ONLINE, {"has_hours": False}, Stage.STUCK, Place.HOURS, ago(30)),
    (ONLINE, {"claimed_at": ago(200), "acted_at": ago(130)}, Stage.LEAVING, Place.SILENT, ago(130)),
    (ONLINE, {"chosen_tier": "transactional", "tier_moved_at": ago(5)}, Stage.STUCK, Place.PLAN, ago(5)),
    (ONLINE, {"lowered_at": ago(5)}, Stage.LEAVING, Place.LESS, ago(5)),
    (ONLINE, {"lowered_at": ago(61)}, Stage.LIVE, None, ago(30)),
    (SHOP, {}, Stage.SELLING, None, ago(20)),
    (SHOP, {"has_account": False, "tier_moved_at": ago(9)}, Stage.STUCK, Place.ACCOUNT, ago(9)),
    (SHOP, {"products": 0, "selling_since": None}, Stage.STUCK, Place.PRODUCTS, ago(40)),
    (SHOP, {"products": 0, "tier_moved_at": ago(1)}, Stage.LIVE, None, ago(30)),
    (SHOP, {"selling_since": ago(31)}, Stage.STUCK, Place.FIRST_SALE, ago(31)),
    (SHOP, {"selling_since": ago(31), "first_sale_at": ago(3)}, Stage.SELLING, None, ago(31)),
    (SHOP, {"subscription_ends_at": ago(-9)}, Stage.LEAVING, Place.ENDING, ago(-9)),
    (
        SHOP,
        {"vacation_from": date(2026, 11, 1), "vacation_until": date(2027, 1, 15)},
        Stage.LEAVING,
        Place.AWAY,
        datetime(2026, 11, 1, 4, tzinfo=UTC),
    ),
    (SHOP, {"vacation_from": date(2026, 11, 1), "vacation_until": date(2026, 12, 1)}, Stage.SELLING, None, ago(20)),
]  # fmt: skip


@pytest.mark.parametrize(("told", "facts", "stage", "place", "since"), CASES)
def test_stage_follows_from_facts(
    told: Told, facts: dict[str, Any], stage: Stage, place: Place | None, since: datetime
) -> None:
    assert standing(replace(told, **facts), NOW) == Standing(stage, since, place)


def test_patience_ends_to_the_minute() -> None:
    for place, facts in {
        Place.QUESTIONS: "answered_at",
        Place.PROOF: "proving_since",
        Place.ANSWER: "waiting_since",
    }.items():
        edge = NOW - PATIENCE[place]
        assert standing(replace(LISTED, **{facts: edge}), NOW).place == place  # type: ignore[arg-type]
        just_before = replace(LISTED, **{facts: edge + timedelta(minutes=1)})  # type: ignore[arg-type]
        assert standing(just_before, NOW).place is None


# ------------------------------------------------------------------------------------------------ the same in SQL


def any_moment(dice: random.Random) -> datetime | None:
    """Often none; else at, just beside, or far from every edge there is."""
    edges = [0, 3, 5, 7, 30, 60, 120, 200]
    near = dice.choice(edges) + dice.choice([-0.001, 0, 0.001, -1, 1, 0.5])
    return None if dice.random() < 0.55 else ago(near)


def any_facts(dice: random.Random) -> dict[str, Any]:
    nullable = [
        name for name, each in Told.__dataclass_fields__.items() if "datetime | None" in str(each.type)
    ]
    left = (
        date(2026, 11, 23) + timedelta(days=dice.choice([-70, -59, -1, 0, 1, 30]))
        if dice.random() < 0.3
        else None
    )
    return {
        **{name: any_moment(dice) for name in nullable},
        "tier": dice.choice(["listing", "linked_shop", "transactional"]),
        "chosen_tier": dice.choice(["", "", "", "listing", "linked_shop", "transactional"]),
        "vacation_from": left,
        "vacation_until": left + timedelta(days=dice.choice([0, 10, 59, 60, 61, 90])) if left else None,
        "left_reason": dice.choice(["graduated", "closing"]),
        "created_at": ago(dice.randint(0, 400)),
        **{name: dice.random() < 0.6 for name in ("has_photo", "has_hours", "has_account")},
        "products": dice.choice([0, 1, 3]),
    }  # fmt: skip


@pytest.mark.django_db
def test_sql_gives_the_same_stage_place_and_moment_for_any_facts(levis: Site) -> None:
    dice, rest = random.Random(20261123), {
        "site": levis, "name": "", "folded_text": "", "email": "", "phone": "", "question": "", "next_act": "",
        "drafts": 0, "is_subscribed": False, "has_owner": False, "refuses_mail": False,
    }  # fmt: skip
    with portal_scope(levis):
        with (
            connection.cursor() as cursor
        ):  # In the view's place for this transaction: rows with facts at will.
            cursor.execute("CREATE TEMP TABLE chamber_pipeline (LIKE public.chamber_pipeline) ON COMMIT DROP")
        PipelineRow.objects.bulk_create(PipelineRow(pk=pk, **any_facts(dice), **rest) for pk in range(3000))
        rows = list(PipelineRow.objects.standing(NOW))
    for row in rows:
        found = Standing(Stage(row.stage), row.since, Place(row.place) if row.place else None)
        assert found == standing(row, NOW), vars(row)
    met = Counter(row.stage for row in rows) + Counter(row.place for row in rows)
    assert len(rows) == 3000
    assert set(met) >= {*Stage.values, *Place.values}, "every stage and place was met"
