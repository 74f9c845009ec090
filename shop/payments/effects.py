"""What follows a payment, as outbox rows: transfers and mails. One key each, so that twice is once."""

from datetime import datetime

from home.models import PortalSettings
from shop import contracts, outbox
from shop.enums import ChargeModel
from shop.models import Checkout, Order, Shop, Transfer

TRANSFER = "transfer"
REFUND = "refund"
REVERSAL = "reversal"
MAIL_SHOPPER = "mail.order_confirmed"
MAIL_MERCHANT = "mail.merchant_order"
MAIL_SORRY = "mail.late_payment"

MOST_CHARACTERS = 254


def after_payment(checkout: Checkout, *, now: datetime) -> None:
    """The contracts' copies, the merchants' shares, one mail to the shopper, one to each merchant."""
    for order in checkout.orders.select_related("merchant", "checkout", "slot").order_by("pk"):
        contracts.write(order, now=now)
        _put_transfer(order, now)
        outbox.put(
            site_id=order.site_id,
            key=f"mail:order:{order.pk}",
            kind=MAIL_MERCHANT,
            recipient=_joined(_merchant_addresses(order)),
            payload={"order": order.pk},
            now=now,
        )
    _put_shopper_mail(checkout, MAIL_SHOPPER, now)


def after_late_payment(checkout: Checkout, *, now: datetime) -> None:
    """Everything was refunded; the shopper is told why."""
    _put_shopper_mail(checkout, MAIL_SORRY, now)


def _put_shopper_mail(checkout: Checkout, kind: str, now: datetime) -> None:
    outbox.put(
        site_id=checkout.site_id,
        key=f"{kind}:{checkout.pk}",
        kind=kind,
        recipient=checkout.contact_email,
        payload={"checkout": checkout.pk},
        now=now,
    )


def _put_transfer(order: Order, now: datetime) -> None:
    if order.charge_model != ChargeModel.SEPARATE or not order.merchant_share_cents:
        return
    account = Shop.objects.values_list("stripe_account_id", flat=True).get(merchant=order.merchant_id)
    Transfer.objects.create(
        order=order, destination=account, amount_cents=order.merchant_share_cents, created_at=now
    )
    outbox.put(
        site_id=order.site_id, key=f"tr:{order.pk}", kind=TRANSFER, payload={"order": order.pk}, now=now
    )


def _joined(addresses: list[str]) -> str:
    """As many as the outbox's column holds, whole: a shop of twenty people must not hold up its payment."""
    text = addresses[0] if addresses else ""
    for address in addresses[1:]:
        if len(text) + len(address) + 2 <= MOST_CHARACTERS:
            text = f"{text}, {address}"
    return text


def _merchant_addresses(order: Order) -> list[str]:
    """The people of the shop, else the address on its file, else the portal's: somebody must know of the order."""
    people = order.merchant.memberships.filter(user__is_active=True).values_list("user__email", flat=True)
    if addresses := list(people.order_by("pk")):
        return addresses
    portal = PortalSettings.objects.get(site=order.site_id)
    return [address for address in (order.merchant.email, portal.contact_email) if address][:1]
