"""Who of a portal's staff may look at its money, and who may move it (docs/tenancy.md)."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Model
from wagtail_modeladmin.helpers import PermissionHelper

from home.models import PortalRole
from home.roles import roles_of

LOOK = frozenset({PortalRole.EDITOR, PortalRole.MANAGER})
MOVE = frozenset({PortalRole.MANAGER})
"""Who gives money back, settles a debt, answers a bank. An editor looks, and asks again what was decided."""


def may_look(user: Any) -> bool:
    """The Journal of the portal in scope and the operator; never the Chamber nor the City."""
    return bool(user.is_superuser or roles_of(user) & LOOK)


def may_move(user: Any) -> bool:
    """The Journal's manager in the portal in scope, and the operator."""
    return bool(user.is_superuser or roles_of(user) & MOVE)


class ReadOnly(PermissionHelper):
    """Who may look sees the list and each row; nobody may add, change or delete."""

    def user_has_any_permissions(self, user: AbstractBaseUser) -> bool:
        return may_look(user)

    def user_can_list(self, user: AbstractBaseUser) -> bool:
        return may_look(user)

    def user_can_inspect_obj(self, user: AbstractBaseUser, obj: Model) -> bool:
        return may_look(user)

    def user_can_create(self, user: AbstractBaseUser) -> bool:
        return False

    def user_can_edit_obj(self, user: AbstractBaseUser, obj: Model) -> bool:
        return False

    def user_can_delete_obj(self, user: AbstractBaseUser, obj: Model) -> bool:
        return False
