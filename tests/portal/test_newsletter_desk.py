"""The Journal's desk of its letter: editors and the manager send; the addresses are the manager's."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from wagtail.models import Site

from editorial.models import Mailing, NewsletterPage, Subscriber
from editorial.newsletter import mailings
from home.models import AuditEntry, PortalRole
from portal import staffing
from tests.editorial.newsletter.conftest import confirmed, index, leave_all, make_letter, read_mail  # noqa: F401
from tests.portal.people import person

DESK = "/admin/infolettre/"


def staff(site: Site, role: PortalRole) -> Client:
    user = person(f"{role}@exemple.test")
    staffing.grant(user, site, role)
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    return client


@pytest.fixture
def letter(make_letter) -> NewsletterPage:  # noqa: F811
    return make_letter()


@pytest.fixture
def editor(in_levis: Site) -> Client:
    return staff(in_levis, PortalRole.EDITOR)


@pytest.fixture
def manager(in_levis: Site) -> Client:
    return staff(in_levis, PortalRole.MANAGER)


def test_an_editor_sees_how_many_and_not_who(in_levis: Site, letter: NewsletterPage, editor: Client) -> None:
    row = confirmed(in_levis)
    for path in (DESK, f"{DESK}lettres/{letter.pk}/"):
        answer = editor.get(path)
        assert (answer.status_code, "marie@exemple.test" in answer.content.decode()) == (200, False)
    assert editor.get(f"{DESK}adresses/").status_code == 404
    for path in (
        "adresses/emporter/",
        f"adresses/{row.pk}/mettre-de-cote/",
        f"lettres/{letter.pk}/emporter/",
    ):
        assert editor.post(DESK + path).status_code == 404


def test_an_adviser_has_no_such_desk(in_levis: Site, letter: NewsletterPage) -> None:
    adviser = staff(in_levis, PortalRole.ADVISER)
    assert adviser.get(DESK).status_code == 404
    assert adviser.post(f"{DESK}lettres/{letter.pk}/envoyer/", {"when": "now"}).status_code == 404
    assert Mailing.objects.count() == 0


def test_a_trial_goes_to_whoever_asks_alone(in_levis: Site, letter: NewsletterPage, editor: Client) -> None:
    confirmed(in_levis)
    letter.word = "<p>Pas encore paru.</p>"
    letter.save_revision()
    editor.post(f"{DESK}lettres/{letter.pk}/essai/", {"langue": "fr-ca"})
    read_mail()
    mail.outbox.clear()
    leave_all()
    assert [each.to for each in mail.outbox] == [["editor@exemple.test"]]
    assert mail.outbox[0].subject.startswith("[Essai]")
    assert "Pas encore paru." in mail.outbox[0].body


def test_now_leaves_time_to_stop(in_levis: Site, letter: NewsletterPage, editor: Client) -> None:
    confirmed(in_levis)
    editor.post(f"{DESK}lettres/{letter.pk}/envoyer/", {"when": "now"})
    assert mailings.carry_on(timezone.now()) == 0
    editor.post(f"{DESK}lettres/{letter.pk}/arreter/")
    assert mailings.carry_on(timezone.now() + timedelta(hours=1)) == 0
    assert Mailing.objects.get().status == "stopped"
    assert AuditEntry.objects.filter(action__in=("newsletter.scheduled", "newsletter.stopped")).count() == 2


@pytest.mark.parametrize(
    "said",
    [{}, {"when": "later"}, {"when": "later", "at": "hier"}, {"when": "later", "at": "2020-01-01T08:00"}],
)
def test_an_hour_that_makes_no_sense_is_said(
    in_levis: Site, letter: NewsletterPage, editor: Client, said: dict[str, str]
) -> None:
    answer = editor.post(f"{DESK}lettres/{letter.pk}/envoyer/", said)
    assert answer.status_code == 422
    assert "staff-field__error" in answer.content.decode()
    assert Mailing.objects.count() == 0


def test_the_manager_takes_the_list_away_on_the_record(
    in_levis: Site, letter: NewsletterPage, manager: Client
) -> None:
    confirmed(in_levis, "=cmd@exemple.test")
    confirmed(in_levis)
    paused = confirmed(in_levis, "cote@exemple.test")
    manager.post(f"{DESK}adresses/{paused.pk}/mettre-de-cote/", {"pourquoi": "complained"})
    body = manager.post(f"{DESK}adresses/emporter/").content.decode()
    lines = body.splitlines()
    assert len(lines) == 3
    assert lines[1].startswith("'=cmd@exemple.test;")
    assert "/infolettre/quitter/" in lines[2]
    assert AuditEntry.objects.get(action="newsletter.exported").after == {"addresses": 2}
    assert "{{desabonnement}}" in manager.post(f"{DESK}lettres/{letter.pk}/emporter/").content.decode()
    assert manager.post(f"{DESK}adresses/{paused.pk}/mettre-de-cote/", {"pourquoi": "x"}).status_code == 404


def test_another_portals_letter_and_address_do_not_exist(
    in_levis: Site, bellechasse: Site, letter: NewsletterPage
) -> None:
    confirmed(in_levis)
    row = Subscriber.objects.get()
    user = person("ailleurs@exemple.test")
    staffing.grant(user, bellechasse, PortalRole.MANAGER)
    stranger = Client(headers={"host": "bellechasse.localhost"})
    stranger.force_login(user)
    assert stranger.get(f"{DESK}lettres/{letter.pk}/").status_code == 404
    assert stranger.post(f"{DESK}lettres/{letter.pk}/envoyer/", {"when": "now"}).status_code == 404
    assert stranger.post(f"{DESK}adresses/{row.pk}/mettre-de-cote/", {"pourquoi": "other"}).status_code == 404
    assert "marie@" not in stranger.get(f"{DESK}adresses/").content.decode()


@pytest.mark.parametrize(("mode", "words"), [("mail", "<table"), ("text", "<pre"), ("web", "letter-page")])
def test_the_letter_is_previewed_as_mail_text_and_page(
    in_levis: Site, letter: NewsletterPage, rf, mode: str, words: str
) -> None:
    answer = letter.make_preview_request(preview_mode=mode)
    answer.render() if hasattr(answer, "render") else None
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert "Un mot." in answer.content.decode()
