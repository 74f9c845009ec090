"""Wall 2: what a person may do is asked of the portal in scope, by the group of the role there and by whose row it is.

A person may work for two portals: at the host of one, the rights of the other do not count. Without a portal in scope
nobody but a superuser has any right.
"""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Permission
from django.db.models import F, Model, Q, QuerySet
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import AbstractPage, Site
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.permission_policies.sites import SitePermissionPolicy
from wagtail.permissions import policy_registry, register_permission_policy

from directory.models import Merchant
from home.belongings import is_scoped, of_the_portal
from home.models import Incident, PortalSettings
from home.tenancy import below_roots, current_site, site_in_scope
from portal.staffing import groups_of

OURS = frozenset(
    {"portal", "favourites", "impact", "leaving", "results", "editorial", "shop", "directory", "home"}
)


def _groups_here() -> list[str]:
    """Names of the groups that count in the portal in scope: none without one."""
    site_id = site_in_scope()
    return groups_of(site_id) if site_id is not None else []


def _people_here(people: QuerySet[Any]) -> QuerySet[Any]:
    return people.filter(Q(is_superuser=True) | Q(groups__name__in=_groups_here())).distinct()


def _is_operator(user: Any) -> bool:
    return bool(user.is_active and user.is_superuser)


class PortalPagePolicy(PagePermissionPolicy):
    """Pages under the root of the portal in scope."""

    @property
    def permission_cache_name(self) -> str:
        return f"_page_rights_in_{site_in_scope()}"

    @property
    def _explorable_root_instance_cache_name(self) -> str:
        return f"_page_root_in_{site_in_scope()}"

    def get_all_permissions_for_user(self, user: Any) -> QuerySet[Any]:
        rights: QuerySet[Any] = super().get_all_permissions_for_user(user)
        if site_in_scope() is None:
            return rights.none()
        return rights.filter(below_roots("page__path"), group__name__in=_groups_here())

    def explorable_root_instance(self, user: Any) -> Any:
        """The French root, where the person has a right under it; English pages are reached from their originals."""
        name = self._explorable_root_instance_cache_name
        if not user.is_superuser and not hasattr(user, name):
            root = current_site().root_page if site_in_scope() is not None else None
            held = self.instances_with_direct_explore_permission(user)
            setattr(user, name, root if root in held else None)
        return super().explorable_root_instance(user)

    def explorable_instances(self, user: Any) -> QuerySet[Any]:
        """Without the tree's own root, which is above every portal's."""
        pages: QuerySet[Any] = super().explorable_instances(user)
        return pages if _is_operator(user) else pages.filter(depth__gt=1)

    def users_with_any_permission(self, actions: Iterable[str], *args: Any, **kwargs: Any) -> Any:
        return _people_here(super().users_with_any_permission(actions, *args, **kwargs))

    def users_with_any_permission_for_instance(
        self, actions: Iterable[str], instance: Any, *args: Any, **kwargs: Any
    ) -> Any:
        found = super().users_with_any_permission_for_instance(actions, instance, *args, **kwargs)
        return _people_here(found)


class PortalLibraryPolicy(CollectionOwnershipPermissionPolicy):
    """Pictures and documents of the portal in scope, on whichever shelf they lie."""

    @property
    def permission_cache_name(self) -> str:
        return f"_library_rights_in_{site_in_scope()}"

    def get_all_permissions_for_user(self, user: Any) -> QuerySet[Any]:
        rights: QuerySet[Any] = super().get_all_permissions_for_user(user)
        return rights.filter(group__name__in=_groups_here())

    def user_has_any_permission_for_instance(self, user: Any, actions: Iterable[str], instance: Any) -> bool:
        if _is_operator(user):
            return True
        if instance.site_id != site_in_scope():
            return False
        return bool(self._check_perm(user, _known(actions))) if _known(actions) else False

    def instances_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.model._default_manager.all()
        if _is_operator(user):
            return rows
        known = _known(actions) - {"add"}
        may = bool(known) and self._check_perm(user, known)
        return rows.filter(site=site_in_scope()) if may else rows.none()

    def users_with_any_permission(self, actions: Iterable[str]) -> QuerySet[Any]:
        return _people_here(super().users_with_any_permission(actions))

    def users_with_any_permission_for_instance(self, actions: Iterable[str], instance: Any) -> QuerySet[Any]:
        return _people_here(super().users_with_any_permission_for_instance(actions, instance))


def _known(actions: Iterable[str]) -> set[str]:
    """Wagtail holds the right to change for the right to delete."""
    return {"change" if action == "delete" else action for action in actions} & {"add", "change", "choose"}


