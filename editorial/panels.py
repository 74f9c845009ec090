"""Panels of the Journal's own on its pages in Wagtail."""

from typing import Any

from wagtail.admin.panels import Panel


class CardsPanel(Panel):
    """The cards of a story and of the merchants it speaks of, ready to be copied."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "editorial/admin/cards_panel.html"

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            from editorial.snippets import cards_context

            context: dict[str, Any] = super().get_context_data(parent_context)
            return {**context, **cards_context(self.instance, self.request)}
