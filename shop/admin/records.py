"""What is shown of each kind of money record, by column: the lists and the tables inside a record say it alike."""

from django.utils.translation import gettext_lazy as _

from shop.admin.columns import STATE, amount, choice, column, itself, link, moment, status, tag, text, when
from shop.admin.words import (
    DISPUTE_REASON,
    EFFECT,
    INVOICE_STATUS,
    PAYMENT_STATUS,
    PAYOUT_STATUS,
    REFUND_FAILURE,
    SUBSCRIPTION_STATUS,
    cause,
    word,
)
from shop.enums import CheckoutStatus, OrderStatus
from shop.models import (
    Checkout,
    CheckoutSession,
    Debt,
    Dispute,
    LedgerEntry,
    LineItem,
    Order,
    OutboxMessage,
    PaymentIntent,
    Payout,
    PlanInvoice,
    Refund,
    RefundLine,
    Reversal,
    StatusChange,
    StripeEvent,
    Subscription,
    Transfer,
)
from shop.slots import slot_sentence

STATUS_WORDS = {**dict(CheckoutStatus.choices), **dict(OrderStatus.choices)}


def _address(row: Order) -> str:
    parts = ("name", "street_address", "city", "province", "postal_code")
    return ", ".join(filter(None, (row.delivery_address.get(part, "") for part in parts)))


def _pickup(row: Order) -> str:
    """Its slot, or from when; that its slot was lost, and another is to be agreed on."""
    if row.slot_lost:
        return str(_("créneau à convenir"))
    return slot_sentence(row.slot.starts_at, row.slot.ends_at) if row.slot else when(row.pickup_from)


def _move(row: StatusChange) -> str:
    return tag(row.to_status, str(STATUS_WORDS.get(row.to_status, row.to_status)))


def _who_owes(row: Debt) -> str:
    """The sign of the amount, in words."""
    return str(_("le portail doit au commerce") if row.amount_cents > 0 else _("le commerce doit au portail"))


def _debt_state(row: Debt) -> str:
    return tag("settled", str(_("réglée"))) if row.settled_at else tag("due", str(_("ouverte")))


def _payout_state(row: Payout) -> str:
    tone = "payment_failed" if row.status == "failed" else row.status
    return tag(tone, word(PAYOUT_STATUS, row.status))


def _event_state(row: StripeEvent) -> str:
    return tag("done", str(_("traité"))) if row.processed_at else _waits_or_failed(row)


def _effect_state(row: OutboxMessage) -> str:
    if row.sent_at:
        return tag("done", str(_("fait")))
    return tag("given_up", str(_("abandonné"))) if row.given_up_at else _waits_or_failed(row)


def _waits_or_failed(row: StripeEvent | OutboxMessage) -> str:
    return tag("failed", str(_("en échec"))) if row.last_error else tag("wait", str(_("en attente")))


class CheckoutColumns:
    model = Checkout
    this = itself(_("passage en caisse"))
    state = status()
    total_cad = amount("total_cents", _("total"))
    placed = moment("created_at", _("placé le"))
    paid = moment("paid_at", _("payé le"))
    payable_until = moment("expires_at", _("payable jusqu’à"))
    adult = moment("adult_declared_at", _("majorité déclarée le"))
    account_name = text("account", _("compte qui encaisse"))
    charged_by = choice("charge_model", _("encaissé"))


