"""The key of an effect: its outbox row's, with what that row knows of earlier tries."""

from dataclasses import dataclass

from shop.models import OutboxMessage


@dataclass(frozen=True, slots=True)
class Key:
    """What makes a write happen once: a name made from our own row, and what is known of earlier attempts.

    ``is_retry``: tried before, so that it may have happened although nobody noted it. ``broken``: so many of its
    names hold a stored error of Stripe's, which it would only say again.
    """

    name: str
    is_retry: bool = False
    broken: int = 0

    def numbered(self, number: int) -> str:
        return f"{self.name}:{number}" if number else self.name


def key_of(message: OutboxMessage) -> Key:
    return Key(message.key, is_retry=message.is_retry, broken=int(message.payload.get("broken_keys", 0)))
