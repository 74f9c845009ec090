"""What a merchant's owners are told of their plan. Each letter once, by the key of what it tells."""

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import Concatenate, NamedTuple, ParamSpec

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.entitlements import Standing
from directory.enums import Tier
from directory.models import Merchant
from directory.tiers import Move
from home.dates import date_format
from home.languages import current, in_language, speaking
from home.money import cad
from shop import letters, result_words
from shop.letters import Letter
from shop.merchant_results import Result
from shop.models import PlanInvoice, Subscription
from shop.payments.plans.brought import brought
from shop.payments.plans.making import owner_addresses
from shop.payments.sessions import portal_url
from shop.readers import by_language

NOTHING_LOST = gettext_lazy(
    "Rien n’est perdu\u00a0: vos produits sont seulement cachés, vos commandes en cours et vos remboursements "
    "continuent, votre compte de versement reste. "
    "Reprenez votre option quand vous voulez\u00a0: tout revient d’un coup."
)


STATED_BEFORE = frozenset({30, 7})
"""Days before the end at which the letter carries every figure: days 150 and 173 of six free months."""

Told = ParamSpec("Told")


class Statement(NamedTuple):
    """What a letter shows of what the page did: of when, and its lines."""

    title: str
    lines: tuple[tuple[str, str, str], ...]


def to_each_owner(
    tell: Callable[Concatenate[Merchant, Told], int],
) -> Callable[Concatenate[Merchant, Told], int]:
    """Runs once for each language that an owner reads; ``_post`` then reaches those owners alone."""

    @wraps(tell)
    def tell_each(merchant: Merchant, /, *args: Told.args, **kwargs: Told.kwargs) -> int:
        told = 0
        for language in by_language(owner_addresses(merchant), merchant.site_id):
            with speaking(language):
                told += tell(merchant, *args, **kwargs)
        return told

    return tell_each


def _post(
    merchant: Merchant,
    key: str,
    subject: str,
    *paragraphs: str,
    now: datetime,
    shows: Statement | None = None,
) -> int:
    letter = Letter(
        subject=subject,
        paragraphs=tuple(text for text in paragraphs if text),
        figures=shows.lines if shows else (),
        figures_title=shows.title if shows else "",
        button_label=_("Voir mon option"),
        button_url=portal_url(merchant.site) + in_language(f"/mon-commerce/{merchant.slug}/option/"),
    )
    owners = by_language(owner_addresses(merchant), merchant.site_id).get(current(), [])
    return letters.post(letter, to=owners, site_id=merchant.site_id, key=key, now=now)


@to_each_owner
def tell_begun(merchant: Merchant, row: Subscription, *, now: datetime) -> int:
    words = {"shop": merchant.name, "price": cad(row.amount_cents), "option": row.get_tier_display()}
    first = (
        _("Le premier paiement, de %(price)s plus les taxes, se fera le %(day)s. D’ici là, c’est gratuit.")
        if row.status == "trialing" and row.trial_end
        else _("Elle coûte %(price)s par mois, plus les taxes. Chaque facture vous attend dans vos écrans.")
    )
    return _post(
        merchant,
        f"plan_begun:{row.subscription_id}",
        _("Votre abonnement est en place"),
        _("%(shop)s garde l’option «\u00a0%(option)s\u00a0».") % words,
        first % {**words, "day": day_words(row.trial_end) if row.trial_end else ""},
        _("Vous pouvez changer d’option ou arrêter quand vous voulez, sans frais."),
        now=now,
    )


@to_each_owner
def tell_of_invoice(merchant: Merchant, row: PlanInvoice, known: PlanInvoice | None, *, now: datetime) -> int:
    """That it was paid, or that the card refused once more."""
    if row.is_paid and row.total_cents > 0 and not (known and known.is_paid):
        return _tell_paid(merchant, row, now)
    if row.status == "open" and row.attempt_count > (known.attempt_count if known else 0):
        return _tell_late(merchant, row, now)
    return 0


def _tell_paid(merchant: Merchant, row: PlanInvoice, now: datetime) -> int:
    words = {
        "net": cad(row.net_cents),
        "gst": cad(row.gst_cents),
        "qst": cad(row.qst_cents),
        "total": cad(row.total_cents),
        "number": row.number,
        "shop": merchant.name,
    }
    return _post(
        merchant,
        f"plan_paid:{row.invoice_id}",
        _("Facture %(number)s payée\u00a0: %(total)s") % words,
        _("L’option de %(shop)s est payée\u00a0: %(net)s, TPS %(gst)s, TVQ %(qst)s, total %(total)s.")
        % words,
        _("La facture, avec les numéros de taxes du portail, vous attend dans vos écrans."),
        now=now,
    )


