from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChamberDeskConfig(AppConfig):
    """Whom the Chamber calls, where each merchant stands, and the letters it sends to those who are not in yet."""

    name = "portal.chamber_desk"
    label = "chamber_desk"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Bureau de la Chambre")
