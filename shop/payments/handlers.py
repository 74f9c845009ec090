"""Which function does which effect of the outbox."""

from datetime import datetime

from shop import handover, outbox
from shop.payments import effects, mails, refunds, transfers

HANDLERS: dict[str, outbox.Handler] = {
    effects.TRANSFER: transfers.send,
    effects.REFUND: refunds.send,
    effects.REVERSAL: refunds.take_back,
    effects.MAIL_SHOPPER: mails.send_to_shopper,
    effects.MAIL_SORRY: mails.send_to_shopper,
    effects.MAIL_MERCHANT: mails.send_to_merchant,
    handover.MAIL_READY: mails.send_ready,
}


def deliver_outbox(*, now: datetime) -> int:
    """Do every effect that is due; returns how many were done."""
    return outbox.deliver(HANDLERS, now=now)
