"""The audit trail can only grow, and is seen from outside through ``v_audit``."""

from django.db import migrations

FORBID = """
CREATE FUNCTION home_audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is append-only';
END $$;
CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE ON home_auditentry
    FOR EACH ROW EXECUTE FUNCTION home_audit_is_append_only();
"""
ALLOW = """
DROP TRIGGER audit_is_append_only ON home_auditentry;
DROP FUNCTION home_audit_is_append_only();
"""
VIEW = """
CREATE VIEW v_audit AS
SELECT a.at,
       s.hostname AS portal,
       a.actor_id::text AS actor,
       a.on_behalf_of_id::text AS on_behalf_of,
       a.action,
       a.object_type,
       a.object_id,
       a.merchant_id::text AS merchant_id
  FROM home_auditentry a
  JOIN wagtailcore_site s ON s.id = a.site_id
"""


class Migration(migrations.Migration):
    dependencies = [("home", "0002_initial")]

    operations = [migrations.RunSQL(FORBID, ALLOW), migrations.RunSQL(VIEW, "DROP VIEW v_audit")]
