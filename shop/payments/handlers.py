"""Which function does which effect of the outbox."""

from datetime import datetime

from shop import handover, letters, outbox
from shop.payments import disputes, effects, mails, refunds, reversals, transfers
from shop.payments.plans import parting

HANDLERS: dict[str, outbox.Handler] = {
    effects.TRANSFER: transfers.send,
    effects.REFUND: refunds.send,
    effects.REVERSAL: reversals.send,
    effects.EVIDENCE: disputes.send_evidence,
    effects.MAIL_SHOPPER: mails.send_to_shopper,
    effects.MAIL_SORRY: mails.send_to_shopper,
    effects.MAIL_MERCHANT: mails.send_to_merchant,
    effects.MAIL_REFUND: mails.send_refund,
    effects.MAIL_MERCHANT_REFUND: mails.send_merchant_refund,
    effects.MAIL_STAFF_REFUND: mails.send_failed_refund,
    effects.MAIL_MERCHANT_DISPUTE: mails.send_dispute,
    effects.MAIL_STAFF_DISPUTE: mails.send_dispute,
    handover.MAIL_READY: mails.send_ready,
    handover.MAIL_HANDED_OVER: mails.send_handed_over,
    parting.KIND: parting.send,
    letters.KIND: letters.send,
    letters.WRITTEN_LATER: letters.write_and_send,
}


def deliver_outbox(*, now: datetime) -> int:
    """Do every effect that is due; returns how many were done."""
    return outbox.deliver(HANDLERS, now=now)
