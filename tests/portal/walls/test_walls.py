"""Each wall stands for a reason: with that one taken out, the same question tells, and the boot is refused."""

from typing import Any

import pytest
from django.conf import settings
from django.http import Http404
from django.test import RequestFactory, override_settings
from wagtail.admin.viewsets import viewsets
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.viewsets.pages import base_page_viewset, page_viewset_registry
from wagtail.documents import get_document_model
from wagtail.images import get_image_model, get_permission_policy
from wagtail.models import Page
from wagtail.permissions import policy_registry

import home.forms
import portal.middleware
import portal.walls.addresses
from directory.models import Merchant
from home.guard import GuardedViewSet
from home.models import CustomImage, PortalRole
from home.tenancy import portal_scope
from portal import staffing
from portal.walls import checks, library_api
from portal.walls.addresses import Class, table
from tests.conftest import asks_for_database
from tests.factories import UserFactory
from tests.portal.walls.asking import Actor, Matrix, actor
from tests.portal.walls.forms import page_form, post_page

FENCE = "portal.walls.fence.FenceMiddleware"
WITHOUT_THE_FENCE = [name for name in settings.MIDDLEWARE if name != FENCE]


def told(matrix: Matrix, who: Actor, path: str, verb: str = "get") -> bool:
    """Whether the answer holds a word of the other house, or of who is no business of theirs."""
    before = len(matrix.leaks)
    matrix.ask(who, matrix.here, verb, path)
    return len(matrix.leaks) > before


def test_houses_are_built_where_nobody_committed(request: pytest.FixtureRequest, matrix: Matrix) -> None:
    """A journey that the same worker ran just before left its pages behind, and the houses could not be built."""
    assert asks_for_database(request.node)


def works_for_both(matrix: Matrix) -> Actor:
    """Somebody who edits in both towns, at the door of one: the other's things are not for that door."""
    user = UserFactory(email="deux-villes@exemple.test")
    for house in (matrix.here, matrix.there):
        with portal_scope(house.site):
            staffing.grant(user, house.site, PortalRole.EDITOR)
    matrix.here.people["both"] = user
    client = matrix.here.client()
    client.force_login(user)
    everything = actor("editor", matrix.here, matrix.here).units
    return Actor("both of levis", matrix.here, everything, client=client)


