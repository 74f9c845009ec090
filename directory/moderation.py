"""A merchant's page, from its draft to the public: what waits for the Journal, and the Journal's answer.

Every act locks the page's row first, and reads where the page stands only then. An edit while a request waits replaces
that request in one act; an answer to the replaced one is refused. What goes live is exactly the revision that was seen.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import CharField, QuerySet, TextChoices
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Revision, TaskState, Workflow, WorkflowPage, WorkflowState, WorkflowTask

from directory.models import DirectoryPage, JournalApproval, Merchant, MerchantPage
from home import audit
from home.tenancy import current_site, unjoined


class ChangedMeanwhile(Exception):
    """The page is no longer the one that was looked at: nothing was done."""


class NothingToSend(Exception):
    """Shoppers already see the page as it is."""


class NobodyApproves(Exception):
    """The portal has no workflow yet: ``give_to_journal`` makes it."""


# ------------------------------------------------------------------------------------------------ the portal's workflow


@transaction.atomic
def give_to_journal(directory: DirectoryPage, groups: Iterable[Group]) -> Workflow:
    """The portal's one workflow, on its directory page, answered by ``groups``. Twice is normal."""
    _hold(directory.pk)
    attached = WorkflowPage.objects.select_related("workflow").filter(page=directory.pk).first()
    workflow: Workflow = attached.workflow if attached else _new_workflow(directory)
    task = JournalApproval.objects.filter(workflow_tasks__workflow=workflow).first()
    if task is None:
        task = JournalApproval.objects.create(name=str(_("Le Journal regarde")))
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    task.groups.set(groups)
    return workflow


def _new_workflow(directory: DirectoryPage) -> Workflow:
    workflow = Workflow.objects.create(name=str(_("Pages des commerces")))
    WorkflowPage.objects.create(workflow=workflow, page=directory)
    return workflow


# ------------------------------------------------------------------------------------------------ where a page stands


class Stage(TextChoices):
    """What happens to the text that the merchant last kept."""

    EMPTY = "empty", _("Pas encore commencée")
    DRAFT = "draft", _("Brouillon, pas encore envoyé")
    WAITING = "waiting", _("En attente du Journal")
    REFUSED = "refused", _("Le Journal demande un changement")
    LIVE = "live", _("En ligne")


@dataclass(frozen=True, slots=True)
class Standing:
    """``since`` and ``comment`` are the request's, or the refusal's; ``is_public``: shoppers see an earlier text."""

    stage: Stage
    is_public: bool = False
    since: datetime | None = None
    comment: str = ""

    @property
    def can_send(self) -> bool:
        return self.stage in {Stage.DRAFT, Stage.REFUSED}


def standing(page: MerchantPage | None) -> Standing:
    """Where this page stands now; None is a merchant that has none."""
    if page is None:
        return Standing(Stage.EMPTY)
    state = _open_request(page.pk)
    if state is not None:
        return _of_request(state, page)
    stage = Stage.DRAFT if page.has_unpublished_changes or not page.live else Stage.LIVE
    return Standing(stage, is_public=page.live, since=page.latest_revision_created_at)


def _of_request(state: WorkflowState, page: MerchantPage) -> Standing:
    task = state.current_task_state
    if state.status == WorkflowState.STATUS_IN_PROGRESS:
        return Standing(Stage.WAITING, page.live, state.created_at)
    refused_at, words = (task.finished_at, task.comment) if task else (state.created_at, "")
    return Standing(Stage.REFUSED, page.live, refused_at, words)


def _open_request(page_pk: int) -> WorkflowState | None:
    """The request that waits, or was refused and not sent again."""
    rows = WorkflowState.objects.active().filter(base_content_type__model="page", object_id=str(page_pk))
    state: WorkflowState | None = rows.select_related("current_task_state").first()
    return state


def window_of(merchant: Merchant) -> MerchantPage | None:
    """The merchant's page, live or not."""
    page: MerchantPage | None = MerchantPage.objects.filter(merchant=merchant.pk).order_by("pk").first()
    return page


def working_copy(page: MerchantPage) -> MerchantPage:
    """The page as it was last kept, by the merchant or by the Journal: what is edited next."""
    copy: MerchantPage = page.get_latest_revision_as_object()
    return copy


# ------------------------------------------------------------------------------------------------ the merchant's acts


