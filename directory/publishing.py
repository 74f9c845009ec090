"""What Wagtail calls when a workflow ends well. It is imported before any model is: nothing here imports one."""

from typing import Any


def publish_what_was_seen(workflow_state: Any, user: Any = None) -> None:
    """WAGTAIL_FINISH_WORKFLOW_ACTION: the revision of the approved task goes live, whatever was written since."""
    workflow_state.current_task_state.revision.publish(user=user, skip_permission_checks=True)
