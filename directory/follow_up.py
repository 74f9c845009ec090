"""How the Chamber follows a merchant: by whom, what comes next and on which day, and what was written down of it.

The merchant sees none of it: neither the words nor, in its own list of what was done, that there are any. The audit
trail keeps that a note was written, never what it says.
"""

import datetime as dt

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import QuerySet

from directory.models import FollowUp, Merchant, Note
from home import audit
from home.models import PortalRole, PortalStaff

LONGEST_ACT = 160
LONGEST_NOTE = 4000


class NoSuchAdviser(Exception):
    """That person is no adviser of this portal."""


def of_merchant(merchant: Merchant) -> FollowUp:
    """Who follows it and what comes next; an unsaved, empty one where nobody has said."""
    known: FollowUp | None = FollowUp.objects.select_related("adviser").filter(merchant=merchant).first()
    return known or FollowUp(site_id=merchant.site_id, merchant=merchant)


def advisers() -> QuerySet[PortalStaff]:
    """The portal's advisers, each with its user, by name: whom a merchant can be given to."""
    rows: QuerySet[PortalStaff] = PortalStaff.objects.filter(
        role=PortalRole.ADVISER, user__is_active=True
    ).select_related("user")
    return rows.order_by("user__first_name", "user__last_name", "user__email", "pk")


@transaction.atomic
def assign(merchant: Merchant, adviser_id: int | None, *, by_id: int) -> bool:
    """This adviser follows it from now on; None: nobody does. False when it is so already. Raises NoSuchAdviser."""
    if adviser_id is not None and not advisers().filter(user=adviser_id).exists():
        raise NoSuchAdviser
    known = _locked(merchant)
    if known.adviser_id == adviser_id:
        return False
    before = known.adviser_id
    known.adviser = get_user_model().objects.get(pk=adviser_id) if adviser_id else None
    known.save(update_fields=["adviser"])
    _note_act("follow_up.assigned", merchant, by_id, {"adviser": before}, {"adviser": adviser_id})
    return True


@transaction.atomic
def set_next_act(merchant: Merchant, words: str, *, on: dt.date | None, by_id: int) -> bool:
    """What comes next, and on which day (None: no day); empty words: nothing. False when that is so already.

    Words are cut at LONGEST_ACT characters.
    """
    known, words = _locked(merchant), " ".join(words.split())[:LONGEST_ACT]
    on = on if words else None
    if (known.next_act, known.next_act_on) == (words, on):
        return False
    before = _act_facts(known)
    known.next_act, known.next_act_on = words, on
    known.save(update_fields=["next_act", "next_act_on"])
    _note_act("follow_up.next_act", merchant, by_id, before, _act_facts(known))
    return True


@transaction.atomic
def finish_act(merchant: Merchant, *, by_id: int) -> bool:
    """« C’est fait »: nothing comes next any more, and the trail says what was done. False when nothing was to come."""
    known = _locked(merchant)
    if not known.next_act:
        return False
    before = _act_facts(known)
    known.next_act, known.next_act_on = "", None
    known.save(update_fields=["next_act", "next_act_on"])
    _note_act("follow_up.done", merchant, by_id, before, {})
    return True


@transaction.atomic
def note(merchant: Merchant, words: str, *, by_id: int) -> Note:
    """One more note, for the portal's staff alone. Raises ValueError for one without words, or longer than allowed."""
    words = words.strip()
    if not words or len(words) > LONGEST_NOTE:
        raise ValueError("A note has between 1 and LONGEST_NOTE characters")
    written: Note = Note.objects.create(
        site_id=merchant.site_id, merchant=merchant, written_by_id=by_id, words=words
    )
    audit.note("note.written", written, actor_id=by_id, merchant_id=merchant.pk)
    return written


def _locked(merchant: Merchant) -> FollowUp:
    """Of two who change it, the second waits, and finds what the first wrote."""
    FollowUp.objects.get_or_create(merchant=merchant, defaults={"site_id": merchant.site_id})
    locked: FollowUp = FollowUp.objects.select_for_update(of=("self",)).get(merchant=merchant)
    return locked


def _act_facts(known: FollowUp) -> audit.Facts:
    return {
        "next_act": known.next_act,
        "on": known.next_act_on.isoformat() if known.next_act_on else None,
    }


def _note_act(action: str, merchant: Merchant, by_id: int, before: audit.Facts, after: audit.Facts) -> None:
    audit.note(action, merchant, actor_id=by_id, merchant_id=merchant.pk, before=before, after=after)
