"""The demo's letter: readers, one that left, one that is being written."""

from django.core import mail
from django.test import Client
from django.utils import timezone
from wagtail.models import Site

from editorial.models import Mailing, Subscriber
from editorial.newsletter import subscribers
from portal.demo.loading import newsletter
from shop.models import OutboxMessage


def test_the_letter_is_opened_once_and_writes_to_nobody(in_levis: Site) -> None:
    now = timezone.now()
    assert [newsletter.open_letter(in_levis, now=now) for _time in range(2)] == [12, 0]
    assert (Subscriber.objects.count(), subscribers.subscribed().count()) == (12, 11)
    assert (OutboxMessage.objects.count(), mail.outbox) == (0, [])
    assert Mailing.objects.get().copies.count() == 11
    html = Client(headers={"host": "localhost"}).get("/infolettre/").content.decode()
    assert "Ce que novembre a de bon" in html
    assert "Les premiers flocons" not in html