@transaction.atomic
def open_window(merchant: Merchant, *, user: Any) -> MerchantPage:
    """The merchant's page; a first one is made, that nobody sees before the Journal has."""
    Merchant.objects.select_for_update(of=("self",)).get(pk=merchant.pk)
    known = window_of(merchant)
    if known is not None:
        return known
    directory = DirectoryPage.objects.descendant_of(current_site().root_page).get()
    taken = directory.get_children().filter(slug=merchant.slug).exists()
    slug = f"{merchant.slug}-{merchant.pk}" if taken else merchant.slug
    page = MerchantPage(merchant=merchant, title=merchant.name, slug=slug, live=False, owner=user)
    added: MerchantPage = directory.add_child(instance=page)
    return added


@transaction.atomic
def keep(copy: MerchantPage, *, user: Any, seen: int | None) -> bool:
    """Keep the working copy as the page's newest revision; True when it also took the place of a request that waits.

    ``seen`` is the revision it was made from (None: the page had none). Raises ChangedMeanwhile when there is a newer.
    """
    page = _hold(copy.pk)
    if page.latest_revision_id != seen:
        raise ChangedMeanwhile
    if seen is None:
        _keep_what_shoppers_see(page)
    waiting = _waiting(page.pk)
    if waiting is not None:
        waiting.cancel(user=user)
    copy.save_revision(user=user, log_action=True)
    if waiting is not None:
        _start(copy, user)
    return waiting is not None


def _keep_what_shoppers_see(page: MerchantPage) -> None:
    """A page made without revisions gets its first, so that every change has a « before »."""
    if page.live:
        revision = page.save_revision(changed=False, clean=False)
        Page.objects.filter(pk=page.pk).update(live_revision=revision)


@transaction.atomic
def send(page_pk: int, *, user: Any, seen: int) -> Stage:
    """The draft waits for the Journal afterwards, or is live if the merchant is trusted.

    ``seen`` is the revision that was looked at. Raises ChangedMeanwhile when there is a newer, NothingToSend when that
    one is live, NobodyApproves when the portal has no workflow.
    """
    page = _hold(page_pk)
    if page.latest_revision_id != seen:
        raise ChangedMeanwhile
    if page.live and not page.has_unpublished_changes:
        raise NothingToSend
    state = _open_request(page.pk)
    is_trusted = Merchant.objects.filter(pk=page.merchant_id, trusted_at__isnull=False).exists()
    if state is not None and state.status == WorkflowState.STATUS_IN_PROGRESS and not is_trusted:
        return Stage.WAITING
    if state is not None:
        state.cancel(user=user)
    if is_trusted:
        page.latest_revision.publish(user=user, skip_permission_checks=True)
        return Stage.LIVE
    _start(page, user)
    return Stage.WAITING


def _start(page: MerchantPage, user: Any) -> None:
    workflow = page.get_workflow()
    if workflow is None:
        raise NobodyApproves
    workflow.start(page, user)


@transaction.atomic
def withdraw(page_pk: int, *, user: Any) -> bool:
    """The request waits no more, and its text is a draft again. False when none was waiting."""
    _hold(page_pk)
    waiting = _waiting(page_pk)
    if waiting is not None:
        waiting.cancel(user=user)
    return waiting is not None


# ------------------------------------------------------------------------------------------------ the Journal's answer


def approve(page_pk: int, *, user: Any, seen: int, comment: str = "") -> None:
    """The revision that was looked at is what shoppers see afterwards. Raises ChangedMeanwhile, see ``_answer``."""
    _answer(page_pk, user=user, seen=seen, action="approve", comment=comment)


def refuse(page_pk: int, *, user: Any, seen: int, comment: str) -> None:
    """The merchant reads ``comment``, and may send again. Raises ChangedMeanwhile, see ``_answer``."""
    _answer(page_pk, user=user, seen=seen, action="reject", comment=comment)


@transaction.atomic
def _answer(page_pk: int, *, user: Any, seen: int, action: str, comment: str) -> None:
    """Raises ChangedMeanwhile when nothing waits any more, or when what waits is not the revision that was seen."""
    page = _hold(page_pk)
    waiting = _waiting(page_pk)
    if waiting is None or waiting.current_task_state is None or page.latest_revision_id != seen:
        raise ChangedMeanwhile
    task_state = waiting.current_task_state
    task_state.revision_id = seen  # the Journal's own corrections ride along: it has seen them
    if action == "approve":
        task_state.approve(user=user, comment=comment)
    else:
        task_state.reject(user=user, comment=comment)
    _note_answer(page, task_state, user, comment)


