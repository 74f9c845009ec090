"""The one lock of money: a checkout's row. Nobody holds it while Stripe is asked."""

from shop.models import Checkout, Order


def lock_checkout(checkout_id: int) -> Checkout:
    """Wait for the row. Must run in a transaction."""
    return Checkout.objects.select_for_update(of=("self",)).select_related("site").get(pk=checkout_id)


def lock_order(order_id: int) -> Order:
    """The order, read once its checkout's lock is held. Must run in a transaction."""
    checkout_id = Order.objects.values_list("checkout_id", flat=True).get(pk=order_id)
    lock_checkout(checkout_id)
    return Order.objects.select_related("checkout").get(pk=order_id)
