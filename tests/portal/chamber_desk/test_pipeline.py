"""The Chamber's list: stages as tabs, filters in the address, follow-up in place, the portal's own alone."""

import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from directory import follow_up, help_consents
from directory.models import CallbackRequest, FollowUp, Merchant
from home.models import AuditEntry, PortalRole
from home.tenancy import portal_scope
from tests.factories import UserFactory
from tests.portal.chamber_desk.people import adviser_of, ago, answering, invited, many, merchant
from tests.portal.conftest import make_staff
from tests.portal.towns import Town

LIST = "/admin/chambre/"
QUERIES = 20
"""Of the whole screen, Wagtail's frame included; the bar is 20 at 2,000 merchants."""


@pytest.fixture
def chamber(here: Town) -> Client:
    return adviser_of(here)


def page(client: Client, **query: Any) -> BeautifulSoup:
    answer = client.get(LIST, query)
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def names(html: BeautifulSoup) -> list[str]:
    cells = html.select(".chamber-table tbody th[scope=row]")
    return [next(iter(cell.stripped_strings)) for cell in cells]


def tabs(html: BeautifulSoup) -> dict[str, int]:
    return {
        str(link["data-stage"]): int(link.span.text) for link in html.select(".chamber-tabs a[data-stage]")
    }


def test_stages_are_tabs_with_their_counts(chamber: Client, here: Town) -> None:
    merchant(here.site, "Libre")
    invited(here.site, merchant(here.site, "Invitée"))
    invited(here.site, merchant(here.site, "Muette"), days=12, email="m@exemple.test")
    answering(here.site, question="photo", days=9, answers={"name": "Nouvelle"})
    html = page(chamber)
    assert tabs(html) == {
        "unclaimed": 2, "invited": 1, "registering": 0, "waiting": 0, "live": 0, "selling": 0, "stuck": 2,
        "leaving": 0,
    }  # fmt: skip
    stuck = page(chamber, etape="stuck", tri="depuis")
    assert names(stuck) == ["Muette", "Nouvelle"]
    assert "à la photo depuis 9 jours" in stuck.get_text(" ", strip=True)


@pytest.mark.parametrize("count", [1, 3, 2000])
def test_list_asks_as_many_questions_for_any_number(
    here: Town, chamber: Client, count: int, django_assert_num_queries
) -> None:
    many(here.site, count)
    with portal_scope(here.site):
        for shop in Merchant.objects.exclude(pk=here.merchant.pk)[:50]:
            FollowUp.objects.create(site=here.site, merchant=shop, adviser=here.owner)
    chamber.get(LIST)
    with django_assert_num_queries(QUERIES):
        html = chamber.get(LIST, {"q": "échoppe", "tri": "geste"}).content.decode()
    shown = "1 commerce<" if count == 1 else f"{count} commerces<"
    assert shown in html


def test_two_thousand_are_paged(here: Town, chamber: Client) -> None:
    many(here.site, 120)
    last = page(chamber, page="999")
    assert len(names(last)) == 21
    assert last.select_one("a[rel=prev]")["href"] == "?page=2"


def test_filters_stand_in_the_address_and_nonsense_asks_for_nothing(here: Town, chamber: Client) -> None:
    many(here.site, 4)
    merchant(here.site, "Autre", tier="linked_shop")
    assert len(names(page(chamber, categorie="boulangeries", secteur="lauzon"))) == 4
    assert names(page(chamber, option="linked_shop")) == ["Autre"]
    assert names(page(chamber, q="echoppe 0002")) == ["Échoppe 0002"]
    assert names(page(chamber, q="echoppe3@exemple.test")) == ["Échoppe 0003"]
    nonsense = {
        "etape": "x",
        "ou": "x",
        "suivi": "x' OR 1=1",
        "geste": "x",
        "tri": "x",
        "option": "x",
        "page": "x",
    }
    assert len(names(page(chamber, **nonsense))) == 6
    assert names(page(chamber, categorie="n’existe pas")) == []
    assert "Aucun commerce ne répond" in page(chamber, q="\x00zzz").get_text()


def test_by_adviser_and_by_day(here: Town, chamber: Client) -> None:
    shops = {name: merchant(here.site, name) for name in ("À moi", "À personne", "Échu")}
    mine = int(chamber.session["_auth_user_id"])
    with portal_scope(here.site):
        follow_up.assign(shops["À moi"], mine, by_id=mine)
        follow_up.set_next_act(shops["Échu"], "Relancer", on=timezone.localdate(ago(2)), by_id=mine)
        follow_up.set_next_act(shops["À moi"], "Revoir", on=timezone.localdate(ago(-3)), by_id=mine)
    assert names(page(chamber, suivi="moi")) == ["À moi"]
    assert "À moi" not in names(page(chamber, suivi="personne"))
    assert names(page(chamber, suivi=str(mine))) == ["À moi"]
    assert names(page(chamber, geste="echu")) == ["Échu"]
    assert names(page(chamber, geste="semaine")) == ["À moi"]
    assert "Échu" not in names(page(chamber, geste="aucun"))
    assert names(page(chamber, tri="geste"))[:2] == ["Échu", "À moi"]


def posted(client: Client, shop: Merchant, **data: str) -> Any:
    told = {"adviser": "", "next_act": "", "next_act_on": "", **data}
    return client.post(f"{LIST}{shop.pk}/suivi/?etape=unclaimed&page=1", told)


