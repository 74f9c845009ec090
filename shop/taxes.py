"""Which rates hold on a date, and who collects for whom: rows in, pricing's plain values out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from directory.models import Merchant
from home.compiled import Compiled, CompiledForAll, Ints
from home.models import PortalSettings
from shop.enums import Tax, TaxClass, TaxCollector
from shop.models import TaxRate, TaxRegistration
from shop.pricing import Collectors, TaxRates


@dataclass(frozen=True, slots=True)
class SellerTaxes:
    """The tax numbers that receipts show ("" where a tax is not charged) and who collects each tax of its goods."""

    gst_number: str
    qst_number: str
    collectors: Collectors


def rates_on(day: date) -> TaxRates:
    """Each tax's rate for each class on ``day``: the newest row that had taken effect."""
    return {(Tax(row.tax), TaxClass(row.tax_class)): row.rate_ppm for row in _RATES.rows(day=day)}


_RATES = CompiledForAll(
    lambda day: TaxRate.objects.filter(effective_from__lte=day).order_by("effective_from"), day=date
)


def sellers_on(day: date, merchant_ids: Iterable[int], *, settings: PortalSettings) -> dict[int, SellerTaxes]:
    """How each merchant stands with both taxes on ``day``, in one query."""
    numbers = {
        (row.merchant_id, row.tax): row.number
        for row in _REGISTRATIONS.rows(merchants=list(merchant_ids), day=day)
    }
    return {
        merchant_id: _seller(
            numbers.get((merchant_id, Tax.GST), ""), numbers.get((merchant_id, Tax.QST), ""), settings
        )
        for merchant_id in merchant_ids
    }


_REGISTRATIONS = Compiled(
    lambda merchants, day: TaxRegistration.objects.filter(
        Q(effective_until=None) | Q(effective_until__gt=day),
        merchant__id__any_of=merchants,
        effective_from__lte=day,
    ),
    merchants=Ints,
    day=date,
)


_OF_MERCHANT = Compiled(
    lambda parents: TaxRegistration.objects.filter(merchant__id__any_of=parents), parents=Ints
)


def standing_of(merchant: Merchant, day: date, *, settings: PortalSettings) -> SellerTaxes:
    """How one merchant stands on ``day``, from its ``tax_registrations``, read once however often it is asked."""
    _OF_MERCHANT.prefetch([merchant], "tax_registrations")
    numbers = {
        row.tax: row.number
        for row in merchant.tax_registrations.all()
        if row.effective_from <= day and (row.effective_until is None or row.effective_until > day)
    }
    return _seller(numbers.get(Tax.GST, ""), numbers.get(Tax.QST, ""), settings)


def _seller(gst_number: str, qst_number: str, settings: PortalSettings) -> SellerTaxes:
    gst = _collector(gst_number, settings.gst_number, settings)
    qst = _collector(qst_number, settings.qst_number, settings)
    return SellerTaxes(
        gst_number or (settings.gst_number if gst is TaxCollector.PORTAL else ""),
        qst_number or (settings.qst_number if qst is TaxCollector.PORTAL else ""),
        Collectors(gst=gst, qst=qst),
    )


def _collector(merchant_number: str, portal_number: str, settings: PortalSettings) -> TaxCollector:
    """A registered merchant collects its own. Else the portal, where it is registered as platform operator."""
    if merchant_number:
        return TaxCollector.MERCHANT
    if settings.collects_tax_for_unregistered and portal_number:
        return TaxCollector.PORTAL
    return TaxCollector.NONE
