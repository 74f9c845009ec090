from shop.models.carts import Cart, CartItem
from shop.models.catalogue import Product, ProductPhoto, ProductTag, StockMovement, Variant
from shop.models.orders import Checkout, LineItem, Order, StatusChange
from shop.models.outbox import OutboxMessage
from shop.models.payments import CheckoutSession, Debt, PaymentIntent, Refund, StripeEvent, Transfer
from shop.models.sellers import Shop, TaxRate, TaxRegistration

__all__ = [
    "Cart",
    "CartItem",
    "Checkout",
    "CheckoutSession",
    "Debt",
    "LineItem",
    "Order",
    "OutboxMessage",
    "PaymentIntent",
    "Product",
    "ProductPhoto",
    "ProductTag",
    "Refund",
    "Shop",
    "StatusChange",
    "StockMovement",
    "StripeEvent",
    "TaxRate",
    "TaxRegistration",
    "Transfer",
    "Variant",
]
