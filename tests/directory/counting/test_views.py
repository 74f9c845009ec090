"""The image and the way out, as browsers ask for them."""

import re
from typing import Any

import pytest
from django.utils import timezone
from time_machine import travel

from directory.counting import tokens
from directory.counting.tokens import Counted
from directory.counting.views import IMAGE
from directory.enums import Act, Subject, Tier
from directory.models import DailyCount, Merchant
from directory.searching.refreshing import refresh_all
from home.models import PortalRole, PortalStaff
from home.tenancy import portal_scope
from tests.directory.counting.test_tokens import FORGED
from tests.directory.counting.visiting import CALLS, LEAVING, Visitor, counted
from tests.factories import UserFactory
from tests.portal.people import person
from tests.portal.towns import Town

SITE = "https://boutique.exemple.test/visite?x=1"


@pytest.fixture
def shop(here: Town) -> Merchant:
    """With each of its links."""
    with portal_scope(here.site):
        Merchant.objects.filter(pk=here.merchant.pk).update(
            website_url=SITE, latitude=46.8, longitude=-71.2, phone="+14185550123"
        )
        return Merchant.objects.get(pk=here.merchant.pk)


def page_of(merchant: Merchant) -> str:
    return f"/commerces/{merchant.slug}/"


def product_page(town: Town) -> str:
    return f"/boutique/{town.merchant.slug}/{town.variant.product.slug}/"


# ----------------------------------------------------------------------------------------------------------- the image


def test_a_page_that_is_seen_is_counted_once(here: Town) -> None:
    answer = Visitor(here).sees(page_of(here.merchant))

    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, IMAGE, "image/gif")
    assert len(IMAGE) == 43
    assert answer["Cache-Control"] == "private, max-age=1800"
    assert counted(here) == {("seen", "merchant", here.merchant.pk, "outside", 0): 1}


def test_the_image_sets_no_cookie_and_asks_the_database_for_nothing(
    here: Town, django_assert_num_queries: Any
) -> None:
    visitor = Visitor(here)
    address = visitor.image_of(page_of(here.merchant))
    visitor.get(address)
    with django_assert_num_queries(0):
        answer = visitor.get(address)

    assert not answer.cookies
    assert "Set-Cookie" not in answer.headers
    assert "Vary" not in answer.headers


@pytest.mark.parametrize(
    ("path", "subject"),
    [
        ("/", "portal"),
        ("/commerces/", "portal"),
        ("/commerces/?vue=carte", "portal"),
        ("/boutique/", "portal"),
        ("/recherche/?q=canarilevis", "portal"),
        ("/histoires/", "portal"),
        ("/tournee/", "portal"),
        ("/a-propos/", "portal"),
        ("story", "story"),
        ("product", "product"),
    ],
)
def test_every_kind_of_page_is_counted_as_what_it_is(here: Town, path: str, subject: str) -> None:
    pages = {"story": f"/histoires/{here.story.slug}/", "product": product_page(here)}
    keys = {"portal": here.site.pk, "story": here.story.pk, "product": here.variant.product_id}
    Visitor(here).sees(pages.get(path, path))

    assert counted(here) == {("seen", subject, keys[subject], "outside", 0): 1}


def test_a_product_is_counted_for_its_merchant_and_a_list_for_none(here: Town) -> None:
    visitor = Visitor(here)
    for path in (product_page(here), "/commerces/"):
        visitor.sees(path)
    counted(here)
    with portal_scope(here.site):
        assert dict(DailyCount.objects.values_list("subject", "merchant")) == {
            "product": here.merchant.pk,
            "portal": None,
        }


def test_stories_have_a_plain_image_and_other_pages_a_script_with_one_beside_it(here: Town) -> None:
    visitor = Visitor(here)
    story, shop_page = visitor.page(f"/histoires/{here.story.slug}/"), visitor.page(page_of(here.merchant))

    assert "counting.js" not in story
    assert "<noscript>" not in story
    assert story.count('src="/vu/seen.') == 1
    assert 'id="counting" data-seen="/vu/seen.' in shop_page
    assert shop_page.count('<noscript><img class="visually-hidden" src="/vu/seen.') == 1


