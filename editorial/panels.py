"""Panels of the Journal's own on its pages in Wagtail."""

from typing import Any

from django.forms import Media
from wagtail.admin.panels import Panel

from home.languages import FRENCH


class CardsPanel(Panel):
    """The cards of a story and of the merchants it speaks of, ready to be copied."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "editorial/admin/cards_panel.html"

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            from editorial.snippets import cards_context

            context: dict[str, Any] = super().get_context_data(parent_context)
            return {**context, **cards_context(self.instance, self.request)}


class BroughtPanel(Panel):
    """What the page brought to merchants, for who may look at what is sold. The French page is the one credited."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "editorial/admin/brought_panel.html"

        def is_shown(self) -> bool:
            from shop.admin.rights import may_look

            is_credited = self.instance.pk is not None and self.instance.locale.language_code == FRENCH
            return bool(super().is_shown() and is_credited and may_look(self.request.user))

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            from editorial.brought import spans_of

            context: dict[str, Any] = super().get_context_data(parent_context)
            spans = spans_of(self.instance)
            return {**context, "spans": spans, "is_empty": all(span.brought.is_empty for span in spans)}

        @property
        def media(self) -> Media:
            return Media(css={"all": ["css/admin/brought.css"]})
