"""Whose desk is it? A stranger's shop or order is 404; what is the owner's alone is 404 to everybody else.

A desk opens to the merchant's own people, and to a Chamber adviser who helps with the owner's consent: that one sees
what a helper sees. Every act at a desk leaves its trace through ``Desk.note``, « by X for Y » where X is helping.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from directory import callbacks, departures, still_true
from directory.enums import MembershipRole
from directory.models import CallbackRequest, Departure, HelpConsent, Membership, Merchant
from home import audit
from home.models import PortalSettings
from portal.accounts.views import open_memberships
from portal.care.moments import asked
from portal.merchant_space import plan_words
from portal.merchant_space.acting import consent_in_use
from shop.enums import OrderStatus
from shop.models import Order

KEEPING = frozenset(
    {"hours", "vacation", "merchant", "page", "product", "variant", "stock", "photo", "shop", "zone", "rate"}
)
"""Acts on these are somebody keeping the page: nobody need be asked whether it is still true (``still_true``)."""


@dataclass(frozen=True, slots=True)
class Desk:
    """A merchant's screens, and who sits there. ``helping_under``: the consent under which an adviser does.

    ``call_asked_at``: since when it waits for the Chamber's call, if it does.
    """

    merchant: Merchant
    user_id: int
    role: MembershipRole
    helping_under: HelpConsent | None = None
    call_asked_at: datetime | None = None
    left_at: datetime | None = None
    """Since when the merchant is gone, while it can still come back (``portal.leaving``)."""

    @property
    def is_owner(self) -> bool:
        """Payouts, plan and people are for the owner alone."""
        return self.role == MembershipRole.OWNER

    def note(
        self, action: str, about: models.Model, *, before: audit.Facts | None = None,
        after: audit.Facts | None = None,
    ) -> None:  # fmt: skip
        """The trace of an act; call it in the act's transaction. Whoever keeps the page says that it is true."""
        audit.note(
            action,
            about,
            actor_id=self.user_id,
            merchant_id=self.merchant.pk,
            on_behalf_of_id=self.merchant.pk if self.helping_under else None,
            before=before,
            after=after,
        )
        if action.partition(".")[0] in KEEPING:
            still_true.confirm(self.merchant, now=timezone.now())


OPEN_AFTER_LEAVING = frozenset(
    {
        "home", "leaving", "leaving_undo", "take_along", "take_along_file", "payouts", "payouts_csv", "year_sheet",
        "order", "order_receipt", "order_refund", "packing_slip", "order_move", "order_undo",
    }
)  # fmt: skip
"""What a merchant that left finds for a month, by name: its account, its orders, what it takes along, the way back."""


def person_id(request: HttpRequest) -> int:
    """Primary key of who is signed in. Raises Http404 where nobody is."""
    if request.user.pk is None:
        raise Http404
    return request.user.pk


def desk_or_404(request: HttpRequest, slug: str) -> Desk:
    """The merchant's desk by its slug, if the signed-in person may sit there; a stranger's does not exist."""
    user_id = person_id(request)
    calls = CallbackRequest.objects.filter(merchant=OuterRef("merchant"), called_at=None)
    gone = Departure.objects.filter(merchant=OuterRef("merchant"), undone_at=None, closed_at=None)
    rows = Membership.objects.select_related("merchant__category", "merchant__sector").annotate(
        call_asked_at=Subquery(calls.values("asked_at")[:1]), left_at=Subquery(gone.values("left_at")[:1])
    )
    mine = rows.filter(user=user_id, merchant__slug=slug, merchant__suspended_at=None).first()
    if mine is not None:
        if mine.left_at and not _is_open_after_leaving(request):
            raise Http404
        return Desk(
            mine.merchant,
            user_id,
            MembershipRole(mine.role),
            call_asked_at=mine.call_asked_at,
            left_at=mine.left_at,
        )
    consent = consent_in_use(request)
    if consent is not None and consent.merchant.slug == slug and not departures.standing(consent.merchant):
        call = callbacks.waiting_of(consent.merchant)
        return Desk(
            consent.merchant,
            user_id,
            MembershipRole.HELPER,
            helping_under=consent,
            call_asked_at=call.asked_at if call else None,
        )
    raise Http404


def _is_open_after_leaving(request: HttpRequest) -> bool:
    found = request.resolver_match
    return found is not None and found.url_name in OPEN_AFTER_LEAVING


def owner_desk_or_404(request: HttpRequest, slug: str) -> Desk:
    """For payouts and the like: helpers and advisers do not find them."""
    desk = desk_or_404(request, slug)
    if not desk.is_owner:
        raise Http404
    return desk


def refund_desk_or_404(request: HttpRequest, slug: str) -> Desk:
    """The merchant's own people give money back; the Chamber helps without touching money."""
    desk = desk_or_404(request, slug)
    if desk.helping_under is not None:
        raise Http404
    return desk


def order_or_404(merchant: Merchant, number: str) -> Order:
    """An order of this merchant that was paid for: what nobody paid is not the merchant's concern."""
    unpaid = (OrderStatus.PENDING, OrderStatus.CANCELED)
    rows = Order.objects.filter(merchant=merchant, paid_at__isnull=False).exclude(status__in=unpaid)
    return get_object_or_404(rows.select_related("checkout", "slot"), number=number)


def desk_context(request: HttpRequest, desk: Desk, **more: Any) -> dict[str, Any]:
    """What every screen shows: the shop, the person's other shops, and a human's name and phone."""
    settings = PortalSettings.for_request(request)
    return {
        "desk": desk,
        "merchant": desk.merchant,
        "is_owner": desk.is_owner,
        "memberships": open_memberships(request.user.pk),
        "plan_notice": plan_words.notice_of(desk.merchant),
        "person": {
            "name": settings.contact_name,
            "phone": settings.contact_phone,
            "callback": _callback(desk),
        },
        **more,
    }


def _callback(desk: Desk) -> dict[str, str]:
    """« Rappelez-moi », beside the person's phone: where it is asked, and what was asked already."""
    return {
        "url": f"{reverse('care:callback')}?commerce={desk.merchant.slug}",
        "asked": asked(desk.call_asked_at) if desk.call_asked_at else "",
    }