class PortalModelPolicy(ModelPermissionPolicy):
    """Rows of the portal in scope, with the rights of the role's group there."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        if not user.is_active:
            return False
        return bool(user.is_superuser or self._get_permission_name(action) in _model_rights(user))

    def user_has_any_permission(self, user: Any, actions: Iterable[str]) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)

    def user_has_any_permission_for_instance(
        self, user: Any, actions: Iterable[str], instance: Model
    ) -> bool:
        return self.user_has_any_permission(user, actions) and self._is_here(instance)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Model) -> bool:
        return self.user_has_any_permission_for_instance(user, [action], instance)

    def instances_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> QuerySet[Any]:
        rows = of_the_portal(self.model)
        return rows if self.user_has_any_permission(user, actions) else rows.none()

    def users_with_any_permission(self, actions: Iterable[str]) -> QuerySet[Any]:
        return _people_here(super().users_with_any_permission(actions))

    def _is_here(self, instance: Model) -> bool:
        """What is not saved yet is nobody's."""
        return instance.pk is None or of_the_portal(self.model).filter(pk=instance.pk).exists()


KEPT = frozenset({Merchant, Incident})
"""A merchant is suspended instead; an incident stays in the register."""


class KeptRows(PortalModelPolicy):
    """Rows that nobody deletes, not even a superuser."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action != "delete" and super().user_has_permission(user, action)


class PortalSettingsPolicy(SitePermissionPolicy):
    """The settings of the portal in scope alone."""

    @property
    def permission_cache_name(self) -> str:
        return f"_settings_rights_in_{site_in_scope()}"

    def get_all_permissions_for_user(self, user: Any) -> QuerySet[Any]:
        rights: QuerySet[Any] = super().get_all_permissions_for_user(user)
        return rights.filter(group__name__in=_groups_here(), site=site_in_scope())

    def _user_has_global_permission(self, user: Any, actions: Iterable[str]) -> bool:
        """Nobody has: a right on every portal's settings is the superuser's."""
        return False

    def sites_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> QuerySet[Site]:
        sites: QuerySet[Site] = super().sites_user_has_any_permission_for(user, actions)
        return sites if _is_operator(user) else sites.filter(pk=site_in_scope())


def _model_rights(user: Any) -> frozenset[str]:
    """« app.codename » of every right in the portal in scope; asked once per request."""
    known: dict[int | None, frozenset[str]] = user.__dict__.setdefault("model_rights_in", {})
    site_id = site_in_scope()
    if site_id not in known:
        held = Permission.objects.filter(group__user=user.pk, group__name__in=_groups_here())
        pairs = held.values_list(F("content_type__app_label"), F("codename")).distinct()
        known[site_id] = frozenset(f"{app}.{codename}" for app, codename in pairs)
    return known[site_id]


def tenant_models() -> list[type[Model]]:
    """Every model of ours whose rows belong to a portal by a scoped manager."""
    return [model for model in apps.get_models() if model._meta.app_label in OURS and is_scoped(model)]


def register_policies() -> None:
    """After Wagtail's own, before anything asks for one: a fallback made meanwhile would stay."""
    register_permission_policy(AbstractPage, PortalPagePolicy())
    for model, wagtails in (
        (get_image_model(), "wagtailimages.Image"),
        (get_document_model(), "wagtaildocs.Document"),
    ):
        policy = PortalLibraryPolicy(model, auth_model=wagtails, owner_field_name="uploaded_by_user")
        register_permission_policy(model, policy)
    register_permission_policy(PortalSettings, PortalSettingsPolicy(PortalSettings))
    for model in tenant_models():
        kind = KeptRows if model in KEPT else PortalModelPolicy
        register_permission_policy(model, kind(model))


def missing_policies() -> list[str]:
    """Labels of models whose final policy is not one of these, whoever registered it."""
    page = policy_registry.get_by_type(AbstractPage, fallback=False)
    expected: list[tuple[type[Model], type]] = [
        *((model, PortalPagePolicy) for model in apps.get_models() if issubclass(model, AbstractPage)),
        (get_image_model(), PortalLibraryPolicy),
        (get_document_model(), PortalLibraryPolicy),
        (PortalSettings, PortalSettingsPolicy),
        *((model, PortalModelPolicy) for model in tenant_models()),
        *((model, KeptRows) for model in KEPT),
    ]
    wrong = [
        model._meta.label
        for model, kind in expected
        if not isinstance(policy_registry.get_by_type(model, fallback=False), kind)
    ]
    return wrong if isinstance(page, PortalPagePolicy) else ["wagtailcore.AbstractPage", *wrong]
