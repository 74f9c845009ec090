"""An address is asked for by anybody, and confirmed by its own person alone: once, in words that are kept."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from wagtail.models import Site

from directory import mail_refusals
from editorial.models import Subscriber, Subscription
from editorial.newsletter import consents, preferences, subscribers
from editorial.newsletter.addresses import plain
from home.models import Consent
from home.tenancy import portal_scope, unjoined
from shop.models import OutboxMessage
from tests.editorial.newsletter.conftest import FOLLOWS, ask, confirmed, read_mail
from tests.factories import MerchantFactory
from tests.shop.conftest import at_once

MARIE = "marie@exemple.test"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Marie@Exemple.TEST ", MARIE),
        ("marie@École.test", "marie@xn--cole-9oa.test"),
        ("marie+lettre@exemple.test", "marie+lettre@exemple.test"),
    ],
)
def test_one_mailbox_is_written_in_one_way(typed: str, kept: str) -> None:
    assert plain(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "marie",
        "marie@",
        "@exemple.test",
        "marie@exemple",
        "ma rie@exemple.test",
        "marie@exemple.test\nBcc: tous@exemple.test",
        "marie@exemple.test\r\nSubject: x",
        "marie@exemple.test,jean@exemple.test",
        "Marie <marie@exemple.test>",
        "marie@exemple.test\x00",
        "a" * 250 + "@exemple.test",
        "mariè@exemple.test",
        "marie@" + "é" * 70 + ".test",
    ],
)
def test_what_is_no_address_is_none(typed: str) -> None:
    with pytest.raises(ValueError, match="No email address"):
        plain(typed)


def test_what_is_asked_for_waits_until_its_person_confirms(in_levis: Site) -> None:
    ask(in_levis)
    row = Subscriber.objects.get()
    assert (row.email, subscribers.standing(row).count(), subscribers.subscribed().count()) == (MARIE, 0, 0)
    assert Consent.objects.count() == 0
    read_mail()
    assert [letter.to for letter in mail.outbox] == [[MARIE]]
    assert "confirmez" in mail.outbox[0].subject
    assert f"/infolettre/confirmer/{row.pk}-1." in mail.outbox[0].body


def test_the_consent_keeps_words_version_purpose_when_and_how(in_levis: Site) -> None:
    confirmed(in_levis, asked=subscribers.Asked("histoire"))
    consent = Consent.objects.get()
    assert (consent.email, consent.purpose, consent.version) == (MARIE, "newsletter", consents.VERSION)
    assert consent.words == consents.words("newsletter")
    assert consent.how.startswith("histoire ")
    assert consent.how.endswith("lien confirmé")
    assert consent.withdrawn_at is None


def test_one_person_under_many_spellings_is_one_row_and_one_letter(in_levis: Site) -> None:
    for typed in (MARIE, "MARIE@exemple.test", " marie@EXEMPLE.test"):
        ask(in_levis, typed)
    assert Subscriber.objects.count() == 1
    assert OutboxMessage.objects.count() == 1


def test_a_stranger_cannot_fill_a_mailbox(in_levis: Site) -> None:
    now = timezone.now().replace(hour=16)
    for minutes in range(0, 120, 5):
        ask(in_levis, now=now + timedelta(minutes=minutes))
    assert OutboxMessage.objects.count() == subscribers.MOST_LETTERS_A_DAY


def test_nobody_changes_a_strangers_choices_by_typing_its_address(in_levis: Site) -> None:
    confirmed(in_levis)
    ask(in_levis, locale="en", asked=subscribers.Asked("page", ("produits",)))
    row = Subscriber.objects.get()
    assert (row.language, row.wants_stories, subscribers.standing(row).count()) == ("fr-ca", True, 1)


def test_who_is_on_the_list_is_told_so_in_a_letter_alone(in_levis: Site) -> None:
    row = confirmed(in_levis)
    ask(in_levis, now=timezone.now() + timedelta(minutes=11))
    read_mail(timezone.now() + timedelta(hours=1))
    assert "déjà sur la liste" in mail.outbox[-1].subject
    assert f"/infolettre/preferences/{row.pk}-1." in mail.outbox[-1].body


def test_an_address_that_refused_letters_gets_none(in_levis: Site) -> None:
    mail_refusals.refuse(MARIE)
    ask(in_levis)
    assert (Subscriber.objects.count(), OutboxMessage.objects.count()) == (0, 0)


def test_confirmed_twice_is_one_consent(in_levis: Site) -> None:
    ask(in_levis)
    row, now = Subscriber.objects.get(), timezone.now()
    keys = list(Subscription.objects.values_list("pk", flat=True))
    assert [subscribers.confirm(row, keys, now=now) for _time in range(2)] == [1, 0]
    assert Consent.objects.count() == 1


def test_what_was_not_shown_is_not_confirmed(in_levis: Site) -> None:
    ask(in_levis)
    ask(in_levis, "jean@exemple.test")
    marie, jean = Subscriber.objects.order_by("pk")
    keys = list(jean.subscriptions.values_list("pk", flat=True))
    assert subscribers.confirm(marie, keys, now=timezone.now()) == 0
    assert Consent.objects.count() == 0


def test_what_nobody_confirmed_in_a_week_cannot_be_any_more(in_levis: Site) -> None:
    ask(in_levis)
    row, later = Subscriber.objects.get(), timezone.now() + timedelta(days=7, minutes=1)
    assert subscribers.confirm(row, row.subscriptions.values_list("pk", flat=True), now=later) == 0


def confirm_at_once(site: Site) -> int:
    """Three workers post the same confirmation; returns how many consents there are."""
    ask(site)
    row = Subscriber.objects.get()
    keys = list(row.subscriptions.values_list("pk", flat=True))

    def confirm() -> int:
        with portal_scope(site):
            return subscribers.confirm(row, keys, now=timezone.now())

    at_once(site, *[confirm] * 3)
    return Consent.objects.count()


@pytest.mark.django_db(transaction=True)
def test_of_racing_confirmations_one_gives_the_consent(in_levis: Site) -> None:
    assert confirm_at_once(in_levis) == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_compare_and_swap_that_race_is_lost(
    in_levis: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: whoever looks first and writes later consents once more."""

    def look_then_write(row: Subscription, now: object) -> bool:
        return bool(unjoined(Subscription).filter(pk=row.pk).update(confirmed_at=now))

    monkeypatch.setattr(subscribers, "_is_first_to_confirm", look_then_write)
    ask(in_levis)
    row = Subscriber.objects.get()
    seen = list(subscribers.waiting(row, now=timezone.now()))
    monkeypatch.setattr(subscribers, "waiting", lambda *_args, **_now: _Seen(seen))
    for _worker in range(2):  # both have read the row before either wrote
        subscribers.confirm(row, [each.pk for each in seen], now=timezone.now())
    assert Consent.objects.count() == 2


