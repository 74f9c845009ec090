"""What Wagtail tells us: a request was approved or refused, whichever screen that was done in."""

from typing import Any

from wagtail.models import WorkflowState

from portal.joining import deciding
from portal.staff_desk import letters


def tell_the_answer(sender: type[WorkflowState], instance: WorkflowState, **kwargs: Any) -> None:
    """A registration's person has a letter of its own."""
    if not deciding.follow(instance):
        letters.tell_the_owners(instance)
