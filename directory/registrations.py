"""The only writer of registrations: a merchant's way in, from an adviser's invitation or from the first question.

Each answer is kept at once, under the row's lock, beside what another device has kept: none overwrites another's.
The letter and the link of an invitation are made a floor above (``portal.joining.letters``).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from wagtail.models import Site

from directory import departures, mail_refusals, questions, timetable
from directory.claims import AlreadyClaimed
from directory.enums import RegistrationStatus
from directory.models import Category, Merchant, Registration, Sector
from directory.questions import Question
from home import audit, links
from home.tenancy import unjoined

LINK = "registration"
"""The purpose of a registration's sealed links (``home.links``)."""
INVITATION_LASTS = timedelta(days=60)
LINK_LASTS = timedelta(days=14)
"""Of the link by which somebody goes on elsewhere; it is good once."""


class AlreadyInvited(Exception):
    """An invitation to this page, or to this address for it, can still be answered."""


class MailRefused(Exception):
    """The address, or the merchant, asked for no more letters."""


# ------------------------------------------------------------------------------------------------ invitations


@transaction.atomic
def invite(
    site: Site, *, merchant: Merchant | None, email: str, answers: Mapping[str, Any], by: Any, now: datetime
) -> Registration:
    """A registration that waits for somebody to take its link up; the link is the Chamber's word for its merchant.

    ``merchant`` None: a shop that is not listed yet. ``email`` may be empty: its link is then given by hand, as a QR
    code. ``answers`` (``directory.questions``) go before what the public page says. Raises AlreadyClaimed,
    AlreadyInvited, MailRefused; nothing is sent here.
    """
    email = email.strip().lower()
    if merchant is not None:
        merchant = _unclaimed(merchant)
    if email and mail_refusals.is_refused(email):
        raise MailRefused
    _forget_expired(merchant, email, now)
    if merchant is not None and invitation_to(merchant, now=now) is not None:
        raise AlreadyInvited
    known = {**(known_of(merchant) if merchant else {}), **questions.prefilled(answers)}
    try:
        with transaction.atomic():
            row: Registration = Registration.objects.create(
                site=site, merchant=merchant, email=email, status=RegistrationStatus.INVITED, answers=known,
                step=questions.next_question(known) or "", invited_by=by, invited_at=now,
                expires_at=now + INVITATION_LASTS,
            )  # fmt: skip
    except IntegrityError as error:
        raise AlreadyInvited from error
    note("registration.invite", row, by)
    return row


def _unclaimed(merchant: Merchant) -> Merchant:
    """The row as it stands, held. Raises AlreadyClaimed, and MailRefused where it asked to be left alone."""
    held: Merchant = Merchant.objects.select_for_update(of=("self",)).get(pk=merchant.pk)
    if held.is_hidden:
        raise MailRefused
    if held.is_claimed or departures.holds_back(held, None):
        raise AlreadyClaimed
    return held


def _forget_expired(merchant: Merchant | None, email: str, now: datetime) -> None:
    """An invitation that nobody can answer any more stands in no new one's way."""
    old = unjoined(Registration).filter(status=RegistrationStatus.INVITED, expires_at__lte=now)
    same = Q(merchant=merchant) if merchant else Q(merchant=None, email__iexact=email)
    site_rows = Registration.objects.values("pk")
    old.filter(same, pk__in=site_rows).update(status=RegistrationStatus.WITHDRAWN)


def invitation_to(merchant: Merchant, *, now: datetime) -> Registration | None:
    """The invitation to this merchant that can still be answered."""
    rows = Registration.objects.filter(
        merchant=merchant, status=RegistrationStatus.INVITED, expires_at__gt=now
    )
    row: Registration | None = rows.order_by("-pk").first()
    return row


@transaction.atomic
def revoke(row: Registration, *, by: Any, now: datetime) -> bool:
    """Its links open nothing any more. False when somebody took it up, or it was taken back already."""
    gone = (
        unjoined(Registration)
        .filter(pk=row.pk, status=RegistrationStatus.INVITED)
        .update(
            status=RegistrationStatus.WITHDRAWN,
            link_version=row.link_version + 1,
            decided_at=now,
            decided_by=by,
        )
    )
    if gone:
        note("registration.revoke", row, by)
    return bool(gone)


