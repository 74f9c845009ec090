"""Subscribing, confirming, choosing, leaving over HTTP: without an account, telling nobody who is on the list."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from wagtail.models import Site

from editorial.models import Subscriber, Subscription
from editorial.newsletter import links, preferences, subscribers
from home.models import Consent
from shop.models import OutboxMessage
from tests.editorial.newsletter.conftest import FOLLOWS, ask, confirmed
from tests.factories import MerchantFactory

MARIE = "marie@exemple.test"


@pytest.fixture
def visitor() -> Client:
    """Who keeps no cookie, and posts as mail programs and cached pages do: with no token."""
    return Client(headers={"host": "localhost"}, enforce_csrf_checks=True)


def address(purpose: str, row: Subscriber) -> str:
    way = {
        links.CONFIRM: "confirmer",
        links.PREFERENCES: "preferences",
        links.LEAVE: "quitter",
        links.ADDRESS: "adresse",
    }
    return f"/infolettre/{way[purpose]}/{links.token(purpose, row)}/"


def test_the_page_has_nothing_ticked_beforehand(in_levis: Site, visitor: Client) -> None:
    html = visitor.get("/infolettre/").content.decode()
    assert 'name="email"' in html
    assert "checked" not in html


def test_the_answer_is_the_same_whoever_was_known(in_levis: Site, visitor: Client) -> None:
    confirmed(in_levis)
    answers = [visitor.post("/infolettre/", {"email": email}) for email in (MARIE, "jean@exemple.test")]
    answers.append(
        visitor.post("/infolettre/", {"email": "robot@exemple.test", "site_web": "https://x.test"})
    )
    assert {(answer.status_code, answer.url, answer.content) for answer in answers} == {
        (302, "/infolettre/merci/", b"")
    }
    assert set(Subscriber.objects.values_list("email", flat=True)) == {MARIE, "jean@exemple.test"}
    assert visitor.get("/infolettre/merci/").status_code == 200


@pytest.mark.parametrize("typed", ["", "marie", "marie@exemple.test\r\nBcc: tous@exemple.test", "x" * 300])
def test_a_wrong_address_is_said_beside_the_field_and_kept(
    in_levis: Site, visitor: Client, typed: str
) -> None:
    answer = visitor.post("/infolettre/", {"email": typed, "sections": ["histoires"], "ou": "page"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "field-error" in html
    assert OutboxMessage.objects.count() == 0


def test_choices_and_place_are_kept_with_what_was_asked(in_levis: Site, visitor: Client) -> None:
    visitor.post("/infolettre/", {"email": MARIE, "sections": ["produits"], "ou": "<script>"})
    row = Subscriber.objects.get()
    assert (row.wants_stories, row.wants_products, row.subscriptions.get().asked_where) == (
        False,
        True,
        "page",
    )


def test_floods_are_stopped_beside_the_form(in_levis: Site, visitor: Client, settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"newsletter": "2/h/ip"}
    codes = [visitor.post("/infolettre/", {"email": f"m{n}@exemple.test"}).status_code for n in range(3)]
    assert codes == [302, 302, 422]
    assert Subscriber.objects.count() == 2


def test_a_mail_scanner_that_looks_confirms_nobody(in_levis: Site, visitor: Client) -> None:
    ask(in_levis)
    row = Subscriber.objects.get()
    answer = visitor.get(address(links.CONFIRM, row))
    assert "J’accepte de recevoir" in answer.content.decode()
    assert MARIE not in answer.content.decode()
    assert answer["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"]
    visitor.head(address(links.CONFIRM, row))
    assert Consent.objects.count() == 0
    visitor.post(address(links.CONFIRM, row), {"quoi": row.subscriptions.get().pk})
    again = visitor.post(address(links.CONFIRM, row), {"quoi": row.subscriptions.get().pk})
    assert (again.status_code, Consent.objects.count()) == (200, 1)
    assert "C’est déjà confirmé" in visitor.get(address(links.CONFIRM, row)).content.decode()


@pytest.mark.parametrize("said", ["", "zero", "99999999999999999999999", "-1", "²"])
def test_nonsense_confirms_nothing(in_levis: Site, visitor: Client, said: str) -> None:
    ask(in_levis)
    assert visitor.post(address(links.CONFIRM, Subscriber.objects.get()), {"quoi": said}).status_code == 200
    assert Consent.objects.count() == 0


def test_a_link_that_ran_out_says_how_to_begin_again(in_levis: Site, visitor: Client) -> None:
    ask(in_levis, now=timezone.now() - timedelta(days=8))
    answer = visitor.get(address(links.CONFIRM, Subscriber.objects.get()))
    assert answer.status_code == 410
    assert "Ce lien ne vaut plus" in answer.content.decode()


@pytest.mark.parametrize("purpose", [links.CONFIRM, links.PREFERENCES, links.LEAVE, links.ADDRESS])
def test_a_forged_or_foreign_link_is_nothing(
    in_levis: Site, bellechasse: Site, visitor: Client, purpose: str
) -> None:
    stranger, own = confirmed(bellechasse), confirmed(in_levis, "jean@exemple.test")
    good = address(purpose, own)
    other = next(each for each in links.NAMES if each != purpose)
    wrong = [
        address(purpose, stranger),
        good[:-3] + "aa/",
        good.replace(links.token(purpose, own), links.token(other, own)),
    ]
    assert [visitor.post(each).status_code for each in wrong] == [404, 404, 404]
    assert visitor.get(good).status_code in {200, 410}
    assert Subscription.objects.filter(left_at__isnull=False).count() == 0


def test_one_click_of_a_mail_program_leaves_for_good(in_levis: Site, visitor: Client) -> None:
    row = confirmed(in_levis)
    way = address(links.LEAVE, row)
    assert visitor.get(way).status_code == 200
    assert subscribers.subscribed().count() == 1
    for _time in range(2):
        assert visitor.post(way, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert (subscribers.subscribed().count(), Consent.objects.filter(withdrawn_at=None).count()) == (0, 0)


def test_the_way_out_is_open_for_sixty_days_and_longer(in_levis: Site, visitor: Client) -> None:
    way = address(links.LEAVE, confirmed(in_levis))
    with time_machine.travel(timezone.now() + timedelta(days=61)):
        assert visitor.post(way).status_code == 200
    assert subscribers.subscribed().count() == 0


def test_preferences_are_kept_and_somebody_elses_follows_are_not_touched(
    in_levis: Site, visitor: Client
) -> None:
    row = confirmed(in_levis)
    jean = confirmed(in_levis, "jean@exemple.test", purpose=FOLLOWS, merchant=MerchantFactory())
    way = address(links.PREFERENCES, row)
    assert MARIE not in visitor.get(way).content.decode()
    said = {"acte": "choix", "sections": ["histoires", "suivis"], "language": "en", "pause": "30"}
    assert visitor.post(way, said).status_code == 302
    row.refresh_from_db()
    assert (row.language, row.wants_products, bool(row.paused_until)) == ("en", False, True)
    theirs = subscribers.standing(jean).get().pk
    assert visitor.post(way, {**said, "followed": [theirs]}).status_code == 302
    assert subscribers.standing(jean).count() == 1


def test_whoever_changes_something_else_keeps_the_pause(in_levis: Site, visitor: Client) -> None:
    row = confirmed(in_levis)
    way, said = (
        address(links.PREFERENCES, row),
        {"acte": "choix", "sections": ["histoires"], "language": "fr-ca"},
    )
    visitor.post(way, {**said, "pause": "90"})
    row.refresh_from_db()
    until = row.paused_until
    assert 'value="garder"' in visitor.get(way).content.decode()
    visitor.post(way, {**said, "pause": "garder"})
    row.refresh_from_db()
    assert row.paused_until == until
    assert until is not None
    visitor.post(way, {**said, "pause": ""})
    row.refresh_from_db()
    assert row.paused_until is None


@pytest.mark.parametrize("said", [{}, {"sections": ["autre"]}, {"sections": ["histoires"], "language": "de"}])
def test_wrong_preferences_are_said_and_change_nothing(
    in_levis: Site, visitor: Client, said: dict[str, str]
) -> None:
    row = confirmed(in_levis)
    assert visitor.post(address(links.PREFERENCES, row), {"acte": "choix", **said}).status_code == 422
    row.refresh_from_db()
    assert (row.language, row.wants_products) == ("fr-ca", True)


def test_a_new_address_closes_older_preferences_and_never_the_way_out(
    in_levis: Site, visitor: Client
) -> None:
    row = confirmed(in_levis)
    old = address(links.PREFERENCES, row)
    assert visitor.post(old, {"acte": "adresse", "email": "autre@exemple.test"}).status_code == 302
    row.refresh_from_db()
    proof = address(links.ADDRESS, row)
    assert "autre@exemple.test" not in visitor.get(proof).content.decode()
    assert visitor.post(proof).status_code == 200
    row.refresh_from_db()
    assert row.email == "autre@exemple.test"
    assert visitor.get(old).status_code == 404
    assert visitor.post(proof).status_code == 410
    assert visitor.post(address(links.LEAVE, row)).status_code == 200
    assert not preferences.is_waiting(row, now=timezone.now())


def test_pages_ask_as_much_of_the_database_however_many_letters_and_follows(
    in_levis: Site, visitor: Client, django_assert_max_num_queries
) -> None:
    row = confirmed(in_levis)
    for _merchant in range(3):
        confirmed(in_levis, purpose=FOLLOWS, merchant=MerchantFactory())
    for path in ("/infolettre/", address(links.PREFERENCES, row)):
        with django_assert_max_num_queries(15):
            assert visitor.get(path).status_code == 200
