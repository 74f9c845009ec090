"""What every list of money records is: read, filtered, searched, exported, looked into; never edited there.

Modeladmin 2.5 leaves open what is closed here: its create, edit and delete addresses (none is registered), its
history view, which checks nobody's rights, and its query string, which filters by any column of any joined table.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.urls import URLPattern, re_path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail_modeladmin.helpers import ButtonHelper
from wagtail_modeladmin.options import ModelAdmin
from wagtail_modeladmin.views import InspectView, WMABaseView

from shop.admin.columns import Shown, Table, shown
from shop.admin.exports import ExportingIndexView
from shop.admin.rights import ReadOnly, may_look

LONGEST_KEY = 18
"""Digits of the longest primary key that PostgreSQL's bigint holds whatever they are."""

STYLE = "css/admin/money.css"


@dataclass(frozen=True, slots=True)
class Act:
    """What may be done about a record: a link to the page that asks for what it needs, or a button that does it."""

    label: str
    url: str
    asks_first: bool = True
    managers_only: bool = True


def act(label: Any, name: str, row: Model, *, asks_first: bool = False, managers_only: bool = True) -> Act:
    """One of the money desk's, for this row."""
    return Act(str(label), reverse(f"money_desk:{name}", args=[row.pk]), asks_first, managers_only)


def trail(*steps: tuple[str, Any]) -> list[dict[str, Any]]:
    """Breadcrumbs, from the admin's home."""
    return [
        {"url": reverse("wagtailadmin_home"), "label": _("Accueil")},
        *({"url": url, "label": label} for url, label in steps),
    ]


def known_key(text: str) -> int:
    """A primary key as an address carries it. Raises Http404 for anything else."""
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_KEY):
        raise Http404
    return int(text)


class ListView(ExportingIndexView):
    page_num: int

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if not may_look(request.user):
            raise Http404

    def get_filters_params(self, params: Any = None) -> dict[str, Any]:
        """Only what the list's own filters ask for: any other column would be an oracle on what it holds."""
        known = {entry.parameter_name for entry in self.list_filter}
        asked: dict[str, Any] = super().get_filters_params(params)
        return {name: value for name, value in asked.items() if name in known}

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        return super().get_search_results(request, queryset, search_term.replace("\0", ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        last = -(-self.get_queryset().count() // self.items_per_page)
        self.page_num = min(max(self.page_num, 1), max(last, 1))
        return super().get_context_data(
            trail=trail(("", self.get_page_title())),
            is_filtered=bool(self.query or self.used_filters),
            **kwargs,
        )

    @property
    def used_filters(self) -> list[Any]:
        return [spec for spec in self.filter_specs if spec.is_used]


class RecordView(InspectView):
    """One record with what belongs to it. Raises Http404 for what the list does not hold."""

    def __init__(self, model_admin: "MoneyAdmin", instance_pk: str) -> None:
        WMABaseView.__init__(self, model_admin)
        self.instance_pk = self.pk_quoted = instance_pk

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if not may_look(request.user):
            raise Http404
        rows = self.get_base_queryset(request)
        self.instance = rows.filter(pk=known_key(self.instance_pk)).first()
        if self.instance is None:
            raise Http404

    def get_meta_title(self) -> str:
        return f"{capfirst(self.verbose_name)} {self.instance}"

    def get_fields_dict(self) -> list[Shown]:
        return [
            shown(self.model_admin, self.instance, name)
            for name in self.model_admin.get_inspect_view_fields()
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            trail=trail(
                (self.index_url, capfirst(self.opts.verbose_name_plural)), ("", self.get_meta_title())
            ),
            tables=self.model_admin.related(self.instance),
            acts=self.model_admin.acts(self.instance, self.request.user),
            **kwargs,
        )


class OneLink(ButtonHelper):
    """The row's first cell leads to the record: no other button says the same."""

    def get_buttons_for_obj(self, *args: Any, **kwargs: Any) -> list[Any]:
        return []

    def get_primary_button(self, obj: Any) -> dict[str, str]:
        return {"url": self.url_helper.get_action_url("inspect", obj.pk), "title": ""}


class MoneyAdmin(ModelAdmin):
    permission_helper_class = ReadOnly
    button_helper_class = OneLink
    index_view_class = ListView
    inspect_view_class = RecordView
    index_template_name = "shop/admin/list.html"
    inspect_template_name = "shop/admin/record.html"
    history_view_enabled = False
    inspect_view_enabled = True
    list_per_page = 50
    joined: tuple[str, ...] = ()
    """The rows that a list reads in the same query."""

    def get_menu_label(self) -> str:
        return str(capfirst(self.opts.verbose_name_plural))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.select_related(*self.joined) if self.joined else rows

    def get_index_view_extra_css(self) -> list[str]:
        return [STYLE]

    def get_inspect_view_extra_css(self) -> list[str]:
        return [STYLE]

    def get_extra_class_names_for_field_col(self, obj: Model, field_name: str) -> list[str]:
        return ["money-amount"] if field_name.endswith("_cad") else []

    def related(self, row: Any) -> list[Table]:
        """What belongs to the record, as tables."""
        return []

    def acts(self, row: Any, user: Any) -> list[Act]:
        """What this person may do about it."""
        return []

    def get_admin_urls_for_registration(self) -> tuple[URLPattern, ...]:
        """Its list and its records: what would create, change or delete has no address at all."""
        views = {"index": self.index_view, "inspect": self.inspect_view}
        helper = self.url_helper
        return tuple(
            re_path(helper.get_action_url_pattern(name), view, name=helper.get_action_url_name(name))
            for name, view in views.items()
        )

    def get_permissions_for_registration(self) -> QuerySet[Permission]:
        """None to hand out in a group: the role in the portal decides."""
        return Permission.objects.none()

    def register_admin_url_finders(self) -> None:
        """Nothing of it is edited, so nothing leads to where it would be."""

    def register_indexing(self) -> None:
        """No page refers to a money record."""