def test_lists_are_told_apart_by_the_browser_and_counted_alike(here: Town) -> None:
    visitor = Visitor(here)
    assert visitor.image_of("/") != visitor.image_of("/commerces/")
    visitor.sees("/")
    visitor.sees("/commerces/")

    assert counted(here) == {("seen", "portal", here.site.pk, "outside", 0): 2}


def test_the_page_is_the_same_for_everybody(here: Town) -> None:
    """So that it may be kept whole: its image names nobody."""
    path = page_of(here.merchant)
    assert (
        Visitor(here).image_of(path)
        == Visitor(here).image_of(f"{path}?v=une")
        == Visitor(here).image_of(path)
    )


@pytest.mark.parametrize("token", [token for token in FORGED if token.isprintable() and "/" not in token])
def test_a_forged_image_is_not_found_and_counts_nothing(here: Town, token: str) -> None:
    assert Visitor(here).get(f"/vu/{token}.gif").status_code == 404
    assert Visitor(here, UserFactory()).get(f"/vu/{token}.gif").status_code == 404
    assert counted(here) == {}


def test_an_image_of_the_other_portal_is_not_found(here: Town, there: Town) -> None:
    foreign = Visitor(there).image_of(page_of(there.merchant))

    assert Visitor(here).get(foreign).status_code == 404
    assert counted(here) == counted(there) == {}


def test_a_way_out_is_no_image_nor_the_other_way_round(here: Town) -> None:
    signed = tokens.signed(
        Counted(Subject.MERCHANT, here.merchant.pk, here.merchant.pk), site_id=here.site.pk
    )

    assert Visitor(here).get(f"/vu/site.{signed}.gif").status_code == 404
    assert Visitor(here).get(f"/vu/basket.{signed}.gif").status_code == 404
    assert Visitor(here).get(f"/sortie/seen.{signed}/").status_code == 404
    assert counted(here) == {}


def test_only_who_gets_the_image_is_counted(here: Town) -> None:
    visitor = Visitor(here)
    address = visitor.image_of(page_of(here.merchant))

    assert visitor.client.head(address).status_code == 200
    assert visitor.client.post(address).status_code in (403, 405)
    assert counted(here) == {}


# --------------------------------------------------------------------------------------------------- who is not counted


def staff(town: Town, role: PortalRole) -> Any:
    user = person(f"{role}@exemple.test")
    with portal_scope(town.site):
        PortalStaff.objects.create(site=town.site, user=user, role=role)
    return user


def test_robots_are_not_counted(here: Town) -> None:
    visitor = Visitor(here, **{"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"})
    assert visitor.sees(page_of(here.merchant)).status_code == 200

    assert counted(here) == {}


def test_what_is_fetched_ahead_of_time_is_not_counted_and_asked_for_again(here: Town) -> None:
    answer = Visitor(here).sees(page_of(here.merchant), **{"sec-purpose": "prefetch;prerender"})

    assert answer["Cache-Control"] == "no-store"
    assert counted(here) == {}


@pytest.mark.parametrize("role", [PortalRole.EDITOR, PortalRole.ADVISER])
def test_staff_are_not_counted(here: Town, role: PortalRole) -> None:
    Visitor(here, staff(here, role)).sees(page_of(here.merchant))
    Visitor(here, UserFactory(is_superuser=True)).sees(page_of(here.merchant))

    assert counted(here) == {}


def test_the_merchants_own_people_are_not_counted_at_home_but_elsewhere(here: Town) -> None:
    owner = Visitor(here, here.owner)
    owner.sees(page_of(here.merchant))
    owner.sees(product_page(here))
    assert counted(here) == {}

    owner.sees("/commerces/")
    assert counted(here) == {("seen", "portal", here.site.pk, "outside", 0): 1}


def test_whoever_else_has_an_account_is_counted_and_so_is_staff_of_another_portal(
    here: Town, there: Town
) -> None:
    Visitor(here, person("lecteur@exemple.test")).sees(page_of(here.merchant))
    Visitor(here, staff(there, PortalRole.EDITOR)).sees(page_of(here.merchant))

    assert counted(here) == {("seen", "merchant", here.merchant.pk, "outside", 0): 2}


def test_the_same_again_and_again_is_counted_a_few_times_at_most(here: Town) -> None:
    visitor = Visitor(here)
    address = visitor.image_of(page_of(here.merchant))
    for _time in range(20):
        visitor.get(address)

    assert counted(here) == {("seen", "merchant", here.merchant.pk, "outside", 0): 6}


