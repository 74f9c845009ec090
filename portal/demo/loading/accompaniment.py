"""What the Chamber of Lévis has in hand: a call that was asked for, notes, a next act, and a page ready to approve."""

from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from directory import callbacks, follow_up
from directory.callbacks import Asking
from directory.models import CallbackRequest, Merchant, Note, Proposal
from portal.care import letters, proposals
from portal.models import User

ADVISER = "chambre@levis.demo.test"
CALLS = ("boutique-chez-ursule", "boutique@demo.test")
PREPARED = ("salon-chez-ti-peigne", "salon@demo.test")

NOTE = (
    "Au téléphone\u00a0: le Journal lui a demandé une autre phrase et il ne sait pas quoi écrire. Je la lui prépare, "
    "il n’aura qu’à dire oui."
)
INTRO = "La coupe, la barbe et les nouvelles du quartier, sans rendez-vous, depuis trois générations."


@transaction.atomic
def begin(town: str, *, now: datetime) -> int:
    """How many merchants it began to help now; none that it helps already."""
    if town != "levis":
        return 0
    return sum((_wait_for_a_call(now), _prepare(now)))


def _wait_for_a_call(now: datetime) -> bool:
    slug, owner = CALLS
    merchant = Merchant.objects.get(slug=slug)
    if CallbackRequest.objects.filter(merchant=merchant).exists():
        return False
    asking = Asking(
        "+14185550142", "le matin, avant 10\u00a0h", "Je voudrais vendre en ligne. Par où commencer?"
    )
    row, _is_new = callbacks.ask(merchant, asking, by_id=_person(owner).pk)
    CallbackRequest.objects.filter(pk=row.pk).update(asked_at=now - timedelta(hours=2))
    return True


def _prepare(now: datetime) -> bool:
    slug, owner = PREPARED
    merchant, adviser = Merchant.objects.get(slug=slug), _person(ADVISER)
    if Proposal.objects.filter(merchant=merchant).exists() or Note.objects.filter(merchant=merchant).exists():
        return False
    follow_up.assign(merchant, adviser.pk, by_id=adviser.pk)
    follow_up.note(merchant, NOTE, by_id=adviser.pk)
    day = timezone.localdate(now) + timedelta(days=2)
    follow_up.set_next_act(merchant, "Le rappeler s’il n’a pas répondu", on=day, by_id=adviser.pk)
    row = proposals.begin(merchant, by_id=adviser.pk)
    copy = proposals.page_with(row)
    copy.intro = INTRO
    proposals.keep_page(row, copy, by_id=adviser.pk)
    words = "Voici la phrase dont nous avons parlé."
    sent = proposals.send(row, _person(owner).pk, words=words, by_id=adviser.pk, now=now)
    letters.send_proposal(sent, now=now)
    return True


def _person(email: str) -> User:
    person: User = get_user_model().objects.get(email=email)
    return person
