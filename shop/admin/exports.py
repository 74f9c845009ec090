"""Lists as CSV and XLSX. What a person typed never becomes a formula in somebody's spreadsheet."""

import html
import re
from collections import OrderedDict
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.admin.utils import lookup_field
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpResponse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from wagtail_modeladmin.views import IndexView

from home.models import AuditEntry
from home.tenancy import current_site_id
from shop.admin.columns import NOTHING, label_of

STARTS_A_FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
"""Full-width forms included: some spreadsheets read them alike (OWASP, CSV injection)."""

NOT_IN_XLSX = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")

BYTE_ORDER_MARK = "\ufeff"
"""Without it a spreadsheet reads the accents of a CSV file as another encoding's."""


def escaped(text: str) -> str:
    """An apostrophe before what a spreadsheet would compute; characters no XLSX file may hold are left out."""
    clean = NOT_IN_XLSX.sub("", text)
    return f"'{clean}" if STARTS_A_FORMULA.match(clean) else clean


class ExportingIndexView(IndexView):
    """Amounts are numbers in dollars, moments are the portal's, texts are escaped, and each export is on record."""

    def as_spreadsheet(self, queryset: Any, spreadsheet_format: str) -> HttpResponse:
        AuditEntry.objects.create(
            site_id=current_site_id(),
            actor=self.request.user,
            action="export",
            object_type=self.model_name,
            object_id=spreadsheet_format,
            after={"rows": queryset.count(), "query": self.request.GET.dict()},
        )
        return super().as_spreadsheet(queryset, spreadsheet_format)

    def write_csv_response(self, queryset: Any) -> HttpResponse:
        """Whole, not streamed: an error on the way is an error, not a file that ends early."""
        body = BYTE_ORDER_MARK.encode() + b"".join(self.stream_csv(queryset))
        disposition = f'attachment; filename="{self.get_filename()}.csv"'
        return HttpResponse(
            body, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": disposition}
        )

    def get_heading(self, queryset: Any, field: str) -> str:
        label = label_of(self.model_admin, field)
        return f"{label} ($)" if field.endswith("_cents") else label

    def to_row_dict(self, item: Any) -> "OrderedDict[str, Any]":
        return OrderedDict((name, self._exported(item, name)) for name in self.list_export)

    def _exported(self, item: Any, name: str) -> Any:
        try:
            field, _attr, value = lookup_field(name, item, self.model_admin)
        except ObjectDoesNotExist:
            return ""
        if value is None or value == NOTHING:
            return ""
        if name.endswith("_cents"):
            return Decimal(value) / 100
        if isinstance(value, datetime):
            return timezone.make_naive(value).replace(microsecond=0)
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            return escaped(_words(item, name, value) if field else _plain(value))
        return value


def _words(item: Any, name: str, value: Any) -> str:
    """A column with choices says them in French."""
    says = getattr(item, f"get_{name}_display", None)
    return str(says() if says else value)


def _plain(value: Any) -> str:
    """A tag's or a link's words; what is no markup of ours is left as it was typed."""
    return html.unescape(strip_tags(value)) if isinstance(value, SafeString) else str(value)
