"""Our transfers against Stripe's: what Stripe sent that we do not know of is noted, what differs is named."""

from datetime import datetime

from home.tenancy import across_portals, portal_scope
from shop.enums import TransferStatus
from shop.models import OutboxMessage, Transfer
from shop.payments import readings, transfers
from shop.payments.effects import REVERSAL
from shop.payments.readings import TransferState

OUR_KEY = "tr:"


def compare_transfers(*, since: datetime, now: datetime) -> tuple[int, list[str]]:
    """Transfers created since then: how many rows were brought up to date, and what differs. Raises GatewayError."""
    states = {state.transfer_id: state for state in readings.transfers_since(since)}
    with across_portals():
        sent = Transfer.objects.filter(status=TransferStatus.SENT).select_related("order")
        known = {str(row.transfer_id): row for row in sent.filter(transfer_id__in=states)}
        lost = sent.filter(sent_at__gte=since).exclude(transfer_id__in=states)
        differences = [
            difference
            for transfer_id, row in known.items()
            if (difference := _difference(row, states[transfer_id]))
        ]
        # One that is older for Stripe than for us is not lost: it is asked for by its name.
        differences += [difference for row in lost if (difference := _difference(row, _ask(row)))]
    strangers = [state for name, state in states.items() if name not in known]
    return sum(_adopt(state, now) for state in strangers), sorted(differences)


def _ask(row: Transfer) -> TransferState:
    return readings.transfer(str(row.transfer_id))


def _difference(row: Transfer, state: TransferState) -> str:
    """In words; "" when they agree, or while a reversal of it is on its way."""
    ours = (row.amount_cents, row.reversed_cents, row.destination)
    if ours == (state.amount_cents, state.reversed_cents, state.destination) or _is_moving(row):
        return ""
    told = f"{state.amount_cents} − {state.reversed_cents} to {state.destination}"
    return f"transfer {row.transfer_id} of {row.order}: Stripe says {told}"


def _is_moving(row: Transfer) -> bool:
    return OutboxMessage.objects.filter(kind=REVERSAL, payload__order=row.order_id, sent_at=None).exists()


def _adopt(state: TransferState, now: datetime) -> bool:
    """Sent under our key by a worker that died before it noted it, and given up since: now it is noted."""
    if not state.key.startswith(OUR_KEY):
        return False
    with across_portals():
        message = OutboxMessage.objects.filter(key=state.key, sent_at__isnull=False).first()
        row = (
            Transfer.objects.filter(order=message.payload["order"]).select_related("order").first()
            if message
            else None
        )
    if row is None or row.transfer_id or row.amount_cents != state.amount_cents:
        return False
    with portal_scope(row.order.site_id):
        return transfers.note_sent(row, state.transfer_id, now=now)
