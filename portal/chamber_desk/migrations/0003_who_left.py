"""The view « chamber_pipeline » says who left lately and why: the view of before, and the departure that still stands.

Whoever was claimed again since did not leave, as far as the Chamber is concerned.
"""

from django.db import migrations, models

MAKE = """
ALTER VIEW chamber_pipeline RENAME TO chamber_pipeline_facts;
CREATE VIEW chamber_pipeline AS
SELECT f.*, gone.left_at, COALESCE(gone.reason, '')::text AS left_reason
  FROM chamber_pipeline_facts f
  LEFT JOIN LATERAL (
      SELECT x.left_at, x.reason FROM directory_departure x
       WHERE x.merchant_id = f.merchant_id AND x.undone_at IS NULL AND f.claimed_at IS NULL
       ORDER BY x.left_at DESC, x.id DESC LIMIT 1
  ) gone ON TRUE
"""
UNMAKE = """
DROP VIEW chamber_pipeline;
ALTER VIEW chamber_pipeline_facts RENAME TO chamber_pipeline
"""


class Migration(migrations.Migration):
    dependencies = [
        ("chamber_desk", "0002_journeys"),
        ("directory", "0017_merchants_that_leave"),
    ]
    operations = [
        migrations.RunSQL(MAKE, UNMAKE),
        migrations.AddField(
            model_name="pipelinerow",
            name="left_at",
            field=models.DateTimeField(help_text="Its people left, and it is not claimed again.", null=True),
        ),
        migrations.AddField(
            model_name="pipelinerow",
            name="left_reason",
            field=models.TextField(default="", help_text="As « DepartureReason » says it."),
            preserve_default=False,
        ),
    ]
