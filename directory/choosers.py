"""Choosing a merchant in the Wagtail admin: among those of the portal in scope, found as shoppers find them."""

from typing import Any

from django import forms
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.views.generic import chooser as views
from wagtail.admin.viewsets.chooser import ChooserViewSet

from directory.folding import folded_words
from home.blocks import PortalChooserBlock
from home.guard import GuardedViewSet


class FoldedSearchForm(BaseFilterForm):
    """A search box for rows with a ``folded_text`` column: every word must be in it."""

    q = forms.CharField(label=_("Rechercher"), required=False)

    def filter(self, objects: models.QuerySet[Any]) -> models.QuerySet[Any]:
        objects = super().filter(objects)
        words = folded_words(self.cleaned_data.get("q") or "")
        if words:
            self.is_searching = True
            self.search_query = self.cleaned_data["q"]
        for word in words:
            objects = objects.filter(folded_text__contains=word)
        return objects


class FoldedChooseView(views.ChooseView):
    filter_form_class = FoldedSearchForm


class FoldedChooseResultsView(views.ChooseResultsView):
    filter_form_class = FoldedSearchForm


class FoldedChooserViewSet(GuardedViewSet, ChooserViewSet):
    choose_view_class = FoldedChooseView
    choose_results_view_class = FoldedChooseResultsView
    register_widget = False  # home.form_fields registers it together with the field
    per_page = 20


merchant_chooser = FoldedChooserViewSet(
    "merchant_chooser",
    model="directory.Merchant",
    icon="home",
    choose_one_text=_("Choisir un commerce"),
    choose_another_text=_("Choisir un autre commerce"),
    edit_item_text=_("Modifier ce commerce"),
)


class MerchantChooserBlock(PortalChooserBlock):
    """A merchant, read with its category, sector, page's address and hours; those that are hidden say so."""

    target_model = "directory.Merchant"

    @cached_property
    def widget(self) -> forms.Widget:
        widget: forms.Widget = merchant_chooser.widget_class()
        return widget

    def rows(self, pks: list[int]) -> dict[int, models.Model]:
        from directory.cards import merchant_briefs
        from directory.models import Merchant

        return {merchant.pk: merchant for merchant in merchant_briefs(Merchant.objects.filter(pk__in=pks))}

    class Meta:
        icon = "home"
