"""The boot fails where a wall is missing: run by every management command, and by the web server before it answers."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from wagtail import hooks
from wagtail.admin.viewsets import viewsets
from wagtail.admin.viewsets.pages import page_viewset_registry
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import AbstractPage, Page
from wagtail_modeladmin.options import ModelAdmin

from directory.own_site.checks import only_tests_read_loopback
from home.belongings import is_placed
from home.forms import OwnReferences
from home.guard import GuardedView
from home.references import NOBODYS
from portal.walls import parameters
from portal.walls.addresses import Address, addresses, table
from portal.walls.fence import is_wagtails, owner
from portal.walls.policies import missing_policies, tenant_models

Found = Iterator[CheckMessage]

FENCE = "portal.walls.fence.FenceMiddleware"
SCOPE = "portal.middleware.PortalScopeMiddleware"
PEOPLE = "django.contrib.auth.middleware.AuthenticationMiddleware"
DOORS = frozenset({"door"})
WITHOUT_A_NAME = frozenset({"admin/test404/", "admin/^.*/$"})
"""Wagtail's own: a page that says 404, and whatever else is asked for under /admin/. To the fence both are nobody's."""
NEVER_INSTALLED = {
    "wagtail.api.v3": "its tokens act as a person outside /admin/",
    "wagtail.contrib.styleguide": "nobody needs it",
    "wagtail.contrib.simple_translation": "it copies pages by key",
    "wagtail.contrib.search_promotions": "its picks are of no portal; ours are directory.SearchPick",
}
OPEN_APIS = ("wagtail.api.", "wagtail.images.api.v2.", "wagtail.documents.api.v2.")
SAFE_SETTINGS: dict[str, object] = {
    # It would tell an editor of one portal the titles of another's pages.
    "WAGTAILADMIN_EXTERNAL_LINK_CONVERSION": "",
    "WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS": False,
    # An email address is the login: it changes only after proof.
    "WAGTAIL_EMAIL_MANAGEMENT_ENABLED": False,
}


def policies() -> Found:
    for label in missing_policies():
        yield Error(f"{label} has no policy of portal.walls.policies.", id="walls.E001")


def guard() -> Found:
    """Every viewset that is not Wagtail's own, and whatever generic view stands on its own under /admin/."""
    for viewset in viewsets.viewsets:
        if not type(viewset).__module__.startswith("wagtail.") and not _is_guarded(viewset):
            yield Error(
                f"The viewset « {viewset.name} » is not guarded.",
                hint="Put home.guard.GuardedViewSet first among its bases.",
                id="walls.E002",
            )
    for model in _admins():
        if model.history_view_enabled:
            yield Error(f"{type(model).__name__} shows histories, which ask nobody.", id="walls.E003")


def _is_guarded(viewset: Any) -> bool:
    """As its addresses have it: whatever its bases promise."""
    if isinstance(viewset, page_viewset_registry.get_by_type(Page).__class__):
        return True  # pages are asked of their policy, one by one
    views = [pattern.callback.view_class for pattern in viewset.get_urlpatterns()]
    return all(issubclass(view, GuardedView) for view in views)


def _admins() -> list[ModelAdmin]:
    """Every list of modeladmin's that has an address."""
    owners = [getattr(address.pattern.callback, "__self__", None) for address in addresses()]
    return list({id(each): each for each in owners if isinstance(each, ModelAdmin)}.values())


def references() -> Found:
    for model in _page_models():
        if not issubclass(model.get_edit_handler().get_form_class(), OwnReferences):
            yield Error(f"The form of {model._meta.label} takes any reference.", id="walls.E004")
    for viewset in viewsets.viewsets:
        form_class = _form_class(viewset)
        if form_class is not None and not issubclass(form_class, OwnReferences):
            yield Error(f"The form of the viewset « {viewset.name} » takes any reference.", id="walls.E005")
    for model, target in _targets():
        if target._meta.label_lower not in NOBODYS and not is_placed(target):
            yield Error(
                f"{model._meta.label} refers to {target._meta.label}, of which nobody said whose its rows are.",
                hint="Say it in home.belongings, or in home.references that they are nobody's.",
                id="walls.E006",
            )


