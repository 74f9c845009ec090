"""The Tuesday letter: to whom, when, once, with frozen figures; stopped by one act without signing in."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client

from directory import mail_refusals
from directory.enums import Act, MembershipRole
from directory.models import Membership, Merchant
from home.models import AuditEntry, PortalSettings
from home.tenancy import portal_scope
from portal.results import letters, stopping, weekly
from portal.results.models import ResultsLetter, ResultsStop
from shop.models import OutboxMessage
from shop.payments.handlers import deliver_outbox
from tests.factories import MembershipFactory
from tests.portal.results.conftest import TUESDAY, WEEK, count
from tests.portal.towns import Town

ONE_WEEK = dt.timedelta(days=7)


def tell(now: dt.datetime = TUESDAY) -> int:
    cache.delete("results.weekly")
    return weekly.tell_the_week(now)


def posted() -> list[str]:
    rows = OutboxMessage._base_manager.filter(key__contains=":results:").order_by("pk")
    return list(rows.values_list("recipient", flat=True))


def place_of(shop: Merchant) -> Membership:
    return Membership.objects.select_related("merchant__site", "user").get(merchant=shop)


def delivered(now: dt.datetime = TUESDAY) -> Any:
    with time_machine.travel(now, tick=False):
        deliver_outbox(now=now)
    (letter,) = [each for each in mail.outbox if "semaine" in each.subject]
    return letter


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_letter_leaves_once_a_week(golden: Merchant, here: Town) -> None:
    assert (tell(), tell(), tell(TUESDAY + dt.timedelta(days=2))) == (1, 0, 0)
    assert posted() == [here.owner.email]
    assert tell(TUESDAY + ONE_WEEK) == 1


def test_database_itself_keeps_a_week_from_being_told_twice(golden: Merchant) -> None:
    tell()
    with portal_scope(golden.site_id):
        row = ResultsLetter.objects.get()
        row.pk = None
        with pytest.raises(IntegrityError, match="results_told_once_a_week"), transaction.atomic():
            row.save(force_insert=True)


@pytest.mark.parametrize(
    "now",
    [
        TUESDAY - dt.timedelta(days=1),
        TUESDAY.replace(hour=8),
        TUESDAY.replace(hour=19),
        TUESDAY + dt.timedelta(days=4),
    ],
)
def test_nothing_leaves_outside_its_hours(golden: Merchant, now: dt.datetime) -> None:
    assert tell(now) == 0


def test_worker_looks_every_ten_minutes(golden: Merchant) -> None:
    cache.set("results.weekly", 1)
    assert weekly.tell_the_week(TUESDAY) == 0


SPARED = [
    {"claimed_at": None},
    {"claimed_at": dt.datetime(2026, 11, 2, 12, tzinfo=dt.UTC)},
    {"suspended_at": TUESDAY},
    {"removed_at": TUESDAY},
    {"asked_at": TUESDAY.replace(hour=8)},
]


@pytest.mark.parametrize("fields", SPARED, ids="+".join)
def test_who_is_left_in_peace(golden: Merchant, fields: dict[str, Any]) -> None:
    with portal_scope(golden.site_id):
        Merchant.objects.filter(pk=golden.pk).update(**fields)
    assert (tell(), posted()) == (0, [])


def test_after_the_other_letter_it_leaves_a_day_later(golden: Merchant) -> None:
    with portal_scope(golden.site_id):
        Merchant.objects.filter(pk=golden.pk).update(asked_at=TUESDAY.replace(hour=8))
    assert (tell(), tell(TUESDAY + dt.timedelta(days=1))) == (0, 1)


def test_each_owner_is_told_and_nobody_who_refused_or_stopped(golden: Merchant, here: Town) -> None:
    with portal_scope(here.site):
        one, stopped = (MembershipFactory(merchant=golden, user__email=f"{n}@commerce.test") for n in "ab")
        MembershipFactory(merchant=golden, user__email="aide@commerce.test", role=MembershipRole.HELPER)
        MembershipFactory(merchant=golden, user__email="parti@commerce.test", user__is_active=False)
        mail_refusals.refuse(here.owner.email)
        stopping.stop(stopped, now=TUESDAY)
    assert (tell(), posted()) == (1, [one.user.email])
    assert tell() == 0


def test_letter_tells_the_golden_week_as_it_was_put(golden: Merchant, here: Town) -> None:
    tell()
    count(here, WEEK.last, Act.CALL, 99)
    letter = delivered()
    words = plain(letter.body)
    assert letter.to == [here.owner.email]
    assert plain(letter.subject) == f"{golden.name} : 2 commandes la semaine dernière"
    for told in (
        "Votre page a été vue 15 fois. Le portail vous a amené 7 contacts : 2 appels, un itinéraire demandé, 4 visites",
        "2 commandes ont été payées : 80,00 $, taxes comprises.",
        f"12 visites sont venues de l’histoire « {here.story.title} ».",
        f"Le produit le plus vu : « {here.variant.product.title} », 6 fois.",
        "Ce que votre page a fait, du 26 octobre au 1er novembre 2026",
        "- Page vue : 15 (10 de plus que la semaine d’avant)",
        "- Appels : 2 (2 de moins que la semaine d’avant)",
        "- Ce qui vous en revient : 80,00 $ (80,00 $ de plus que la semaine d’avant)",
        f"/mon-commerce/{golden.slug}/resultats/?periode=semaine-derniere",
        f"Vous recevez cette lettre parce que la page de {golden.name} est la vôtre.",
        "Ne plus recevoir cette lettre : http",
    ):
        assert told in words
    html = plain(letter.alternatives[0][0])
    assert "10 de plus que la semaine d’avant" in html
    assert "l’adresse publique" not in html
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_letter_carries_who_writes_and_where_from(golden: Merchant, here: Town) -> None:
    with portal_scope(here.site):
        PortalSettings.objects.filter(site=here.site).update(postal_address="1, rue du Journal, Lévis")
    tell()
    assert "1, rue du Journal, Lévis" in delivered().body


def test_first_week_says_why_it_is_not_compared(golden: Merchant) -> None:
    with portal_scope(golden.site_id):
        Merchant.objects.filter(pk=golden.pk).update(claimed_at=WEEK.starts_at)
    tell()
    words = delivered().body
    assert "viendra quand deux semaines entières auront été comptées" in words
    assert "la semaine d’avant)" not in words


def test_quiet_weeks_are_told_once_in_four(shop: Merchant, here: Town) -> None:
    assert [tell(TUESDAY + n * ONE_WEEK) for n in range(5)] == [1, 0, 0, 0, 1]
    with portal_scope(here.site):
        assert ResultsLetter.objects.filter(is_quiet=True).count() == 5
        with time_machine.travel(TUESDAY, tick=False):
            letter = letters.weekly(ResultsLetter.objects.earliest("first").pk)
    assert letter is not None
    assert letter.subject.endswith("rien de neuf la semaine dernière")
    assert letter.figures == ()
    assert "Ce qui aiderait le plus" in plain(letter.paragraphs[1])


def test_letter_stays_where_it_is_wanted_no_more(golden: Merchant, here: Town) -> None:
    tell()
    with portal_scope(here.site):
        pk, place = ResultsLetter.objects.get().pk, place_of(golden)
        assert letters.weekly(pk) is not None
        stopping.stop(place, now=TUESDAY)
        assert letters.weekly(pk) is None
        stopping.resume(place)
        Membership.objects.update(role=MembershipRole.HELPER)
        assert letters.weekly(pk) is None
        assert letters.weekly(0) is None


def test_old_rows_are_forgotten(golden: Merchant, here: Town) -> None:
    tell()
    tell(TUESDAY + 20 * ONE_WEEK)
    with portal_scope(here.site):
        assert ResultsLetter.objects.count() == 1


def token(shop: Merchant) -> str:
    with portal_scope(shop.site_id):
        return stopping.token_of(place_of(shop))


def stops(shop: Merchant) -> int:
    with portal_scope(shop.site_id):
        return int(ResultsStop.objects.count())


def test_one_tap_stops_it_without_signing_in(golden: Merchant, here: Town) -> None:
    visitor = Client(headers={"host": here.host}, enforce_csrf_checks=True)
    address = f"/lettre-du-mardi/{token(golden)}/"
    assert visitor.get(address).status_code == 200
    assert stops(golden) == 0
    for _time in range(2):
        answer = visitor.post(address, {"List-Unsubscribe": "One-Click"})
        assert "ne vous arriveront plus" in answer.content.decode()
    assert (stops(golden), tell()) == (1, 0)
    visitor.post(address, {"reprendre": "1"})
    assert (stops(golden), tell()) == (0, 1)
    with portal_scope(here.site):
        acts = list(AuditEntry.objects.filter(action__startswith="results").order_by("pk"))
    assert [(act.action, act.actor_id, act.merchant_id) for act in acts] == [
        ("results.stopped", here.owner.pk, golden.pk),
        ("results.resumed", here.owner.pk, golden.pk),
    ]


def test_forged_and_foreign_links_open_nothing(golden: Merchant, here: Town, there: Town) -> None:
    sealed, foreign = token(golden), token(there.merchant)
    for wrong in (sealed[:-1], f"{sealed}x", foreign, "rien"):
        assert here.visitor().post(f"/lettre-du-mardi/{wrong}/").status_code == 404
    assert stops(golden) == 0
