from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LeavingConfig(AppConfig):
    """What a merchant takes along, whenever it likes; and how it leaves, if it does."""

    name = "portal.leaving"
    label = "leaving"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Partir avec tout")
