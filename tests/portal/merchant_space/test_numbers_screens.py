"""Tax numbers and alcohol permits, as an owner states them; nobody else does."""

import datetime as dt

import pytest

from directory.enums import MembershipRole
from directory.models import Merchant
from home.tenancy import portal_scope
from portal.merchant_space.hours import today_in_town
from shop import tax_numbers
from shop.enums import Tax
from shop.models import AlcoholPermit, TaxRegistration
from tests.factories import MembershipFactory
from tests.portal.merchant_space.conftest import Screens, acts
from tests.portal.towns import Town

GST, QST = "123456789 RT0001", "1234567890 TQ0001"
DAY = dt.date(2026, 11, 22)
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("tax", "typed", "kept"),
    [
        (Tax.GST, "123456789RT0001", GST),
        (Tax.GST, " 123 456 789 rt 0001", GST),
        (Tax.QST, "1234567890-tq-0001", QST),
    ],
)
def test_number_is_read_as_people_type_it(tax: Tax, typed: str, kept: str) -> None:
    assert tax_numbers.normal_number(tax, typed) == kept


@pytest.mark.parametrize(
    "typed", ["12345678 RT0001", "123456789 TQ0001", "123456789", QST, "١٢٣٤٥٦٧٨٩RT0001"]
)
def test_what_is_no_gst_number_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        tax_numbers.normal_number(Tax.GST, typed)


def spans(merchant: Merchant) -> list[tuple[str, dt.date, dt.date | None]]:
    rows = TaxRegistration.objects.filter(merchant=merchant, tax=Tax.GST).order_by("effective_from")
    return [(row.number, row.effective_from, row.effective_until) for row in rows]


def test_numbers_follow_one_another_day_by_day(here: Town) -> None:
    other, later = "987654321 RT0002", DAY + dt.timedelta(days=40)
    with portal_scope(here.site):
        shop = here.merchant
        TaxRegistration.objects.filter(merchant=shop).delete()
        assert tax_numbers.state(shop, Tax.GST, GST, since=DAY)
        assert not tax_numbers.state(shop, Tax.GST, GST, since=DAY)
        assert not tax_numbers.state(shop, Tax.GST, GST, since=later)
        assert tax_numbers.state(shop, Tax.GST, other, since=later)
        assert spans(shop) == [(GST, DAY, later), (other, later, None)]
        assert tax_numbers.state(shop, Tax.GST, "", since=later)
        assert spans(shop) == [(GST, DAY, later)]
        assert tax_numbers.state(shop, Tax.GST, GST, since=DAY)
        assert spans(shop) == [(GST, DAY, None)]


def test_owner_states_both_numbers(here: Town, desk: Screens) -> None:
    with portal_scope(here.site):
        TaxRegistration.objects.filter(merchant=here.merchant).delete()
    answer = desk.post("taxes/numeros/", gst="123456789rt0001", qst="", since=today_in_town().isoformat())
    assert answer.status_code == 302
    page = desk.html("taxes/")
    assert GST in page
    assert "pas inscrit" in page
    assert acts(here)[-1] == "tax_number.state"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("gst", "12", "123456789 RT0001"),
        ("qst", GST, "1234567890 TQ0001"),
        ("since", "hier", "Cette date ne se lit pas"),
        ("since", "1890-01-01", "entre 1991"),
    ],
)
def test_wrong_number_is_said_beside_its_field(desk: Screens, field: str, value: str, words: str) -> None:
    answers = {"gst": GST, "qst": QST, "since": "2026-11-22", field: value}
    answer = desk.post("taxes/numeros/", **answers)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert value in answer.content.decode()


def test_permit_is_kept_renewed_and_removed(here: Town, desk: Screens) -> None:
    first, next_one = (today_in_town() + dt.timedelta(days=days) for days in (30, 400))
    for day in (first, next_one):
        answers = {"kind": "Permis de brasseur", "number": " BR-  12 ", "expires_on": day.isoformat()}
        assert desk.post("taxes/permis/", **answers).status_code == 302
    with portal_scope(here.site):
        permit = AlcoholPermit.objects.get(merchant=here.merchant)
    assert (permit.number, permit.expires_on) == ("BR- 12", next_one)
    assert desk.post(f"taxes/permis/{permit.pk}/retirer/").status_code == 302
    with portal_scope(here.site):
        assert not AlcoholPermit.objects.filter(merchant=here.merchant).exists()
    assert acts(here)[-3:] == ["permit.keep", "permit.keep", "permit.remove"]


def test_permit_that_ran_out_is_not_kept(desk: Screens) -> None:
    yesterday = today_in_town() - dt.timedelta(days=1)
    answers = {"kind": "Permis de brasseur", "number": "1", "expires_on": yesterday.isoformat()}
    answer = desk.post("taxes/permis/", **answers)
    assert answer.status_code == 422
    assert "échu" in answer.content.decode()


def test_every_permit_offered_lets_its_holder_sell() -> None:
    from portal.merchant_space.numbers import PERMITS
    from shop.alcohol import PRODUCER_PERMITS, is_producers

    assert all(is_producers(kind) for kind, _label in PERMITS)
    assert len(PERMITS) == len(PRODUCER_PERMITS)


@pytest.mark.parametrize("path", ["taxes/", "taxes/numeros/", "taxes/permis/"])
def test_stranger_finds_nothing(stranger: Screens, path: str) -> None:
    assert stranger.get(path).status_code == 404


def test_helper_does_not_state_numbers(here: Town) -> None:
    with portal_scope(here.site):
        person = MembershipFactory(merchant=here.merchant, role=MembershipRole.HELPER).user
    helper = Screens(here.signed_in(person), here.merchant)
    assert helper.get("taxes/").status_code == 404
    assert helper.post("taxes/numeros/", gst=GST, qst="", since="2026-11-22").status_code == 404


def test_another_shops_permit_does_not_exist(here: Town, there: Town, desk: Screens) -> None:
    with portal_scope(there.site):
        theirs = AlcoholPermit.objects.create(
            merchant=there.merchant, kind="Permis de brasseur", number="9", expires_on=DAY
        )
    assert desk.post(f"taxes/permis/{theirs.pk}/retirer/").status_code == 404
    with portal_scope(there.site):
        assert AlcoholPermit.objects.filter(pk=theirs.pk).exists()