# ------------------------------------------------------------------------------------------------------------- days


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-11-24T04:59:59Z", "2026-11-23"),  # a second to midnight in town
        ("2026-11-24T05:00:00Z", "2026-11-24"),
        ("2026-11-01T05:30:00Z", "2026-11-01"),  # 1 h 30, the first time
        ("2026-11-01T06:30:00Z", "2026-11-01"),  # 1 h 30, the second time: clocks were turned back
        ("2026-11-02T04:30:00Z", "2026-11-01"),  # the last hour of a day of twenty-five
        ("2027-03-14T04:59:00Z", "2027-03-13"),
        ("2027-03-15T03:59:00Z", "2027-03-14"),  # the last minute of a day of twenty-three
    ],
)
def test_days_are_days_of_the_town(here: Town, moment: str, day: str) -> None:
    address = tokens.image_address(Act.SEEN, Counted(Subject.STORY, 1), site_id=here.site.pk)
    with travel(moment, tick=False):
        Visitor(here).get(address)
        counted(here)
    with portal_scope(here.site):
        assert [str(each) for each in DailyCount.objects.values_list("day", flat=True)] == [day]


# ------------------------------------------------------------------------------------------------------------- ways out


def test_a_link_leads_to_the_stored_address_and_is_counted(shop: Merchant, here: Town) -> None:
    visitor = Visitor(here)
    answer = visitor.get(visitor.way_out(page_of(shop), "site"), of=page_of(shop))

    assert (answer.status_code, answer["Location"]) == (302, SITE)
    assert answer["Referrer-Policy"] == "strict-origin"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Cache-Control"] == "private, max-age=1800"
    assert not answer.cookies
    assert counted(here) == {("site", "merchant", shop.pk, "outside", 0): 1}


def test_directions_and_the_shop_have_their_own(shop: Merchant, here: Town) -> None:
    with portal_scope(here.site):
        Merchant.objects.filter(pk=shop.pk).update(
            tier=Tier.LINKED_SHOP, shop_url="https://vente.exemple.test/"
        )
    visitor = Visitor(here)

    assert visitor.get(visitor.way_out(page_of(shop), "shop"))["Location"] == "https://vente.exemple.test/"
    assert visitor.get(visitor.way_out(page_of(shop), "directions"))["Location"] == (
        "https://www.openstreetmap.org/directions?to=46.800000,-71.200000"
    )
    assert {key[0] for key in counted(here)} == {"shop", "directions"}


def test_rows_of_the_directory_lead_out_and_call_alike(shop: Merchant, here: Town) -> None:
    page = Visitor(here).page("/commerces/")

    assert {act for _address, act in LEAVING.findall(page)} == {"site", "directions"}
    assert CALLS.findall(page)
    assert SITE not in page
    assert "openstreetmap" not in page


def test_structured_data_keeps_the_merchants_own_address(shop: Merchant, here: Town) -> None:
    page = Visitor(here).page(page_of(shop))

    assert f'"sameAs": ["{SITE}"]'.replace(" ", "") in page.replace(" ", "")
    assert (
        "/sortie/" not in page.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    )


def test_a_tap_on_the_number_is_counted_as_a_call(shop: Merchant, here: Town) -> None:
    visitor = Visitor(here)
    call = CALLS.findall(visitor.page(page_of(shop)))[0]
    visitor.get(call, of=page_of(shop))

    assert counted(here) == {("call", "merchant", shop.pk, "outside", 0): 1}


@pytest.mark.parametrize(
    "stored",
    [
        "",
        "//evil.test/",
        "javascript:alert(1)",
        "ftp://evil.test/",
        "data:text/html,x",
        "/ailleurs/",
        "evil.test",
    ],
)
def test_only_a_web_address_is_followed(shop: Merchant, here: Town, stored: str) -> None:
    with portal_scope(here.site):
        Merchant.objects.filter(pk=shop.pk).update(website_url=stored)
    address = tokens.leaving_address(Act.SITE, shop.pk, site_id=here.site.pk)

    assert Visitor(here).get(address).status_code == 404
    assert counted(here) == {}


