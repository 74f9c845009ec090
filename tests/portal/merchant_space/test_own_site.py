"""« Mon site »: read, shown beside what stands, taken only where the merchant ticks; a refresh overwrites nothing."""

import datetime as dt
import html as html_words
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from directory import moderation, own_site, timetable
from directory.enums import ReadingStatus, Tier
from directory.models import Merchant, MerchantPage, OpeningHours, SiteReading
from directory.own_site import readings
from home.tenancy import portal_scope
from portal.walls.checks import stand_or_fall
from shop.enums import ProductStatus
from shop.models import Product
from tests.directory.own_site.shops import SHOPIFY, scripted
from tests.directory.own_site.test_readings import jpeg
from tests.directory.own_site.web import Reply, Web, data, html
from tests.portal.merchant_space.conftest import Screens, acts
from tests.portal.towns import Town

FACTS = {
    "@type": "Store", "name": "Savonnerie", "description": "Des savons au lait de chèvre coupés à Lévis.",
    "telephone": "418-555-0142", "email": "bonjour@savon.example", "openingHours": "Mo-Fr 10:00-17:00",
    "image": "/vitrine.jpg",
    "address": {"streetAddress": "48, rue Saint-Laurent", "addressLocality": "Lévis", "postalCode": "G6V 3W6"},
}  # fmt: skip


def soap(**changes: Any) -> dict[str, Any]:
    row = {"id": 11, "title": "Savon à l’avoine", "handle": "savon-avoine", "body_html": "<p>Doux.</p>",
           "variants": [{"title": "Default Title", "sku": "AV-1", "price": "8.50"}],
           "images": [{"src": "/avoine.jpg"}]}  # fmt: skip
    return {**row, **changes}


def tell(web: Web, *products: dict[str, Any], **facts: Any) -> None:
    """What the site says from now on."""
    web.replies.update(
        {
            "/": html(f"<html><head>{scripted({**FACTS, **facts})}</head><body></body></html>"),
            "/products.json": data({"products": list(products)}),
            "/vitrine.jpg": Reply(jpeg(), kind="image/jpeg"),
            "/avoine.jpg": Reply(jpeg(color="orange"), kind="image/jpeg"),
        }
    )


@pytest.fixture
def web() -> Iterator[Web]:
    with Web() as serving:
        yield serving


@pytest.fixture
def site(web: Web) -> Web:
    tell(web, soap())
    return web


@pytest.fixture
def bare(here: Town) -> Town:
    """A merchant of which nothing is known but its name: no phone, no hours, an empty page."""
    with portal_scope(here.site):
        Merchant.objects.filter(pk=here.merchant.pk).update(
            phone="", email="", street_address="", city="", postal_code="", website_url=""
        )
        OpeningHours.objects.all().delete()
        MerchantPage.objects.filter(merchant=here.merchant).update(intro="", cover=None, cover_alt="")
    return here


def work(now: dt.datetime | None = None) -> None:
    for _round in range(4):
        readings.work(now or timezone.now())


def read(desk: Screens, web: Web) -> Any:
    """The site is asked for, read, and its screen's proposal given."""
    assert desk.post("mon-site/", url=web.url).status_code == 302
    work()
    return desk.get("mon-site/").context["proposal"]


def states(proposal: Any) -> dict[str, str]:
    return {row.name: row.state.value for row in proposal.rows}


def take(desk: Screens, *names: str) -> Any:
    digest = desk.get("mon-site/").context["proposal"].digest
    return desk.post("mon-site/prendre/", vu=digest, prendre=list(names))


def take_ticked(desk: Screens) -> Any:
    proposal = desk.get("mon-site/").context["proposal"]
    return take(desk, *(row.name for row in proposal.rows if row.is_ticked))


def draft(town: Town) -> MerchantPage:
    with portal_scope(town.site):
        page = MerchantPage.objects.get(merchant=town.merchant)
        return moderation.working_copy(page) if page.latest_revision_id else page


def merchant(town: Town) -> Merchant:
    with portal_scope(town.site):
        return Merchant.objects.get(pk=town.merchant.pk)


