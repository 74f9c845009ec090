"""What the Journal brought: for its own people, page by page, at constant cost, and as a sheet without formulas."""

import csv
import re
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from directory.counting.credit import Credit
from directory.enums import Act, Source, Subject
from directory.models import DailyCount
from editorial.brought import brought
from editorial.models import StoryPage
from home.models import AuditEntry, PortalRole
from home.periods import Period, town_day
from home.tenancy import portal_scope
from portal import staffing
from shop.payments import refunds
from shop.payments.handlers import deliver_outbox
from shop.sandbox.server import Sandbox
from tests.editorial.test_stories import make_story
from tests.portal.people import person
from tests.portal.towns import Town, make_purchase

DESK = "/admin/amene/"


def staff(town: Town, role: PortalRole) -> Client:
    user = person(f"{role}-{town.canary}@exemple.test")
    with portal_scope(town.site):
        staffing.grant(user, town.site, role)
    return town.signed_in(user)


def count(town: Town, act: Act, subject: Subject, times: int, page: StoryPage | None = None) -> None:
    """Of the merchant, from the town's story; or of a page itself, from outside."""
    source = {"source": Source.OUTSIDE} if page else {"source": Source.STORY, "source_id": town.story.pk}
    on = {"subject_id": page.pk} if page else {"subject_id": town.merchant.pk, "merchant": town.merchant}
    day = town_day(timezone.now())
    DailyCount.objects.create(site=town.site, day=day, act=act, subject=subject, times=times, **source, **on)


@pytest.fixture
def led(here: Town, sandbox: Sandbox) -> Any:
    """The story was seen 40 times, and led to 3 calls, 2 visits to a site, 1 basket, and an order of 40.00 $."""
    purchase = make_purchase(here, sandbox, credit=Credit(Source.STORY, here.story.pk, timezone.now()))
    with portal_scope(here.site):
        count(here, Act.SEEN, Subject.STORY, 40, here.story)
        count(here, Act.CALL, Subject.MERCHANT, 3)
        count(here, Act.SITE, Subject.MERCHANT, 2)
        count(here, Act.BASKET, Subject.PRODUCT, 1)
    return purchase.order


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).replace("\u00a0", " ").split())


def give_back_a_unit(here: Town, order: Any) -> None:
    with portal_scope(here.site):
        wish = refunds.Units({order.lines.get().pk: 1})
        refunds.request(order, wish, reason="retour", restock=True, now=timezone.now())
        deliver_outbox(now=timezone.now())


def test_editor_reads_what_each_page_brought_less_what_was_given_back(here: Town, led: Any) -> None:
    editor = staff(here, PortalRole.EDITOR)
    line = f"Histoire {here.canary} Histoire 40 5 1 1 "
    kept = led.merchant_share_cents
    assert f"{line}{kept // 100},{kept % 100:02} $" in text_of(editor, DESK)
    give_back_a_unit(here, led)
    assert f"{line}{kept // 200},{kept // 2 % 100:02} $ rendu : 20,00 $" in text_of(editor, DESK)
    assert "Rien dans ces jours-là" in text_of(editor, f"{DESK}?periode=mois-dernier")
    assert "40 5 1 1" in text_of(editor, f"{DESK}?periode=nimporte")


def test_story_says_beside_itself_what_it_brought(here: Town, led: Any) -> None:
    editor = staff(here, PortalRole.EDITOR)
    said = text_of(editor, f"/admin/pages/{here.story.pk}/edit/")
    assert "Lectures 40 40 Contacts avec les commerces 5 5 appels 3 3" in said
    with portal_scope(here.site):
        other = make_story(here.site, slug="autre")
    assert "Rien encore. Dès qu’on passera d’ici" in text_of(editor, f"/admin/pages/{other.pk}/edit/")


@pytest.mark.parametrize("role", [PortalRole.ADVISER, PortalRole.CITY])
def test_chamber_and_city_have_no_such_list(here: Town, led: Any, role: PortalRole) -> None:
    client = staff(here, role)
    assert client.get(DESK).status_code == 404
    assert client.get(f"{DESK}?export=csv").status_code == 404


def test_editor_of_another_portal_sees_nothing_of_it(here: Town, there: Town, led: Any) -> None:
    said = text_of(staff(there, PortalRole.EDITOR), DESK)
    assert "Rien dans ces jours-là" in said
    assert here.canary not in said


def test_sheet_holds_the_same_and_no_formula(here: Town, led: Any) -> None:
    StoryPage.objects.filter(pk=here.story.pk).update(title="=1+1")
    manager = staff(here, PortalRole.MANAGER)
    answer = manager.get(f"{DESK}?periode=annee&export=csv")
    (row,) = csv.DictReader(StringIO(answer.content.decode("utf-8-sig")))
    assert (row["Page"], row["Contacts"], row["Commandes"], row["Payé ($)"]) == ("'=1+1", "5", "1", "40.00")
    book = load_workbook(BytesIO(b"".join(manager.get(f"{DESK}?export=xlsx").streaming_content)))
    assert [cell.value for cell in book.active[2]][:3] == ["Histoire", "'=1+1", 40]
    with portal_scope(here.site):
        assert AuditEntry.objects.filter(action="export").count() == 2


def test_list_costs_the_same_for_any_number_of_pages(here: Town, led: Any) -> None:
    month = Period.month_of(town_day(timezone.now()))
    with portal_scope(here.site):
        with CaptureQueriesContext(
            connection,
        ) as one:
            assert len(brought(month)) == 1
        for number in range(3):
            count(here, Act.SEEN, Subject.STORY, 1, make_story(here.site, slug=f"autre-{number}"))
        with CaptureQueriesContext(connection) as four:
            assert len(brought(month)) == 4
    assert len(one) == len(four) <= 6
