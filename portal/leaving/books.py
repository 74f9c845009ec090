"""What the merchant's accountant needs: orders with their lines, taxes and refunds, its account, the plan's invoices.

Of who bought only the name goes along, which an invoice carries; email, telephone and address were given to the portal
for one order, and are no list of customers. All of it some hundred rows at a time.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from directory.counting import figures
from directory.models import Agreement, Merchant
from home.periods import Period, town_day
from portal.leaving.archive import Archive, amount
from portal.merchant_space.money import account_entries, account_rows
from shop import results
from shop.enums import ChargeModel, OrderStatus
from shop.models import LineItem, Order, PlanInvoice, Refund

AT_ONCE = 200
MOST_MONTHS = 240
UNPAID = (OrderStatus.PENDING, OrderStatus.CANCELED)


def add_all(archive: Archive, merchant: Merchant, *, now: datetime) -> None:
    archive.add_rows("donnees/commandes.csv", _order_heading(), _orders(merchant))
    archive.add_rows("donnees/commandes-articles.csv", _line_heading(), _lines(merchant))
    archive.add_rows("donnees/remboursements.csv", _refund_heading(), _refunds(merchant))
    archive.add_rows("donnees/grand-livre.csv", _account_heading(), _account(merchant))
    archive.add_rows("donnees/resultats.csv", _result_heading(), _results(merchant, now))
    archive.add_rows("documents/factures-du-forfait.csv", _invoice_heading(), _invoices(merchant))
    _add_agreements(archive, merchant)


def paid_orders(merchant: Merchant) -> QuerySet[Order]:
    """What was paid for, whatever became of it; the oldest first."""
    rows: QuerySet[Order] = Order.objects.filter(merchant=merchant, paid_at__isnull=False)
    return rows.exclude(status__in=UNPAID).order_by("pk")


def _order_heading() -> list[str]:
    return [
        _("Commande"), _("Passée le"), _("Payée le"), _("État"), _("Remise"), _("Au nom de"), _("Marchandises"),
        _("Rabais déjà retiré"), _("Livraison"), _("Consignes"), _("TPS"), _("TVQ"), _("Total payé"), _("Remboursé"),
        _("Commission du portail"), _("Taxes remises par le portail"), _("Part du commerce"), _("Encaissée par"),
    ]  # fmt: skip


def _orders(merchant: Merchant) -> Iterator[list[Any]]:
    for order in paid_orders(merchant).select_related("checkout").iterator(chunk_size=AT_ONCE):
        is_direct = order.charge_model == ChargeModel.DIRECT
        yield [
            order.number, _when(order.placed_at), _when(order.paid_at), order.get_status_display(),
            order.get_fulfillment_display(), order.checkout.contact_name,
            *map(amount, (
                order.items_cents, order.discount_cents, order.delivery_cents, order.deposit_cents, order.gst_cents,
                order.qst_cents, order.total_cents, order.refunded_cents, order.commission_cents,
                order.portal_tax_cents, order.merchant_share_cents,
            )),
            _("le commerce") if is_direct else _("le portail"),
        ]  # fmt: skip


def _line_heading() -> list[str]:
    return [
        _("Commande"), _("Code"), _("Produit"), _("Variante"), _("Quantité"), _("Unités remboursées"),
        _("Prix à l’unité"), _("Rabais"), _("Consigne à l’unité"), _("Montant avant taxes"), _("Taxes"),
    ]  # fmt: skip


def _lines(merchant: Merchant) -> Iterator[list[Any]]:
    lines = LineItem.objects.filter(order__in=paid_orders(merchant).order_by().values("pk"))
    for line in lines.select_related("order").order_by("order_id", "pk").iterator(chunk_size=AT_ONCE):
        yield [
            line.order.number, line.sku, line.title, line.variant_title, line.quantity, line.refunded_quantity,
            amount(line.unit_price_cents), amount(line.discount_cents), amount(line.unit_deposit_cents),
            amount(line.amount_cents), line.tax_code,
        ]  # fmt: skip


def _refund_heading() -> list[str]:
    return [
        _("Commande"), _("Date"), _("État"), _("Marchandises"), _("Livraison"), _("Consignes"), _("TPS"), _("TVQ"),
        _("Montant rendu"), _("Raison"),
    ]  # fmt: skip


def _refunds(merchant: Merchant) -> Iterator[list[Any]]:
    rows = Refund.objects.filter(order__merchant=merchant).select_related("order").order_by("pk")
    for row in rows.iterator(chunk_size=AT_ONCE):
        yield [
            row.order.number, _when(row.created_at), row.get_status_display(),
            *map(amount, (
                row.items_cents, row.delivery_cents, row.deposit_cents, row.gst_cents, row.qst_cents, row.amount_cents,
            )),
            row.reason,
        ]  # fmt: skip


def _account_heading() -> list[str]:
    return [_("Date"), _("Écriture"), _("Commande"), _("Montant"), _("Solde")]


def _account(merchant: Merchant) -> Iterator[list[Any]]:
    for row in account_rows(account_entries(merchant).iterator(chunk_size=AT_ONCE)):
        yield [_when(row.at), row.words, row.number, amount(row.amount_cents), amount(row.balance_cents)]


# ------------------------------------------------------------------------------------------------ results


def _result_heading() -> list[str]:
    return [
        _("Mois"), _("Vues de la page"), _("Vues des produits"), _("Mises au panier"), _("Appels"), _("Itinéraires"),
        _("Visites au site web"), _("Visites à la boutique en ligne"), _("Commandes payées"),
        _("Payé par la clientèle"), _("Rendu à la clientèle"), _("Parvenu au commerce"),
    ]  # fmt: skip


def _results(merchant: Merchant, now: datetime) -> Iterator[list[Any]]:
    """A line for each month since it is here, by the portal's own figures; the present month so far."""
    for month in months_here(merchant, now):
        told, sold = figures.contacts_of(merchant, month), results.sales_of(merchant, month)
        yield [
            f"{month.first:%Y-%m}", told.seen, told.products_seen, told.baskets, told.calls, told.directions,
            told.site_visits, told.shop_visits, sold.orders, amount(sold.charged_cents), amount(sold.given_back_cents),
            amount(sold.reached_cents),
        ]  # fmt: skip


