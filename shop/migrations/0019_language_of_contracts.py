from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0018_products_confirmed_when"),
    ]

    operations = [
        migrations.AddField(
            model_name="checkout",
            name="contract_language",
            field=models.CharField(
                choices=[("fr-ca", "Français"), ("en", "English")],
                default="fr-ca",
                editable=False,
                help_text="Le français, sauf si la personne, qui l’avait en français sous les yeux, a demandé l’anglais.",
                max_length=5,
                verbose_name="langue du contrat",
            ),
        ),
        migrations.AlterField(
            model_name="checkout",
            name="language",
            field=models.CharField(
                choices=[("fr-ca", "Français"), ("en", "English")],
                default="fr-ca",
                editable=False,
                help_text="Celle de la commande\xa0: ses courriels la gardent.",
                max_length=5,
                verbose_name="langue",
            ),
        ),
    ]
