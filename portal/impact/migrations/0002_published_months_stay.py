"""A month that was published stays as it is, whoever writes to the table."""

from django.db import migrations

STAYS = """
CREATE FUNCTION impact_month_stays_as_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a published month stays as it was published' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER month_stays_as_published BEFORE UPDATE OR DELETE ON impact_publishedmonth
    FOR EACH ROW EXECUTE FUNCTION impact_month_stays_as_published();
"""
MAY_CHANGE = """
DROP TRIGGER month_stays_as_published ON impact_publishedmonth;
DROP FUNCTION impact_month_stays_as_published();
"""


class Migration(migrations.Migration):
    dependencies = [("impact", "0001_published_months_and_sources")]

    operations = [migrations.RunSQL(STAYS, MAY_CHANGE)]