def products(town: Town) -> list[Product]:
    with portal_scope(town.site):
        rows = Product.objects.filter(merchant=town.merchant).exclude(pk=town.variant.product_id)
        return list(rows.order_by("pk").prefetch_related("variants", "photos"))


def test_reading_is_waited_for_then_shown(bare: Town, desk: Screens, site: Web) -> None:
    assert "Lire mon site" in desk.html("mon-site/")
    desk.post("mon-site/", url=site.url)
    assert site.asked == []
    waiting = desk.html("mon-site/")
    assert "Nous lisons votre site…" in waiting
    assert '<noscript><meta http-equiv="refresh"' in waiting
    readings.work(timezone.now())
    assert "Les photos arrivent\u00a0: 0 sur 2." in desk.html("mon-site/")
    work()
    shown = html_words.unescape(desk.html("mon-site/"))
    assert "418\u00a0555-0142" in shown
    assert "Lundi au vendredi\u00a0: 10\u00a0h à 17\u00a0h" in shown
    assert "8,50\u00a0$" in shown
    assert acts(bare) == ["own_site.asked"]


def test_all_is_ticked_where_nothing_stands(bare: Town, desk: Screens, site: Web) -> None:
    assert states(read(desk, site)) == {
        "phone": "new", "email": "new", "website_url": "new", "address": "new", "week": "new", "intro": "new",
        "cover": "new", "product:savon-avoine": "new",
    }  # fmt: skip
    page = desk.html("mon-site/")
    assert (page.count('name="prendre"'), page.count(" checked")) == (8, 8)


def test_nothing_is_taken_without_a_tap(bare: Town, desk: Screens, site: Web) -> None:
    before = vars(merchant(bare)).copy()
    read(desk, site)
    take(desk)
    now = vars(merchant(bare))
    assert {name: now[name] for name in before if name != "_state"} == {
        name: value for name, value in before.items() if name != "_state"
    }
    assert (draft(bare).intro, products(bare), OpeningHours._base_manager.exists()) == ("", [], False)
    with portal_scope(bare.site):
        assert SiteReading.objects.get().taken == {}


def test_what_is_ticked_is_taken_each_through_its_door(bare: Town, desk: Screens, site: Web) -> None:
    read(desk, site)
    take_ticked(desk)
    row, page, (product,) = merchant(bare), draft(bare), products(bare)
    assert (row.phone.as_e164, row.email, row.website_url) == (
        "+14185550142",
        "bonjour@savon.example",
        f"{site.url}/",
    )
    assert (row.street_address, row.city, row.postal_code) == ("48, rue Saint-Laurent", "Lévis", "G6V 3W6")
    with portal_scope(bare.site):
        assert timetable.week_facts(row) == {str(day): ["10:00-17:00"] for day in range(5)}
    assert page.intro == "Des savons au lait de chèvre coupés à Lévis."
    assert (page.cover.merchant_id, page.cover.site_id) == (row.pk, bare.site.pk)
    variant = product.variants.get()
    assert (product.title, product.status, variant.price_cents, variant.on_hand) == (
        "Savon à l’avoine",
        ProductStatus.DRAFT,
        850,
        0,
    )
    assert product.photos.get().image.merchant_id == row.pk
    assert acts(bare) == [
        "own_site.asked", "merchant.contact", "hours.week", "page.edited", "product.create", "own_site.taken",
    ]  # fmt: skip


def test_page_and_products_stay_unseen_until_the_merchant_says_so(
    bare: Town, desk: Screens, site: Web
) -> None:
    read(desk, site)
    take_ticked(desk)
    public = bare.visitor().get(f"/commerces/{bare.merchant.slug}/").content.decode()
    assert "lait de chèvre" not in public
    assert "Savon à l’avoine" not in html_words.unescape(public)
    assert "418\u00a0555-0142" in public


def test_only_what_is_ticked_is_taken(bare: Town, desk: Screens, site: Web) -> None:
    read(desk, site)
    take(desk, "phone")
    row = merchant(bare)
    assert (row.phone.as_e164, row.email, draft(bare).intro, products(bare)) == ("+14185550142", "", "", [])