def _form_class(viewset: Any) -> Any:
    if type(viewset).__module__.startswith("wagtail.") or not hasattr(viewset, "get_form_class"):
        return None
    return viewset.get_form_class()


def _targets() -> Iterable[tuple[Any, Any]]:
    """What pages and rows that staff edit may refer to by a foreign key."""
    for model in [*_page_models(), *tenant_models()]:
        for field in model._meta.concrete_fields:
            target = field.related_model
            if target is not None and not getattr(target, "wagtail_reference_index_ignore", False):
                yield model, target


def _page_models() -> list[Any]:
    return [model for model in apps.get_models() if issubclass(model, AbstractPage) and model is not Page]


def fence() -> Found:
    order = list(settings.MIDDLEWARE)
    if FENCE not in order:
        yield Error(f"{FENCE} is not in MIDDLEWARE.", id="walls.E010")
    elif not max(order.index(SCOPE), order.index(PEOPLE)) < order.index(FENCE):
        yield Error(f"{FENCE} stands before the portal or the person is known.", id="walls.E010")


def addresses_are_placed() -> Found:
    known, found = table(), list(addresses())
    for address in found:
        yield from _unplaced(address, known)
    for name in sorted(set(known) - {address.name for address in found}):
        yield Error(f"portal/addresses.toml names « {name} », which is no address.", id="walls.E014")


def _unplaced(address: Address, known: dict[str, Any]) -> Found:
    if not address.name:
        if address.route not in WITHOUT_A_NAME:
            yield Error(f"/{address.route} has no name.", id="walls.E011")
        return
    placed = known.get(address.name)
    if placed is None:
        yield Error(
            f"« {address.name} » is not in portal/addresses.toml: say who may ask for it.", id="walls.E012"
        )
    elif address.is_of_the_admin != (placed.is_of_the_admin or placed.name in DOORS):
        yield Error(f"/{address.route} is not of the class « {placed.name} ».", id="walls.E013")
    elif placed.roles and is_wagtails(address.pattern.callback):
        for parameter in address.pattern.pattern.regex.groupindex:
            if parameters.rule(address.name, parameter) is None:
                yield Error(
                    f"« {parameter} » of « {address.name} »: a key of what? Say it in portal.walls.parameters.",
                    id="walls.E015",
                )


def elsewhere() -> Found:
    for app, why in NEVER_INSTALLED.items():
        if apps.is_installed(app):
            yield Error(f"{app} is installed: {why}.", id="walls.E020")
    for name, safe in SAFE_SETTINGS.items():
        if getattr(settings, name, None) != safe:
            yield Error(f"{name} must be {safe!r}.", id="walls.E021")
    for module in sorted({owner(address.pattern.callback) for address in addresses()}):
        if module.startswith(OPEN_APIS):
            yield Error(f"{module} answers whoever asks.", id="walls.E022")
    for model in (get_image_model(), get_document_model()):
        if "tags" in model.admin_form_fields:
            yield Error(
                f"{model._meta.label} is tagged in the admin: tags are every portal's.", id="walls.E024"
            )


def hooks_are_heard() -> Found:
    from portal.walls.library_api import filtered_endpoints

    if not filtered_endpoints():
        yield Error("The admin's own API of pictures and documents is not limited.", id="walls.E023")
    if "owner" in page_viewset_registry.get_by_type(Page).filterset_class.base_filters:
        yield Error("Lists of pages name the people of every portal.", id="walls.E025")
    if not hooks.get_hooks("construct_page_chooser_queryset"):
        yield Error("The page chooser shows every portal's pages.", id="walls.E026")


WALLS: tuple[Callable[[], Found], ...] = (
    policies,
    guard,
    references,
    fence,
    addresses_are_placed,
    elsewhere,
    hooks_are_heard,
)


@register(Tags.security)
def walls_stand(app_configs: Any = None, **options: Any) -> list[CheckMessage]:
    """An Error for each gap in a wall."""
    import wagtail.admin.urls  # noqa: F401 - registers what it serves

    return [error for wall in WALLS for error in wall()]


def stand_or_fall() -> None:
    """For a server that runs no checks of its own. Raises ImproperlyConfigured when a wall is missing."""
    if errors := [*walls_stand(), *only_tests_read_loopback()]:
        raise ImproperlyConfigured("\n".join(str(error) for error in errors))
