import django.contrib.postgres.indexes
import django.db.models.functions.math
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0009_still_true"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="merchant",
            index=django.contrib.postgres.indexes.GistIndex(
                models.Func(
                    django.db.models.functions.math.Radians(models.F("longitude")),
                    models.Func(
                        django.db.models.functions.math.Tan(
                            django.db.models.functions.math.Radians(models.F("latitude"))
                        ),
                        function="asinh",
                        output_field=models.FloatField(),
                    ),
                    function="point",
                    output_field=models.FloatField(),
                ),
                name="merchant_by_place",
            ),
        ),
    ]