def test_second_reading_of_the_same_proposes_nothing(bare: Town, desk: Screens, site: Web) -> None:
    read(desk, site)
    take_ticked(desk)
    proposal = read(desk, site)
    assert set(states(proposal).values()) == {"same"}
    assert "Tout est déjà ici" in desk.html("mon-site/")
    assert len(products(bare)) == 1


def test_refresh_brings_what_changed_on_the_site(bare: Town, desk: Screens, site: Web) -> None:
    read(desk, site)
    take_ticked(desk)
    tell(
        site, soap(variants=[{"title": "Default Title", "price": "9.00"}], body_html="Plus doux."),
        description="Des savons au lait de chèvre et d’ânesse.", openingHours="Mo-Sa 10:00-17:00",
        telephone="418-555-0143",
    )  # fmt: skip
    told = states(read(desk, site))
    assert [name for name, state in told.items() if state == "refresh"] == [
        "phone", "week", "intro", "product:savon-avoine",
    ]  # fmt: skip
    take_ticked(desk)
    (product,) = products(bare)
    assert (product.variants.get().price_cents, product.description) == (900, "Plus doux.")
    assert (merchant(bare).phone.as_e164, draft(bare).intro) == (
        "+14185550143",
        "Des savons au lait de chèvre et d’ânesse.",
    )


def test_refresh_never_overwrites_what_the_merchant_wrote(bare: Town, desk: Screens, site: Web) -> None:
    read(desk, site)
    take_ticked(desk)
    (product,) = products(bare)
    with portal_scope(bare.site):
        timetable.state_week(bare.merchant, {})
        Merchant.objects.filter(pk=bare.merchant.pk).update(phone="+14185550999", email="moi@savon.example")
        Product.objects.filter(pk=product.pk).update(title="Mon savon")
        OpeningHours.objects.create(merchant=bare.merchant, weekday=2, opens=dt.time(8), closes=dt.time(9))
    page = draft(bare)
    desk.post("page/textes/", seen=page.latest_revision_id, intro="Mes mots à moi.", story_1="")
    tell(
        site, soap(title="Savon doux", variants=[{"price": "9.00"}]), telephone="418-555-0143",
        email="autre@savon.example",
        description="Tout autre chose que ce que j’ai écrit.", openingHours="Mo-Su 10:00-17:00",
    )  # fmt: skip
    proposal = read(desk, site)
    told = states(proposal)
    assert {name for name, state in told.items() if state == "edited"} == {"phone", "email", "week", "intro"}
    assert "Vous avez écrit autre chose." in html_words.unescape(desk.html("mon-site/"))
    take_ticked(desk)
    row, (product,) = merchant(bare), products(bare)
    assert (row.phone.as_e164, row.email, draft(bare).intro) == (
        "+14185550999",
        "moi@savon.example",
        "Mes mots à moi.",
    )
    assert (product.title, product.variants.get().price_cents) == ("Mon savon", 900)
    with portal_scope(bare.site):
        assert timetable.week_facts(row) == {"2": ["08:00-09:00"]}


def test_what_was_edited_can_still_be_taken_on_purpose(here: Town, desk: Screens, site: Web) -> None:
    assert states(read(desk, site))["phone"] == "edited"
    take(desk, "phone")
    assert merchant(here).phone.as_e164 == "+14185550142"


def test_address_that_stands_is_not_moved(here: Town, desk: Screens, site: Web) -> None:
    proposal = read(desk, site)
    assert states(proposal)["address"] == "fixed"
    desk.post("mon-site/prendre/", vu=proposal.digest, prendre=["address"])
    assert merchant(here).street_address == here.merchant.street_address


def test_photo_that_was_put_away_does_not_come_back_by_itself(bare: Town, desk: Screens, web: Web) -> None:
    tell(web, image=["/vitrine.jpg", "/avoine.jpg"])
    assert states(read(desk, web))["photo:1"] == "new"
    take_ticked(desk)
    page = draft(bare)
    assert page.gallery.count() == 1
    desk.post(f"page/galerie/{page.gallery.first().image_id}/retirer/")
    assert states(read(desk, web))["photo:1"] == "edited"
    take_ticked(desk)
    assert draft(bare).gallery.count() == 0