def months_here(merchant: Merchant, now: datetime) -> list[Period]:
    """Since it came, or since the first thing that was counted or sold, whichever was first."""
    today = town_day(now)
    first = min(_first_days(merchant), default=today)
    return list(Period(min(first, today), today).months)[-MOST_MONTHS:]


def _first_days(merchant: Merchant) -> Iterator[date]:
    if merchant.claimed_at:
        yield town_day(merchant.claimed_at)
    counted = figures.counts_of().filter(merchant=merchant).order_by("day").values_list("day", flat=True)
    yield from counted[:1]
    sold = results.entries_of().filter(merchant=merchant).order_by("at").values_list("at", flat=True)
    yield from map(town_day, sold[:1])


# ------------------------------------------------------------------------------------------------ papers


def _invoice_heading() -> list[str]:
    return [
        _("Facture"), _("Date"), _("Du"), _("Au"), _("État"), _("Avant taxes"), _("TPS"), _("TVQ"), _("Total"),
        _("Payé"), _("La facture chez Stripe"),
    ]  # fmt: skip


def _invoices(merchant: Merchant) -> Iterator[list[Any]]:
    rows = PlanInvoice.objects.filter(merchant=merchant).order_by("issued_at", "pk")
    for row in rows.iterator(chunk_size=AT_ONCE):
        yield [
            row.number, _day(row.issued_at), _day(row.period_start), _day(row.period_end), row.status,
            *map(amount, (row.net_cents, row.gst_cents, row.qst_cents, row.total_cents, row.paid_cents)),
            row.pdf_url or row.hosted_url,
        ]  # fmt: skip


def _add_agreements(archive: Archive, merchant: Merchant) -> None:
    """Word for word as they were accepted."""
    for number, row in enumerate(Agreement.objects.filter(merchant=merchant).order_by("pk"), start=1):
        name = f"contrat-{number}-{slugify(row.version)[:20]}-{slugify(row.language)}"
        said = _("Accepté le %(day)s, version %(version)s.") % {
            "day": _when(row.accepted_at),
            "version": row.version,
        }
        archive.add_text(f"documents/{name}.txt", f"{said}\n\n{row.words}\n")


def _when(moment: datetime | None) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M") if moment else ""


def _day(moment: datetime | None) -> str:
    return town_day(moment).isoformat() if moment else ""
