"""Lists that staff edit in the Wagtail admin: merchants, categories, sectors. Each shows the portal in scope alone."""

from typing import Any

import django_filters
from django.contrib import messages
from django.db import transaction
from django.db.models import ProtectedError, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.menus import MenuItem
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup

from directory import renaming
from directory.enums import Tier
from directory.folding import folded_words
from directory.models import Category, Merchant, Sector
from home.forms import PortalModelForm
from home.guard import GuardedViewSet


class MerchantIndexView(generic.IndexView):
    """Found as shoppers find them: without accents, every word."""

    def get_base_queryset(self) -> QuerySet[Merchant]:
        rows: QuerySet[Merchant] = super().get_base_queryset()
        return rows.select_related("category", "sector")

    def get_list_more_buttons(self, instance: Merchant) -> list[Any]:
        """Its file first: where staff trust, suspend and open again."""
        url = reverse("merchant_file:file", args=[instance.pk])
        file = MenuItem(_("Dossier"), url=url, icon_name="clipboard-list", priority=5)
        return [file, *super().get_list_more_buttons(instance)]

    def search_queryset(self, queryset: QuerySet[Merchant]) -> QuerySet[Merchant]:
        for word in folded_words(self.search_query or ""):
            queryset = queryset.filter(folded_text__contains=word)
        return queryset


def _categories(request: HttpRequest) -> QuerySet[Category]:
    return Category.objects.all()


def _sectors(request: HttpRequest) -> QuerySet[Sector]:
    return Sector.objects.all()


STATES = [
    ("visible", _("Visible")),
    ("unclaimed", _("Pas encore réclamé")),
    ("suspended", _("Suspendu")),
    ("removed", _("Retiré à sa demande")),
]


class MerchantFilterSet(WagtailFilterSet):
    """The choices are asked for when the list is, never kept from another portal's request."""

    category = django_filters.ModelChoiceFilter(queryset=_categories, label=_("Catégorie"))
    sector = django_filters.ModelChoiceFilter(queryset=_sectors, label=_("Secteur"))
    tier = django_filters.ChoiceFilter(choices=Tier.choices, label=_("Option"))
    state = django_filters.ChoiceFilter(choices=STATES, label=_("État"), method="of_state")

    class Meta:
        model = Merchant
        fields: list[str] = []

    def of_state(self, queryset: QuerySet[Merchant], name: str, value: str) -> QuerySet[Merchant]:
        hidden = Q(suspended_at__isnull=False) | Q(removed_at__isnull=False)
        condition = {
            "visible": ~hidden,
            "unclaimed": Q(claimed_at=None),
            "suspended": Q(suspended_at__isnull=False),
            "removed": Q(removed_at__isnull=False),
        }[value]
        return queryset.filter(condition)


def state_of(merchant: Merchant) -> str:
    """One word for the list."""
    if merchant.suspended_at is not None:
        return str(_("Suspendu"))
    if merchant.removed_at is not None:
        return str(_("Retiré"))
    return str(_("Réclamé") if merchant.is_claimed else _("Pas réclamé"))


class MerchantForm(PortalModelForm):
    """Whoever changes the merchant's address leaves the old one behind: it leads to the new."""

    def save(self, commit: bool = True) -> Merchant:  # noqa: FBT001, FBT002 - Django's signature
        with transaction.atomic():
            merchant: Merchant = super().save(commit=commit)
            if commit and "slug" in self.changed_data:
                renaming.remember(merchant, before=str(self.initial.get("slug") or ""))
        return merchant


class MerchantViewSet(GuardedViewSet, ModelViewSet):
    model = Merchant
    name = "commerces"
    icon = "home"
    menu_label = _("Commerces")
    add_to_reference_index = False
    index_view_class = MerchantIndexView
    filterset_class = MerchantFilterSet
    ordering = ("folded_text", "pk")
    list_per_page = 50
    list_display = (
        "name",
        Column("category", label=_("Catégorie"), sort_key="category__name"),
        Column("sector", label=_("Secteur"), sort_key="sector__name"),
        Column("tier", label=_("Option"), accessor="get_tier_display", sort_key="tier"),
        Column("state", label=_("État"), accessor=state_of),
    )
    list_export = ("name", "category", "sector", "get_tier_display", "phone", "email", "city", "postal_code")
    search_fields = ("name",)
    search_backend_name = None
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [FieldPanel(n) for n in ("name", "legal_name", "slug")], heading=_("Le commerce")
            ),
            MultiFieldPanel(
                [FieldPanel(n) for n in ("category", "sector", "keywords")], heading=_("Pour le trouver")
            ),
            MultiFieldPanel(
                [
                    FieldPanel("street_address"),
                    FieldRowPanel([FieldPanel("city"), FieldPanel("postal_code")]),
                    FieldRowPanel([FieldPanel("latitude"), FieldPanel("longitude")]),
                ],
                heading=_("Où"),
            ),
            MultiFieldPanel(
                [FieldPanel(n) for n in ("phone", "email", "website_url", "shop_url")],
                heading=_("Le joindre"),
            ),
            FieldRowPanel(
                [
                    FieldPanel("claimed_at"),
                    FieldPanel("suspended_at", read_only=True),
                    FieldPanel("removed_at"),
                ],
                heading=_("État"),
                help_text=_("On suspend et on rouvre un commerce dans son dossier."),
            ),
        ],
        base_form_class=MerchantForm,
    )


class DeleteUnusedView(generic.DeleteView):
    """A category or sector that still has merchants stays, and the reason is said."""

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            response: HttpResponse = super().form_valid(form)
        except ProtectedError:
            messages.error(self.request, _("Des commerces y sont encore rangés\u00a0: déplacez-les d’abord."))
            return redirect(self.get_success_url())
        return response


class CategoryViewSet(GuardedViewSet, ModelViewSet):
    model = Category
    name = "categories"
    icon = "tag"
    menu_label = _("Catégories")
    add_to_reference_index = False
    delete_view_class = DeleteUnusedView
    ordering = ("sort_order", "name")
    list_display = ("name", "slug", "icon", "sort_order")
    search_fields = ("name",)
    search_backend_name = None
    edit_handler = ObjectList(
        [FieldPanel(n) for n in ("name", "slug", "icon", "sort_order")], base_form_class=PortalModelForm
    )


class SectorViewSet(GuardedViewSet, ModelViewSet):
    model = Sector
    name = "secteurs"
    icon = "site"
    menu_label = _("Secteurs")
    add_to_reference_index = False
    delete_view_class = DeleteUnusedView
    ordering = ("sort_order", "name")
    list_display = ("name", "district", "color", "sort_order")
    search_fields = ("name", "district")
    search_backend_name = None
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldPanel("slug"),
            FieldPanel("district"),
            FieldRowPanel([FieldPanel("color"), FieldPanel("sort_order")]),
            FieldRowPanel([FieldPanel("latitude"), FieldPanel("longitude")]),
        ],
        base_form_class=PortalModelForm,
    )


class DirectoryViewSetGroup(ModelViewSetGroup):
    menu_label = _("Répertoire")
    menu_icon = "home"
    menu_order = 150
    items = (MerchantViewSet, CategoryViewSet, SectorViewSet)
