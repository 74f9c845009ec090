"""One copy leaves: the outbox's handler. Whoever left, paused or was set aside meanwhile is left out at this moment.

The outbox promises at least once; a letter to many must go at most once. So the copy says « leaving » before the mail
program is spoken to: a second try that finds it so cannot know whether the first one's mail went, and sends none.
"""

import smtplib
from collections.abc import Callable
from datetime import datetime

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend

from directory import mail_refusals
from editorial.models import CopyState, MailingCopy, MailingStatus, NewsletterPage, Subscriber
from editorial.newsletter import subscribers, writing
from home.tenancy import unjoined
from shop import outbox
from shop.models import OutboxMessage

KIND = f"{outbox.BULK}newsletter"
TRIAL = f"{outbox.BULK}newsletter_trial"
MOST_TRIES = 8
"""By a mail server that says « later »; then the copy counts as refused."""
PERMANENT = 500


def send(message: OutboxMessage, now: datetime) -> None:
    """Outbox handler. Raises OSError, and leaves the copy waiting, where the mail server surely took nothing."""
    copy = _copy(message.payload["copy"])
    if copy is None or not _waits(copy, now):
        return
    subscriber = copy.subscriber
    letter = (
        writing.for_subscriber(copy.mailing, subscriber, now=now) if _is_reader(subscriber, now) else None
    )
    if subscriber is None or letter is None:
        _note(copy, CopyState.LEFT_OUT, now, after=CopyState.WAITING)
        return
    with get_connection() as connection:  # OSError: nothing was said yet
        if _is_first_to_send(copy, now):
            _speak(copy, letter, connection, message, now)


def _copy(pk: int) -> MailingCopy | None:
    rows = MailingCopy.objects.select_related("mailing__page", "mailing__site", "subscriber")
    found: MailingCopy | None = rows.filter(pk=pk).first()
    return found


def _waits(copy: MailingCopy, now: datetime) -> bool:
    """False where there is nothing to send: it went, its sending was stopped, or a first try died on the way."""
    if copy.state == CopyState.LEAVING:
        _note(copy, CopyState.UNKNOWN, now, after=CopyState.LEAVING)
    return copy.state == CopyState.WAITING and copy.mailing.status != MailingStatus.STOPPED


def _is_reader(subscriber: Subscriber | None, now: datetime) -> bool:
    """Asked again of the database: whoever left a second ago gets nothing."""
    if subscriber is None or mail_refusals.is_refused(subscriber.email):
        return False
    rows = subscribers.may_be_written_to(subscribers.subscribed(), now=now)
    return bool(rows.filter(pk=subscriber.pk).exists())


def _is_first_to_send(copy: MailingCopy, now: datetime) -> bool:
    """Of two workers one sees its update count."""
    rows = unjoined(MailingCopy).filter(pk=copy.pk, state=CopyState.WAITING)
    return bool(rows.update(state=CopyState.LEAVING, moved_at=now))


def _speak(
    copy: MailingCopy,
    letter: writing.Written,
    connection: BaseEmailBackend,
    message: OutboxMessage,
    now: datetime,
) -> None:
    try:
        writing.mail(letter, connection).send()
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as refusal:
        _refused(copy, refusal, message, now)
        return
    _note(copy, CopyState.SENT, now)


def _refused(
    copy: MailingCopy, refusal: smtplib.SMTPException, message: OutboxMessage, now: datetime
) -> None:
    """The server spoke: it took nothing. For good, or raises to try again later."""
    if _code(refusal) >= PERMANENT or message.attempts >= MOST_TRIES:
        _note(copy, CopyState.REFUSED, now)
        return
    _note(copy, CopyState.WAITING, now)
    raise refusal


def _code(refusal: smtplib.SMTPException) -> int:
    if isinstance(refusal, smtplib.SMTPRecipientsRefused):
        return max((code for code, _words in refusal.recipients.values()), default=0)
    return int(getattr(refusal, "smtp_code", 0))


def _note(
    copy: MailingCopy, state: CopyState, now: datetime, *, after: CopyState = CopyState.LEAVING
) -> None:
    """A copy that was called lost, and whose first try ends well after all, is sent."""
    expected = {after, CopyState.UNKNOWN} if state == CopyState.SENT else {after}
    unjoined(MailingCopy).filter(pk=copy.pk, state__in=expected).update(state=state, moved_at=now)


def send_trial(message: OutboxMessage, now: datetime) -> None:
    """Outbox handler: the page as it is written now, published or not, to whoever asked for a trial."""
    page = NewsletterPage.objects.filter(pk=message.payload["page"]).first()
    if page is None:
        return
    said = message.payload
    letter = writing.draft(
        page.get_latest_revision_as_object(),
        language=said["language"],
        now=now,
        to=message.recipient,
        mark=said["mark"],
    )
    with get_connection() as connection:
        writing.mail(letter, connection).send()


HANDLERS: dict[str, Callable[[OutboxMessage, datetime], None]] = {KIND: send, TRIAL: send_trial}
