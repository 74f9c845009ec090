"""What follows a payment, as outbox rows: transfers and mails. One key each, so that twice is once."""

from datetime import datetime

from home.models import PortalRole, PortalSettings, PortalStaff
from shop import contracts, handover, outbox
from shop.enums import ChargeModel, RefundSource
from shop.models import Checkout, Dispute, Order, Refund, Shop, Transfer

TRANSFER = "transfer"
REFUND = "refund"
REVERSAL = "reversal"
EVIDENCE = "dispute_evidence"
MAIL_SHOPPER = "mail.order_confirmed"
MAIL_MERCHANT = "mail.merchant_order"
MAIL_SORRY = "mail.late_payment"
MAIL_REFUND = "mail.refund"
MAIL_MERCHANT_REFUND = "mail.merchant_refund"
MAIL_MERCHANT_DISPUTE = "mail.merchant_dispute"
MAIL_STAFF_DISPUTE = "mail.staff_dispute"
MAIL_STAFF_REFUND = "mail.staff_refund_failed"

MOST_CHARACTERS = 254


def after_payment(checkout: Checkout, *, now: datetime) -> None:
    """The contracts' copies, files handed over, the merchants' shares, one mail to each who is concerned."""
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
        handover.hand_over_files(order, now=now)
    _put_shopper_mail(checkout, MAIL_SHOPPER, now)


def after_late_payment(checkout: Checkout, *, now: datetime) -> None:
    """Everything was refunded; the shopper is told why."""
    _put_shopper_mail(checkout, MAIL_SORRY, now)


def after_refund(refund: Refund, *, now: datetime) -> None:
    """The shopper is told what comes back and why; the merchant too, unless it was its own act. Each once.

    A payment that came too late has a mail of its own.
    """
    if refund.source == RefundSource.LATE_PAYMENT:
        return
    order = Order.objects.select_related("merchant", "checkout").get(pk=refund.order_id)
    payload = {"refund": refund.pk, "order": order.pk}
    _put_mail(order, MAIL_REFUND, refund.pk, order.checkout.contact_email, payload, now)
    if refund.source != RefundSource.MERCHANT:
        addresses = _joined(_merchant_addresses(order))
        _put_mail(order, MAIL_MERCHANT_REFUND, refund.pk, addresses, payload, now)


def after_failed_refund(refund: Refund, *, now: datetime) -> None:
    """The bank sent a refund back: staff must reach the shopper another way."""
    order = Order.objects.get(pk=refund.order_id)
    payload = {"refund": refund.pk, "order": order.pk}
    _put_mail(order, MAIL_STAFF_REFUND, refund.pk, _joined(_staff_addresses(order.site_id)), payload, now)


def after_dispute(dispute: Dispute, *, now: datetime) -> None:
    """A payment is contested: each merchant it paid, and the portal's staff, are told once."""
    orders = list(dispute.checkout.orders.select_related("merchant").order_by("pk"))
    for order in orders:
        payload = {"dispute": dispute.pk, "order": order.pk}
        addresses = _joined(_merchant_addresses(order))
        _put_mail(order, MAIL_MERCHANT_DISPUTE, f"{dispute.pk}:{order.pk}", addresses, payload, now)
    staff = _joined(_staff_addresses(orders[0].site_id))
    payload = {"dispute": dispute.pk, "order": orders[0].pk}
    _put_mail(orders[0], MAIL_STAFF_DISPUTE, dispute.pk, staff, payload, now)


def _put_mail(
    order: Order, kind: str, what: int | str, recipient: str, payload: dict[str, int], now: datetime
) -> None:
    outbox.put(
        site_id=order.site_id,
        key=f"{kind}:{what}",
        kind=kind,
        recipient=recipient,
        payload=payload,
        now=now,
    )


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


def _staff_addresses(site_id: int) -> list[str]:
    """Who looks after the money of this portal: its managers, else the address it gives to the public."""
    managers = PortalStaff.objects.filter(site=site_id, role=PortalRole.MANAGER, user__is_active=True)
    if addresses := list(managers.order_by("pk").values_list("user__email", flat=True)):
        return addresses
    portal = PortalSettings.objects.get(site=site_id)
    return [portal.contact_email] if portal.contact_email else []
