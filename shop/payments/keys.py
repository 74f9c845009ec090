"""The key of an effect: its outbox row's, with what that row knows of earlier tries."""

from shop.models import OutboxMessage
from shop.payments.gateway import Key


def key_of(message: OutboxMessage) -> Key:
    return Key(message.key, is_retry=message.is_retry, broken=int(message.payload.get("broken_keys", 0)))
