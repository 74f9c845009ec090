"""What can go wrong in the shop, named. Views turn these into French sentences."""

from dataclasses import dataclass


class ShopError(Exception):
    """Anything the shop refuses."""


@dataclass(frozen=True)
class Shortage:
    """A variant that has fewer units left than were asked for."""

    variant_id: int
    label: str
    asked: int
    left: int


class OutOfStock(ShopError):
    """Some lines cannot be reserved; nothing was."""

    def __init__(self, shortages: list[Shortage]) -> None:
        super().__init__(f"{len(shortages)} variants are short")
        self.shortages = shortages


class StockMoved(ShopError):
    """Units were sold or received since somebody looked at the shelf; ``left`` are on it now. Nothing changed."""

    def __init__(self, left: int) -> None:
        super().__init__(f"{left} units are on the shelf")
        self.left = left


class EmptyCart(ShopError):
    """There is nothing to buy."""


class CannotSell(ShopError):
    """A line's shop is paused, its product hidden, or its kind not sold online; ``reason`` is for the shopper."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Undecided(CannotSell):
    """How a shop's part reaches its shopper is still to be chosen, or to be chosen again."""


class CannotPublish(ShopError):
    """A product lacks what the law asks before it is shown for sale; ``reasons`` are for its merchant, in French."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(f"{len(reasons)} reasons")
        self.reasons = reasons


class AdultNotDeclared(ShopError):
    """There is alcohol in this payment, and the shopper did not say to be 18 or more."""


class TotalChanged(ShopError):
    """The total differs from the one the shopper accepted."""

    def __init__(self, *, accepted_cents: int, total_cents: int) -> None:
        super().__init__(f"accepted {accepted_cents}, now {total_cents}")
        self.accepted_cents = accepted_cents
        self.total_cents = total_cents


class ForbiddenMove(ShopError):
    """A status was asked to move along an edge that does not exist."""


class GatewayError(ShopError):
    """Stripe did not do what was asked."""


class GatewayUnavailable(GatewayError):
    """No answer, or a server error: asking again with the same key is right."""


class GatewayBroke(GatewayUnavailable):
    """Stripe answered with an error of its own, or knows the key from another request: it would say so again.

    ``broken_keys``: so many names of the key hold such an answer; the next attempt begins behind them.
    """

    def __init__(self, message: str, *, broken_keys: int = 0) -> None:
        super().__init__(message)
        self.broken_keys = broken_keys


class GatewayRefused(GatewayError):
    """Stripe understood and refused: asking again will not help."""

    def __init__(self, message: str, *, code: str = "", param: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.param = param


class NotYet(ShopError):
    """An effect that must wait for something else, like a share whose payment is disputed. Nothing failed."""


class NotPayable(ShopError):
    """The checkout was paid or let go: there is no page to pay it on."""


class BadSignature(ShopError):
    """A webhook that Stripe did not sign, or signed for another time."""
