"""Forms of the Wagtail admin for what belongs to a portal: they let nothing of another in."""

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from wagtail.admin.forms import WagtailAdminModelForm, WagtailAdminPageForm

from home.references import NOT_HERE, strays
from home.tenancy import current_site_id


class OwnReferences(forms.ModelForm):
    """What the object refers to is asked for its portal; what is not of it is refused beside the field that holds it.

    The rows of an inline panel are forms of their own: each is told of its own references.
    """

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        refuse_strays(self)

    def is_valid(self) -> bool:
        valid: bool = super().is_valid()
        inlines = [form for formset in getattr(self, "formsets", {}).values() for form in _kept(formset)]
        # Each is asked, so that each says what is wrong with it.
        refused = [form for form in inlines if refuse_strays(form)]
        return valid and not refused


def _kept(formset: Any) -> list[Any]:
    if not formset.is_bound:
        return []
    return [form for form in formset.forms if form.has_changed() and form not in formset.deleted_forms]


def refuse_strays(form: Any) -> bool:
    """Whether there was one. Each field says it once, however often it is asked."""
    fields = {stray.field for stray in strays(form.instance)}
    for field in fields:
        place = field if field in form.fields else None
        if not form.has_error(place or NON_FIELD_ERRORS, code="not_here"):
            form.add_error(place, forms.ValidationError(str(NOT_HERE), code="not_here"))
    return bool(fields)


class PortalPageForm(OwnReferences, WagtailAdminPageForm):
    """Of every page."""


class PortalModelForm(OwnReferences, WagtailAdminModelForm):
    """A new row gets the portal in scope; constraints that name the portal are checked, so that a breach is said."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            self.instance.site_id = current_site_id()

    def _get_validation_exclusions(self) -> set[str]:
        excluded: set[str] = super()._get_validation_exclusions()
        return excluded - {"site"}
