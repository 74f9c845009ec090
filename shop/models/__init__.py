from shop.models.allowances import AllowedWord
from shop.models.carts import Cart, CartFulfillment, CartItem
from shop.models.catalogue import (
    PriceChange,
    Product,
    ProductOption,
    ProductPhoto,
    ProductTag,
    StockMovement,
    Variant,
    VariantOption,
)
from shop.models.checks import BooksCheck
from shop.models.delivery import DeliveryZone, PickupSlot, ShippingRate
from shop.models.documents import ContractCopy
from shop.models.ledger import LedgerEntry
from shop.models.orders import Checkout, LineItem, Order, StatusChange
from shop.models.outbox import OutboxMessage
from shop.models.payments import CheckoutSession, Dispute, PaymentIntent, StripeEvent
from shop.models.payouts import Debt, Payout, Reversal, Transfer
from shop.models.plans import (
    BillingCustomer,
    PlanInvoice,
    PlanPrice,
    PlanTaxRate,
    StaysFree,
    Subscription,
    SubscriptionAttempt,
)
from shop.models.promotions import Promotion
from shop.models.rates import DepositRate, TaxRate
from shop.models.refunds import Refund, RefundLine
from shop.models.sellers import AlcoholPermit, Shop, TaxRegistration

__all__ = [
    "AlcoholPermit",
    "AllowedWord",
    "BillingCustomer",
    "BooksCheck",
    "Cart",
    "CartFulfillment",
    "CartItem",
    "Checkout",
    "CheckoutSession",
    "ContractCopy",
    "Debt",
    "DeliveryZone",
    "DepositRate",
    "Dispute",
    "LedgerEntry",
    "LineItem",
    "Order",
    "OutboxMessage",
    "PaymentIntent",
    "Payout",
    "PickupSlot",
    "PlanInvoice",
    "PlanPrice",
    "PlanTaxRate",
    "PriceChange",
    "Product",
    "ProductOption",
    "ProductPhoto",
    "ProductTag",
    "Promotion",
    "Refund",
    "RefundLine",
    "Reversal",
    "ShippingRate",
    "Shop",
    "StatusChange",
    "StaysFree",
    "StockMovement",
    "StripeEvent",
    "Subscription",
    "SubscriptionAttempt",
    "TaxRate",
    "TaxRegistration",
    "Transfer",
    "Variant",
    "VariantOption",
]
