"""Who comes to an old address is led to the new one, in its portal and its language, once and for ever."""

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect

from directory import renaming
from directory.models import FormerSlug, Merchant, MerchantPage
from home.models import PortalSettings
from home.tenancy import portal_scope
from tests.factories import MerchantFactory, UserFactory, VariantFactory, make_seller

LEVIS, BELLECHASSE = {"headers": {"host": "localhost"}}, {"headers": {"host": "bellechasse.localhost"}}


def rename(merchant: Merchant, slug: str) -> None:
    before, merchant.slug = merchant.slug, slug
    merchant.save(update_fields=["slug"])
    assert renaming.remember(merchant, before=before)


def led(client: Client, path: str) -> tuple[int, str]:
    answer = client.get(path, **LEVIS)
    return answer.status_code, answer.headers.get("Location", "")


@pytest.fixture
def merchant(in_levis) -> Merchant:
    PortalSettings.objects.update(offers_english=True)
    merchant = make_seller(slug="roy")
    VariantFactory(product__merchant=merchant, product__slug="miel")
    return merchant


def test_products_of_a_renamed_merchant_are_found_in_both_languages(client: Client, merchant) -> None:
    rename(merchant, "miel-roy")
    assert led(client, "/boutique/roy/miel/") == (301, "/boutique/miel-roy/miel/")
    assert led(client, "/en/boutique/roy/miel/") == (301, "/en/boutique/miel-roy/miel/")
    assert led(client, "/flux/roy/produits.xml") == (301, "/flux/miel-roy/produits.xml")
    assert client.get("/boutique/miel-roy/rien/", **LEVIS).status_code == 404


def test_names_that_follow_each_other_make_no_chain_and_no_loop(client: Client, merchant) -> None:
    for slug in ("deux", "trois", "roy"):
        rename(merchant, slug)
    assert client.get("/boutique/roy/miel/", **LEVIS).status_code == 200
    for slug in ("deux", "trois"):
        assert led(client, f"/boutique/{slug}/miel/") == (301, "/boutique/roy/miel/")
    assert sorted(FormerSlug.objects.values_list("slug", flat=True)) == ["deux", "trois"]


def test_word_that_another_took_since_is_that_others(client: Client, merchant) -> None:
    rename(merchant, "miel-roy")
    MerchantFactory(slug="roy")
    assert client.get("/boutique/roy/miel/", **LEVIS).status_code == 404


def test_nothing_leads_to_what_is_hidden_or_to_another_portal(client: Client, merchant, bellechasse) -> None:
    rename(merchant, "miel-roy")
    assert client.get("/boutique/roy/miel/", **BELLECHASSE).status_code == 404
    Merchant.objects.update(suspended_at=timezone.now())
    assert client.get("/boutique/roy/miel/", **LEVIS).status_code == 404


def test_staff_who_rename_leave_the_old_address_behind(client: Client, merchant) -> None:
    from directory.viewsets import MerchantViewSet

    form_class = MerchantViewSet.edit_handler.bind_to_model(Merchant).get_form_class()
    client.force_login(UserFactory(is_superuser=True))
    data = {
        name: field.value() or ""
        for name, field in ((bound.name, bound) for bound in form_class(instance=merchant))
    }
    form = form_class({**data, "slug": "miel-roy"}, instance=merchant)
    assert form.is_valid(), form.errors
    form.save()
    assert list(FormerSlug.objects.values_list("slug", "merchant__slug")) == [("roy", "miel-roy")]


def test_page_that_moved_is_found_in_its_portal_alone(
    client: Client, merchant, bellechasse, django_capture_on_commit_callbacks
) -> None:
    page = MerchantPage.objects.get()
    for slug in ("deux", "trois"):
        page.slug = slug
        with django_capture_on_commit_callbacks(execute=True):
            page.save_revision().publish()
    for old in ("roy", "deux"):
        assert led(client, f"/commerces/{old}/")[0] == 301
        assert led(client, f"/commerces/{old}/")[1].endswith("/commerces/trois/")
        assert led(client, f"/en/commerces/{old}/") == (301, "/en/commerces/trois/")
        assert client.get(f"/commerces/{old}/", **BELLECHASSE).status_code == 404
    with portal_scope(bellechasse):
        assert not Redirect.objects.filter(site=bellechasse).exists()