def open_of(merchant: Merchant) -> QuerySet[Registration]:
    """Those of this merchant in which something is still expected of somebody, the newest first."""
    rows: QuerySet[Registration] = Registration.objects.filter(
        merchant=merchant, status__in=RegistrationStatus.open()
    )
    return rows.order_by("-created_at", "-pk")


def known_of(merchant: Merchant) -> dict[str, Any]:
    """What the directory says of a merchant already, as answers to look at: « is this right? »."""
    page = merchant.pages.order_by("pk").first()
    return questions.prefilled(
        {
            "name": merchant.name,
            "legal_name": merchant.legal_name,
            "street_address": merchant.street_address,
            "postal_code": merchant.postal_code,
            "sector": merchant.sector_id,
            "phone": merchant.phone.as_e164 if merchant.phone else "",
            "category": merchant.category_id,
            "website_url": merchant.website_url,
            "shop_url": merchant.shop_url,
            "hours": timetable.week_facts(merchant),
            "intro": page.intro if page else "",
        }
    )


def note(action: str, row: Registration, by: Any, *, after: audit.Facts | None = None) -> None:
    audit.note(action, row, actor_id=by.pk, merchant_id=row.merchant_id, after=after)


# ------------------------------------------------------------------------------------------------ whose it is


def of_link(token: str, now: datetime) -> Registration | None:
    """The registration that a sealed link opens at this moment, in the portal in scope."""
    said = links.unseal(LINK, token)
    if said is None:
        return None
    rows = Registration.objects.select_related("site", "merchant", "user", "invited_by")
    row: Registration | None = rows.filter(pk=said.pk, link_version=said.version).first()
    return row if row is not None and _link_holds(row, now) else None


def _link_holds(row: Registration, now: datetime) -> bool:
    if row.status not in RegistrationStatus.open() or (row.expires_at and row.expires_at <= now):
        return False
    if row.merchant is None:
        return True
    is_free = not row.merchant.is_claimed or row.status != RegistrationStatus.INVITED
    return is_free and not row.merchant.is_hidden


def own(user: Any, pk: int) -> Registration | None:
    """This person's registration; None for a stranger's, an abandoned one, and one of a shop that was closed."""
    rows = Registration.objects.select_related("site", "merchant__site").filter(user=user.pk)
    row: Registration | None = rows.exclude(status=RegistrationStatus.WITHDRAWN).filter(pk=pk).first()
    return None if row is None or (row.merchant is not None and row.merchant.is_hidden) else row


def started_by(user: Any) -> QuerySet[Registration]:
    """This person's that are not finished, the latest touched first."""
    rows: QuerySet[Registration] = Registration.objects.filter(
        user=user.pk, status__in=(*RegistrationStatus.open(), RegistrationStatus.REFUSED)
    )
    hidden = Q(merchant__suspended_at__isnull=False) | Q(merchant__removed_at__isnull=False)
    return rows.exclude(hidden).order_by("-updated_at", "-pk")


@transaction.atomic
def begin(site: Site, *, user: Any, merchant: Merchant | None = None, now: datetime) -> Registration:
    """This person's open registration of that merchant, or of a new one; made where there is none."""
    waits = Registration.objects.select_for_update(of=("self",)).filter(
        merchant=merchant, status__in=(RegistrationStatus.STARTED, RegistrationStatus.WAITING)
    )
    known: Registration | None = waits.filter(Q(user=user.pk) | Q(email__iexact=user.email)).first()
    if known is not None:
        return known
    answers = {**(known_of(merchant) if merchant else {}), **_answered_before(user, merchant)}
    row: Registration = Registration.objects.create(
        site=site, merchant=merchant, user=user, email=user.email.lower(), answers=answers,
        status=RegistrationStatus.STARTED, step=questions.next_question(answers) or "", opened_at=now,
    )  # fmt: skip
    note("registration.begin", row, user)
    return row


def _answered_before(user: Any, merchant: Merchant | None) -> dict[str, Any]:
    """What this person had said of a new shop, before it was found in the directory: kept for that one."""
    rows = Registration.objects.filter(user=user.pk, merchant=None, status=RegistrationStatus.STARTED)
    before = rows.first() if merchant is not None else None
    if before is None:
        return {}
    unjoined(Registration).filter(pk=before.pk).update(status=RegistrationStatus.WITHDRAWN)
    return {key: value for key, value in before.answers.items() if key != "name"}


