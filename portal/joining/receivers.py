"""What Wagtail tells us: a page that was refused is sent again, whichever screen that was done in."""

from typing import Any

from wagtail.models import WorkflowState

from portal.joining import deciding


def wait_again(sender: type[WorkflowState], instance: WorkflowState, **kwargs: Any) -> None:
    deciding.follow(instance)
