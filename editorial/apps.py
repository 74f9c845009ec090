from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EditorialConfig(AppConfig):
    name = "editorial"
    verbose_name = _("Journal")

    def ready(self) -> None:
        from editorial import receivers  # noqa: F401
        from editorial.choosers import product_chooser
        from editorial.models import Author, Section, Series
        from home.form_fields import offer_only_rows_of_the_portal
        from shop.models import Product

        offer_only_rows_of_the_portal(Product, widget=product_chooser.widget_class)
        for model in (Author, Section, Series):
            offer_only_rows_of_the_portal(model)
