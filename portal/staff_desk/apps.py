from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from wagtail.signals import (
    copy_for_translation_done,
    task_submitted,
    workflow_approved,
    workflow_rejected,
    workflow_submitted,
)


class StaffDeskConfig(AppConfig):
    """Stands after ``wagtail.admin`` in INSTALLED_APPS, whose notifications it puts ours in the place of."""

    name = "portal.staff_desk"
    label = "staff_desk"
    verbose_name = _("Bureau de l’équipe")

    def ready(self) -> None:
        from wagtail.models import TaskState, WorkflowState

        from portal.staff_desk.receivers import give_rights_on_a_new_root, tell_the_answer

        for signal, sender, uid in (
            (task_submitted, TaskState, "group_approval_task_submitted_email_notification"),
            (workflow_submitted, WorkflowState, "workflow_state_submitted_email_notification"),
            (workflow_rejected, WorkflowState, "workflow_state_rejected_email_notification"),
            (workflow_approved, WorkflowState, "workflow_state_approved_email_notification"),
        ):
            signal.disconnect(sender=sender, dispatch_uid=uid)
        for signal in (workflow_approved, workflow_rejected):
            signal.connect(tell_the_answer, sender=WorkflowState, dispatch_uid="staff_desk.tell_the_answer")
        copy_for_translation_done.connect(
            give_rights_on_a_new_root, dispatch_uid="staff_desk.give_rights_on_a_new_root"
        )
