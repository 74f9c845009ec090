"""The operations the sandbox plays, one module per noun. Importing this package registers them all."""

from shop.sandbox.simulated import (
    accounts,
    balance,
    banks,
    charges,
    disputes,
    happenings,
    payment_intents,
    payouts,
    refunding,
    refunds,
    schedules,
    sessions,
    transfers,
)

__all__ = [
    "accounts",
    "balance",
    "banks",
    "charges",
    "disputes",
    "happenings",
    "payment_intents",
    "payouts",
    "refunding",
    "refunds",
    "schedules",
    "sessions",
    "transfers",
]
