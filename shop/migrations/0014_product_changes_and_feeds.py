import django.utils.timezone
from django.db import migrations, models


def as_old_as_the_product(apps, schema_editor):
    """What was there before is as old as it can be told to be."""
    apps.get_model("shop", "Product").objects.update(changed_at=models.F("created_at"))


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0013_plans"),
    ]

    operations = [
        migrations.AddField(
            model_name="product",
            name="changed_at",
            field=models.DateTimeField(
                default=django.utils.timezone.now,
                editable=False,
                help_text="When shoppers were last shown something else: text, price, photo. Stock is not counted.",
                verbose_name="changé le",
            ),
        ),
        migrations.RunPython(as_old_as_the_product, migrations.RunPython.noop),
        migrations.AddField(
            model_name="shop",
            name="is_in_feeds",
            field=models.BooleanField(
                default=True,
                help_text="Les moteurs de magasinage lisent ce flux pour montrer vos produits.",
                verbose_name="dans les flux de produits",
            ),
        ),
    ]
