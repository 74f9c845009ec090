"""The Wagtail admin by the host of each portal: its rows alone, in lists, forms, filters and choosers.

A superuser is used on purpose: what hides the stranger's rows here is the scope, not a permission.
"""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Site

from directory.enums import Tier
from directory.models import Category, DirectoryPage, Merchant
from editorial.models import StoryIndexPage, StoryPage
from home.tenancy import portal_scope
from tests.factories import (
    CategoryFactory,
    ImageFactory,
    MerchantFactory,
    ProductFactory,
    SectorFactory,
    UserFactory,
    make_merchant_page,
    make_page,
)

LEVIS, BELLECHASSE = {"headers": {"host": "localhost"}}, {"headers": {"host": "bellechasse.localhost"}}


@pytest.fixture
def staff(db, client: Client) -> Client:
    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    return client


def page_text(client: Client, address: str, host=LEVIS) -> str:
    response = client.get(address, **host)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


@pytest.fixture
def both(levis: Site, bellechasse: Site) -> dict[str, Merchant]:
    """A merchant with its own category and sector in each portal."""
    merchants = {}
    for site, word in ((levis, "d’ici"), (bellechasse, "étranger")):
        with portal_scope(site):
            merchants[site.hostname] = MerchantFactory(
                name=f"Commerce {word}",
                category=CategoryFactory(name=f"Métier {word}"),
                sector=SectorFactory(name=f"Coin {word}"),
            )
    return merchants


@pytest.mark.parametrize("address", ["/admin/commerces/", "/admin/categories/", "/admin/secteurs/"])
def test_lists_show_the_portal_in_scope(staff, both, address) -> None:
    text = page_text(staff, address)
    assert ("d’ici" in text, "étranger" in text) == (True, False)
    text = page_text(staff, address, BELLECHASSE)
    assert ("d’ici" in text, "étranger" in text) == (False, True)


def test_search_forgives_accents(staff, in_levis) -> None:
    MerchantFactory(name="Épicerie Roy")
    MerchantFactory(name="Garage Côté")
    text = page_text(staff, "/admin/commerces/?q=epicerie+roy")
    assert ("Épicerie Roy" in text, "Garage Côté" in text) == (True, False)


def test_filters_offer_and_accept_own_rows(staff, both) -> None:
    mine, stranger = both["localhost"], both["bellechasse.localhost"]
    assert "Commerce d’ici" in page_text(
        staff, f"/admin/commerces/?category={mine.category_id}&state=visible"
    )
    text = page_text(staff, f"/admin/commerces/?category={stranger.category_id}")
    assert "étranger" not in text
    for state in ("unclaimed", "suspended", "removed", "zzz"):
        staff.get(f"/admin/commerces/?state={state}&tier=listing", **LEVIS)


def test_list_has_the_same_queries_for_any_number_of_merchants(staff, in_levis) -> None:
    counts = []
    for _ in range(3):
        MerchantFactory()
        page_text(staff, "/admin/commerces/")
        with CaptureQueriesContext(connection) as counted:
            page_text(staff, "/admin/commerces/")
        counts.append(len(counted))
    assert counts[0] == counts[2]


@pytest.mark.parametrize("kind", ["commerces", "categories", "secteurs"])
@pytest.mark.parametrize("act", ["edit", "delete", "history", "usage"])
def test_strangers_row_is_not_found(staff, both, kind: str, act: str) -> None:
    stranger = both["bellechasse.localhost"]
    pk = {"commerces": stranger.pk, "categories": stranger.category_id, "secteurs": stranger.sector_id}[kind]
    assert staff.get(f"/admin/{kind}/{act}/{pk}/", **LEVIS).status_code == 404
    assert staff.post(f"/admin/{kind}/{act}/{pk}/", {"name": "volé"}, **LEVIS).status_code == 404


def merchant_form(merchant: Merchant, **changes: object) -> dict[str, object]:
    fields = {"name": merchant.name, "slug": merchant.slug, "tier": Tier.LISTING, "city": "Lévis"}
    return {**fields, "category": merchant.category_id, "sector": merchant.sector_id, **changes}


def test_forms_offer_the_present_portals_rows_even_after_anothers(staff, both) -> None:
    """Form classes are built once per process: the first portal to open one must not be remembered."""
    for host, mine, theirs in ((LEVIS, "d’ici", "étranger"), (BELLECHASSE, "étranger", "d’ici")) * 2:
        text = page_text(staff, "/admin/commerces/new/", host)
        assert (f"Métier {mine}" in text, f"Métier {theirs}" in text) == (True, False)


def test_merchant_made_in_the_admin_belongs_to_the_portal(staff, both, levis) -> None:
    mine = both["localhost"]
    response = staff.post(
        "/admin/commerces/new/", merchant_form(mine, name="Nouveau", slug="nouveau"), **LEVIS
    )
    assert response.status_code == 302
    with portal_scope(levis):
        assert Merchant.objects.get(slug="nouveau").site == levis


def test_slug_taken_in_the_portal_is_an_error_on_the_form(staff, both) -> None:
    response = staff.post("/admin/commerces/new/", merchant_form(both["localhost"], name="Autre"), **LEVIS)
    assert response.status_code == 200
    assert response.context["form"].errors


def test_strangers_category_is_refused(staff, both) -> None:
    mine, stranger = both["localhost"], both["bellechasse.localhost"]
    data = merchant_form(mine, category=stranger.category_id)
    response = staff.post(f"/admin/commerces/edit/{mine.pk}/", data, **LEVIS)
    assert "category" in response.context["form"].errors
    with portal_scope(mine.site):
        assert Merchant.objects.get(pk=mine.pk).category_id == mine.category_id


