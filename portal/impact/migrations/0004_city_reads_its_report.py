"""Who has the City's role enters the admin, where the report is. The group's rights come with every ``migrate``."""

from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

ROLE, WORDS = "city", "Ville"


def let_in(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    del schema_editor
    group = apps.get_model("auth.Group")
    people = apps.get_model("home.PortalStaff")._base_manager.filter(role=ROLE).select_related("user")
    for row in people:
        of_city, _made = group.objects.get_or_create(name=f"Portail {row.site_id}, {WORDS}")
        row.user.groups.add(of_city)


def let_out(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    del schema_editor
    apps.get_model("auth.Group").objects.filter(name__regex=rf"^Portail \d+, {WORDS}$").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("home", "0001_initial"),
        ("impact", "0003_quotes_with_consent"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [migrations.RunPython(let_in, let_out)]
