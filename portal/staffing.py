"""Who works for a portal: a role there, and the native Wagtail group of that portal and role.

The role says what a person may do; the group is how Wagtail hears of it. This module alone moves either, and what each
role may do in the Wagtail admin is written here alone: ``renew_rights`` brings it to the groups that exist already,
after every ``migrate``.
"""

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from django.db import models, transaction
from django.db.models import Q
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    GroupSitePermission,
    Page,
    Site,
)

from home.models import PortalRole, PortalStaff
from portal.models import User

EDITOR, MANAGER, ADVISER, CITY = PortalRole.EDITOR, PortalRole.MANAGER, PortalRole.ADVISER, PortalRole.CITY
JOURNAL = (EDITOR, MANAGER)
WHO_ENTERS = (EDITOR, MANAGER, ADVISER, CITY)
"""The City finds its report in the admin, and nothing else (portal/addresses.toml)."""

PAGE_RIGHTS = [f"wagtailcore.{act}_page" for act in ("add", "change", "publish", "lock", "unlock")]
# Wagtail asks for the rights of its own models, whatever model the project keeps its pictures in.
LIBRARY_RIGHTS = [
    f"{app}.{act}_{model}"
    for app, model in (("wagtailimages", "image"), ("wagtaildocs", "document"))
    for act in ("add", "change", "choose")
]
SETTINGS_RIGHTS = ["home.change_portalsettings"]
TRANSLATE = "wagtail_localize.submit_translation"
"""To begin the English of a page; writing and publishing it asks for the rights on pages, on the English root too."""
EVERY_ACT = ("view", "add", "change", "delete")


def _acts(model: str, *acts: str) -> list[str]:
    app, _dot, name = model.partition(".")
    return [f"{app}.{act}_{name}" for act in acts]


NEWSROOM = [
    right
    for kind in ("author", "section", "series")
    for right in _acts(f"editorial.{kind}", "view", "add", "change")
]
"""A story that was printed keeps who signed it: nobody deletes these."""

MODEL_RIGHTS: dict[PortalRole, list[str]] = {
    EDITOR: ["wagtailadmin.access_admin", TRANSLATE, *NEWSROOM, *_acts("directory.merchant", "view")],
    MANAGER: [
        "wagtailadmin.access_admin",
        TRANSLATE,
        *NEWSROOM,
        *_acts("directory.merchant", "view", "add", "change"),
        *_acts("directory.category", *EVERY_ACT),
        *_acts("directory.sector", *EVERY_ACT),
        *_acts("home.incident", "view", "add", "change"),
    ],
    ADVISER: ["wagtailadmin.access_admin", *_acts("directory.merchant", "view", "add", "change")],
    CITY: ["wagtailadmin.access_admin"],
}
"""Rights on whole models. Never any of ``auth`` or of people: who may change a user is as good as a superuser."""


@transaction.atomic
def grant(user: User, site: Site, role: PortalRole) -> bool:
    """The person has the role in that portal afterwards. False when it had it already."""
    _row, given = PortalStaff.objects.get_or_create(site=site, user=user, role=role)
    user.groups.add(group_of(site, role))
    return bool(given)


@transaction.atomic
def withdraw(user: User, site: Site, role: PortalRole) -> bool:
    """The person has the role no more, and its sessions end. False when it never had it."""
    gone, _by_model = PortalStaff.objects.filter(site=site, user=user, role=role).delete()
    user.groups.remove(*Group.objects.filter(name=group_name(site.pk, role)))
    if gone:
        user.end_sessions()
    return bool(gone)


def group_name(site_id: int, role: PortalRole) -> str:
    """By primary key, for names and hosts of portals change; by the role's word, whatever language is spoken."""
    return f"Portail {site_id}, {GROUP_WORDS[role]}"


GROUP_WORDS = {
    EDITOR: "Journal, rédaction",
    MANAGER: "Journal, direction",
    ADVISER: "Chambre de commerce",
    CITY: "Ville",
}


def groups_of(site_id: int) -> list[str]:
    """Names of the groups through which people have rights in that portal: no other group gives any."""
    return [group_name(site_id, role) for role in WHO_ENTERS]


def group_of(site: Site, role: PortalRole) -> Group:
    """One group per portal and role, made when first asked for, with the rights of the role."""
    group, created = Group.objects.get_or_create(name=group_name(site.pk, role))
    if created:
        _give_rights(group, site, role)
    return group


@transaction.atomic
def renew_rights(*sites: Site) -> int:
    """Every role's group of these portals, of all for none, has exactly the rights written here afterwards.

    Returns how many groups there are.
    """
    groups = {group.name: group for group in Group.objects.filter(name__startswith="Portail ")}
    renewed = 0
    for site in sites or Site.objects.select_related("root_page"):
        for role in WHO_ENTERS:
            if group := groups.get(group_name(site.pk, role)):
                _give_rights(group, site, role)
                renewed += 1
    return renewed


def collection_of(site: Site) -> Collection:
    """The portal's own shelf in the library of pictures and documents.

    It is known by the rights that the portal's groups have on it: two portals may bear the same name.
    """
    name, shelves = site.site_name or site.hostname, Collection.get_first_root_node().get_children()
    own = shelves.filter(group_permissions__group__name__in=groups_of(site.pk)).first()
    free = shelves.filter(name=name, group_permissions=None).first()
    shelf: Collection = own or free or Collection.get_first_root_node().add_child(name=name)
    return shelf


def _give_rights(group: Group, site: Site, role: PortalRole) -> None:
    """These and no others, whatever was given by hand."""
    group.permissions.set(_rights(MODEL_RIGHTS[role]))
    pages = PAGE_RIGHTS if role in JOURNAL else []
    library = LIBRARY_RIGHTS if role in JOURNAL else []
    settings = SETTINGS_RIGHTS if role == MANAGER else []
    _keep_only(GroupPagePermission, group, "page", roots_of(site), pages)
    _keep_only(
        GroupCollectionPermission, group, "collection", [collection_of(site)] if library else [], library
    )
    _keep_only(GroupSitePermission, group, "site", [site], settings)


def roots_of(site: Site) -> list[Page]:
    """The portal's root page in each language that it has one in."""
    return list(Page.objects.filter(translation_key=site.root_page.translation_key).order_by("pk"))


def _keep_only(
    model: type[models.Model], group: Group, field: str, on: Iterable[models.Model], names: list[str]
) -> None:
    """The group has these rights on each of those rows, and none on any other."""
    wanted = {(row.pk, right.pk) for row in on for right in _rights(names)}
    rows = model._default_manager.filter(group=group)
    held = {(row, right): pk for pk, row, right in rows.values_list("pk", f"{field}_id", "permission_id")}
    rows.filter(pk__in=[pk for pair, pk in held.items() if pair not in wanted]).delete()
    for row_pk, right_pk in sorted(wanted - held.keys()):
        model._default_manager.create(group=group, permission_id=right_pk, **{f"{field}_id": row_pk})


def _rights(names: Iterable[str]) -> models.QuerySet[Permission]:
    wanted = Q(pk=None)
    for name in names:
        app, _dot, codename = name.partition(".")
        wanted |= Q(content_type__app_label=app, codename=codename)
    return Permission.objects.filter(wanted)
