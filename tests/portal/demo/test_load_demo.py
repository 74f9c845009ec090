"""`load_demo`: the towns of CONTRACT.md, whole, once, and told in plain words."""

from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.db.models import Count, F, Max, Min
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone
from wagtail.models import Page, Site

from directory.counting.figures import contacts_by_merchant
from directory.enums import Source
from directory.models import DailyCount, ImportRun, Membership, Merchant, MerchantPage, PageReport
from editorial.models import StoryMerchant, StoryPage
from home.models import PortalRole, PortalSettings, PortalStaff
from home.page_lists import in_french
from home.periods import Period, town_day
from home.tenancy import across_portals, portal_scope
from portal.demo.loading import studio
from portal.impact.models import LocalMultiplier, MerchantQuote, PublicMoney, PublishedMonth
from portal.models import User
from shop.catalogue import what_is_missing
from shop.delivery import fees_in_words
from shop.models import (
    DeliveryZone,
    PriceChange,
    Product,
    ProductPhoto,
    Promotion,
    ShippingRate,
    Shop,
    Variant,
)
from shop.selling import why_not_sold
from tests.portal.demo.loads import draw_nothing, fingerprint, load


@pytest.fixture(scope="module")
def loaded(
    django_db_setup: None, django_db_blocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The towns, without a payment sandbox, for all tests of this module; what the command said."""
    with (
        django_db_blocker.unblock(),
        override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media"), STRIPE_API_BASE=""),
        pytest.MonkeyPatch.context() as patch,
        transaction.atomic(),
    ):
        patch.setattr(studio, "draw_all", draw_nothing)
        yield load()
        transaction.set_rollback(True)


def test_two_towns_answer(loaded: str, db: None) -> None:
    levis, bellechasse = (Site.objects.get(hostname=host) for host in ("localhost", "bellechasse.localhost"))
    assert levis.is_default_site
    assert not bellechasse.is_default_site
    assert PortalSettings.for_site(levis).brand == "Achetons Lévis"
    assert PortalSettings.for_site(bellechasse).brand == "Achetons Bellechasse"
    assert "orders are left out" in loaded


def test_ninety_days_of_acts_are_counted_in_both_towns(loaded: str, db: None) -> None:
    today = town_day(timezone.now())
    for site in Site.objects.all():
        with portal_scope(site):
            known = contacts_by_merchant(Period.ending(today, days=90))
            days = DailyCount.objects.aggregate(
                first=Min("day"), last=Max("day"), days=Count("day", distinct=True)
            )
            stories = DailyCount.objects.filter(source=Source.STORY)
            assert (today - days["first"]).days == 89
            assert days["days"] >= 89  # the day that is under way may have nothing yet
            assert len(known) == Merchant.objects.visible().count()
            assert all(
                each.contacts <= each.seen and each.baskets <= each.products_seen for each in known.values()
            )
            assert set(stories.values_list("source_id", flat=True)) <= set(
                StoryPage.objects.values_list("pk", flat=True)
            )
            assert stories.exists()


def test_the_report_rests_on_examples_that_say_so(loaded: str, db: None) -> None:
    for site in Site.objects.all():
        with portal_scope(site):
            written = [PublicMoney.objects.get().source, LocalMultiplier.objects.get().source]
            assert all(source.startswith("Exemple de la démonstration") for source in written)
            assert not PublishedMonth.objects.exists()  # without orders nothing is published for ever
            assert MerchantQuote.objects.count() == (2 if site.is_default_site else 0)


def test_pages_appeared_when_their_merchants_came(loaded: str, db: None) -> None:
    """The report says who was live in months that are over: a page loaded today was not there in October."""
    pages = MerchantPage.objects.filter(merchant__claimed_at__isnull=False)
    assert pages.exists()
    assert not pages.filter(first_published_at__gt=F("merchant__claimed_at")).exists()
    told = StoryPage.objects.filter(alias_of=None).values_list("slug", "published_on", "first_published_at")
    late = [row for row in told if timezone.localtime(row[2]).date() != row[1]]
    assert late == []


def test_towns_are_as_large_as_promised(loaded: str, db: None) -> None:
    counts = {}
    for site in Site.objects.all():
        with portal_scope(site):
            counts[site.hostname] = (
                Merchant.objects.count(),
                Product.objects.visible().count(),
                Merchant.objects.visible().count(),
            )
            assert StoryPage.objects.descendant_of(site.root_page).live().count() in (12, 3)
            assert not Product.objects.filter(photos=None).exists()
    assert counts == {"localhost": (120, 92, 120), "bellechasse.localhost": (15, 13, 15)}


def test_list_of_the_city_names_pages_that_are_there(loaded: str, db: None) -> None:
    with portal_scope(Site.objects.get(hostname="localhost")):
        run = ImportRun.objects.get()
        assert (run.status, run.counts["linked"], run.counts["refused"]) == ("done", run.rows_total - 3, 3)
        assert PageReport.objects.filter(answered_at=None).count() == 2


def test_accounts_are_those_of_the_contract(loaded: str, db: None, client) -> None:
    with across_portals():
        owners = dict(Membership.objects.values_list("user__email", "merchant__tier"))
        staff = {(row.user.email, row.role) for row in PortalStaff.objects.select_related("user")}
    assert owners == {
        "vignoble@demo.test": "transactional",
        "librairie@demo.test": "transactional",
        "fromagerie@demo.test": "transactional",
        "boutique@demo.test": "linked_shop",
        "salon@demo.test": "listing",
    }
    assert staff == {
        ("journal@levis.demo.test", PortalRole.EDITOR),
        ("direction@levis.demo.test", PortalRole.MANAGER),
        ("chambre@levis.demo.test", PortalRole.ADVISER),
        ("ville@levis.demo.test", PortalRole.CITY),
        ("journal@bellechasse.demo.test", PortalRole.EDITOR),
        ("chambre@bellechasse.demo.test", PortalRole.ADVISER),
    }
    assert User.objects.get(email="admin@demo.test").is_superuser
    assert User.objects.count() == 15  # and two who register
    assert all(user.check_password("achetons-demo") for user in User.objects.filter(email__startswith="c"))


def test_journal_has_rights_on_its_own_pages_alone(loaded: str, db: None) -> None:
    journal = User.objects.get(email="journal@levis.demo.test")
    levis, bellechasse = (Site.objects.get(hostname=host) for host in ("localhost", "bellechasse.localhost"))
    with portal_scope(levis):
        assert levis.root_page.permissions_for_user(journal).can_publish_subpage()
        assert not bellechasse.root_page.permissions_for_user(journal).can_edit()
    with portal_scope(bellechasse):
        assert not bellechasse.root_page.permissions_for_user(journal).can_edit()
    assert not User.objects.get(email="chambre@levis.demo.test").has_perm("wagtailcore.change_page")


def test_nothing_joins_two_portals(loaded: str, db: None) -> None:
    with across_portals():
        assert {(p.site_id, p.merchant.site_id) for p in Product.objects.select_related("merchant")} == {
            (site.pk, site.pk) for site in Site.objects.all()
        }
        photos = ProductPhoto.objects.select_related("product", "image")
        assert [photo for photo in photos if photo.product.site_id != photo.image.site_id] == []
        for link in StoryMerchant.objects.select_related("page", "merchant__site"):
            assert link.page.get_site() == link.merchant.site


def test_page_tree_is_sound(loaded: str, db: None) -> None:
    assert not any(Page.find_problems())
    page = MerchantPage.objects.get(in_french(), slug="librairie-la-virgule-bleue")
    assert page.get_parent().slug == "commerces"
    assert page.url_path.endswith("/commerces/librairie-la-virgule-bleue/")
    assert MerchantPage.objects.filter(in_french(), live=True, page_ptr__live=True).count() == 135


def test_levis_speaks_english_in_part_and_bellechasse_does_not(loaded: str, db: None, client) -> None:
    assert "11 pages are told in English too" in loaded
    english = Page.objects.filter(locale__language_code="en", live=True, alias_of=None)
    assert {"Stories", "Wednesday, nine o’clock: it squeaks", "Librairie La Virgule bleue"} <= set(
        english.values_list("title", flat=True)
    )
    about = client.get("/en/a-propos/", headers={"host": "localhost"}).content.decode()
    assert "<h1>About</h1>" in about
    assert "Où va l’argent" not in about
    assert "Où va l’argent" in client.get("/a-propos/", headers={"host": "localhost"}).content.decode()
    assert client.get("/en/a-propos/", headers={"host": "bellechasse.localhost"}).status_code == 404


def test_shelves_hold_what_was_received(loaded: str, db: None) -> None:
    with across_portals():
        for variant in Variant.objects.prefetch_related("movements"):
            assert variant.on_hand == sum(movement.delta for movement in variant.movements.all())
        empty = Variant.objects.filter(on_hand=0).values_list("product__slug", "product__kind")
        assert sorted(empty) == [
            ("assiette-de-naissance", "made_to_order"),
            ("bas-gros-frette", "stocked"),  # one size of one colour
            ("jonc-grave", "made_to_order"),
            ("patron-tuque-poudrerie", "digital"),
        ]


def test_every_product_may_be_published_and_every_price_has_its_history(loaded: str, db: None) -> None:
    with across_portals():
        for product in Product.objects.select_related("merchant"):
            assert what_is_missing(product, today=timezone.localdate()) == [], product.title
        prices = set(PriceChange.objects.values_list("variant", "price_cents"))
        assert prices == set(Variant.objects.values_list("pk", "price_cents"))


def test_vineyard_sells_its_wine_and_others_their_cans_and_patterns(loaded: str, db: None) -> None:
    with across_portals():
        wines = Product.objects.filter(is_alcohol=True).select_related("merchant__shop")
        assert len(wines) == 5
        assert {why_not_sold(wine, wine.merchant.shop) for wine in wines} == {""}
        assert Variant.objects.get(product__slug="biere-d-epinette").container_count == 4
        socks = Variant.objects.filter(product__slug="bas-gros-frette", image__isnull=False)
        assert {variant.option_values.first().value for variant in socks} == {"Épinette"}
        assert Product.objects.get(kind="digital").digital_file.name.endswith(".pdf")


def test_some_shops_have_slots_zones_or_a_shipping_table_and_each_town_its_code(
    loaded: str, db: None
) -> None:
    with across_portals():
        assert Shop.objects.exclude(pickup_slot_capacity=None).count() == 3
        assert (DeliveryZone.objects.count(), ShippingRate.objects.count()) == (5, 3)
        codes = Promotion.objects.values_list("site__hostname", "code", "merchant__slug")
        assert sorted(codes) == [
            ("bellechasse.localhost", "BIENVENUE10", "verger-du-detour"),
            ("localhost", "BIENVENUE10", "librairie-la-virgule-bleue"),
        ]
        assert not Promotion.objects.filter(code="").exists()
        wine = Shop.objects.get(merchant__slug="vignoble-des-trois-marees")
        assert fees_in_words(wine, has_alcohol=True).startswith(
            "Cueillette gratuite. Livraison\u00a0: 9,00\u00a0$"
        )


def test_second_run_changes_nothing_and_asks_little(loaded: str, db: None) -> None:
    before = fingerprint()
    with CaptureQueriesContext(connection) as queries:
        said = load()
    assert fingerprint() == before
    assert "0 new products" in said
    assert "12 stories are told (0 new)" in said
    writes = [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "DELETE"))]
    assert [sql for sql in writes if "rendition" not in sql and "ON CONFLICT DO NOTHING" not in sql] == []
    assert len(queries) < 430


def test_padding_asks_a_fixed_number_of_questions(loaded: str, db: None) -> None:
    """Ten times the merchants and products are not ten times the statements."""
    counts = []
    for merchants, products in ((140, 120), (340, 320)):
        with CaptureQueriesContext(connection) as queries:
            load(merchants=merchants, products=products)
        counts.append(len(queries))
    with portal_scope(Site.objects.get(hostname="localhost")):
        assert Merchant.objects.visible().count() == 340
        assert Product.objects.visible().count() == 320
        assert Variant.objects.filter(product__title__contains=", lot").first().on_hand > 0
    assert not any(Page.find_problems())
    assert abs(counts[1] - counts[0]) < 20
