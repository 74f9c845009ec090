"""Stripe's test cards, and the checks a card form makes before it asks the bank."""

import re
from dataclasses import dataclass
from typing import Literal

Outcome = Literal["pays", "declined", "authenticates", "disputed"]
Refunding = Literal["succeeds", "succeeds_later", "fails_later"]


@dataclass(frozen=True)
class TestCard:
    """What the sandbox's bank does with a number."""

    __test__ = False  # not a test class, whatever pytest thinks of its name

    number: str
    outcome: Outcome
    code: str = ""
    decline_code: str | None = None
    brand: str = "visa"
    is_available_at_once: bool = False
    refunding: Refunding = "succeeds"
    can_be_kept: bool = False
    asks_every_time: bool = False

    @property
    def is_attachable(self) -> bool:
        """Whether a customer may leave it for later, although it may be declined then."""
        return self.outcome != "declined" or self.can_be_kept

    @property
    def last4(self) -> str:
        """The last four digits, the only ones that are kept."""
        return self.number[-4:]


CARDS = (
    TestCard("4242424242424242", "pays"),
    TestCard("5555555555554444", "pays", brand="mastercard"),
    TestCard("4000000000000077", "pays", is_available_at_once=True),
    TestCard("4000000000000002", "declined", "card_declined", "generic_decline"),
    TestCard("4000000000009995", "declined", "card_declined", "insufficient_funds"),
    TestCard("4000000000009987", "declined", "card_declined", "lost_card"),
    TestCard("4000000000000069", "declined", "expired_card"),
    TestCard("4000000000000127", "declined", "incorrect_cvc"),
    TestCard("4000002500003155", "authenticates"),
    TestCard("4000002760003184", "authenticates", asks_every_time=True),
    TestCard("4000000000000341", "declined", "card_declined", "generic_decline", can_be_kept=True),
    TestCard("4000000000000259", "disputed"),
    TestCard("4000000000007726", "pays", refunding="succeeds_later"),
    TestCard("4000000000005126", "pays", refunding="fails_later"),
)
BY_NUMBER = {card.number: card for card in CARDS}
MESSAGES = {
    "card_declined": "Your card was declined.",
    "insufficient_funds": "Your card has insufficient funds.",
    "expired_card": "Your card has expired.",
    "incorrect_cvc": "Your card's security code is incorrect.",
    "authentication_required": "Your card was declined. This transaction requires authentication.",
}


def card_for(number: str) -> TestCard:
    """The test card behind a number; any other number is declined, as Stripe's test mode does."""
    digits = digits_of(number)
    return BY_NUMBER.get(digits) or TestCard(digits, "declined", "card_declined", "test_mode_live_card")


def decline_message(card: TestCard) -> str:
    """Stripe's English sentence for a refusal."""
    return MESSAGES.get(card.decline_code or "", MESSAGES.get(card.code, MESSAGES["card_declined"]))


def digits_of(number: str) -> str:
    """A card number as typed, without its spaces and dashes."""
    return re.sub(r"[\s\u00a0\u202f-]", "", number)


def is_plausible_number(number: str) -> bool:
    """12 to 19 digits with a right Luhn check digit."""
    digits = digits_of(number)
    if not re.fullmatch(r"[0-9]{12,19}", digits):
        return False
    doubled = [int(digit) * (1 + at % 2) for at, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def parse_expiry(text: str) -> tuple[int, int] | None:
    """`(year, month)` from `04/29`, `4 / 2029` or `0429`; None when it is not a month."""
    match = re.fullmatch(r"\s*(\d{1,2})\s*[/-]\s*(\d{2}|\d{4})\s*|(\d{2})(\d{2})", text, re.ASCII)
    if not match:
        return None
    month, year = int(match[1] or match[3]), int(match[2] or match[4])
    return (year + 2000 if year < 100 else year, month) if 1 <= month <= 12 else None


def is_plausible_cvc(text: str) -> bool:
    """Three or four digits."""
    return bool(re.fullmatch(r"[0-9]{3,4}", text.strip()))
