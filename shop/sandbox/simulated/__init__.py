"""The operations the sandbox plays, one module per noun. Importing this package registers them all."""

from shop.sandbox.simulated import (
    account_links,
    accounts,
    accounts_v1,
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
    "account_links",
    "accounts",
    "accounts_v1",
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