def opened(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """As if the table let editors ask for them."""
    wider = table() | {name: Class("staff: editor", frozenset({"editor"})) for name in names}
    monkeypatch.setattr("portal.walls.fence.table", lambda: wider)


# ------------------------------------------------------------------------------------------------ one wall at a time


def test_scope(matrix: Matrix, monkeypatch: pytest.MonkeyPatch) -> None:
    asks = actor("anonymous", matrix.here, matrix.here)
    assert not told(matrix, asks, "/boutique/")
    monkeypatch.setattr(portal.middleware, "portal_scope", lambda _site: portal_scope(matrix.there.site))
    assert told(matrix, asks, "/boutique/")


@pytest.mark.parametrize("kind", ["images", "documents"])
def test_policies(matrix: Matrix, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    both, path = works_for_both(matrix), f"/admin/{kind}/"
    assert not told(matrix, both, path)
    if kind == "images":
        stock, model = get_permission_policy(), get_image_model()
    else:
        from wagtail.documents import get_permission_policy as for_documents

        stock, model = for_documents(), get_document_model()
    registered = policy_registry.values_by_class
    monkeypatch.setitem(registered, model, stock)
    assert told(matrix, both, path)
    assert codes() & {"walls.E001"}


def test_policies_of_pages(matrix: Matrix) -> None:
    """A right in the other town is none here, whatever groups a person is in."""
    both, far = works_for_both(matrix), matrix.there.rows["draft"]
    with portal_scope(matrix.here.site):
        assert not far.permissions_for_user(fresh(both)).can_edit()
    with portal_scope(matrix.there.site):
        assert far.permissions_for_user(fresh(both)).can_edit()
    assert not far.permissions_for_user(fresh(both)).can_edit()


def fresh(who: Actor) -> Any:
    user = who.house.people["both"]
    return type(user).objects.get(pk=user.pk)


class Open(ModelViewSet):
    """Pictures have no scoped manager: what hides them from a generic view is the guard alone."""

    model = CustomImage
    name = "toutes-les-photos"
    add_to_reference_index = False
    form_fields = ("title",)


class Guarded(GuardedViewSet, Open):
    name = "nos-photos"


@pytest.mark.parametrize(("viewset_class", "finds"), [(Open, True), (Guarded, False)])
def test_guard(matrix: Matrix, viewset_class: type[ModelViewSet], finds: bool) -> None:
    viewset, far = viewset_class(), matrix.there.rows["image"]
    view = viewset.construct_view(viewset.usage_view_class, **viewset.get_usage_view_kwargs())
    request = RequestFactory().get("/", headers={"host": matrix.here.town.host})
    request.user = UserFactory(is_superuser=True, email="garde@exemple.test")
    with portal_scope(matrix.here.site):
        built = view.view_class(**view.view_initkwargs)
        try:
            built.setup(request, pk=str(far.pk))
            found = built.object == far
        except Http404:
            found = False
        index = viewset.construct_view(viewset.index_view_class, model=CustomImage).view_class(
            model=CustomImage
        )
        index.setup(request)
        listed = far in index.get_base_queryset()
    assert (found, listed) == (finds, finds)


def test_guard_is_asked_for_at_boot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(viewsets, "viewsets", [*viewsets.viewsets, Open()])
    assert codes() & {"walls.E002"}


def test_references(matrix: Matrix, monkeypatch: pytest.MonkeyPatch) -> None:
    story, far = matrix.here.rows["story"], matrix.there.rows["image"]
    who = actor("editor", matrix.here, matrix.here)
    stolen = page_form(matrix.here, story) | {"lead_image": str(far.pk)}
    assert post_page(who, story, stolen).status_code == 200
    monkeypatch.setattr(home.forms, "strays", lambda _instance: [])
    assert post_page(who, story, stolen).status_code == 302


def test_fence(matrix: Matrix) -> None:
    own, far = matrix.here.rows["draft"].pk, matrix.there.rows["draft"].pk
    paths = [
        f"/admin/pages/{own}/move/{far}/confirm/",
        "/admin/workflows/task_chooser/",
        "/admin/reports/page-types-usage/",
        f"/admin/choose-page/chosen-multiple/?id={far}",
    ]
    editor = actor("editor", matrix.here, matrix.here)
    assert [path for path in paths if told(matrix, editor, path)] == []
    with override_settings(MIDDLEWARE=WITHOUT_THE_FENCE):
        editor = actor("editor", matrix.here, matrix.here)
        assert [path for path in paths if told(matrix, editor, path)] != []
        assert codes() & {"walls.E010"}


def test_library_api(matrix: Matrix, monkeypatch: pytest.MonkeyPatch) -> None:
    opened(monkeypatch, "wagtailadmin_api:images:listing", "wagtailadmin_api:documents:listing")
    editor, paths = (
        actor("editor", matrix.here, matrix.here),
        ["/admin/api/main/images/", "/admin/api/main/documents/"],
    )
    assert [path for path in paths if told(matrix, editor, path)] == []
    monkeypatch.delattr(library_api.OwnLibrary, "get_queryset")
    assert [path for path in paths if told(matrix, editor, path)] == paths


def test_page_lists(matrix: Matrix, monkeypatch: pytest.MonkeyPatch) -> None:
    editor, path = actor("editor", matrix.here, matrix.here), f"/admin/pages/{matrix.here.site.root_page_id}/"
    assert not told(matrix, editor, path)
    monkeypatch.setitem(page_viewset_registry.values_by_parent_model, Page, base_page_viewset)
    monkeypatch.setitem(page_viewset_registry.values_by_class, Page, base_page_viewset)
    assert told(matrix, editor, path)
    assert codes() & {"walls.E025"}


# ------------------------------------------------------------------------------------------------ the boot


def codes() -> set[str]:
    return {str(error.id) for error in checks.walls_stand()}


def test_every_wall_stands(matrix: Matrix) -> None:
    assert [str(error) for error in checks.walls_stand()] == []


@override_settings(ROOT_URLCONF="tests.portal.walls.unlisted_urls")
def test_address_that_nobody_placed_is_red_and_answers_nobody(matrix: Matrix, operator: Actor) -> None:
    messages = [str(error) for error in checks.walls_stand() if error.id == "walls.E012"]
    assert [name for name in ("unlisted", "unlisted_admin") if any(f"« {name} »" in m for m in messages)] == [
        "unlisted",
        "unlisted_admin",
    ]
    for path in ("/pas-classee/", "/admin/pas-classee/"):
        assert matrix.ask(operator, matrix.here, "get", path).status_code == 404


def test_name_without_an_address_is_red(monkeypatch: pytest.MonkeyPatch, matrix: Matrix) -> None:
    monkeypatch.setattr(checks, "table", lambda: table() | {"gone": Class("public")})
    assert codes() == {"walls.E014"}


def test_parameter_that_nobody_placed_is_red(monkeypatch: pytest.MonkeyPatch, matrix: Matrix) -> None:
    monkeypatch.delitem(checks.parameters.BY_NAME, "destination_id")
    assert codes() == {"walls.E015"}


@pytest.mark.parametrize(
    ("name", "value"),
    [("WAGTAILADMIN_EXTERNAL_LINK_CONVERSION", "exact"), ("WAGTAIL_EMAIL_MANAGEMENT_ENABLED", True)],
)
def test_setting_that_opens_a_wall_is_red(matrix: Matrix, name: str, value: object) -> None:
    with override_settings(**{name: value}):
        assert codes() == {"walls.E021"}


def test_server_does_not_start_with_a_gap(monkeypatch: pytest.MonkeyPatch, matrix: Matrix) -> None:
    checks.stand_or_fall()
    monkeypatch.setitem(policy_registry.values_by_class, Merchant, None)
    with pytest.raises(checks.ImproperlyConfigured, match=r"directory\.Merchant"):
        checks.stand_or_fall()
