"""Every row that belongs to a portal is out of reach without a scope."""

import pytest
from django.apps import apps
from django.db import models
from django_scopes import ScopeError, scopes_disabled

OURS = {"home", "directory", "shop", "editorial", "portal"}

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


@pytest.mark.parametrize("model", tenant_models(), ids=lambda model: model._meta.label)
def test_site_of_a_row_is_required(model: type[models.Model]) -> None:
    assert not model._meta.get_field("site").null
