"""What waits for the Journal, and what its answer makes public: exactly what it looked at."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection, connections, transaction
from django.utils import timezone
from wagtail.models import Page, Revision, Site, TaskState, WorkflowState

from directory import moderation
from directory.models import DirectoryPage, JournalApproval, Merchant, MerchantPage
from directory.moderation import ChangedMeanwhile, Stage
from home.models import AuditEntry
from home.tenancy import portal_scope
from portal.models import User
from tests.factories import MerchantFactory, UserFactory, make_merchant_page


class Desk:
    """A merchant whose live page says « Avant », its owner, and the Journal."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.merchant = MerchantFactory(name="Fromagerie des Chutes", phone="+14185550111")
        self.page: MerchantPage = make_merchant_page(self.merchant, intro="Avant")
        self.owner: User = UserFactory()
        self.editor: User = UserFactory()
        self.journal = Group.objects.create(name="Journal")
        self.editor.groups.add(self.journal)
        directory = DirectoryPage.objects.descendant_of(site.root_page).get()
        moderation.give_to_journal(directory, [self.journal])

    def keep(self, intro: str) -> bool:
        page = MerchantPage.objects.get(pk=self.page.pk)
        copy = moderation.working_copy(page) if page.latest_revision_id else page
        copy.intro = intro
        return moderation.keep(copy, user=self.owner, seen=page.latest_revision_id)

    def send(self, intro: str) -> int:
        """The revision that waits."""
        self.keep(intro)
        moderation.send(self.page.pk, user=self.owner, seen=self.latest)
        return self.latest

    @property
    def latest(self) -> int:
        return Page.objects.values_list("latest_revision_id", flat=True).get(pk=self.page.pk)

    @property
    def public(self) -> str:
        return MerchantPage.objects.values_list("intro", flat=True).get(pk=self.page.pk)

    @property
    def standing(self) -> moderation.Standing:
        return moderation.standing(MerchantPage.objects.get(pk=self.page.pk))

    def task(self) -> TaskState:
        return TaskState.objects.filter(status="in_progress").get().specific


@pytest.fixture
def desk(in_levis: Site) -> Desk:
    return Desk(in_levis)


def test_text_waits_and_goes_live_when_approved(desk: Desk) -> None:
    seen = desk.send("Après")
    assert (desk.public, desk.standing.stage) == ("Avant", Stage.WAITING)
    moderation.approve(desk.page.pk, user=desk.editor, seen=seen)
    assert (desk.public, desk.standing.stage) == ("Après", Stage.LIVE)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.merchant) == ("page.approved", desk.editor, desk.merchant)
    assert entry.after["revision"] == seen


def test_first_page_is_seen_by_nobody_before_the_journal_has(in_levis: Site, desk: Desk) -> None:
    newcomer = MerchantFactory(name="Atelier neuf", slug="atelier-neuf")
    page = moderation.open_window(newcomer, user=desk.owner)
    assert moderation.open_window(newcomer, user=desk.owner).pk == page.pk
    page.intro = "Bonjour"
    moderation.keep(page, user=desk.owner, seen=None)
    page.refresh_from_db()
    moderation.send(page.pk, user=desk.owner, seen=page.latest_revision_id)
    assert not Merchant.objects.visible().filter(pk=newcomer.pk).exists()
    moderation.approve(page.pk, user=desk.editor, seen=page.latest_revision_id)
    assert Merchant.objects.visible().filter(pk=newcomer.pk).exists()


def test_refusal_brings_its_words_and_may_be_sent_again(desk: Desk) -> None:
    seen = desk.send("Trop long")
    moderation.refuse(desk.page.pk, user=desk.editor, seen=seen, comment="Plus court, svp")
    refused = desk.standing
    assert (refused.stage, refused.comment, desk.public) == (Stage.REFUSED, "Plus court, svp", "Avant")
    again = desk.send("Court")
    assert desk.standing.stage == Stage.WAITING
    moderation.approve(desk.page.pk, user=desk.editor, seen=again)
    assert desk.public == "Court"


def test_withdrawn_request_is_a_draft_that_nobody_approves(desk: Desk) -> None:
    seen = desk.send("Après")
    task = desk.task()
    assert moderation.withdraw(desk.page.pk, user=desk.owner)
    assert not moderation.withdraw(desk.page.pk, user=desk.owner)
    with pytest.raises(ChangedMeanwhile):
        moderation.approve(desk.page.pk, user=desk.editor, seen=seen)
    assert task.task.specific.on_action(task, desk.editor, "approve").endswith("?depasse=1")
    assert (desk.public, desk.standing.stage) == ("Avant", Stage.DRAFT)