def _note_answer(page: Page, task_state: TaskState, user: Any, comment: str) -> None:
    audit.note(
        "page.approved" if task_state.status == TaskState.STATUS_APPROVED else "page.refused",
        page,
        actor_id=user.pk,
        merchant_id=getattr(page, "merchant_id", None),
        before={"live_revision": page.live_revision_id},
        after={"revision": task_state.revision_id, "comment": comment},
    )


def answer_from_wagtail(task_state: TaskState, *, user: Any, action: str, comment: str) -> str | None:
    """As ``_answer``, asked in one of Wagtail's own screens: None when done, else where the sentence stands.

    What was seen there is what the task is about, or what this very person has just written on top of it.
    """
    page_pk = int(task_state.workflow_state.object_id)
    try:
        with transaction.atomic():
            seen = _seen_in_wagtail(_hold(page_pk), task_state, user)
            _answer(page_pk, user=user, seen=seen, action=action, comment=comment)
    except ChangedMeanwhile:
        return f"{reverse('approvals:page', args=[page_pk])}?depasse=1"
    return None


def _seen_in_wagtail(page: Page, task_state: TaskState, user: Any) -> int:
    waiting = _waiting(page.pk)
    if waiting is None or waiting.current_task_state_id != task_state.pk:
        raise ChangedMeanwhile
    latest = page.latest_revision
    return latest.pk if latest.user_id == user.pk else task_state.revision_id


# ------------------------------------------------------------------------------------------------ trust


@transaction.atomic
def trust(merchant: Merchant, *, actor_id: int | None, now: datetime) -> bool:
    """Its changes go live at once from now on; what waits keeps waiting. False when it was trusted already."""
    trusted = unjoined(Merchant).filter(pk=merchant.pk, trusted_at=None).update(trusted_at=now)
    if trusted:
        audit.note("merchant.trusted", merchant, actor_id=actor_id, merchant_id=merchant.pk)
    return bool(trusted)


@transaction.atomic
def distrust(merchant: Merchant, *, actor_id: int | None) -> bool:
    """Its changes wait for the Journal again. False when they did already."""
    changed = unjoined(Merchant).filter(pk=merchant.pk, trusted_at__isnull=False).update(trusted_at=None)
    if changed:
        audit.note("merchant.untrusted", merchant, actor_id=actor_id, merchant_id=merchant.pk)
    return bool(changed)


# ------------------------------------------------------------------------------------------------ the lock


def _hold(page_pk: int) -> Any:
    """The page as it stands, and nobody else's act on it until this transaction ends."""
    return Page.objects.select_for_update().get(pk=page_pk).specific


def _waiting(page_pk: int) -> WorkflowState | None:
    state = _open_request(page_pk)
    return state if state is not None and state.status == WorkflowState.STATUS_IN_PROGRESS else None


def what_waits(site_root: Page) -> QuerySet[TaskState]:
    """The task states of merchants' pages that wait in the portal, the longest first; each with its revision."""
    pages = MerchantPage.objects.descendant_of(site_root).values_list(Cast("pk", CharField()))
    rows = TaskState.objects.filter(
        status=TaskState.STATUS_IN_PROGRESS,
        workflow_state__status=WorkflowState.STATUS_IN_PROGRESS,
        revision__base_content_type__model="page",
        revision__object_id__in=pages,
    )
    return rows.select_related("revision").order_by("started_at", "pk")


def days_waiting(since: datetime, now: datetime | None = None) -> int:
    """Whole days of the calendar here: what was sent yesterday evening waits since one day."""
    today = timezone.localdate(now) if now else timezone.localdate()
    return max(0, (today - timezone.localdate(since)).days)


def revision_of(page: Page, pk: int) -> Revision | None:
    """A revision of this page, and of no other."""
    found: Revision | None = Revision.objects.for_instance(page).filter(pk=pk).first()
    return found


def revision_before(page: MerchantPage) -> int | None:
    """The key of the revision before the newest, which is what one goes back to."""
    rows = Revision.objects.for_instance(page).order_by("-created_at", "-pk").values_list("pk", flat=True)
    keys = list(rows[:2])
    return keys[1] if len(keys) == 2 else None
