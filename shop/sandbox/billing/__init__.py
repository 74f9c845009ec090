"""What Stripe calls Billing: who pays, for what, how often, and what happens when a card says no.

Importing this package registers its operations.
"""

from shop.sandbox.billing import customers, prices, products, tax_rates

__all__ = ["customers", "prices", "products", "tax_rates"]
