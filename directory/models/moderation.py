"""The Journal's look at what a merchant changed: a Wagtail task, so that it stands in Wagtail's own tools."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.forms import TaskStateCommentForm
from wagtail.models import AbstractGroupApprovalTask, Page, TaskState


class RefusalForm(TaskStateCommentForm):
    """A refusal says why: the merchant reads it."""

    comment = forms.CharField(
        label=_("Ce qu’il faut changer"),
        widget=forms.Textarea({"rows": 3}),
        max_length=1000,
        error_messages={"required": _("Écrivez au commerce ce qu’il faut changer.")},
    )


class JournalApproval(AbstractGroupApprovalTask):
    """Wagtail's approval by a group; each answer goes through ``directory.moderation``, under the page's lock."""

    class Meta:
        verbose_name = _("approbation du Journal")
        verbose_name_plural = _("approbations du Journal")

    def on_action(self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any) -> str | None:
        """None, or where to go instead: the request was replaced or withdrawn since, and nothing was done."""
        from directory import moderation

        return moderation.answer_from_wagtail(
            task_state, user=user, action=action_name, comment=str(kwargs.get("comment") or "")
        )

    def get_form_for_action(self, action: str) -> type[forms.Form]:
        form: type[forms.Form] = super().get_form_for_action(action)
        return RefusalForm if action == "reject" else form

    def get_actions(self, obj: Page, user: Any) -> list[tuple[str, Any, bool]]:
        """In the words that the Journal uses elsewhere; nothing for who does not moderate here."""
        if not super().get_actions(obj, user):
            return []
        return [
            ("reject", _("Refuser, avec un mot"), True),
            ("approve", _("Approuver et publier"), False),
        ]
