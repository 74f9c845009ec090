"""What Stripe calls Billing: who pays, for what, how often, and what happens when a card says no.

Importing this package registers its operations, and what happens later by itself.
"""

from shop.sandbox.billing import (
    checkout,
    collecting,
    customers,
    invoices,
    payment_methods,
    portal,
    prices,
    products,
    subscribing,
    subscriptions,
    tax_rates,
)

__all__ = [
    "checkout",
    "collecting",
    "customers",
    "invoices",
    "payment_methods",
    "portal",
    "prices",
    "products",
    "subscribing",
    "subscriptions",
    "tax_rates",
]
