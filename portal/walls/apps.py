from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class WallsConfig(AppConfig):
    """Stands after Wagtail's own apps in INSTALLED_APPS: theirs register the policies that ours replace."""

    name = "portal.walls"
    label = "walls"
    verbose_name = _("Murs entre les portails")

    def ready(self) -> None:
        from home.choosers import show_own_rows
        from portal.walls import checks  # noqa: F401
        from portal.walls.policies import register_policies

        register_policies()
        show_own_rows()
        post_migrate.connect(bring_rights_to_groups, sender=self)


def bring_rights_to_groups(**signal: Any) -> None:
    """Rights that a new version gives or takes reach the groups that exist, without a step to forget.

    Not a migration: Django makes the permissions of new models only after all migrations.
    """
    from portal.staffing import renew_rights

    if signal["using"] == "default":
        renew_rights()
