"""The remarks of ``editorial.remarks`` among the checks of Wagtail's editor, counted and listed as one writes.

The preview says them on the page (``components/editors_remarks.html``), each with its kind in ``data-remark``; the
checker that Wagtail runs in the preview finds them there. Axe has no rule that always speaks: each of ours says that
such an element ought not to exist.
"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from wagtail.admin.userbar import ContentCheckerItem
from wagtail.models import Page

from editorial.remarks import KINDS, remarks_on

RULES = [
    {
        "id": kind.code,
        "impact": "moderate",
        "selector": f'[data-remark="{kind.code}"]',
        "tags": ["best-practice"],
        "any": [],
        "all": [],
        "none": ["exists"],
        "enabled": True,
    }
    for kind in KINDS
]


class EditorsChecks(ContentCheckerItem):
    """Wagtail's own checks, and ours, of the page alone: what frames it is nobody's text."""

    axe_include = ["main"]
    axe_run_only = [*ContentCheckerItem.axe_run_only, *(kind.code for kind in KINDS)]
    axe_custom_rules = [*ContentCheckerItem.axe_custom_rules, *RULES]

    def get_axe_messages(self, request: HttpRequest) -> dict[str, Any]:
        said = {kind.code: {"error_name": kind.title, "help_text": kind.why} for kind in KINDS}
        return {**super().get_axe_messages(request), **said}


def with_our_checks(items: list[Any]) -> None:
    """In place, as Wagtail's hook wants it."""
    items[:] = [
        EditorsChecks(in_editor=item.in_editor) if isinstance(item, ContentCheckerItem) else item
        for item in items
    ]


def say_what_to_look_at_again(request: HttpRequest, page: Page) -> None:
    """After a publication, which nothing of this has kept from happening."""
    remarks = remarks_on(page)
    if remarks:
        words = " ".join(remark.words for remark in remarks)
        messages.warning(request, _("À revoir quand vous pourrez\u00a0: %s") % words)
