"""The screen, the worker and the letter of what a merchant takes along."""

import io
import zipfile
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from directory.enums import MembershipRole
from home.tenancy import portal_scope
from portal.leaving import contents, packages
from portal.leaving.models import Package, PackageStatus, private_storage
from shop.payments.handlers import deliver_outbox
from tests.factories import MembershipFactory
from tests.portal.merchant_space.conftest import Screens, acts, desk, stranger
from tests.portal.towns import Town

__all__ = ["desk", "stranger"]
pytestmark = pytest.mark.django_db


def only(town: Town) -> Package:
    with portal_scope(town.site):
        return Package.objects.get()


def test_owner_asks_is_told_and_fetches_its_file(desk: Screens, here: Town) -> None:
    assert "Préparer mon fichier" in desk.html("emporter/")
    desk.post("emporter/")
    assert "Nous préparons votre fichier" in desk.html("emporter/")
    assert "déjà en préparation" in desk.client.post(desk.address("emporter/"), follow=True).content.decode()
    assert packages.work(timezone.now()) == 1
    deliver_outbox(now=timezone.now())
    assert mail.outbox[-1].to == [here.owner.email]
    assert "http://localhost/mon-commerce/commerce-canarilevis/emporter/" in mail.outbox[-1].body
    row = only(here)
    page = desk.html("emporter/")
    assert f"emporter/{row.pk}/" in page
    answer = desk.get(f"emporter/{row.pk}/")
    assert answer["Content-Type"] == "application/zip"
    assert "commerce-canarilevis-" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert archive.testzip() is None
    assert row.size == row.file.size
    assert acts(here)[-3:] == ["package.asked", "package.made", "package.taken"]


def test_helper_stranger_and_neighbour_find_none_of_it(desk: Screens, here: Town, there: Town) -> None:
    desk.post("emporter/")
    packages.work(timezone.now())
    row = only(here)
    with portal_scope(here.site):
        helper = MembershipFactory(merchant=here.merchant, role=MembershipRole.HELPER).user
    for person in (helper, there.owner):
        screens = Screens(here.signed_in(person), here.merchant)
        for path in ("emporter/", f"emporter/{row.pk}/", "partir/"):
            assert screens.get(path).status_code == 404
        assert screens.post("emporter/").status_code == 404
        assert screens.post("partir/", raison="closing", page="rien").status_code == 404
        assert screens.post("partir/revenir/").status_code == 404
    own = Screens(there.signed_in(there.owner), there.merchant)
    assert own.get(f"emporter/{row.pk}/").status_code == 404
    with portal_scope(here.site):
        assert Package.objects.count() == 1


def test_file_goes_after_a_week_and_its_row_after_a_year(desk: Screens, here: Town) -> None:
    desk.post("emporter/")
    packages.work(timezone.now())
    row = only(here)
    name = row.file.name
    assert private_storage().exists(name)
    assert packages.work(timezone.now() + timedelta(days=6, hours=23)) == 0
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        here_again = Screens(here.signed_in(here.owner), here.merchant)
        assert here_again.get(f"emporter/{row.pk}/").status_code == 404  # even before the worker came by
        assert packages.work(timezone.now()) == 1
        assert not private_storage().exists(name)
        assert only(here).status == PackageStatus.GONE
        assert "Effacés depuis" in here_again.html("emporter/")
    with portal_scope(here.site):
        assert packages.forget_rows(timezone.now() + timedelta(days=366)) == 1


def test_one_that_cannot_be_made_says_so_and_is_asked_again(
    desk: Screens, here: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_more: object) -> None:
        raise OSError("no room")

    desk.post("emporter/")
    with monkeypatch.context() as patched:
        patched.setattr(contents, "write", refuse)
        packages.work(timezone.now())
        assert only(here).status == PackageStatus.WAITING
        packages.work(timezone.now())
    assert only(here).status == PackageStatus.FAILED
    assert "n’a pas pu être préparé" in desk.html("emporter/")
    desk.post("emporter/")
    assert packages.work(timezone.now()) == 1
    with portal_scope(here.site):
        assert Package.objects.filter(status=PackageStatus.READY).count() == 1


def test_one_that_a_worker_died_over_is_made_by_another(desk: Screens, here: Town) -> None:
    desk.post("emporter/")
    with portal_scope(here.site):
        Package.objects.update(status=PackageStatus.MAKING, attempts=1)
    assert packages.work(timezone.now()) == 0
    assert packages.work(timezone.now() + packages.DEAD_AFTER + timedelta(seconds=1)) == 1
    assert only(here).status == PackageStatus.READY


def test_few_a_day_are_enough(desk: Screens, here: Town) -> None:
    with portal_scope(here.site):
        for _number in range(packages.MOST_A_DAY):
            assert packages.ask(here.merchant, by_id=here.owner.pk, now=timezone.now())
            Package.objects.filter(status=PackageStatus.WAITING).update(status=PackageStatus.GONE)
    answer = desk.client.post(desk.address("emporter/"), follow=True).content.decode()
    assert "plusieurs fois aujourd’hui" in answer
