"""The Journal's letter: a dozen invented readers, one letter that left, one that is being written."""

from datetime import datetime, timedelta

from django.db import transaction
from wagtail.models import Site

from editorial.models import (
    CopyState,
    Mailing,
    MailingCopy,
    MailingStatus,
    NewsletterIndexPage,
    NewsletterPage,
    Subscriber,
    Subscription,
)
from editorial.newsletter import composing, consents
from home.languages import ENGLISH, FRENCH
from home.models import ConsentPurpose

READERS = (
    "albertine", "bertrand", "clementine", "desneiges", "eudore", "florida",
    "gonzague", "hectorine", "isidore", "joachim", "kateri", "leonidas",
)  # fmt: skip
STILL_SILENT = "leonidas"
READS_ENGLISH = "kateri"
LEFT_AGO = timedelta(days=6)


@transaction.atomic
def open_letter(site: Site, *, now: datetime) -> int:
    """The index, the readers and both letters, once; returns how many readers are new."""
    if NewsletterIndexPage.objects.descendant_of(site.root_page).exists():
        return 0
    index = site.root_page.add_child(
        instance=NewsletterIndexPage(
            title="L’infolettre",
            slug="infolettre",
            intro="Une histoire d’ici, ce qui vient d’arriver en vitrine, qui ouvre. Une fois par semaine, pas plus.",
        )
    )
    readers = [_reader(site, name, now) for name in READERS]
    _sent(site, index, [row for row in readers if row.subscriptions.filter(confirmed_at__isnull=False)], now)
    index.add_child(
        instance=NewsletterPage(
            title="Les premiers flocons",
            slug="les-premiers-flocons",
            word="<p>Il a neigé sur le fleuve. La suite se remplit toute seule\u00a0: il ne manque que votre mot.</p>",
            live=False,
        )
    ).save_revision()
    return len(readers)


def _reader(site: Site, name: str, now: datetime) -> Subscriber:
    asked = now - timedelta(days=40 - 2 * READERS.index(name))
    row: Subscriber = Subscriber.objects.create(
        site=site,
        email=f"{name}@lectrices.demo.test",
        language=ENGLISH if name == READS_ENGLISH else FRENCH,
        created_at=asked,
    )
    waits = name == STILL_SILENT
    letter = Subscription.objects.create(
        subscriber=row,
        purpose=ConsentPurpose.NEWSLETTER,
        asked_where="pied",
        asked_at=now - timedelta(days=2) if waits else asked,
        confirmed_at=None if waits else asked + timedelta(minutes=4),
    )
    if not waits:
        letter.consent = consents.record(letter, row)
        letter.save()
    return row


def _sent(site: Site, index: NewsletterIndexPage, readers: list[Subscriber], now: datetime) -> None:
    page = index.add_child(
        instance=NewsletterPage(
            title="Ce que novembre a de bon",
            slug="ce-que-novembre-a-de-bon",
            word="<p>Les jours raccourcissent, les vitrines s’allument. Voici de quoi faire le tour à pied.</p>",
            word_by="La rédaction",
        )
    )
    page.save_revision().publish()
    left = now - LEFT_AGO
    mailing = Mailing.objects.create(
        site=site, page=page, subject=composing.subject_of(page), status=MailingStatus.SENT, send_at=left,
        words=composing.in_every_language(page, now=left), frozen_at=left, is_spread=True, asked_at=left,
        finished_at=left + timedelta(minutes=1), reached=readers[-1].pk,
    )  # fmt: skip
    MailingCopy.objects.bulk_create(
        MailingCopy(mailing=mailing, subscriber=row, state=CopyState.SENT, moved_at=left) for row in readers
    )
