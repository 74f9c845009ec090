"""What Wagtail tells us, whichever screen it was done in: a request was approved or refused, a page was translated."""

from typing import Any

from wagtail.models import Page, Site, WorkflowState

from portal.joining import deciding
from portal.staff_desk import letters
from portal.staffing import renew_rights


def tell_the_answer(sender: type[WorkflowState], instance: WorkflowState, **kwargs: Any) -> None:
    """A registration's person has a letter of its own."""
    if not deciding.follow(instance):
        letters.tell_the_owners(instance)


def give_rights_on_a_new_root(sender: type, target_obj: Any, **kwargs: Any) -> None:
    """The first page that a portal translates makes its English root: its people have their rights there too."""
    if isinstance(target_obj, Page):
        key = target_obj.translation_key
        for site in Site.objects.select_related("root_page").filter(root_page__translation_key=key):
            renew_rights(site)