@pytest.mark.parametrize("door", ["ours", "wagtail"])
def test_edit_while_waiting_never_rides_on_the_earlier_approval(desk: Desk, door: str) -> None:
    seen, task = desk.send("Vu"), desk.task()
    assert desk.keep("Jamais vu")
    if door == "ours":
        with pytest.raises(ChangedMeanwhile):
            moderation.approve(desk.page.pk, user=desk.editor, seen=seen)
    else:
        assert task.task.specific.on_action(task, desk.editor, "approve")
    assert (desk.public, desk.standing.stage) == ("Avant", Stage.WAITING)
    assert WorkflowState.objects.filter(status="in_progress").count() == 1
    moderation.approve(desk.page.pk, user=desk.editor, seen=desk.latest)
    assert desk.public == "Jamais vu"


def test_wagtail_s_own_approval_publishes_what_its_task_is_about(desk: Desk) -> None:
    desk.send("Après")
    task = desk.task()
    assert task.task.specific.on_action(task, desk.editor, "approve", comment="Bravo") is None
    assert desk.public == "Après"
    assert AuditEntry.objects.get().after["comment"] == "Bravo"


def test_correction_by_a_colleague_is_not_approved_unseen(desk: Desk) -> None:
    desk.send("Texte du commerce")
    task = desk.task()
    copy = moderation.working_copy(MerchantPage.objects.get(pk=desk.page.pk))
    copy.intro = "Corrigé par une collègue"
    copy.save_revision(user=UserFactory())
    assert task.task.specific.on_action(task, desk.editor, "approve").endswith("?depasse=1")
    assert desk.public == "Avant"


def test_own_correction_in_the_editor_is_what_goes_live(desk: Desk) -> None:
    desk.send("Texte du commerce")
    copy = moderation.working_copy(MerchantPage.objects.get(pk=desk.page.pk))
    copy.intro = "Corrigé"
    copy.save_revision(user=desk.editor)
    task = desk.task()
    assert task.task.specific.on_action(task, desk.editor, "approve") is None
    assert desk.public == "Corrigé"


def test_phone_changed_meanwhile_survives(desk: Desk) -> None:
    seen = desk.send("Après")
    Merchant.objects.filter(pk=desk.merchant.pk).update(phone="+14185550199")
    moderation.approve(desk.page.pk, user=desk.editor, seen=seen)
    assert str(Merchant.objects.get(pk=desk.merchant.pk).phone) == "(418) 555-0199"


def test_draft_made_from_an_older_text_is_refused(desk: Desk) -> None:
    desk.keep("Un")
    stale = moderation.working_copy(MerchantPage.objects.get(pk=desk.page.pk))
    made_from = desk.latest
    desk.keep("Deux")
    with pytest.raises(ChangedMeanwhile):
        moderation.keep(stale, user=desk.owner, seen=made_from)


def test_what_shoppers_see_is_the_before_of_the_first_change(desk: Desk) -> None:
    desk.keep("Après")
    texts = [
        row.content["intro"] for row in Revision.objects.for_instance(desk.page).order_by("created_at", "pk")
    ]
    assert texts == ["Avant", "Après"]


def test_trusted_merchant_s_text_is_live_at_once(desk: Desk) -> None:
    assert moderation.trust(desk.merchant, actor_id=desk.editor.pk, now=timezone.now())
    assert not moderation.trust(desk.merchant, actor_id=desk.editor.pk, now=timezone.now())
    desk.keep("Après")
    assert desk.public == "Avant"
    assert moderation.send(desk.page.pk, user=desk.owner, seen=desk.latest) == Stage.LIVE
    assert (desk.public, desk.standing.stage) == ("Après", Stage.LIVE)
    assert moderation.distrust(desk.merchant, actor_id=desk.editor.pk)
    desk.send("Encore")
    assert (desk.public, desk.standing.stage) == ("Après", Stage.WAITING)
    assert [entry.action for entry in AuditEntry.objects.order_by("pk")] == [
        "merchant.trusted",
        "merchant.untrusted",
    ]


def test_nothing_new_is_not_sent(desk: Desk) -> None:
    seen = desk.send("Après")
    moderation.approve(desk.page.pk, user=desk.editor, seen=seen)
    with pytest.raises(moderation.NothingToSend):
        moderation.send(desk.page.pk, user=desk.owner, seen=seen)


