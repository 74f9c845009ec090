"""A letter leaves once for each address, behind everything else, with the words it had when it began."""

import smtplib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone
from wagtail.models import Site

from directory import mail_refusals
from editorial.models import CopyState, Mailing, MailingCopy, MailingStatus, NewsletterPage
from editorial.newsletter import leaving, mailings, preferences, subscribers
from home.models import PortalSettings
from home.tenancy import unjoined
from shop import outbox
from shop.models import OutboxMessage, Variant
from tests.editorial.newsletter.conftest import FOLLOWS, confirmed, leave_all
from tests.editorial.test_stories import make_story
from tests.factories import VariantFactory, make_seller

Make = Callable[..., NewsletterPage]


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing else is due: what confirmed asked for has been sent long ago."""
    monkeypatch.setattr(subscribers, "_tell", lambda _subscriber, _now: None)


def begin(page: NewsletterPage) -> Mailing:
    """Asked for, frozen and spread; nothing has left."""
    now = timezone.now()
    mailing = mailings.schedule(page, send_at=now, by_id=None, now=now)
    mailings._move(mailing.pk, mailing.site_id, now)
    mailing.refresh_from_db()
    return mailing


def on_sale(title: str = "Tarte", price_cents: int = 1250) -> Variant:
    merchant = make_seller()
    return VariantFactory(
        product__merchant=merchant,
        product__title=title,
        price_cents=price_cents,
        units=3,
        product__status="published",
    )


def test_everybody_on_the_list_gets_it_once(in_levis: Site, make_letter: Make) -> None:
    for name in ("marie", "jean", "luc"):
        confirmed(in_levis, f"{name}@exemple.test")
    now = timezone.now()
    mailing = mailings.schedule(make_letter(), send_at=now, by_id=None, now=now)
    for _round in range(3):
        mailings.carry_on(timezone.now())
    assert sorted(letter.to[0] for letter in mail.outbox) == [
        f"{n}@exemple.test" for n in ("jean", "luc", "marie")
    ]
    mailing.refresh_from_db()
    assert (mailing.status, mailings.counts(mailing)) == (MailingStatus.SENT, {CopyState.SENT: 3})


def test_the_mail_has_what_the_law_and_mail_programs_want(in_levis: Site, make_letter: Make) -> None:
    row = confirmed(in_levis)
    begin(make_letter())
    leave_all()
    letter = mail.outbox[0]
    html = str(letter.alternatives[0][0])
    way = letter.extra_headers["List-Unsubscribe"].strip("<>")
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert way.startswith("https://localhost/infolettre/quitter/") or "/infolettre/quitter/" in way
    assert f"/{row.pk}-0." in way
    for part in (letter.body, html):
        assert "1, rue du Journal" in part
        assert way in part
    assert "<script" not in html
    assert " class=" in html
    assert ' width="1" ' not in html


def test_orders_mails_leave_first(in_levis: Site, make_letter: Make) -> None:
    confirmed(in_levis)
    begin(make_letter())
    now = timezone.now()
    outbox.put(site_id=in_levis.pk, key="order", kind="mail.shopper", now=now)
    assert leave_all(now) == 0
    assert outbox.deliver({"mail.shopper": lambda _message, _now: None}, now=timezone.now()) == 1
    assert leave_all() == 1


def test_whoever_left_in_between_is_left_out_at_that_moment(in_levis: Site, make_letter: Make) -> None:
    rows = {
        name: confirmed(in_levis, f"{name}@exemple.test")
        for name in ("part", "pause", "cote", "refus", "reste")
    }
    mailing, now = begin(make_letter()), timezone.now()
    subscribers.leave(rows["part"], now=now)
    wish = preferences.Wish(frozenset({"histoires"}), "fr-ca", preferences.until("30", now=now), frozenset())
    preferences.prefer(rows["pause"], wish, now=now)
    subscribers.set_aside(rows["cote"], "bounced", by_id=None)
    mail_refusals.refuse("refus@exemple.test")
    leave_all()
    assert [letter.to for letter in mail.outbox] == [["reste@exemple.test"]]
    assert mailings.counts(mailing) == {CopyState.LEFT_OUT: 4, CopyState.SENT: 1}


class Killed(BaseException):
    """The worker's process is gone: nothing of ours catches it."""


class DiesAfterTwo(EmailBackend):
    sent = 0

    def send_messages(self, messages: Any) -> int:
        """The mail goes; then the process dies, once."""
        number = super().send_messages(messages)
        DiesAfterTwo.sent += 1
        if DiesAfterTwo.sent == 2:
            raise Killed
        return number