def test_follow_up_is_kept_in_place_and_leads_back_to_its_line(here: Town, chamber: Client) -> None:
    shop, mine = merchant(here.site, "Chez Lise"), str(chamber.session["_auth_user_id"])
    answer = posted(chamber, shop, adviser=mine, next_act="Prendre  ses photos", next_act_on="2026-12-01")
    assert answer.url == f"{LIST}?etape=unclaimed&page=1#c{shop.pk}"
    with portal_scope(here.site):
        kept = FollowUp.objects.get(merchant=shop)
        assert (str(kept.adviser_id), kept.next_act) == (mine, "Prendre ses photos")
        assert kept.next_act_on.isoformat() == "2026-12-01"
        assert AuditEntry.objects.filter(merchant=shop, action__startswith="follow_up.").count() == 2
        before = AuditEntry.objects.count()
    posted(chamber, shop, adviser=mine, next_act="Prendre ses photos", next_act_on="2026-12-01")
    with portal_scope(here.site):
        assert AuditEntry.objects.count() == before


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"next_act_on": "demain", "next_act": "Appeler"}, "Écrivez la date comme 2026-11-30."),
        ({"next_act_on": "0001-01-01", "next_act": "Appeler"}, "Écrivez la date comme 2026-11-30."),
        ({"next_act_on": "2026-12-01"}, "Écrivez ce qu’il y aura à faire ce jour-là."),
        ({"next_act": "x" * 161}, "Plus court\u00a0: 160 caractères au plus."),
        ({"adviser": "999999"}, "Choisissez une personne de la Chambre de ce portail."),
        ({"adviser": "abc"}, "Choisissez une personne de la Chambre de ce portail."),
    ],
)
def test_wrong_follow_up_is_said_beside_its_field_and_kept_as_typed(
    here: Town, chamber: Client, wrong: dict[str, str], sentence: str
) -> None:
    shop = merchant(here.site, "Chez Lise")
    answer = posted(chamber, shop, **wrong)
    assert answer.status_code == 422
    line = BeautifulSoup(answer.content, "html.parser").select_one(f"#c{shop.pk}")
    assert line.details.has_attr("open")
    assert sentence in line.select_one(".staff-field__error").text
    if "next_act" in wrong:
        assert line.select_one("input[name=next_act]")["value"] == wrong["next_act"]
    with portal_scope(here.site):
        assert not FollowUp.objects.filter(merchant=shop).exists()


def test_merchant_of_the_other_portal_cannot_be_followed_nor_its_adviser_given(
    here: Town, there: Town, chamber: Client
) -> None:
    stranger = make_staff(there.site, PortalRole.ADVISER)
    assert posted(chamber, there.merchant, next_act="Appeler").status_code == 404
    assert posted(chamber, here.merchant, adviser=str(stranger.pk)).status_code == 422
    with portal_scope(there.site):
        assert not FollowUp.objects.exists()
    assert there.canary not in chamber.get(LIST).content.decode()


def test_help_is_one_button_with_a_consent_and_asked_for_without(here: Town, chamber: Client) -> None:
    html = page(chamber)
    assert html.select_one(f"form[action='/aide-aux-commerces/{here.merchant.pk}/proposer/']")
    with portal_scope(here.site):
        consent = help_consents.give(here.merchant, by_id=here.owner.pk, words="Oui", now=timezone.now())
    form = page(chamber).select_one(f"form[action='/aide-aux-commerces/{consent.pk}/entrer/']")
    assert chamber.post(str(form["action"])).url == f"/mon-commerce/{here.merchant.slug}/"


def test_call_that_was_asked_for_stands_out(here: Town, chamber: Client) -> None:
    with portal_scope(here.site):
        CallbackRequest.objects.create(site=here.site, merchant=here.merchant, phone="+14185550111")
    assert "Demande un appel" in page(chamber).get_text()


ADDRESSES = (
    LIST, f"{LIST}appels/", f"{LIST}invitations/", f"{LIST}options/", f"{LIST}excel/", f"{LIST}excel/rapporter/",
)  # fmt: skip


@pytest.mark.parametrize("who", ["editor", "city", "merchant", "shopper", "other portal’s adviser"])
def test_desk_does_not_exist_for_others(here: Town, there: Town, who: str) -> None:
    people: dict[str, Any] = {
        "merchant": lambda: here.owner,
        "shopper": UserFactory,
        "other portal’s adviser": lambda: make_staff(there.site, PortalRole.ADVISER),
    }
    user = people[who]() if who in people else make_staff(here.site, PortalRole(who))
    client = here.signed_in(user)
    assert [client.get(address).status_code for address in ADDRESSES] == [404] * len(ADDRESSES)
    assert posted(client, here.merchant, next_act="Appeler").status_code == 404


def test_direction_of_the_journal_sees_the_list(here: Town) -> None:
    client = here.signed_in(make_staff(here.site, PortalRole.MANAGER))
    html = page(client)
    assert names(html) == [here.merchant.name]
    assert not html.select("form[action^='/aide-aux-commerces/']")


def test_keyboard_alone_reaches_everything(here: Town, chamber: Client) -> None:
    """Links, buttons and fields alone act; each has a name of its own; no order but the document's."""
    merchant(here.site, "Chez Lise", email="lise@exemple.test")
    html = page(chamber)
    main = html.select_one(".staff-screen")
    assert not main.select("[tabindex]:not([tabindex='0']), [onclick], [accesskey]")
    for field in main.select("input:not([type=hidden]), select"):
        label = main.select_one(f"label[for='{field.get('id')}']")
        assert label is not None or field.get("aria-label"), field
    buttons = [
        button.get_text(" ", strip=True) for button in main.select("td button:not(.chamber-form button)")
    ]
    assert len(buttons) == len(set(buttons))
    assert all(re.match(r"\S", link.get_text(strip=True)) for link in main.select("a"))
