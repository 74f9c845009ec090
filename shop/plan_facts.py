"""What the shop knows of a merchant's plan, for ``directory.tiers`` (``settings.PLAN_FACTS``)."""

from directory.entitlements import IN_ORDER, LATE, Subscribed
from directory.enums import Tier
from directory.tiers import Paid
from shop.models import Shop, Subscription


def paid_of(merchant_id: int) -> Paid:
    """Of the merchant with that primary key, its portal in scope."""
    shop = Shop.objects.filter(merchant=merchant_id).first()
    row = subscription_of(merchant_id)
    return Paid(
        subscription=_told(row) if row else None,
        may_be_paid=bool(shop and (shop.can_be_paid or shop.can_charge)),
    )


def subscription_of(merchant_id: int) -> Subscription | None:
    """The one that counts: what is paid for before what is late, that before the others, the newest first."""
    rows = list(Subscription.objects.filter(merchant=merchant_id).order_by("-created_at", "-pk"))
    return min(rows, key=_rank, default=None)


def _rank(row: Subscription) -> int:
    if row.status in IN_ORDER:
        return 0
    return 1 if row.status in LATE else 3 if row.is_over else 2


def _told(row: Subscription) -> Subscribed:
    return Subscribed(
        tier=Tier(row.tier),
        status=row.status,
        until=row.current_period_end,
        is_ending=row.cancel_at is not None,
        next_try=row.next_try_at,
    )