class _Seen(list):
    def filter(self, **_condition: object) -> "_Seen":
        return self


def test_left_twice_is_left_once_with_its_consent(in_levis: Site) -> None:
    row, now = confirmed(in_levis), timezone.now()
    assert [subscribers.leave(row, now=now) for _time in range(2)] == [1, 0]
    assert Consent.objects.get().withdrawn_at is not None
    assert subscribers.subscribed().count() == 0


def test_no_link_given_before_leaving_confirms_what_is_asked_after(in_levis: Site, client: Client) -> None:
    from editorial.newsletter import links

    row = confirmed(in_levis)
    old = links.token(links.CONFIRM, row)
    subscribers.leave(row, now=timezone.now())
    ask(in_levis, now=timezone.now() + timedelta(hours=1))
    assert client.post(f"/infolettre/confirmer/{old}/", headers={"host": "localhost"}).status_code == 404
    assert subscribers.subscribed().count() == 0


def test_a_merchant_is_followed_beside_the_letter_and_left_alone(in_levis: Site) -> None:
    merchant = MerchantFactory()
    row = confirmed(in_levis)
    confirmed(in_levis, purpose=FOLLOWS, merchant=merchant)
    assert list(subscribers.followers_of(merchant)) == [row]
    wish = preferences.Wish(frozenset({"histoires"}), "en", None, frozenset())
    preferences.prefer(row, wish, now=timezone.now())
    row.refresh_from_db()
    assert (row.language, row.wants_stories, row.wants_products) == ("en", True, False)
    assert [each.purpose for each in subscribers.standing(row)] == ["newsletter"]
    assert list(subscribers.followers_of(merchant)) == []


def test_a_new_address_is_taken_once_it_is_proved(in_levis: Site) -> None:
    row, now = confirmed(in_levis), timezone.now()
    preferences.ask_new_address(row, "Marie@Ailleurs.test", now=now)
    row.refresh_from_db()
    assert row.email == MARIE
    assert OutboxMessage.objects.latest("pk").recipient == "marie@ailleurs.test"
    assert preferences.take_new_address(row, now=now) is True
    assert (row.email, row.link_version, Consent.objects.get().email) == (
        "marie@ailleurs.test",
        2,
        "marie@ailleurs.test",
    )
    assert preferences.take_new_address(row, now=now) is False
    mail.outbox.clear()
    read_mail(now)
    told = {letter.subject: letter for letter in mail.outbox if letter.to == ["marie@exemple.test"]}
    notice = told["Achetons Lévis\u00a0: l’infolettre change d’adresse"]
    assert "elle va maintenant à m…@ailleurs.test" in notice.body
    assert "/infolettre/" not in notice.body


def test_an_address_on_the_list_is_not_taken_over(in_levis: Site) -> None:
    marie = confirmed(in_levis)
    confirmed(in_levis, "jean@exemple.test")
    preferences.ask_new_address(marie, "jean@exemple.test", now=timezone.now())
    marie.refresh_from_db()
    assert preferences.take_new_address(marie, now=timezone.now()) is False
    assert Subscriber.objects.count() == 2


def test_another_portals_list_is_another_list(in_levis: Site, bellechasse: Site) -> None:
    row = confirmed(bellechasse)
    assert Subscriber.objects.count() == 0
    ask(in_levis)
    assert Subscriber.objects.get().pk != row.pk