class OrderColumns:
    model = Order
    this = itself(_("commande"), "number")
    through = link("checkout", _("passage en caisse"))
    seller_name = text("merchant.name", _("commerce"), "merchant__name")
    buyer = text("checkout.contact_name", _("clientèle"), "checkout__contact_name")
    buyer_email = text("checkout.contact_email", _("courriel"))
    buyer_phone = text("checkout.contact_phone", _("téléphone"))
    state = status()
    handing = choice("fulfillment", _("remise"))
    charged_by = choice("charge_model", _("encaissée"))
    items_cad = amount("items_cents", _("marchandises"))
    discount_cad = amount("discount_cents", _("rabais, déjà retiré"))
    delivery_cad = amount("delivery_cents", _("livraison"))
    deposit_cad = amount("deposit_cents", _("consignes"))
    gst_cad = amount("gst_cents", _("TPS"))
    qst_cad = amount("qst_cents", _("TVQ"))
    total_cad = amount("total_cents", _("total"))
    share_cad = amount("merchant_share_cents", _("part du commerce"))
    commission_cad = amount("commission_cents", _("commission"))
    portal_tax_cad = amount("portal_tax_cents", _("taxes perçues par le portail"))
    refunded_cad = amount("refunded_cents", _("remboursé"))
    placed = moment("placed_at", _("passée le"))
    paid = moment("paid_at", _("payée le"))
    promised = moment("promised_at", _("promise pour"))
    age_checked = moment("adult_checked_at", _("âge vérifié le"))

    address = column(_address, _("adresse de livraison"))
    pickup = column(_pickup, _("à prendre"))


class LineColumns:
    model = LineItem
    stock = status(_("stock"), field="state")
    unit_cad = amount("unit_price_cents", _("prix à l’unité"))
    discount_cad = amount("discount_cents", _("rabais"))
    deposit_cad = amount("unit_deposit_cents", _("consigne à l’unité"))
    amount_cad = amount("amount_cents", _("montant"))

    product = text("name", _("produit"))


class ChangeColumns:
    model = StatusChange
    happened = moment("at", _("moment"))
    why = text("cause", _("cause"), says=cause)

    move = column(_move, _("devient"))


class SessionColumns:
    model = CheckoutSession
    opened = moment("created_at", _("ouverte le"))
    closed = moment("closed_at", _("fermée le"))
    stripe = text("session_id", _("identifiant Stripe"))


class PaymentColumns:
    model = PaymentIntent
    this = itself(_("paiement"))
    through = link("checkout", _("passage en caisse"))
    state = status(says=lambda status: word(PAYMENT_STATUS, status))
    amount_cad = amount("amount_cents", _("montant"))
    refunded_cad = amount("refunded_cents", _("remboursé"))
    account_name = text("account", _("compte qui encaisse"))
    made = moment("created_at", _("reçu le"))


class DisputeColumns:
    model = Dispute
    this = itself(_("contestation"))
    through = link("checkout", _("passage en caisse"))
    state = status()
    why = text("reason", _("raison"), "reason", says=lambda reason: word(DISPUTE_REASON, reason))
    amount_cad = amount("amount_cents", _("montant"))
    received = moment("created_at", _("reçue le"))
    due = moment("evidence_due_by", _("répondre avant le"))
    answered = moment("submitted_at", _("réponse envoyée le"))
    closed = moment("closed_at", _("close le"))


class RefundColumns:
    model = Refund
    this = itself(_("remboursement"))
    of = link("order", _("commande"), "order__number")
    seller_name = text("order.merchant.name", _("commerce"), "order__merchant__name")
    state = status()
    asked_by = choice("source", _("demandé par"))
    person = text("actor", _("par"))
    items_cad = amount("items_cents", _("marchandises"))
    delivery_cad = amount("delivery_cents", _("livraison"))
    deposit_cad = amount("deposit_cents", _("consignes"))
    gst_cad = amount("gst_cents", _("TPS"))
    qst_cad = amount("qst_cents", _("TVQ"))
    amount_cad = amount("amount_cents", _("montant"))
    why = text("reason", _("raison"), says=cause)
    failed = text(
        "failure_reason", _("pourquoi il a échoué"), says=lambda reason: word(REFUND_FAILURE, reason)
    )
    asked = moment("created_at", _("demandé le"))


class RefundLineColumns:
    model = RefundLine
    items_cad = amount("items_cents", _("marchandises"))

    product = text("line.name", _("produit"))


class TransferColumns:
    model = Transfer
    this = itself(_("virement"))
    of = link("order", _("commande"), "order__number")
    seller_name = text("order.merchant.name", _("commerce"), "order__merchant__name")
    state = status()
    amount_cad = amount("amount_cents", _("montant"))
    reversed_cad = amount("reversed_cents", _("repris"))
    frozen = moment("frozen_at", _("gelé le"))
    decided = moment("created_at", _("décidé le"))
    sent = moment("sent_at", _("envoyé le"))