def test_workflow_is_made_once_and_follows_its_groups(desk: Desk) -> None:
    directory = DirectoryPage.objects.descendant_of(desk.site.root_page).get()
    other = Group.objects.create(name="Direction")
    moderation.give_to_journal(directory, [desk.journal, other])
    assert set(JournalApproval.objects.get().groups.all()) == {desk.journal, other}


def test_stranger_s_request_is_not_among_what_waits(desk: Desk, bellechasse: Site) -> None:
    desk.send("Après")
    assert [task.revision_id for task in moderation.what_waits(desk.site.root_page)] == [desk.latest]
    assert not moderation.what_waits(bellechasse.root_page).exists()


@pytest.mark.parametrize(
    ("hours_ago", "days"), [(0, 0), (2, 0), (30, 1), (24 * 9, 9)], ids=["now", "today", "yesterday", "nine"]
)
def test_days_are_those_of_the_calendar(hours_ago: int, days: int) -> None:
    now = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
    assert moderation.days_waiting(now - timedelta(hours=hours_ago), now) == days


# ------------------------------------------------------------------------------------------------ at the same instant


WAITING_FOR_A_LOCK = """
SELECT count(*) FROM pg_locks waiting
 WHERE NOT granted AND pid <> pg_backend_pid()
   AND EXISTS (SELECT FROM pg_locks held JOIN pg_database here ON here.oid = held.database
                WHERE held.pid = waiting.pid AND here.datname = current_database())
"""
"""In this very database: tests of other workers wait in theirs."""


@pytest.fixture
def committed(transactional_db, levis: Site) -> Iterator[Desk]:
    with portal_scope(levis):
        yield Desk(levis)


def while_publishing(desk: Desk, seen: int, meanwhile: Callable[[], Any], monkeypatch) -> tuple[Any, bool]:
    """Approve; at the moment of publishing, ``meanwhile`` begins elsewhere. Its outcome, and whether it had to wait."""
    publish, asked, waited = Revision.publish, Event(), []
    with ThreadPoolExecutor(1) as pool:
        running: list[Any] = []

        def elsewhere() -> Any:
            try:
                with portal_scope(desk.site):
                    asked.set()
                    return meanwhile()
            finally:
                connections.close_all()

        def slow_publish(revision: Revision, *args: Any, **kwargs: Any) -> Any:
            if not running:
                running.append(pool.submit(elsewhere))
                asked.wait(5)
                waited.append(comes_to_wait(running[0]))
            return publish(revision, *args, **kwargs)

        monkeypatch.setattr(Revision, "publish", slow_publish)
        moderation.approve(desk.page.pk, user=desk.editor, seen=seen)
        return running[0].result(timeout=20), waited[0]


def comes_to_wait(job: Any) -> bool:
    """False when the job ends first."""
    while not job.done():
        with connection.cursor() as cursor:
            cursor.execute(WAITING_FOR_A_LOCK)
            if cursor.fetchone()[0]:
                return True
    return False


def test_edit_at_the_instant_of_the_approval_comes_after_it(committed: Desk, monkeypatch) -> None:
    seen = committed.send("Vu")

    def edit() -> str:
        try:
            return f"replaced {committed.keep('Jamais vu')}"
        except ChangedMeanwhile:
            return "changed meanwhile"

    outcome, waited = while_publishing(committed, seen, edit, monkeypatch)
    assert waited
    assert outcome == "replaced False"
    assert (committed.public, committed.standing.stage) == ("Vu", Stage.DRAFT)


def test_without_the_lock_an_approved_request_would_be_withdrawn(committed: Desk, monkeypatch) -> None:
    """The negative control of the test above: the edit believes that it takes the place of what was just answered."""
    seen = committed.send("Vu")
    monkeypatch.setattr(moderation, "_hold", lambda pk: Page.objects.get(pk=pk).specific)
    outcome, _waited = while_publishing(committed, seen, lambda: committed.keep("Jamais vu"), monkeypatch)
    assert outcome is True
    assert committed.public == "Vu"
    assert not WorkflowState.objects.filter(status="approved").exists()


def test_approval_at_the_instant_of_an_edit_is_refused(committed: Desk) -> None:
    seen = committed.send("Vu")

    def approve() -> str:
        try:
            with portal_scope(committed.site):
                moderation.approve(committed.page.pk, user=committed.editor, seen=seen)
                return "approved"
        except ChangedMeanwhile:
            return "refused"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            committed.keep("Jamais vu")
            running = pool.submit(approve)
            assert comes_to_wait(running)
        assert running.result(timeout=20) == "refused"
    assert (committed.public, committed.standing.stage) == ("Avant", Stage.WAITING)
