"""Every row that belongs to a portal is out of reach without a scope."""

import pytest
from django.apps import apps
from django.db import models
from django_scopes import ScopeError, scopes_disabled
from wagtail.models import Site

OURS = {"home", "directory", "shop", "editorial", "portal", "favourites", "leaving", "results", "impact"}

# Not tenants: Wagtail's own machinery asks for these without a scope, and its walls are others (TENANCY in docs/).
FOUND_THROUGH_WAGTAIL = {
    "home.CustomImage",
    "home.CustomDocument",
    "home.PortalSettings",
}


def tenant_models() -> list[type[models.Model]]:
    return [
        model
        for model in apps.get_models()
        if model._meta.app_label in OURS
        and model._meta.label not in FOUND_THROUGH_WAGTAIL
        and any(field.name == "site" and field.is_relation for field in model._meta.get_fields())
    ]


def test_there_are_tenant_models() -> None:
    assert len(tenant_models()) > 10


@pytest.mark.django_db
@pytest.mark.parametrize("model", tenant_models(), ids=lambda model: model._meta.label)
def test_unscoped_query_raises_instead_of_leaking(model: type[models.Model]) -> None:
    with pytest.raises(ScopeError):
        model._default_manager.count()
    with scopes_disabled():
        model._default_manager.count()


DOORS = {
    "exists": lambda rows: rows.exists(),
    "exclude": lambda rows: rows.exclude(pk=0).exists(),
    "contains": lambda rows: rows.contains(Site(pk=1)),
    "in_bulk": lambda rows: rows.in_bulk([1]),
    "explain": lambda rows: rows.explain(),
    "select_related": lambda rows: rows.select_related("site").exists(),
    "a subquery": lambda rows: Site.objects.filter(pk__in=rows.distinct()).exists(),
    "the queryset itself as a subquery": lambda rows: Site.objects.filter(
        pk__in=rows.get_queryset()
    ).exists(),
}


@pytest.mark.django_db
@pytest.mark.parametrize("door", DOORS)
def test_no_door_is_open_without_a_scope(door: str) -> None:
    from directory.models import Merchant

    with pytest.raises(ScopeError):
        DOORS[door](Merchant.objects)
    assert list(Merchant.objects.none()) == []


@pytest.mark.parametrize("model", tenant_models(), ids=lambda model: model._meta.label)
def test_site_of_a_row_is_required(model: type[models.Model]) -> None:
    assert not model._meta.get_field("site").null
