"""What needs a hand, told in plain French: its cause, since when, and what may be done."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shop.admin.columns import record_url
from shop.admin.lists import Act, act
from shop.admin.words import DISPUTE_REASON, EFFECT, REFUND_FAILURE, cause, trouble, word
from shop.enums import CheckoutStatus
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