@transaction.atomic
def take_up(row: Registration, *, user: Any, now: datetime) -> Registration | None:
    """The invitation is this person's, and its links close. None where somebody was first, or it no longer holds.

    What the person answered about that shop before is kept, in place of what the invitation says.
    """
    held = held_row(row.pk)
    if held.status != RegistrationStatus.INVITED or not _link_holds(held, now):
        return None
    mine = Registration.objects.filter(
        merchant=held.merchant, status=RegistrationStatus.STARTED, email__iexact=user.email
    ).exclude(pk=held.pk).first()  # fmt: skip
    if mine is not None:
        unjoined(Registration).filter(pk=mine.pk).update(status=RegistrationStatus.WITHDRAWN)
        held.answers = {**held.answers, **mine.answers}
    held.user, held.email, held.status = user, user.email.lower(), RegistrationStatus.STARTED
    held.opened_at, held.link_version, held.expires_at = now, held.link_version + 1, None
    held.step = questions.next_question(held.answers) or ""
    held.save()
    note("registration.take_up", held, user)
    return held


def held_row(pk: int) -> Registration:
    """The row as it stands now, and nobody else's act on it until this transaction ends."""
    rows = Registration.objects.select_related("site", "merchant").select_for_update(of=("self",))
    row: Registration = rows.get(pk=pk)
    return row


@transaction.atomic
def renew_link(row: Registration, *, now: datetime) -> Registration:
    """A new link for the letter that follows; those given before open nothing any more."""
    held = held_row(row.pk)
    held.link_version, held.expires_at = held.link_version + 1, now + LINK_LASTS
    held.save(update_fields=("link_version", "expires_at"))
    return held


def use_link(row: Registration, *, now: datetime) -> bool:
    """The link closes behind its holder. False when somebody used it first, or it has run out."""
    used = unjoined(Registration).filter(pk=row.pk, link_version=row.link_version, expires_at__gt=now)
    return bool(used.update(link_version=row.link_version + 1))


# ------------------------------------------------------------------------------------------------ answers


class NotNow(Exception):
    """It was sent already, or this question is not asked yet."""


@transaction.atomic
def answer(row: Registration, question: Question, values: Mapping[str, Any]) -> Registration:
    """The answer is kept beside all others, whichever device gave them. Raises NotNow, and KeyError for a stray key."""
    held = held_row(row.pk)
    if held.status != RegistrationStatus.STARTED or not questions.can_look_at(held.answers, question):
        raise NotNow
    return _keep(held, questions.with_answer(held.answers, question, values))


@transaction.atomic
def learn(row: Registration, known: Mapping[str, Any]) -> Registration:
    """What was found elsewhere is there to be looked at, where nothing is known yet; it answers no question.

    Raises NotNow once it was sent.
    """
    held = held_row(row.pk)
    if held.status != RegistrationStatus.STARTED:
        raise NotNow
    answered = {
        key for name in held.answers.get(questions.ANSWERED, ()) for key in questions.KEYS[Question(name)]
    }
    found = {
        key: value
        for key, value in questions.prefilled(known).items()
        if key not in answered and not held.answers.get(key)
    }
    return _keep(held, {**held.answers, **found})


@transaction.atomic
def reopen_what_is_gone(row: Registration) -> Registration:
    """A category or sector that the portal has given up since is asked for again."""
    held = held_row(row.pk)
    if held.status != RegistrationStatus.STARTED:
        return held
    answers = held.answers
    for question, model in ((Question.CATEGORY, Category), (Question.SECTOR, Sector)):
        key = questions.KEYS[question][0]
        if not model.objects.filter(pk=answers.get(key) or 0).exists():
            answers = questions.asked_again(answers, question)
    return _keep(held, answers) if answers is not held.answers else held


def _keep(held: Registration, answers: dict[str, Any]) -> Registration:
    held.answers, held.tier = answers, answers.get("tier", "")
    held.step = questions.next_question(answers) or ""
    held.save(update_fields=("answers", "step", "tier", "updated_at"))
    return held


@transaction.atomic
def give_up(row: Registration, *, by: Any, now: datetime) -> bool:
    """Nothing is expected of anybody any more; the answers go. False when it was sent, or is over."""
    gone = unjoined(Registration).filter(pk=row.pk, status=RegistrationStatus.STARTED).update(
        status=RegistrationStatus.WITHDRAWN, answers={}, step="", decided_at=now, decided_by=by,
        link_version=row.link_version + 1,
    )  # fmt: skip
    if gone:
        note("registration.give_up", row, by)
    return bool(gone)
