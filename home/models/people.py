"""Staff of a portal: the Journal, the Chamber, the City. Merchants' people are ``directory.Membership``."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from home.tenancy import portal_manager


class PortalRole(models.TextChoices):
    EDITOR = "editor", _("Journal, rédaction")
    MANAGER = "manager", _("Journal, direction")
    ADVISER = "adviser", _("Chambre de commerce")
    CITY = "city", _("Ville")


class PortalStaff(models.Model):
    site = models.ForeignKey("wagtailcore.Site", models.CASCADE, related_name="staff")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="portal_roles")
    role = models.CharField(_("rôle"), max_length=10, choices=PortalRole)

    objects = portal_manager()

    class Meta:
        verbose_name = _("membre de l’équipe")
        verbose_name_plural = _("équipe du portail")
        constraints = (
            models.UniqueConstraint(fields=("site", "user", "role"), name="staff_role_given_once"),
        )

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"
