"""The view « chamber_pipeline »: the facts that a merchant's stage is computed from. Nothing of it is stored.

Each LATERAL asks one table about one merchant, by an index. A later migration that changes the type of a column named
here drops the view first and makes it again after (DROP and MAKE are here to be run).
"""

from django.conf import settings
from django.db import migrations, models

MAKE = """
CREATE VIEW chamber_pipeline AS
SELECT m.id::bigint AS id, m.site_id, m.id AS merchant_id, r.id AS registration_id,
       m.name::text, m.folded_text, m.email::text, m.phone::text, m.category_id, m.sector_id,
       m.tier::text, m.chosen_tier::text, m.free_until, m.vacation_from, m.vacation_until, m.created_at,
       ever.was_invited_at,
       CASE WHEN r.status = 'invited' THEN r.invited_at ELSE letter.created_at END AS invited_at,
       CASE WHEN r.status = 'invited' THEN r.expires_at ELSE letter.expires_at END AS invitation_ends_at,
       CASE WHEN r.status = 'started' THEN r.step ELSE '' END::text AS question,
       CASE WHEN r.status = 'started' THEN r.updated_at END AS answered_at,
       claim.proving_since,
       LEAST(CASE WHEN r.status = 'waiting' THEN r.sent_at END, claim.proved_at, flow.asked_at) AS waiting_since,
       COALESCE(flow.refused_at, CASE WHEN r.status = 'refused' THEN r.decided_at END) AS refused_at,
       m.claimed_at,
       page.live_since,
       COALESCE(page.has_photo, FALSE) AS has_photo,
       EXISTS (SELECT 1 FROM directory_openinghours h WHERE h.merchant_id = m.id) AS has_hours,
       act.acted_at,
       option.tier_moved_at,
       option.lowered_at,
       COALESCE(s.stripe_account_id <> '' AND (s.transfers_status = 'active' OR s.charges_status = 'active'), FALSE)
           AS has_account,
       shelf.drafts,
       shelf.products,
       shelf.selling_since,
       sale.first_sale_at,
       sale.last_sale_at,
       COALESCE(paid.is_subscribed, FALSE) AS is_subscribed,
       paid.subscription_ends_at,
       f.adviser_id, COALESCE(f.next_act, '')::text AS next_act, f.next_act_on,
       GREATEST(note.noted_at, phoned.called_at) AS heard_at,
       phoned.callback_asked_at,
       consent.id::bigint AS consent_id, consent.expires_at AS consent_until,
       EXISTS (SELECT 1 FROM directory_membership o WHERE o.merchant_id = m.id AND o.role = 'owner') AS has_owner,
       m.email <> '' AND EXISTS (
           SELECT 1 FROM directory_mailrefusal n WHERE n.site_id = m.site_id AND LOWER(n.email) = LOWER(m.email)
       ) AS refuses_mail
  FROM directory_merchant m
  LEFT JOIN shop_shop s ON s.merchant_id = m.id
  LEFT JOIN directory_followup f ON f.merchant_id = m.id
  LEFT JOIN directory_helpconsent consent ON consent.merchant_id = m.id AND consent.ended_at IS NULL
  LEFT JOIN LATERAL (
      -- The one that is furthest on.
      SELECT x.* FROM directory_registration x
       WHERE x.merchant_id = m.id AND x.status IN ('waiting', 'started', 'refused', 'invited')
       ORDER BY array_position(ARRAY['waiting', 'started', 'refused', 'invited'], x.status::text), x.id DESC LIMIT 1
  ) r ON TRUE
  LEFT JOIN LATERAL (
      SELECT MAX(x.invited_at) AS was_invited_at FROM directory_registration x WHERE x.merchant_id = m.id
  ) ever ON TRUE
  LEFT JOIN LATERAL (
      SELECT x.created_at, x.expires_at FROM directory_invitation x
       WHERE x.merchant_id = m.id AND x.role = 'owner' AND x.accepted_at IS NULL AND x.revoked_at IS NULL
         AND m.claimed_at IS NULL
       ORDER BY x.created_at LIMIT 1
  ) letter ON TRUE
  LEFT JOIN LATERAL (
      SELECT MIN(x.created_at) FILTER (WHERE x.status = 'started') AS proving_since,
             MIN(x.proved_at) FILTER (WHERE x.status = 'proved') AS proved_at
        FROM directory_claim x WHERE x.merchant_id = m.id
  ) claim ON TRUE
  LEFT JOIN LATERAL (
      SELECT MIN(COALESCE(w.first_published_at, m.claimed_at, m.created_at)) FILTER (WHERE w.live) AS live_since,
             BOOL_OR(x.cover_id IS NOT NULL) AS has_photo,
             ARRAY_AGG(w.id::text) AS keys
        FROM directory_merchantpage x JOIN wagtailcore_page w ON w.id = x.page_ptr_id WHERE x.merchant_id = m.id
  ) page ON TRUE
  LEFT JOIN LATERAL (
      SELECT MIN(x.created_at) FILTER (WHERE x.status = 'in_progress') AS asked_at,
             MAX(COALESCE(t.finished_at, x.created_at)) FILTER (WHERE x.status = 'needs_changes') AS refused_at
        FROM wagtailcore_workflowstate x
        LEFT JOIN wagtailcore_taskstate t ON t.id = x.current_task_state_id
       WHERE x.object_id = ANY (page.keys) AND x.status IN ('in_progress', 'needs_changes')
         AND x.base_content_type_id = (
             SELECT k.id FROM django_content_type k WHERE k.app_label = 'wagtailcore' AND k.model = 'page')
  ) flow ON TRUE
  LEFT JOIN LATERAL (
      SELECT MAX(x.at) AS acted_at FROM home_auditentry x
       WHERE x.merchant_id = m.id AND x.on_behalf_of_id IS NULL
         AND x.actor_id IN (SELECT o.user_id FROM directory_membership o WHERE o.merchant_id = m.id)
  ) act ON TRUE
  LEFT JOIN LATERAL (
      SELECT MAX(x.at) AS tier_moved_at,
             (ARRAY_AGG(
                 CASE WHEN array_position(ARRAY['listing', 'linked_shop', 'transactional'], x.after ->> 'chosen')
                         < array_position(ARRAY['listing', 'linked_shop', 'transactional'], x.before ->> 'chosen')
                      THEN x.at END
                 ORDER BY x.at DESC, x.id DESC) FILTER (WHERE x.action = 'plan.chosen'))[1] AS lowered_at
        FROM home_auditentry x
       WHERE x.merchant_id = m.id AND x.action IN ('plan.chosen', 'plan.rose', 'plan.fell')
  ) option ON TRUE
  LEFT JOIN LATERAL (
      SELECT COUNT(*) FILTER (WHERE x.status = 'draft')::integer AS drafts,
             COUNT(*) FILTER (WHERE x.status = 'published')::integer AS products,
             MIN(x.created_at) FILTER (WHERE x.status = 'published') AS selling_since
        FROM shop_product x WHERE x.merchant_id = m.id
  ) shelf ON TRUE
  LEFT JOIN LATERAL (
      SELECT MIN(x.paid_at) AS first_sale_at, MAX(x.paid_at) AS last_sale_at
        FROM shop_order x WHERE x.merchant_id = m.id AND x.status IN ('paid', 'ready', 'fulfilled')
  ) sale ON TRUE
  LEFT JOIN LATERAL (
      SELECT COUNT(*) > 0 AS is_subscribed, MIN(x.cancel_at) AS subscription_ends_at
        FROM shop_subscription x
       WHERE x.merchant_id = m.id AND x.status IN ('active', 'trialing', 'past_due')
  ) paid ON TRUE
  LEFT JOIN LATERAL (
      SELECT MAX(x.written_at) AS noted_at FROM directory_note x WHERE x.merchant_id = m.id
  ) note ON TRUE
  LEFT JOIN LATERAL (
      SELECT MAX(x.called_at) AS called_at, MIN(x.asked_at) FILTER (WHERE x.called_at IS NULL) AS callback_asked_at
        FROM directory_callbackrequest x WHERE x.merchant_id = m.id OR x.registration_id = r.id
  ) phoned ON TRUE
 WHERE m.suspended_at IS NULL AND m.removed_at IS NULL
UNION ALL
SELECT -r.id::bigint, r.site_id, NULL, r.id,
       COALESCE(NULLIF(r.answers ->> 'name', ''), NULLIF(r.email, ''), '…'),
       translate(LOWER(CONCAT_WS(' ', r.answers ->> 'name', r.email)),
                 'àâäáãåçéèêëíîïìñóôöòõúùûüýÿ’‐‑–—-', 'aaaaaaceeeeiiiinooooouuuuyy''     '),
       r.email::text, COALESCE(r.answers ->> 'phone', ''), NULL, NULL,
       COALESCE(NULLIF(r.tier, ''), 'listing')::text, '', NULL, NULL, NULL, r.created_at,
       r.invited_at,
       CASE WHEN r.status = 'invited' THEN r.invited_at END,
       CASE WHEN r.status = 'invited' THEN r.expires_at END,
       CASE WHEN r.status = 'started' THEN r.step ELSE '' END::text,
       CASE WHEN r.status = 'started' THEN r.updated_at END,
       NULL,
       CASE WHEN r.status = 'waiting' THEN r.sent_at END,
       CASE WHEN r.status = 'refused' THEN r.decided_at END,
       NULL, NULL, FALSE, FALSE, NULL, NULL, NULL, FALSE, 0, 0, NULL, NULL, NULL, FALSE, NULL,
       NULL, '', NULL, phoned.called_at, phoned.callback_asked_at, NULL, NULL, FALSE,
       r.email <> '' AND EXISTS (
           SELECT 1 FROM directory_mailrefusal n WHERE n.site_id = r.site_id AND LOWER(n.email) = LOWER(r.email))
  FROM directory_registration r
  LEFT JOIN LATERAL (
      SELECT MAX(x.called_at) AS called_at, MIN(x.asked_at) FILTER (WHERE x.called_at IS NULL) AS callback_asked_at
        FROM directory_callbackrequest x WHERE x.registration_id = r.id
  ) phoned ON TRUE
 WHERE r.merchant_id IS NULL AND r.status IN ('waiting', 'started', 'refused', 'invited')
"""
DROP = "DROP VIEW chamber_pipeline"


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("directory", "0005_merchants_come_in"),
        ("home", "0007_newest_images_of_a_portal"),
        ("shop", "0013_plans"),
        ("wagtailcore", "0094_alter_page_locale"),
    ]
    operations = [
        migrations.RunSQL(MAKE, DROP),
        # The model alone, so that it is known: the database has the view.
        migrations.CreateModel(
            name='PipelineRow',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('name', models.TextField()),
                ('folded_text', models.TextField()),
                ('email', models.TextField()),
                ('phone', models.TextField()),
                ('tier', models.TextField(choices=[('listing', 'Fiche avec lien vers le site'), ('linked_shop', 'Lien vers sa boutique'), ('transactional', 'Vend ici')])),
                ('chosen_tier', models.TextField(choices=[('listing', 'Fiche avec lien vers le site'), ('linked_shop', 'Lien vers sa boutique'), ('transactional', 'Vend ici')])),
                ('free_until', models.DateField(null=True)),
                ('vacation_from', models.DateField(null=True)),
                ('vacation_until', models.DateField(null=True)),
                ('created_at', models.DateTimeField()),
                ('was_invited_at', models.DateTimeField(help_text='Ever, whatever became of it.', null=True)),
                ('invited_at', models.DateTimeField(help_text='By an invitation that nobody has answered.', null=True)),
                ('invitation_ends_at', models.DateTimeField(null=True)),
                ('question', models.TextField(help_text='Where the registration that was begun was left.')),
                ('answered_at', models.DateTimeField(help_text="That registration's last answer.", null=True)),
                ('proving_since', models.DateTimeField(help_text='A claim that nothing shows to be true yet.', null=True)),
                ('waiting_since', models.DateTimeField(help_text='For an answer of the Journal or the Chamber.', null=True)),
                ('refused_at', models.DateTimeField(help_text='And not sent again.', null=True)),
                ('claimed_at', models.DateTimeField(null=True)),
                ('live_since', models.DateTimeField(null=True)),
                ('has_photo', models.BooleanField()),
                ('has_hours', models.BooleanField()),
                ('acted_at', models.DateTimeField(help_text='The last act of one of its own people.', null=True)),
                ('tier_moved_at', models.DateTimeField(null=True)),
                ('lowered_at', models.DateTimeField(help_text='Its last choice of an option was of a lesser one.', null=True)),
                ('has_account', models.BooleanField(help_text='Stripe may pay it.')),
                ('products', models.IntegerField()),
                ('selling_since', models.DateTimeField(help_text='The first of the products on sale now.', null=True)),
                ('first_sale_at', models.DateTimeField(null=True)),
                ('last_sale_at', models.DateTimeField(null=True)),
                ('is_subscribed', models.BooleanField()),
                ('subscription_ends_at', models.DateTimeField(help_text='It was asked to stop there.', null=True)),
                ('next_act', models.TextField()),
                ('next_act_on', models.DateField(null=True)),
                ('heard_at', models.DateTimeField(help_text='The last note, or the last call asked for and made.', null=True)),
                ('callback_asked_at', models.DateTimeField(null=True)),
                ('consent_id', models.BigIntegerField(null=True)),
                ('consent_until', models.DateTimeField(null=True)),
                ('has_owner', models.BooleanField()),
                ('refuses_mail', models.BooleanField()),
            ],
            options={
                'db_table': 'chamber_pipeline',
                'managed': False,
            },
        ),
    ]