class ReversalColumns:
    model = Reversal
    this = itself(_("reprise"))
    of = link("transfer", _("virement"))
    order_number = link("transfer.order", _("commande"), "transfer__order__number")
    seller_name = text("transfer.order.merchant.name", _("commerce"), "transfer__order__merchant__name")
    state = status()
    why = choice("cause", _("cause"))
    refund_link = link("refund", _("remboursement"))
    dispute_link = link("dispute", _("contestation"))
    debt_link = link("debt", _("dette"))
    amount_cad = amount("amount_cents", _("montant"))
    decided = moment("created_at", _("décidée le"))


class DebtColumns:
    model = Debt
    this = itself(_("dette"))
    number = text("order.number", _("commande"), "order__number")
    why = text("reason", _("raison"), "reason", says=cause)
    settled_by = text("settled_how", _("comment"), says=cause)
    of = link("order", _("commande"), "order__number")
    seller_name = text("merchant.name", _("commerce"), "merchant__name")
    amount_cad = amount("amount_cents", _("montant"))
    since = moment("created_at", _("depuis le"))
    settled = moment("settled_at", _("réglée le"))

    who_owes = column(_who_owes, _("qui doit"))
    state = column(_debt_state, STATE, "settled_at")


class PayoutColumns:
    model = Payout
    this = itself(_("versement"))
    seller_name = text("shop.merchant.name", _("commerce"), "shop__merchant__name")
    amount_cad = amount("amount_cents", _("montant"))
    arrives = moment("arrival_date", _("arrive le"))
    made = moment("created_at", _("décidé le"))

    state = column(_payout_state, STATE, "status")


class LedgerColumns:
    model = LedgerEntry
    of = link("order", _("commande"), "order__number")
    seller_name = text("merchant.name", _("commerce"), "merchant__name")
    what = choice("kind", _("sorte"))
    on = choice("account", _("poste"))
    amount_cad = amount("amount_cents", _("montant"))
    happened = moment("at", _("moment"))


class EventColumns:
    model = StripeEvent
    received = moment("received_at", _("reçu le"))
    applied = moment("processed_at", _("traité le"))
    again = moment("not_before", _("prochain essai"))

    state = column(_event_state, STATE)


class EffectColumns:
    model = OutboxMessage
    what = text("kind", _("effet"), "kind", says=lambda kind: word(EFFECT, kind))
    decided = moment("created_at", _("décidé le"))
    done = moment("sent_at", _("fait le"))
    given_up = moment("given_up_at", _("abandonné le"))
    again = moment("not_before", _("prochain essai"))

    state = column(_effect_state, STATE)


class SubscriptionColumns:
    model = Subscription
    this = itself(_("abonnement"))
    seller_name = text("merchant.name", _("commerce"), "merchant__name")
    option = choice("tier", _("option"))
    state = status(says=lambda value: word(SUBSCRIPTION_STATUS, value))
    amount_cad = amount("amount_cents", _("par mois, avant taxes"))
    begun = moment("created_at", _("commencé le"))
    first_payment = moment("trial_end", _("premier paiement"))
    until = moment("current_period_end", _("jusqu’au"))
    again = moment("next_try_at", _("prochain essai"))
    stops = moment("cancel_at", _("prend fin le"))
    ended = moment("ended_at", _("terminé le"))


class PlanInvoiceColumns:
    model = PlanInvoice
    this = itself(_("facture"))
    of = link("subscription", _("abonnement"))
    seller_name = text("merchant.name", _("commerce"), "merchant__name")
    state = status(says=lambda value: word(INVOICE_STATUS, value))
    net_cad = amount("net_cents", _("avant taxes"))
    gst_cad = amount("gst_cents", _("TPS"))
    qst_cad = amount("qst_cents", _("TVQ"))
    total_cad = amount("total_cents", _("total"))
    paid_cad = amount("paid_cents", _("payé"))
    tries = text("attempt_count", _("essais de paiement"))
    again = moment("next_try_at", _("prochain essai"))
    issued = moment("issued_at", _("émise le"))
    period = moment("period_end", _("paie jusqu’au"))
