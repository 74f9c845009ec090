"""Whom a product suits, by age: what the gift finder asks. Nothing is said of the products that are there."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0014_product_changes_and_feeds"),
    ]

    operations = [
        migrations.AddField(
            model_name="product",
            name="suggested_min_age",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="L’âge auquel cela convient, selon le commerce.",
                null=True,
                verbose_name="dès (ans)",
            ),
        ),
        migrations.AddField(
            model_name="product",
            name="suggested_max_age",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="jusqu’à (ans)"),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("suggested_max_age__gte", models.F("suggested_min_age")),
                    ("suggested_min_age__isnull", True),
                    ("suggested_max_age__isnull", True),
                    _connector="OR",
                ),
                name="product_ages_in_order",
            ),
        ),
    ]
