from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DirectoryConfig(AppConfig):
    name = "directory"
    verbose_name = _("Répertoire")

    def ready(self) -> None:
        from directory.choosers import merchant_chooser
        from directory.models import Category, Merchant, Sector
        from directory.own_site import checks  # noqa: F401
        from home.form_fields import offer_only_rows_of_the_portal

        offer_only_rows_of_the_portal(Merchant, widget=merchant_chooser.widget_class)
        offer_only_rows_of_the_portal(Category)
        offer_only_rows_of_the_portal(Sector)
