"""Form fields that ask for rows of the portal in scope, and of no other.

A form class is built once per process, at import, where no portal is in scope; Django keeps the queryset of a
``ModelChoiceField`` from that moment. Here it is asked for anew each time, so that it is always the present portal's.
"""

from typing import Any

from django import forms
from django.db import models
from wagtail.admin.forms.models import register_form_field_override


class PortalChoiceField(forms.ModelChoiceField):
    """Offers and accepts rows of the portal in scope. Outside a scope nothing can be chosen: the query raises.

    ``limit_choices_to`` of the model field is not heeded.
    """

    def __init__(self, queryset: models.QuerySet[Any], **kwargs: Any) -> None:
        self.row_model = queryset.model
        super().__init__(queryset, **kwargs)

    def _get_queryset(self) -> models.QuerySet[Any]:
        return self.row_model._default_manager.get_queryset()

    def _set_queryset(self, queryset: models.QuerySet[Any] | None) -> None:
        self.widget.choices = self.choices

    queryset = property(_get_queryset, _set_queryset)

    def __deepcopy__(self, memo: dict[int, Any]) -> "PortalChoiceField":
        result: PortalChoiceField = super(forms.ChoiceField, self).__deepcopy__(memo)
        result.widget.choices = result.choices
        return result


def offer_only_rows_of_the_portal(model: type[models.Model], **override: Any) -> None:
    """Every form of the Wagtail admin chooses ``model`` rows, by foreign key, among those of the portal in scope."""
    register_form_field_override(
        models.ForeignKey, to=model, override={"form_class": PortalChoiceField, **override}
    )
