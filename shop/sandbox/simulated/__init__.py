"""The operations the sandbox plays, one module per noun. Importing this package registers them all."""

from shop.sandbox.simulated import (
    accounts,
    balance,
    charges,
    disputes,
    happenings,
    payment_intents,
    refunding,
    refunds,
    sessions,
    transfers,
)

__all__ = [
    "accounts",
    "balance",
    "charges",
    "disputes",
    "happenings",
    "payment_intents",
    "refunding",
    "refunds",
    "sessions",
    "transfers",
]
