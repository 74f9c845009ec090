"""A letter waits in the outbox, leaves once, in both forms, and cannot be made to carry headers or markup."""

import pytest
from django.core import mail
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Site

from home.languages import ENGLISH
from home.models import PortalSettings
from shop import letters
from shop.letters import Letter
from shop.models import OutboxMessage
from shop.payments.handlers import deliver_outbox
from tests.factories import UserFactory

LETTER = Letter(
    "La Chambre propose son aide", ("Bonjour.", "Voulez-vous <b>?"), "Répondre", "http://localhost/a/"
)


def test_letter_leaves_once_in_both_forms(in_levis: Site) -> None:
    PortalSettings.objects.filter(site=in_levis).update(contact_email="allo@levis.test")
    now = timezone.now()
    assert letters.post(LETTER, to=["a@b.test"], site_id=in_levis.pk, key="aide:1", now=now) == 1
    assert letters.post(LETTER, to=["A@b.test "], site_id=in_levis.pk, key="aide:1", now=now) == 0
    deliver_outbox(now=now)
    deliver_outbox(now=now)
    sent = mail.outbox[0]
    assert len(mail.outbox) == 1
    assert (sent.to, sent.reply_to) == (["a@b.test"], ["allo@levis.test"])
    assert "Voulez-vous <b>?" in sent.body
    assert "http://localhost/a/" in sent.body
    page = sent.alternatives[0][0]
    assert "Voulez-vous &lt;b&gt;?" in page
    assert 'href="http://localhost/a/"' in page


def test_letter_goes_apart_to_each_address(in_levis: Site) -> None:
    now = timezone.now()
    letters.post(LETTER, to=["a@b.test", "c@d.test", ""], site_id=in_levis.pk, key="aide:2", now=now)
    deliver_outbox(now=now)
    assert sorted(message.to for message in mail.outbox) == [["a@b.test"], ["c@d.test"]]


def test_subject_is_one_line(in_levis: Site) -> None:
    now = timezone.now()
    two_lines = Letter("Un sujet\r\nBcc: tous@exemple.test", ("Bonjour.",))
    letters.post(two_lines, to=["a@b.test"], site_id=in_levis.pk, key="aide:3", now=now)
    deliver_outbox(now=now)
    assert mail.outbox[0].subject == "Un sujet Bcc: tous@exemple.test"
    assert OutboxMessage.objects.get().last_error == ""


def written(pk: int) -> Letter | None:
    """A writer, as LETTER_WRITERS names one: row 0 is settled."""
    lines = (f"Bonjour, n° {pk}.",)
    return (
        Letter("Votre page vous attend", lines, "Voir", "http://localhost/secret/", "http://localhost/plus/")
        if pk
        else None
    )


@pytest.fixture
def writers(settings) -> None:
    settings.LETTER_WRITERS = {"try": f"{__name__}.written"}


def test_letter_written_later_keeps_its_link_out_of_the_row(in_levis: Site, writers: None) -> None:
    now = timezone.now()
    put = [
        letters.post_later("try", 7, to="A@b.test", site_id=in_levis.pk, key="x:7", now=now) for _n in "12"
    ]
    assert put == [True, False]
    assert "secret" not in str(OutboxMessage.objects.get().payload)
    deliver_outbox(now=now)
    sent = mail.outbox[0]
    assert "http://localhost/secret/" in sent.body
    assert sent.body.count("http://localhost/plus/") == 1
    assert sent.extra_headers["List-Unsubscribe"] == "<http://localhost/plus/>"
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_letter_whose_matter_is_settled_is_not_sent(in_levis: Site, writers: None) -> None:
    now = timezone.now()
    letters.post_later("try", 0, to="a@b.test", site_id=in_levis.pk, key="x:0", now=now)
    deliver_outbox(now=now)
    assert (mail.outbox, OutboxMessage.objects.get().sent_at) == ([], now)


def test_only_a_listed_writer_is_called(in_levis: Site, writers: None) -> None:
    with pytest.raises(KeyError):
        letters.post_later("os.system", 1, to="a@b.test", site_id=in_levis.pk, key="x", now=timezone.now())


@pytest.fixture
def jane(in_levis: Site) -> str:
    """Reads English, in a portal that offers it."""
    PortalSettings.objects.filter(site=in_levis).update(offers_english=True)
    return str(UserFactory(email="jane@exemple.test", language=ENGLISH).email)


def to_confirm() -> Letter:
    return Letter(_("Oui, c’est moi"), ("Merci.",))


def test_letter_to_several_is_written_once_in_each_of_their_languages(in_levis: Site, jane: str) -> None:
    now, to = timezone.now(), ["Jane@exemple.test", "jean@exemple.test"]
    for _time in "12":
        letters.post_to_each(to_confirm, to=to, site_id=in_levis.pk, key="x:1", now=now)
    deliver_outbox(now=now)
    sent = {message.to[0]: message for message in mail.outbox}
    assert {to: message.subject for to, message in sent.items()} == {
        jane: "Yes, it’s me",
        "jean@exemple.test": "Oui, c’est moi",
    }
    assert '<html lang="en-CA">' in sent[jane].alternatives[0][0]
    assert '<html lang="fr-CA">' in sent["jean@exemple.test"].alternatives[0][0]


def test_letter_is_french_for_everybody_where_the_portal_offers_no_english(in_levis: Site, jane: str) -> None:
    PortalSettings.objects.update(offers_english=False)
    now = timezone.now()
    letters.post_to_each(to_confirm, to=[jane], site_id=in_levis.pk, key="x:1", now=now)
    deliver_outbox(now=now)
    assert mail.outbox[0].subject == "Oui, c’est moi"


def written_in_the_language_in_use(pk: int) -> Letter:
    return to_confirm()


def test_letter_written_later_is_in_its_readers_language(in_levis: Site, jane: str, settings) -> None:
    settings.LETTER_WRITERS = {"try": f"{__name__}.written_in_the_language_in_use"}
    now = timezone.now()
    for to in (jane, "jean@exemple.test"):
        letters.post_later("try", 1, to=to, site_id=in_levis.pk, key="x:2", now=now)
    deliver_outbox(now=now)
    assert sorted(message.subject for message in mail.outbox) == ["Oui, c’est moi", "Yes, it’s me"]