def test_one_step_takes_it_back(bare: Town, desk: Screens, site: Web) -> None:
    desk.post("page/textes/", seen="", intro="Avant.", story_1="")
    read(desk, site)
    take(desk, "cover", "phone")
    assert (draft(bare).cover is not None, draft(bare).intro) == (True, "Avant.")
    assert "Annuler" in desk.html("mon-site/")
    desk.undo()
    assert (draft(bare).cover, draft(bare).intro, str(merchant(bare).phone)) == (None, "Avant.", "")


def test_facts_are_as_before_once_taken_back(bare: Town, desk: Screens, site: Web) -> None:
    read(desk, site)
    take(desk, "phone", "week", "address", "email")
    desk.undo()
    row = merchant(bare)
    assert (str(row.phone), row.email, row.street_address, row.city) == ("", "", "", "")
    with portal_scope(bare.site):
        assert timetable.week_facts(row) == {}
    assert states(desk.get("mon-site/").context["proposal"])["phone"] == "new"


def test_what_changed_since_it_was_shown_is_shown_again(bare: Town, desk: Screens, site: Web) -> None:
    proposal = read(desk, site)
    with portal_scope(bare.site):
        Merchant.objects.filter(pk=bare.merchant.pk).update(phone="+14185550999")
    desk.post("mon-site/prendre/", vu=proposal.digest, prendre=["phone", "email"])
    assert (merchant(bare).phone.as_e164, merchant(bare).email) == ("+14185550999", "")
    assert "Regardez de nouveau" in desk.html("mon-site/")


def test_refresh_that_the_law_forbids_leaves_the_product_as_it_is(
    bare: Town, desk: Screens, site: Web
) -> None:
    read(desk, site)
    take(desk, "product:savon-avoine")
    (product,) = products(bare)
    with portal_scope(bare.site):
        Product.objects.filter(pk=product.pk).update(status=ProductStatus.PUBLISHED)
    tell(site, soap(body_html="Au tabac de Virginie, cigarettes comprises."))
    read(desk, site)
    take_ticked(desk)
    (product,) = products(bare)
    assert (product.description, product.status) == ("Doux.", ProductStatus.PUBLISHED)


def test_variants_become_formats_each_with_its_price(bare: Town, desk: Screens, web: Web) -> None:
    rows = [{"title": "Miel", "price": "6.00"}, {"title": "Menthe", "price": "6.25"}]
    tell(web, soap(variants=rows))
    read(desk, web)
    take(desk, "product:savon-avoine")
    (product,) = products(bare)
    found = [(one.title, one.price_cents) for one in product.variants.all()]
    assert found == [("Miel", 600), ("Menthe", 625)]


def test_listing_is_told_that_its_products_wait(bare: Town, desk: Screens, site: Web) -> None:
    with portal_scope(bare.site):
        Merchant.objects.filter(pk=bare.merchant.pk).update(tier=Tier.LISTING)
    proposal = read(desk, site)
    assert (proposal.products, proposal.products_for_later) == ([], 1)
    assert "shop_url" in states(proposal)
    take(desk, "product:savon-avoine")
    assert products(bare) == []


def test_merchant_without_a_page_gets_its_first_draft(bare: Town, desk: Screens, site: Web) -> None:
    with portal_scope(bare.site):
        MerchantPage.objects.get(merchant=bare.merchant).delete()
    read(desk, site)
    take(desk, "intro", "cover")
    page = draft(bare)
    assert (page.live, page.intro, page.cover_id is not None) == (
        False,
        "Des savons au lait de chèvre coupés à Lévis.",
        True,
    )


def test_names_that_are_scripts_are_shown_as_words(bare: Town, desk: Screens, web: Web) -> None:
    title = 'Savon <script>alert(1)</script> & "doux"'
    words = "Des savons <b onclick=alert(1)>doux</b> &amp; ronds, <script>alert(1)</script>coupés à la main."
    tell(web, soap(title=title, body_html="<img src=x onerror=alert(1)>Doux"), description=words)
    read(desk, web)
    shown = desk.html("mon-site/")
    assert "alert(1)" not in shown
    assert "Savon &amp; &quot;doux&quot;" in shown


