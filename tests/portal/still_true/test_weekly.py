"""The weekly letter: to whom, when, once; what it says, and when it need not leave any more."""

import datetime as dt

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache

from directory import mail_refusals, still_true
from directory.enums import MembershipRole
from directory.hours import ZONE
from directory.models import Membership, Merchant
from home.tenancy import portal_scope
from portal.still_true import letters, links, weekly
from shop.models import OutboxMessage, Product
from shop.payments.handlers import deliver_outbox
from tests.factories import MembershipFactory, OpeningHoursFactory, SpecialHoursFactory
from tests.portal.towns import Town

TUESDAY = dt.datetime(2026, 11, 24, 9, 0, tzinfo=ZONE)
BEFORE_CHRISTMAS = dt.datetime(2026, 12, 15, 9, 0, tzinfo=ZONE)
"""Christmas 2026 is the Friday of the week after."""


@pytest.fixture
def shop(here: Town) -> Merchant:
    """Held by its owner, and not a word for ten days; it has said what it does at Christmas."""
    with portal_scope(here.site):
        Merchant.objects.filter(pk=here.merchant.pk).update(
            claimed_at=TUESDAY - dt.timedelta(days=90), confirmed_at=TUESDAY - dt.timedelta(days=10)
        )
        SpecialHoursFactory(merchant=here.merchant)
        here.merchant.refresh_from_db()
    return here.merchant


def change(shop: Merchant, **fields) -> None:
    with portal_scope(shop.site_id):
        Merchant.objects.filter(pk=shop.pk).update(**fields)


def ask(now: dt.datetime = TUESDAY) -> int:
    cache.clear()
    return weekly.ask_the_week(now)


def posted() -> list[str]:
    rows = OutboxMessage._base_manager.filter(key__contains="still_true")
    return list(rows.values_list("recipient", flat=True))


def test_letter_leaves_once_a_week(shop: Merchant, here: Town) -> None:
    assert (ask(), ask(), ask(TUESDAY + dt.timedelta(days=5))) == (1, 0, 0)
    assert posted() == [here.owner.email]
    assert ask(TUESDAY + dt.timedelta(days=7)) == 1


def test_nothing_leaves_by_night_nor_before_ten_minutes_are_over(shop: Merchant) -> None:
    assert weekly.ask_the_week(TUESDAY.replace(hour=7)) == 0
    cache.set("still_true.weekly", 1)
    assert weekly.ask_the_week(TUESDAY) == 0


SPARED = [
    {"confirmed_at": TUESDAY - dt.timedelta(days=6)},
    {"confirmed_at": TUESDAY - dt.timedelta(days=112)},
    {"claimed_at": None},
    {"vacation_from": dt.date(2026, 11, 20), "vacation_until": dt.date(2026, 11, 24)},
    {"suspended_at": TUESDAY},
    {"removed_at": TUESDAY},
]


@pytest.mark.parametrize("fields", SPARED, ids="+".join)
def test_who_is_left_in_peace(shop: Merchant, fields: dict) -> None:
    change(shop, **fields)
    assert (ask(), posted()) == (0, [])


def test_owners_are_written_to_and_nobody_who_refused(shop: Merchant, here: Town) -> None:
    with portal_scope(here.site):
        other = MembershipFactory(merchant=shop, user__email="Autre@Commerce.test")
        MembershipFactory(merchant=shop, user__email="aide@commerce.test", role=MembershipRole.HELPER)
        MembershipFactory(merchant=shop, user__email="parti@commerce.test", user__is_active=False)
        mail_refusals.refuse(here.owner.email)
    assert (ask(), posted()) == (1, [other.user.email.lower()])


def test_each_holiday_is_asked_about_in_one_weeks_letter(shop: Merchant) -> None:
    change(shop, confirmed_at=BEFORE_CHRISTMAS)
    with portal_scope(shop.site_id):
        shop.special_hours.all().delete()
        OpeningHoursFactory(merchant=shop, weekday=4)
    assert ask(BEFORE_CHRISTMAS - dt.timedelta(days=7)) == 0
    assert ask(BEFORE_CHRISTMAS) == 1
    assert ask(BEFORE_CHRISTMAS + dt.timedelta(days=1)) == 0


def test_a_holiday_that_was_answered_is_no_question(shop: Merchant) -> None:
    change(shop, confirmed_at=BEFORE_CHRISTMAS)
    assert ask(BEFORE_CHRISTMAS) == 0


def place_of(shop: Merchant) -> Membership:
    return Membership.objects.select_related("merchant__site", "user").get(merchant=shop)