def test_merchant_is_never_deleted(staff, both) -> None:
    mine = both["localhost"]
    assert staff.post(f"/admin/commerces/delete/{mine.pk}/", **LEVIS).status_code in {302, 403}
    with portal_scope(mine.site):
        assert Merchant.objects.filter(pk=mine.pk).exists()


def test_category_in_use_stays_and_an_unused_one_goes(staff, both, levis) -> None:
    with portal_scope(levis):
        unused = CategoryFactory()
    for category in (both["localhost"].category, unused):
        assert staff.post(f"/admin/categories/delete/{category.pk}/", **LEVIS).status_code == 302
    with portal_scope(levis):
        assert [c.pk for c in Category.objects.all()] == [both["localhost"].category_id]


def test_choosers_list_and_accept_own_rows(staff, both, levis, bellechasse) -> None:
    with portal_scope(bellechasse):
        product = ProductFactory(title="Produit étranger", merchant=both["bellechasse.localhost"])
    with portal_scope(levis):
        ProductFactory(title="Produit d’ici", merchant=both["localhost"])
    for kind, stranger in (("merchant_chooser", both["bellechasse.localhost"]), ("product_chooser", product)):
        for address in (f"/admin/{kind}/", f"/admin/{kind}/results/", f"/admin/{kind}/results/?q=ici"):
            text = json.loads(body)["html"] if (body := page_text(staff, address)).startswith("{") else body
            assert ("d’ici" in text, "étranger" in text) == (True, False)
        assert staff.get(f"/admin/{kind}/chosen/{stranger.pk}/", **LEVIS).status_code == 404
        many = page_text(staff, f"/admin/{kind}/chosen-multiple/?id={stranger.pk}")
        assert json.loads(many)["result"] == []


def test_image_and_page_choosers_are_limited_to_the_portal(staff, levis, bellechasse) -> None:
    for site, word in ((levis, "d’ici"), (bellechasse, "étrangère")):
        with portal_scope(site):
            ImageFactory(title=f"Image {word}")
        index = StoryIndexPage.objects.descendant_of(site.root_page).get()
        make_page(StoryPage, index, title=f"Page {word}", slug="p")
        for address in ("/admin/images/chooser/", "/admin/choose-page/search/?q=Page"):
            text = page_text(staff, address)
            assert "étrang" not in text


def test_story_form_renders_and_saves_live_blocks(staff, both, levis) -> None:
    mine, stranger = both["localhost"], both["bellechasse.localhost"]
    with portal_scope(levis):
        index = StoryIndexPage.objects.descendant_of(levis.root_page).get()
        story = make_page(
            StoryPage, index, title="Histoire", slug="h", body=[("merchant_block", {"merchant": mine})]
        )
    text = page_text(staff, f"/admin/pages/{story.pk}/edit/")
    assert "Commerce d’ici" in json_unescaped(text)
    for pk, saved in ((mine.pk, True), (stranger.pk, False)):
        response = staff.post(f"/admin/pages/{story.pk}/edit/", story_form(pk), **LEVIS)
        assert (response.status_code == 302) is saved


def test_preview_may_stand_in_the_editors_frame(staff, both, levis) -> None:
    with portal_scope(levis):
        page = make_merchant_page(both["localhost"])
    response = staff.get(f"/admin/pages/{page.pk}/view_draft/", **LEVIS)
    assert response.status_code == 200
    assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
    public = staff.get(f"/commerces/{page.slug}/", **LEVIS)
    assert "frame-ancestors 'none'" in public["Content-Security-Policy"]


def json_unescaped(text: str) -> str:
    return text.replace("\\u2019", "’").replace("&#x27;", "'")


def story_form(merchant_pk: int) -> dict[str, object]:
    return {
        "title": "Histoire",
        "slug": "h",
        "published_on": "2026-11-22",
        "body-count": "1",
        "body-0-deleted": "",
        "body-0-order": "0",
        "body-0-type": "merchant_block",
        "body-0-id": "",
        "body-0-value-merchant": str(merchant_pk),
        "story_authors-TOTAL_FORMS": "0",
        "story_authors-INITIAL_FORMS": "0",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "action-publish": "1",
    }


def test_merchant_page_form_refuses_a_strangers_merchant(staff, both, levis) -> None:
    mine, stranger = both["localhost"], both["bellechasse.localhost"]
    with portal_scope(levis):
        page = make_merchant_page(mine)
    page_text(staff, f"/admin/pages/{page.pk}/edit/")
    data = {
        "title": "Page",
        "slug": "page",
        "merchant": stranger.pk,
        "body-count": "0",
        "gallery-TOTAL_FORMS": "0",
        "gallery-INITIAL_FORMS": "0",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "action-publish": "1",
    }
    response = staff.post(f"/admin/pages/{page.pk}/edit/", data, **LEVIS)
    assert "merchant" in response.context["form"].errors
    page.refresh_from_db()
    assert page.merchant_id == mine.pk


@pytest.mark.parametrize("address", ["/admin/", "/admin/pages/", "/admin/settings/home/portalsettings/"])
def test_admin_opens(staff, levis, address: str) -> None:
    assert staff.get(address, **LEVIS, follow=True).status_code == 200


def test_pages_of_the_directory_stand_by_title(staff, in_levis) -> None:
    for name in ("Zéphyr", "Abeille"):
        make_merchant_page(MerchantFactory(name=name, slug=name[:3].lower().replace("é", "e")))
    directory = DirectoryPage.objects.descendant_of(in_levis.root_page).get()
    text = page_text(staff, f"/admin/pages/{directory.pk}/")
    assert text.index("Abeille") < text.index("Zéphyr")
