from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from wagtail.signals import workflow_submitted


class JoiningConfig(AppConfig):
    name = "portal.joining"
    label = "joining"
    verbose_name = _("Inscription des commerces")

    def ready(self) -> None:
        from wagtail.models import WorkflowState

        from portal.joining.receivers import wait_again

        workflow_submitted.connect(wait_again, sender=WorkflowState, dispatch_uid="joining.wait_again")
