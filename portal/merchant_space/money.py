"""What the portal owes a shop, how that came about, and what is on its way to the bank. The owner's alone."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import F, QuerySet, Sum, Window
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from directory.enums import Tier
from directory.models import Merchant
from portal.merchant_space.access import desk_context, owner_desk_or_404
from shop import seller_report
from shop.enums import LedgerAccount, LedgerKind
from shop.models import LedgerEntry, Payout, Shop
from shop.payments import payouts as shop_payouts

ROWS_SHOWN = 50
PAYOUTS_SHOWN = 12

WORDS = {
    LedgerKind.SALE: gettext_lazy("Votre part d’une vente"),
    LedgerKind.TRANSFER: gettext_lazy("Viré sur votre compte Stripe"),
    LedgerKind.REFUND: gettext_lazy("Votre part d’un remboursement"),
    LedgerKind.REVERSAL: gettext_lazy("Repris de votre compte Stripe"),
    LedgerKind.DISPUTE: gettext_lazy("Paiement contesté"),
    LedgerKind.ADJUSTMENT: gettext_lazy("Réglé à la main avec le portail"),
}
PAYOUT_WORDS = {
    "paid": gettext_lazy("arrivé à votre banque"),
    "pending": gettext_lazy("en préparation"),
    "in_transit": gettext_lazy("en route"),
    "canceled": gettext_lazy("annulé"),
    "failed": gettext_lazy("refusé par votre banque"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One move of what the portal owes the shop, in plain words; ``balance_cents`` is what it owed just after."""

    at: datetime
    words: str
    number: str
    amount_cents: int
    balance_cents: int


@never_cache
@login_required
@require_safe
def payouts(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    desk = owner_desk_or_404(request, merchant_slug)
    merchant = desk.merchant
    shop = Shop.objects.filter(merchant=merchant).first()
    owed_cents = _owed_cents(merchant)
    page = Paginator(account_entries(merchant), ROWS_SHOWN).get_page(request.GET.get("page"))
    context = desk_context(
        request,
        desk,
        balance=shop_payouts.balance_of(shop) if shop else None,
        owed_cents=owed_cents,
        open_cents=abs(owed_cents),
        needs_account=merchant.tier == Tier.TRANSACTIONAL
        and not (shop and (shop.can_be_paid or shop.can_charge)),
        years=seller_report.years_of(merchant),
        has_account=bool(shop and shop.stripe_account_id),
        payouts=[_told(row) for row in Payout.objects.filter(shop=shop)[:PAYOUTS_SHOWN]],
        rows=list(account_rows(page.object_list)),
        page=page,
    )
    return render(request, "portal/merchant_payouts.html", context)


@never_cache
@login_required
@require_safe
def payouts_csv(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    """The whole ledger of this shop, newest first, for its accountant."""
    desk = owner_desk_or_404(request, merchant_slug)
    merchant = desk.merchant
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{merchant.slug}-grand-livre.csv"'
    response.write("\ufeff")
    writer = csv.writer(response, delimiter=";")
    writer.writerow([_("Date"), _("Écriture"), _("Commande"), _("Montant"), _("Solde")])
    for row in account_rows(account_entries(merchant).iterator()):
        moment = timezone.localtime(row.at).strftime("%Y-%m-%d %H:%M")
        money = (_plain(row.amount_cents), _plain(row.balance_cents))
        writer.writerow([moment, row.words, row.number, *money])
    desk.note("ledger.export", merchant)
    return response


def account_entries(merchant: Merchant) -> QuerySet[LedgerEntry]:
    """The merchant's own account, newest first, each with the balance after it."""
    own = LedgerEntry.objects.filter(merchant=merchant, account=LedgerAccount.MERCHANT)
    running = Window(Sum("amount_cents"), order_by=F("pk").asc())
    return own.annotate(balance_cents=running).select_related("order").order_by("-pk")


def _owed_cents(merchant: Merchant) -> int:
    own = LedgerEntry.objects.filter(merchant=merchant, account=LedgerAccount.MERCHANT)
    return int(own.aggregate(cents=Sum("amount_cents"))["cents"] or 0)


def account_rows(entries: Iterable[Any]) -> Iterator[Row]:
    for entry in entries:
        yield Row(
            at=entry.at,
            words=str(WORDS[LedgerKind(entry.kind)]),
            number=entry.order.number if entry.order else "",
            amount_cents=entry.amount_cents,
            balance_cents=entry.balance_cents,
        )


def _told(row: Payout) -> Payout:
    row.words = PAYOUT_WORDS.get(row.status, row.status)  # type: ignore[attr-defined]
    return row


def _plain(cents: int) -> str:
    """−1234 → « -12,34 »: what a spreadsheet set to French reads as a number."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100},{abs(cents) % 100:02d}"
