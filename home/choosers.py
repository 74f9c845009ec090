"""Chooser widgets that show nothing of another portal, whatever key a form was sent or a row holds.

A form that was refused is shown again with what was sent: without these, with the title and the picture of a stranger.
"""

from typing import Any

from django.db.models import ForeignKey
from wagtail.admin.forms.models import register_form_field_override
from wagtail.admin.widgets import AdminPageChooser
from wagtail.images import get_image_model
from wagtail.images.widgets import AdminImageChooser
from wagtail.models import Page

from home.belongings import of_the_portal
from home.tenancy import site_in_scope


class ShowsOwnRows:
    """Put it before a chooser widget. Where no portal is in scope nothing is shown to anybody either."""

    def get_instance(self, value: Any) -> Any:
        try:
            found = super().get_instance(value)  # type: ignore[misc]
        except (ValueError, OverflowError):
            return None
        if found is None or site_in_scope() is None:
            return None
        return found if of_the_portal(type(found)).filter(pk=found.pk).exists() else None


class OwnPictureChooser(ShowsOwnRows, AdminImageChooser):
    """Of pictures."""


class OwnPageChooser(ShowsOwnRows, AdminPageChooser):
    """Of pages."""


def show_own_rows() -> None:
    """In every form of the admin, from here on. Call it after Wagtail's apps have registered their own."""
    register_form_field_override(ForeignKey, to=get_image_model(), override={"widget": OwnPictureChooser})
    register_form_field_override(
        ForeignKey,
        to=Page,
        override=lambda field: {"widget": OwnPageChooser(target_models=[field.remote_field.model])},
    )