@pytest.mark.parametrize(
    "more",
    [
        "?url=https://evil.test/",
        "?next=//evil.test/",
        "?de=https://evil.test/&par=//evil.test/",
        "?visite=%0d%0aLocation:%20https://evil.test/",
        "?par=%0d%0aSet-Cookie:%20a=b",
    ],
)
def test_nothing_in_the_address_changes_where_it_leads(shop: Merchant, here: Town, more: str) -> None:
    answer = Visitor(here).get(tokens.leaving_address(Act.SITE, shop.pk, site_id=here.site.pk) + more)

    assert answer["Location"] == SITE
    assert "evil" not in str(answer.headers)
    assert not answer.cookies


ELSEWHERE = [
    "//evil.test/",
    "https://evil.test",
    "evil.test",
    "site.https://evil.test",
    "%0d%0aLocation:%20//evil.test",
]


@pytest.mark.parametrize("token", [*ELSEWHERE, *(each.replace("seen.", "site.") for each in FORGED)])
def test_a_forged_way_out_is_not_found(here: Town, token: str) -> None:
    answer = Visitor(here).client.get(f"/sortie/{token}/")

    assert answer.status_code == 404
    assert "Location" not in answer.headers
    assert counted(here) == {}


def test_a_way_out_of_the_other_portal_is_not_found(here: Town, there: Town) -> None:
    foreign = tokens.leaving_address(Act.DIRECTIONS, there.merchant.pk, site_id=there.site.pk)
    ours = tokens.leaving_address(Act.DIRECTIONS, there.merchant.pk, site_id=here.site.pk)

    assert Visitor(here).get(foreign).status_code == Visitor(here).get(ours).status_code == 404


@pytest.mark.parametrize("hidden", ["suspended_at", "removed_at"])
def test_a_merchant_that_is_hidden_has_no_way_out(shop: Merchant, here: Town, hidden: str) -> None:
    with portal_scope(here.site):
        Merchant.objects.filter(pk=shop.pk).update(**{hidden: timezone.now()})
    address = tokens.leaving_address(Act.SITE, shop.pk, site_id=here.site.pk)

    assert Visitor(here).get(address).status_code == 404


def test_the_merchants_own_people_are_led_out_and_not_counted(shop: Merchant, here: Town) -> None:
    owner = Visitor(here, here.owner)
    answer = owner.get(owner.way_out(page_of(shop), "site"))

    assert answer["Location"] == SITE
    assert counted(here) == {}


def test_robots_are_asked_to_stay_away(here: Town) -> None:
    told = Visitor(here).page("/robots.txt").splitlines()

    assert told[0] == "User-agent: *"
    assert {"Disallow: /vu/", "Disallow: /sortie/"} <= set(told)


# -------------------------------------------------------------------------------------------------------------- baskets


def test_what_is_put_in_a_basket_is_counted(here: Town) -> None:
    visitor = Visitor(here)
    answer = visitor.client.post(
        "/panier/ajouter/",
        {"variant": here.variant.pk, "quantity": 3},
        headers={"referer": f"http://{here.host}{product_page(here)}", "cache-control": "max-age=0"},
    )

    assert answer.status_code == 302
    assert counted(here) == {("basket", "product", here.variant.product_id, "outside", 0): 1}


def test_the_merchants_own_baskets_are_not_counted(here: Town) -> None:
    Visitor(here, here.owner).client.post("/panier/ajouter/", {"variant": here.variant.pk, "quantity": 1})

    assert counted(here) == {}


# -------------------------------------------------------------------------------------------------------------- stories


@pytest.mark.parametrize(("page", "source"), [("/", "front"), ("/recherche/?q=canarilevis", "search")])
def test_a_story_that_was_found_there_says_so(here: Town, page: str, source: str) -> None:
    """It has no script that could: the link does, and the story's own page is the same with and without."""
    with portal_scope(here.site):
        refresh_all()
    visitor = Visitor(here)
    found = re.search(rf'href="(/histoires/{here.story.slug}/\?v=\w+)"', visitor.page(page))
    assert found
    visitor.sees(found[1])

    assert counted(here) == {("seen", "story", here.story.pk, source, 0): 1}
    assert visitor.page(found[1]).count("?v=") == visitor.page(f"/histoires/{here.story.slug}/").count("?v=")
