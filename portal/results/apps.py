from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResultsConfig(AppConfig):
    """What a merchant's page did for it: the screen, and the weekly letter."""

    name = "portal.results"
    label = "results"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Résultats des commerces")
