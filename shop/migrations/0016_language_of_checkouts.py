from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0015_ages_that_a_product_suits"),
    ]

    operations = [
        migrations.AddField(
            model_name="checkout",
            name="language",
            field=models.CharField(
                choices=[("fr-ca", "Français"), ("en", "English")],
                default="fr-ca",
                editable=False,
                help_text="Celle de la commande\u00a0: ses courriels et son reçu la gardent.",
                max_length=5,
                verbose_name="langue",
            ),
        ),
    ]
