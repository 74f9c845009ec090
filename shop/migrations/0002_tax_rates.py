"""The two sales taxes as they stand. A change of law is a new row, never a changed one."""

import datetime

from django.db import migrations

RATES = [
    # tax, class, parts per million, since, source
    ("gst", "standard", 50_000, datetime.date(2008, 1, 1), "Loi sur la taxe d’accise, art. 165"),
    ("gst", "gst_only", 50_000, datetime.date(2008, 1, 1), "Loi sur la taxe d’accise, art. 165"),
    ("qst", "standard", 99_750, datetime.date(2013, 1, 1), "Loi sur la taxe de vente du Québec, art. 16"),
]


def add_rates(apps, schema_editor):
    TaxRate = apps.get_model("shop", "TaxRate")
    for tax, tax_class, rate_ppm, since, source in RATES:
        TaxRate.objects.get_or_create(
            tax=tax,
            tax_class=tax_class,
            effective_from=since,
            defaults={"rate_ppm": rate_ppm, "source": source},
        )


def remove_rates(apps, schema_editor):
    TaxRate = apps.get_model("shop", "TaxRate")
    for tax, tax_class, _rate, since, _source in RATES:
        TaxRate.objects.filter(tax=tax, tax_class=tax_class, effective_from=since).delete()


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [migrations.RunPython(add_rates, remove_rates)]
