"""What needs a hand in the portal's money: each matter with its cause in plain French, and what may be done.

Nothing here is a state of its own: a matter is a row that stands badly, and leaves the desk once it stands well.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from home.models import AuditEntry
from shop.admin.columns import record_url
from shop.admin.events import events_of_the_portal
from shop.admin.lists import Act, act
from shop.admin.words import DISPUTE_REASON, EFFECT, REFUND_FAILURE, cause, trouble, word
from shop.enums import CheckoutStatus, DisputeStatus, RefundStatus, TransferStatus
from shop.models import (
    Checkout,
    Debt,
    Dispute,
    OutboxMessage,
    Payout,
    Refund,
    StripeEvent,
    Transfer,
)

PATIENCE = timedelta(minutes=10)
"""What the worker does within seconds is nobody's matter before that."""

MOST_SHOWN = 50
TO_ANSWER = (DisputeStatus.NEEDS_RESPONSE, DisputeStatus.WARNING_NEEDS_RESPONSE)
CLOSED_BY_HAND = "refund.closed_by_hand"


@dataclass(frozen=True, slots=True)
class Matter:
    what: str
    cause: str
    since: datetime
    url: str
    amount_cents: int | None = None
    detail: str = ""
    """What Stripe or the program said, in its own words."""
    acts: tuple[Act, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Section:
    title: Any
    matters: tuple[Matter, ...]
    count: int

    @property
    def hidden(self) -> int:
        return self.count - len(self.matters)


# --------------------------------------------------------------------------------------------------- which rows


def disputes(_now: datetime) -> QuerySet[Dispute]:
    """A direct charge's is its merchant's own to answer."""
    rows = Dispute.objects.filter(status__in=TO_ANSWER, checkout__account="")
    return rows.order_by(F("evidence_due_by").asc(nulls_last=True), "pk")


def refused_transfers(_now: datetime) -> QuerySet[Transfer]:
    """Refused by Stripe, and the merchant is still owed the money."""
    owed = Debt.objects.filter(order=OuterRef("order"), settled_at=None, amount_cents__gt=0)
    return Transfer.objects.filter(Exists(owed), status=TransferStatus.FAILED).order_by("created_at", "pk")


def debts(now: datetime) -> QuerySet[Debt]:
    """Open either way, but for the share of a transfer that was refused: that one stands under transfers."""
    refused = refused_transfers(now).order_by().values("order")
    rows = Debt.objects.filter(settled_at=None).exclude(amount_cents__gt=0, order__in=refused)
    return rows.order_by("created_at", "pk")


def failed_refunds(_now: datetime) -> QuerySet[Refund]:
    """Failed, and neither asked again since (the same amount of the same order) nor closed by hand."""
    again = Refund.objects.filter(
        order=OuterRef("order"), amount_cents=OuterRef("amount_cents"), pk__gt=OuterRef("pk")
    )
    closed = AuditEntry.objects.filter(
        action=CLOSED_BY_HAND, object_type="refund", object_id=Cast(OuterRef("pk"), TextField())
    )
    rows = Refund.objects.filter(~Exists(again), ~Exists(closed), status=RefundStatus.FAILED)
    return rows.order_by("created_at", "pk")


def failed_payouts(_now: datetime) -> QuerySet[Payout]:
    """Sent back by the merchant's bank, with no later one that went through."""
    later = Payout.objects.filter(
        shop=OuterRef("shop"), created_at__gt=OuterRef("created_at"), status__in=("paid", "in_transit")
    )
    return Payout.objects.filter(~Exists(later), status="failed").order_by("created_at", "pk")


def stuck_effects(now: datetime) -> QuerySet[OutboxMessage]:
    """Given up, failed when last tried, or due for so long that no worker can be running."""
    waiting = OutboxMessage.objects.filter(sent_at=None)
    late = Q(not_before__lt=now - PATIENCE)
    return waiting.filter(Q(given_up_at__isnull=False) | ~Q(last_error="") | late).order_by("pk")


def stuck_events(now: datetime) -> QuerySet[StripeEvent]:
    late = Q(received_at__lt=now - PATIENCE)
    rows = events_of_the_portal().filter(~Q(last_error="") | late, processed_at=None)
    return rows.defer("payload").order_by("pk")


def stuck_checkouts(now: datetime) -> QuerySet[Checkout]:
    """Open past their time, or let go although a payment of theirs succeeded."""
    overdue = Q(status=CheckoutStatus.OPEN, expires_at__lt=now - PATIENCE)
    paid = Q(
        status__in=(CheckoutStatus.CANCELED, CheckoutStatus.EXPIRED), payment_intents__status="succeeded"
    )
    return Checkout.objects.filter(overdue | paid).distinct().order_by("pk")


# ----------------------------------------------------------------------------------------------- in plain French


def of_dispute(row: Dispute, now: datetime) -> Matter:
    reason = word(DISPUTE_REASON, row.reason)
    if row.evidence:
        return _dispute(row, _("Votre réponse est écrite et part vers la banque."), ())
    return _dispute(
        row,
        _("Raison donnée à la banque\u00a0: %(reason)s. %(left)s")
        % {"reason": reason, "left": days_left(row.evidence_due_by, now)},
        (act(_("Répondre à la banque"), "answer", row, asks_first=True),),
    )


def _dispute(row: Dispute, why: str, acts: tuple[Act, ...]) -> Matter:
    title = _("%(buyer)s conteste un paiement") % {"buyer": row.checkout.contact_name}
    return Matter(title, why, row.created_at, record_url(row), row.amount_cents, acts=acts)


def days_left(due: datetime | None, now: datetime) -> str:
    """« Il reste 6 jours pour répondre. »"""
    if due is None:
        return _("La banque n’a pas dit jusqu’à quand répondre.")
    if due <= now:
        return _("Le délai pour répondre est passé.")
    days = (due - now).days
    if not days:
        return _("C’est aujourd’hui le dernier jour pour répondre.")
    return ngettext(
        "Il reste %(days)s jour pour répondre.", "Il reste %(days)s jours pour répondre.", days
    ) % {"days": days}


def of_transfer(row: Transfer, _now: datetime) -> Matter:
    debt = next(debt for debt in row.order.debts.all() if debt.settled_at is None and debt.amount_cents > 0)
    return Matter(
        _("La part de %(shop)s n’a pu lui être envoyée (%(order)s)")
        % {"shop": row.order.merchant.name, "order": row.order.number},
        _("Stripe a refusé le virement. Vérifiez avec le commerce que son compte Stripe est en règle."),
        row.created_at,
        record_url(row),
        debt.amount_cents,
        debt.reason,
        (
            act(_("Renvoyer le virement"), "send_transfer", row),
            act(_("Régler autrement"), "settle", debt, asks_first=True),
        ),
    )


def of_debt(row: Debt, _now: datetime) -> Matter:
    names = {"shop": row.merchant.name, "order": row.order.number}
    by_portal = row.amount_cents > 0
    title = (
        _("Le portail doit à %(shop)s (%(order)s)")
        if by_portal
        else _("%(shop)s doit au portail (%(order)s)")
    )
    why = cause(row.reason)
    known = why != row.reason or not why
    told = _("Depuis\u00a0: %(why)s.") % {"why": why} if known else _("Stripe n’a pas permis de le faire.")
    if not by_portal:
        told += " " + _("Sera repris sur sa prochaine vente, à moins d’être réglé avant.")
    return Matter(
        title % names,
        told,
        row.created_at,
        record_url(row),
        abs(row.amount_cents),
        "" if known else row.reason,
        (act(_("Régler à la main"), "settle", row, asks_first=True),),
    )


def of_refund(row: Refund, _now: datetime) -> Matter:
    why = word(REFUND_FAILURE, row.failure_reason)
    known = row.failure_reason in REFUND_FAILURE
    return Matter(
        _("%(buyer)s n’a pas reçu son remboursement (%(order)s)")
        % {"buyer": row.order.checkout.contact_name, "order": row.order.number},
        _("Ce qu’on en sait\u00a0: %(why)s.") % {"why": why}
        if known
        else _("Stripe a refusé le remboursement."),
        row.created_at,
        record_url(row),
        row.amount_cents,
        "" if known else row.failure_reason,
        (
            act(_("Rembourser de nouveau"), "refund_again", row),
            act(_("Rendu autrement"), "close_refund", row, asks_first=True),
        ),
    )


def of_payout(row: Payout, _now: datetime) -> Matter:
    return Matter(
        _("La banque de %(shop)s a refusé un versement") % {"shop": row.shop.merchant.name},
        _("Le commerce doit corriger son compte bancaire dans Stripe; téléphonez-lui."),
        row.created_at,
        record_url(row),
        row.amount_cents,
        row.failure_message,
    )


def of_effect(row: OutboxMessage, _now: datetime) -> Matter:
    given_up = _("Abandonné après plusieurs essais.") + " " if row.given_up_at else ""
    return Matter(
        _("Pas encore fait\u00a0: %(effect)s") % {"effect": word(EFFECT, row.kind)},
        given_up + trouble(row.last_error),
        row.created_at,
        record_url(row),
        detail=row.last_error,
        acts=(act(_("Réessayer maintenant"), "retry_effect", row, managers_only=False),),
    )


def of_event(row: StripeEvent, _now: datetime) -> Matter:
    return Matter(
        _("Un message de Stripe attend (%(type)s)") % {"type": row.type},
        trouble(row.last_error),
        row.received_at,
        record_url(row),
        detail=row.last_error,
        acts=(act(_("Traiter de nouveau"), "retry_event", row, managers_only=False),),
    )


def of_checkout(row: Checkout, _now: datetime) -> Matter:
    overdue = row.status == CheckoutStatus.OPEN
    return Matter(
        (
            _("Le panier de %(buyer)s n’a pu être fermé à l’heure")
            if overdue
            else _("Le paiement de %(buyer)s est arrivé après la fermeture")
        )
        % {"buyer": row.contact_name},
        (
            _("Stripe n’a pas dit s’il a été payé\u00a0: son stock reste réservé.")
            if overdue
            else _("L’argent est là, mais ni vendu ni rendu. Demandez à Stripe où en est ce paiement.")
        ),
        row.expires_at,
        record_url(row),
        row.total_cents,
        acts=(act(_("Demander à Stripe"), "ask_stripe", row, managers_only=False),),
    )


@dataclass(frozen=True, slots=True)
class Kind:
    """One sort of matter: its rows, what they need joined, and how one is told."""

    title: Any
    rows: Callable[[datetime], QuerySet[Any]]
    tell: Callable[[Any, datetime], Matter]
    joined: tuple[str, ...] = ()
    prefetched: tuple[str, ...] = ()


KINDS = (
    Kind(gettext_lazy("Contestations à répondre"), disputes, of_dispute, ("checkout",)),
    Kind(gettext_lazy("Remboursements échoués"), failed_refunds, of_refund, ("order__checkout",)),
    Kind(
        gettext_lazy("Virements refusés"),
        refused_transfers,
        of_transfer,
        ("order__merchant",),
        ("order__debts",),
    ),
    Kind(gettext_lazy("Dettes ouvertes"), debts, of_debt, ("merchant", "order")),
    Kind(gettext_lazy("Versements refusés par une banque"), failed_payouts, of_payout, ("shop__merchant",)),
    Kind(gettext_lazy("Paiements à éclaircir"), stuck_checkouts, of_checkout),
    Kind(gettext_lazy("Effets en panne"), stuck_effects, of_effect),
    Kind(gettext_lazy("Messages de Stripe en attente"), stuck_events, of_event),
)


def sections(*, now: datetime) -> list[Section]:
    """What needs a hand in the portal in scope, the most pressing first; no section is empty."""
    found = (_section(kind, now) for kind in KINDS)
    return [section for section in found if section.count]


def _section(kind: Kind, now: datetime) -> Section:
    rows = kind.rows(now)
    shown: Iterable[Any] = _joined(rows, kind)[: MOST_SHOWN + 1]
    matters = [kind.tell(row, now) for row in shown]
    count = len(matters) if len(matters) <= MOST_SHOWN else rows.count()
    return Section(kind.title, tuple(matters[:MOST_SHOWN]), count)


def _joined(rows: QuerySet[Any], kind: Kind) -> QuerySet[Any]:
    rows = rows.select_related(*kind.joined) if kind.joined else rows
    return rows.prefetch_related(*kind.prefetched) if kind.prefetched else rows


def count(*, now: datetime) -> int:
    """How many matters need a hand, in one question."""
    first, *others = (kind.rows(now).order_by().values("pk") for kind in KINDS)
    return first.union(*others, all=True).count()


def in_all(found: Iterable[Section]) -> int:
    return sum(section.count for section in found)