@pytest.fixture
def killed_midway(in_levis: Site, make_letter: Make, settings) -> Mailing:
    """Five addresses; the worker died in the middle, and another follows when its lease has ended."""
    for number in range(5):
        confirmed(in_levis, f"m{number}@exemple.test")
    mailing = begin(make_letter())
    DiesAfterTwo.sent = 0
    settings.EMAIL_BACKEND = f"{__name__}.DiesAfterTwo"
    with pytest.raises(Killed):
        leave_all()
    return mailing


def recipients() -> list[str]:
    return sorted(letter.to[0] for letter in mail.outbox)


def test_killed_in_the_middle_nobody_gets_it_twice(killed_midway: Mailing) -> None:
    leave_all(timezone.now() + timedelta(minutes=3))
    assert recipients() == [f"m{number}@exemple.test" for number in range(5)]
    assert mailings.counts(killed_midway) == {CopyState.SENT: 4, CopyState.UNKNOWN: 1}


def test_without_the_word_before_the_mail_somebody_gets_it_twice(
    killed_midway: Mailing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: what the copy says before its mail leaves is what keeps it from leaving again."""
    unjoined(MailingCopy).filter(state=CopyState.LEAVING).update(state=CopyState.WAITING)
    leave_all(timezone.now() + timedelta(minutes=3))
    assert len(recipients()) == 6


def test_a_spreading_cut_off_goes_on_where_it_stopped(
    in_levis: Site, make_letter: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        confirmed(in_levis, f"m{number}@exemple.test")
    monkeypatch.setattr(mailings, "A_HANDFUL", 2)
    mailing = begin(make_letter())
    assert MailingCopy.objects.count() == 2
    unjoined(Mailing).update(reached=0)  # as if the worker's note of how far it came had been lost
    for _round in range(5):
        mailings.carry_on(timezone.now())
    mailing.refresh_from_db()
    assert (len(recipients()), len(set(recipients())), mailing.status) == (5, 5, MailingStatus.SENT)


def test_two_workers_at_one_copy_send_one_mail(in_levis: Site, make_letter: Make) -> None:
    confirmed(in_levis)
    begin(make_letter())
    message = OutboxMessage.objects.get(kind=leaving.KIND)
    for _worker in range(2):
        leaving.send(message, timezone.now())
    assert len(mail.outbox) == 1


class Refuses(EmailBackend):
    code = 550

    def send_messages(self, messages: Any) -> int:
        raise smtplib.SMTPRecipientsRefused({messages[0].to[0]: (self.code, b"no")})


class SaysLater(Refuses):
    code = 451


def test_an_address_that_its_server_refuses_is_counted_and_not_tried_again(
    in_levis: Site, make_letter: Make, settings
) -> None:
    confirmed(in_levis)
    mailing = begin(make_letter())
    settings.EMAIL_BACKEND = f"{__name__}.Refuses"
    assert leave_all() == 1
    assert mailings.counts(mailing) == {CopyState.REFUSED: 1}


def test_a_server_that_says_later_is_asked_later(in_levis: Site, make_letter: Make, settings) -> None:
    confirmed(in_levis)
    mailing, backend = begin(make_letter()), settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.SaysLater"
    assert leave_all() == 0
    assert mailings.counts(mailing) == {CopyState.WAITING: 1}
    settings.EMAIL_BACKEND = backend
    assert leave_all(timezone.now() + timedelta(minutes=5)) == 1
    assert mailings.counts(mailing) == {CopyState.SENT: 1}


def test_what_was_sent_is_kept_and_prices_have_their_day(in_levis: Site, make_letter: Make, client) -> None:
    variant = on_sale()
    page = make_letter(title="Tartes", slug="tartes")
    confirmed(in_levis)
    assert client.get("/infolettre/tartes/", headers={"host": "localhost"}).status_code == 404
    begin(page)
    leave_all()
    variant.price_cents = 9900
    variant.save()
    page.word = "<p>Réécrit après coup.</p>"
    page.save_revision().publish()
    html = client.get("/infolettre/tartes/", headers={"host": "localhost"}).content.decode()
    for words in (html, mail.outbox[0].body):
        assert "12,50" in words
        assert "99,00" not in words
    assert "Réécrit" not in html
    assert "Tartes" in client.get("/infolettre/", headers={"host": "localhost"}).content.decode()


def test_what_is_sold_out_when_it_is_written_is_left_out(in_levis: Site, make_letter: Make) -> None:
    kept, gone = on_sale("Tarte"), on_sale("Brioche")
    Variant.objects.filter(pk=gone.pk).update(on_hand=0)
    picks = [("product", kept.product), ("product", gone.product)]
    page = make_letter(products=picks)
    words = begin(page).words["fr-ca"]
    assert [row["title"] for row in words["products"]] == ["Tarte"]
    assert "?v=infolettre&de=n" in words["products"][0]["url"]


def test_empty_slots_take_the_week_and_do_not_repeat_the_last_letter(
    in_levis: Site, make_letter: Make
) -> None:
    on_sale("Tarte")
    first = begin(make_letter()).words["fr-ca"]
    on_sale("Brioche")
    second = begin(make_letter(title="Suite", slug="suite")).words["fr-ca"]
    assert [row["title"] for row in first["products"]] == ["Tarte"]
    assert [row["title"] for row in second["products"]] == ["Brioche"]


def test_each_reads_what_it_asked_for(in_levis: Site, make_letter: Make) -> None:
    variant = on_sale("Tarte")
    confirmed(in_levis, "toute@exemple.test")
    confirmed(in_levis, "mot@exemple.test", asked=subscribers.Asked("page", ("dossiers",)))
    confirmed(in_levis, "suit@exemple.test", purpose=FOLLOWS, merchant=variant.product.merchant)
    confirmed(in_levis, "rien@exemple.test", purpose=FOLLOWS, merchant=make_seller())
    confirmed(in_levis, "anglais@exemple.test", locale="en")
    mailing = begin(make_letter())
    leave_all()
    bodies = {letter.to[0].partition("@")[0]: letter for letter in mail.outbox}
    assert sorted(bodies) == ["anglais", "mot", "suit", "toute"]
    assert ["Tarte" in bodies[name].body for name in ("toute", "mot", "suit")] == [True, False, True]
    assert ["Un mot." in bodies[name].body for name in ("toute", "mot", "suit")] == [True, True, False]
    assert "vos commerces" in bodies["suit"].subject
    assert "/en/infolettre/quitter/" in bodies["anglais"].body
    assert mailings.counts(mailing)[CopyState.LEFT_OUT] == 1


def test_a_line_break_in_subject_or_brand_adds_no_header(in_levis: Site, make_letter: Make) -> None:
    PortalSettings.objects.update(brand="Achetons\r\nBcc: tous@exemple.test")
    confirmed(in_levis)
    begin(make_letter(subject="Bonjour\nBcc: tous@exemple.test"))
    leave_all()
    message = mail.outbox[0].message()
    assert message["Bcc"] is None
    assert mail.outbox[0].subject == "Bonjour Bcc: tous@exemple.test"


@pytest.mark.parametrize(
    ("fields", "missing"), [({"live": False}, "publiée"), ({"has_unpublished_changes": True}, "changé")]
)
def test_a_letter_that_is_not_ready_cannot_be_sent(
    in_levis: Site, make_letter: Make, fields: dict[str, bool], missing: str
) -> None:
    with pytest.raises(mailings.CannotSend, match=missing):
        begin(make_letter(**fields))


def test_without_a_postal_address_nothing_leaves(in_levis: Site, make_letter: Make) -> None:
    PortalSettings.objects.update(postal_address=" ")
    with pytest.raises(mailings.CannotSend, match="adresse postale"):
        begin(make_letter())


def test_a_letter_is_sent_once_and_may_be_stopped_before(in_levis: Site, make_letter: Make) -> None:
    confirmed(in_levis)
    page, now = make_letter(), timezone.now()
    mailing = mailings.schedule(page, send_at=now + timedelta(hours=1), by_id=None, now=now)
    assert mailings.carry_on(now) == 0
    assert mailings.stop(mailing, by_id=None, now=now) is True
    assert mailings.stop(mailing, by_id=None, now=now) is False
    begin(page)
    with pytest.raises(mailings.CannotSend, match="déjà partie"):
        mailings.schedule(page, send_at=now, by_id=None, now=now)


def test_stopped_on_its_way_the_rest_does_not_leave(in_levis: Site, make_letter: Make) -> None:
    confirmed(in_levis)
    mailing = begin(make_letter())
    mailings.stop(mailing, by_id=None, now=timezone.now())
    leave_all()
    assert mail.outbox == []
    assert mailings.counts(mailing) == {CopyState.LEFT_OUT: 1}


def test_writing_asks_as_much_of_the_database_however_many_rows(
    in_levis: Site, make_letter: Make, django_assert_max_num_queries
) -> None:
    from editorial.newsletter import composing

    page = make_letter()
    for number in range(4):
        on_sale(f"Tarte {number}")
        make_story(in_levis, slug=f"histoire-{number}")
    with django_assert_max_num_queries(24):
        composing.compose(page, now=timezone.now())


def test_letter_does_not_stand_where_the_thanks_do(make_letter: Make) -> None:
    with pytest.raises(ValidationError, match="Cette adresse sert déjà") as refusal:
        make_letter(title="Merci", slug="merci")
    assert list(refusal.value.message_dict) == ["slug"]