def test_letter_says_what_the_page_says_and_carries_one_button(shop: Merchant, here: Town) -> None:
    with time_machine.travel(TUESDAY, tick=False):
        ask()
        deliver_outbox(now=TUESDAY)
    (letter,) = [each for each in mail.outbox if "encore vrai" in each.subject]
    words = letter.body.replace("\u00a0", " ")
    assert letter.to == [here.owner.email]
    for told in ("Lundi : 9 h à 17 h 30", "Mardi au dimanche : fermé", "418 555-0123", "1 produit en vente"):
        assert told in words
    assert "Depuis le 14 novembre 2026" in words
    assert "Sans un mot de vous, votre page dira le 12 décembre" in words
    assert "/encore-vrai/" in words
    assert letter.extra_headers["List-Unsubscribe"].startswith("<http")


def test_letter_about_a_holiday_asks_only_that(shop: Merchant) -> None:
    change(shop, confirmed_at=BEFORE_CHRISTMAS)
    with portal_scope(shop.site_id), time_machine.travel(BEFORE_CHRISTMAS, tick=False):
        shop.special_hours.all().delete()
        letter = letters.weekly(place_of(shop).pk)
    assert letter is not None
    assert letter.subject.endswith("ouvert le vendredi 25 décembre?")
    assert "Le vendredi 25 décembre, êtes-vous ouvert? (Jour de Noël)" in letter.paragraphs[0]


def test_letter_stays_where_everything_was_answered_meanwhile(shop: Merchant) -> None:
    with portal_scope(shop.site_id), time_machine.travel(TUESDAY, tick=False):
        assert letters.weekly(place_of(shop).pk) is not None
        still_true.confirm(shop, now=TUESDAY)
        assert letters.weekly(place_of(shop).pk) is None
        assert letters.weekly(0) is None


def test_letter_names_what_leaves_the_shelves_and_one_tap_keeps_it(shop: Merchant, here: Town) -> None:
    change(shop, confirmed_at=TUESDAY)
    with portal_scope(shop.site_id):
        Product.objects.update(confirmed_at=TUESDAY - dt.timedelta(days=41))
        assert ask() == 0
        Product.objects.update(confirmed_at=TUESDAY - dt.timedelta(days=43))
        title = Product.objects.get().title
    assert (ask(), ask()) == (1, 0)
    with time_machine.travel(TUESDAY, tick=False):
        deliver_outbox(now=TUESDAY)
        (letter,) = [each for each in mail.outbox if "toujours en vente?" in each.subject]
        assert f"Toujours en vente\u00a0: {title}?" in letter.body
        assert "dès le 7 décembre" in letter.body
        with portal_scope(shop.site_id):
            url = f"/encore-vrai/{links.token_of(place_of(shop), TUESDAY)}/"
        visitor = here.visitor()
        assert title in visitor.get(url).content.decode()
        assert visitor.post(url, {"reponse": "produits"}).status_code == 302
        assert "Il n’y a rien d’autre à faire" in visitor.get(url).content.decode()
    with portal_scope(shop.site_id):
        assert Product.objects.get().confirmed_at == TUESDAY


def test_no_letter_follows_once_the_shelves_are_left(shop: Merchant) -> None:
    change(shop, confirmed_at=TUESDAY)
    with portal_scope(shop.site_id):
        Product.objects.update(confirmed_at=TUESDAY - dt.timedelta(days=57))
    assert ask() == 0


def refusal_of(here: Town) -> str:
    """The letter's own link, as it stands in the letter."""
    with time_machine.travel(TUESDAY, tick=False):
        ask()
        deliver_outbox(now=TUESDAY)
    (letter,) = [each for each in mail.outbox if "encore vrai" in each.subject]
    found = letter.extra_headers["List-Unsubscribe"].strip("<>")
    return found[found.index("/", len("https://")) :]


def test_refusal_in_the_letter_ends_the_letters(shop: Merchant, here: Town, there: Town) -> None:
    url = refusal_of(here)
    visitor = here.visitor()
    assert visitor.get(url).status_code == 200
    assert not mail_refusals_of(here)  # looking is not refusing
    assert there.visitor().post(url).status_code == 404
    assert here.visitor().post(f"{url[:-2]}x/").status_code == 404
    assert not mail_refusals_of(here)
    assert visitor.post(url, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert mail_refusals_of(here)
    with portal_scope(shop.site_id):
        assert letters.weekly(place_of(shop).pk) is None
    assert ask(TUESDAY + dt.timedelta(days=7)) == 0


def mail_refusals_of(here: Town) -> bool:
    with portal_scope(here.site):
        return mail_refusals.is_refused(here.owner.email)
