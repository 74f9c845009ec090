from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0008_periods_of_still_true"),
    ]

    operations = [
        migrations.AddField(
            model_name="consent",
            name="how",
            field=models.CharField(blank=True, max_length=200, verbose_name="comment"),
        ),
    ]
