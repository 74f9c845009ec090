"""How the Chamber follows a merchant."""

import datetime as dt

import pytest

from directory import follow_up
from directory.follow_up import NoSuchAdviser
from directory.models import FollowUp, Note
from home.models import AuditEntry, PortalRole, PortalStaff
from home.tenancy import current_site
from portal import audit_trail
from tests.factories import MerchantFactory, UserFactory

pytestmark = pytest.mark.usefixtures("in_levis")
FRIDAY = dt.date(2026, 11, 27)


@pytest.fixture
def adviser():
    user = UserFactory(first_name="Odile")
    PortalStaff.objects.create(site=current_site(), user=user, role=PortalRole.ADVISER)
    return user


def test_next_act_is_kept_and_traced_once(adviser) -> None:
    merchant = MerchantFactory()
    assert follow_up.set_next_act(merchant, "  Appeler   pour les photos ", on=FRIDAY, by_id=adviser.pk)
    assert not follow_up.set_next_act(merchant, "Appeler pour les photos", on=FRIDAY, by_id=adviser.pk)
    row = FollowUp.objects.get(merchant=merchant)
    assert (row.next_act, row.next_act_on) == ("Appeler pour les photos", FRIDAY)
    assert [entry.action for entry in AuditEntry.objects.all()] == ["follow_up.next_act"]


def test_an_act_without_words_has_no_day(adviser) -> None:
    merchant = MerchantFactory()
    follow_up.set_next_act(merchant, "Appeler", on=FRIDAY, by_id=adviser.pk)
    assert follow_up.set_next_act(merchant, " ", on=FRIDAY, by_id=adviser.pk)
    row = FollowUp.objects.get(merchant=merchant)
    assert (row.next_act, row.next_act_on) == ("", None)


def test_done_clears_the_act_once(adviser) -> None:
    merchant = MerchantFactory()
    follow_up.set_next_act(merchant, "Appeler", on=FRIDAY, by_id=adviser.pk)
    assert follow_up.finish_act(merchant, by_id=adviser.pk)
    assert not follow_up.finish_act(merchant, by_id=adviser.pk)
    done = AuditEntry.objects.get(action="follow_up.done")
    assert done.before == {"next_act": "Appeler", "on": "2026-11-27"}


def test_only_an_adviser_of_the_portal_follows_a_merchant(adviser) -> None:
    merchant, stranger = MerchantFactory(), UserFactory()
    with pytest.raises(NoSuchAdviser):
        follow_up.assign(merchant, stranger.pk, by_id=adviser.pk)
    assert follow_up.assign(merchant, adviser.pk, by_id=adviser.pk)
    assert not follow_up.assign(merchant, adviser.pk, by_id=adviser.pk)
    assert follow_up.of_merchant(merchant).adviser == adviser
    assert follow_up.assign(merchant, None, by_id=adviser.pk)
    assert follow_up.of_merchant(merchant).adviser is None


def test_a_note_leaves_a_trace_without_its_words(adviser) -> None:
    merchant = MerchantFactory()
    follow_up.note(merchant, " Préfère le téléphone. ", by_id=adviser.pk)
    assert Note.objects.get().words == "Préfère le téléphone."
    entry = AuditEntry.objects.get(action="note.written")
    assert "téléphone" not in f"{entry.before}{entry.after}"


@pytest.mark.parametrize("words", ["", "   ", "x" * 4001])
def test_a_note_has_words(adviser, words: str) -> None:
    with pytest.raises(ValueError):
        follow_up.note(MerchantFactory(), words, by_id=adviser.pk)


def test_the_owners_list_of_acts_is_silent_about_it(adviser) -> None:
    merchant = MerchantFactory()
    follow_up.note(merchant, "Hésite encore.", by_id=adviser.pk)
    follow_up.set_next_act(merchant, "Appeler", on=FRIDAY, by_id=adviser.pk)
    follow_up.assign(merchant, adviser.pk, by_id=adviser.pk)
    assert not audit_trail.of_merchant(merchant).exists()
    assert audit_trail.seen_by([PortalRole.ADVISER]).count() == 3