NOT_READ = {
    "": "Écrivez l’adresse de votre site",
    "javascript:alert(1)": "Cette adresse ne se lit pas",
    "ftp://savon.example": "Cette adresse ne se lit pas",
    "http://10.0.0.1/": "celle d’un site public",
    "http://169.254.169.254/latest/": "celle d’un site public",
    "http://routeur.local/": "celle d’un site public",
    "http://savon.example:22/": "Cette adresse ne se lit pas",
    "x" * 300: "200 caractères",
}


def test_address_that_cannot_be_read_says_what_to_type(here: Town, desk: Screens) -> None:
    for typed, sentence in NOT_READ.items():
        answer = desk.post("mon-site/", url=typed)
        shown = html_words.unescape(answer.content.decode())
        assert (typed, answer.status_code, sentence in shown) == (typed, 422, True)
    assert acts(here) == []


def test_site_that_could_not_be_read_says_why(here: Town, desk: Screens, web: Web) -> None:
    desk.post("mon-site/", url=web.url)
    work()
    assert "Cette page n’existe pas sur votre site" in html_words.unescape(desk.html("mon-site/"))


def test_pictures_are_shown_to_their_merchant_alone(
    bare: Town, there: Town, desk: Screens, stranger: Screens, site: Web
) -> None:
    read(desk, site)
    answer = desk.get("mon-site/photo/0/")
    assert (answer["Content-Type"], answer.content[:2]) == ("image/jpeg", b"\xff\xd8")
    assert "private" in answer["Cache-Control"]
    assert desk.get("mon-site/photo/9/").status_code == 404
    assert desk.get("mon-site/photo/99999999999999999999/").status_code == 404
    for who in (stranger, Screens(bare.visitor(), bare.merchant)):
        assert who.get("mon-site/photo/0/").status_code in {302, 404}


def test_stranger_finds_nothing(here: Town, there: Town, desk: Screens, stranger: Screens, site: Web) -> None:
    read(desk, site)
    assert stranger.get("mon-site/").status_code == 404
    assert stranger.post("mon-site/", url=site.url).status_code == 404
    assert stranger.post("mon-site/prendre/", prendre=["phone"]).status_code == 404
    assert merchant(here).phone.as_e164 == "+14185550123"


def test_taking_before_anything_was_read_is_not_there(here: Town, desk: Screens) -> None:
    assert desk.post("mon-site/prendre/", prendre=["phone"]).status_code == 404


def test_as_many_questions_for_one_product_as_for_three(bare: Town, desk: Screens, web: Web) -> None:
    asked = []
    for count in (1, 3):
        tell(web, *(soap(title=f"Savon {n}", handle=f"savon-{n}") for n in range(count)))
        read(desk, web)
        with CaptureQueriesContext(connection) as questions:
            assert len(desk.get("mon-site/").context["proposal"].products) == count
        asked.append(len(questions))
    assert asked[0] == asked[1]


def test_web_server_does_not_start_where_it_may_read_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "portal.settings.demo")
    with pytest.raises(ImproperlyConfigured, match="OWN_SITE_MAY_READ_LOOPBACK"):
        stand_or_fall()


def test_my_page_leads_here(here: Town, desk: Screens) -> None:
    assert f"/mon-commerce/{here.merchant.slug}/mon-site/" in desk.html("page/")


def test_registration_may_prefill_from_a_reading(levis, web: Web) -> None:
    """The seam for whoever has no merchant yet."""
    web.replies.update(SHOPIFY.replies)
    with portal_scope(levis):
        asked = own_site.ask(levis, web.url, None, now=timezone.now())
        work()
        asked.refresh_from_db()
        found = own_site.findings_of(asked)
    assert (asked.status, found.value("name"), len(found.products)) == (
        ReadingStatus.READ,
        "Savonnerie du Fleuve",
        2,
    )
