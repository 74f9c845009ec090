"""Wagtail keeps a row per language: French bears the code of LANGUAGE_CODE, English stands beside it."""

from typing import Any

from django.db import migrations

FRENCH, ENGLISH = "fr-ca", "en"


def name_the_languages(apps: Any, schema_editor: Any) -> None:
    """Pages stay with the row that they have: where it bears another code of French, that one is corrected."""
    locales = apps.get_model("wagtailcore", "Locale")._default_manager
    if not locales.filter(language_code=FRENCH).exists():
        former = locales.filter(language_code__startswith="fr").order_by("pk").first()
        if former is None:
            locales.create(language_code=FRENCH)
        else:
            locales.filter(pk=former.pk).update(language_code=FRENCH)
    locales.get_or_create(language_code=ENGLISH)


def forget_english(apps: Any, schema_editor: Any) -> None:
    """Only where no page is in English: pages are not taken away by a migration."""
    page = apps.get_model("wagtailcore", "Page")
    if not page._default_manager.filter(locale__language_code=ENGLISH).exists():
        apps.get_model("wagtailcore", "Locale")._default_manager.filter(language_code=ENGLISH).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0011_portals_offer_english"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [migrations.RunPython(name_the_languages, forget_english)]