def _tell_late(merchant: Merchant, row: PlanInvoice, now: datetime) -> int:
    words = {"total": cad(row.total_cents), "shop": merchant.name}
    again = (
        _("Votre carte sera essayée de nouveau le %s.") % day_words(row.next_try_at)
        if row.next_try_at
        else _("C’était le dernier essai\u00a0: sans paiement, votre page redevient une fiche gratuite.")
    )
    return _post(
        merchant,
        f"plan_late:{row.invoice_id}:{row.attempt_count}",
        _("Votre paiement de %(total)s n’a pas passé") % words,
        _(
            "La carte qui paie l’option de %(shop)s a été refusée. Votre boutique reste ouverte pour l’instant."
        )
        % words,
        again,
        _("Changez de carte en deux minutes depuis vos écrans, et tout continue comme avant."),
        now=now,
    )


@to_each_owner
def tell_moved(merchant: Merchant, move: Move, *, now: datetime) -> int:
    key = f"plan_{'fell' if move.is_fall else 'rose'}:{merchant.pk}:{int(now.timestamp())}"
    if move.is_fall:
        return _post(
            merchant,
            key,
            _("Votre page est maintenant une fiche gratuite"),
            *_fallen(merchant, move),
            now=now,
        )
    return _post(merchant, key, _("Votre option est de retour"), _rose(merchant, move), now=now)


def _fallen(merchant: Merchant, move: Move) -> tuple[str, str]:
    reasons = {
        Standing.NOT_SUBSCRIBED: _(
            "La période gratuite de %s est finie, et aucun forfait n’a été choisi. Rien n’est facturé."
        ),
        Standing.UNPAID: _("Le forfait de %s n’a pas pu être payé, malgré plusieurs essais."),
        Standing.ENDED: _("L’abonnement de %s a pris fin. Rien d’autre ne sera facturé."),
    }
    reason = reasons.get(move.now.standing, _("L’option de %s a changé."))
    return reason % merchant.name, str(NOTHING_LOST)


def _rose(merchant: Merchant, move: Move) -> str:
    words = {"shop": merchant.name, "option": Tier(move.now.tier).label}
    return (
        _(
            "%(shop)s retrouve l’option «\u00a0%(option)s\u00a0», avec ses produits et ses réglages comme avant."
        )
        % words
    )


@to_each_owner
def remind(merchant: Merchant, last_day: date, *, days: int, price_cents: int, now: datetime) -> int:
    """So many days, or a little less, before the free period ends: what the page did, and the three choices."""
    words = {"shop": merchant.name, "day": date_words(last_day), "price": cad(price_cents)}
    subject = (
        _("Aujourd’hui, dernier jour gratuit\u00a0: que voulez-vous garder?")
        if days == 0
        else _("Gratuit jusqu’au %(day)s\u00a0: que voulez-vous garder?") % words
    )
    found = brought(merchant, now=now)
    return _post(
        merchant,
        f"plan_reminder:{merchant.pk}:{last_day}:{days}",
        subject,
        _("La période gratuite de %(shop)s finit le %(day)s.") % words,
        brought_words(found),
        _("Garder votre option coûtera %(price)s par mois, plus les taxes. Vous pouvez aussi en changer.")
        % words,
        _(
            "Si vous ne faites rien, votre page restera comme fiche gratuite\u00a0: rien ne sera jamais facturé."
        ),
        now=now,
        shows=statement(merchant, found) if days in STATED_BEFORE else None,
    )


@to_each_owner
def remind_of_first_payment(merchant: Merchant, row: Subscription, *, days: int, now: datetime) -> int:
    """Some days before a trial ends and a card is charged for the first time."""
    if row.trial_end is None:
        return 0
    words = {"day": day_words(row.trial_end), "price": cad(row.amount_cents), "shop": merchant.name}
    found = brought(merchant, now=now)
    return _post(
        merchant,
        f"plan_first_payment:{row.subscription_id}:{days}",
        _("Premier paiement le %(day)s") % words,
        _(
            "L’option de %(shop)s coûtera %(price)s plus les taxes, à votre carte, le %(day)s puis chaque mois."
        )
        % words,
        brought_words(found),
        _("Vous pouvez changer d’option ou arrêter avant, sans frais."),
        now=now,
        shows=statement(merchant, found) if days in STATED_BEFORE else None,
    )


def brought_words(found: Result) -> str:
    """What the page did in the free period so far; "" where nothing was counted or sold."""
    return "" if found.is_empty else " ".join(result_words.sentences(found))


def statement(merchant: Merchant, found: Result) -> Statement:
    """The same, figure by figure, as the merchant's screen and the portal's report have it."""
    lines = result_words.lines(found, merchant)
    return Statement(
        _("Ce que votre page a fait, %(span)s") % {"span": result_words.span(found.period)},
        tuple((line.label, line.figure, line.difference) for line in lines),
    )


def day_words(moment: datetime) -> str:
    return date_words(timezone.localdate(moment))


def date_words(day: date) -> str:
    return date_format(day, "j F Y")
