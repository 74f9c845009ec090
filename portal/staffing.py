"""Who works for a portal: a role there, and the native Wagtail group of that portal and role.

The role says what a person may do; the group is how Wagtail hears of it. This module alone moves either.
"""

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page, Site

from home.models import PortalRole, PortalStaff
from portal.models import User

JOURNAL = (PortalRole.EDITOR, PortalRole.MANAGER)
PAGE_RIGHTS = ("add_page", "change_page", "publish_page", "lock_page", "unlock_page")
# Wagtail asks for the rights of its own models, whatever model the project keeps its pictures in.
LIBRARY_RIGHTS = {
    "wagtailimages": ("add_image", "change_image", "choose_image"),
    "wagtaildocs": ("add_document", "change_document", "choose_document"),
}


@transaction.atomic
def grant(user: User, site: Site, role: PortalRole) -> bool:
    """The person has the role in that portal afterwards. False when it had it already."""
    _row, given = PortalStaff.objects.get_or_create(site=site, user=user, role=role)
    if role != PortalRole.CITY:
        user.groups.add(group_of(site, role))
    return bool(given)


@transaction.atomic
def withdraw(user: User, site: Site, role: PortalRole) -> bool:
    """The person has the role no more, and its sessions end. False when it never had it."""
    gone, _by_model = PortalStaff.objects.filter(site=site, user=user, role=role).delete()
    user.groups.remove(*Group.objects.filter(name=group_name(site, role)))
    if gone:
        user.end_sessions()
    return bool(gone)


def group_name(site: Site, role: PortalRole) -> str:
    """By primary key, for names and hosts of portals change."""
    return f"Portail {site.pk}, {role.label}"


def group_of(site: Site, role: PortalRole) -> Group:
    """One group per portal and role, made when first asked for. The City has none: it never enters the admin.

    All others may enter; the Journal alone has pages and pictures.
    """
    group, created = Group.objects.get_or_create(name=group_name(site, role))
    if created:
        group.permissions.add(_right("access_admin", "wagtailadmin"))
        if role in JOURNAL:
            _give_pages(group, site.root_page)
            _give_library(group, collection_of(site))
    return group


def collection_of(site: Site) -> Collection:
    """The portal's own shelf in the library of pictures and documents."""
    root = Collection.get_first_root_node()
    name = site.site_name
    return root.get_children().filter(name=name).first() or root.add_child(name=name)


def _give_pages(group: Group, root: Page) -> None:
    for name in PAGE_RIGHTS:
        GroupPagePermission.objects.create(group=group, page=root, permission=_right(name, "wagtailcore"))


def _give_library(group: Group, collection: Collection) -> None:
    rights = [_right(name, app) for app, names in LIBRARY_RIGHTS.items() for name in names]
    for right in rights:
        GroupCollectionPermission.objects.create(group=group, collection=collection, permission=right)


def _right(codename: str, app: str) -> Permission:
    return Permission.objects.get(codename=codename, content_type__app_label=app)
