"""The view « chamber_journeys »: each way into the portal with its dates, from the first letter to the first sale.

Nothing of it is stored. One row for each merchant that ever came towards the portal, suspended, removed and departed
ones included (or what is past would change), and for each registration of a shop that is not listed. A moment stands
where something that happened says when; ``has_…`` says that a step was taken, whether or not it is known when. A
later migration that changes the type of a column named here drops the view first and makes it again after.
"""

from django.conf import settings
from django.db import migrations, models

TOWN = settings.TIME_ZONE


def day(moment: str) -> str:
    """The day that the town's calendars show at that moment."""
    return f"({moment} AT TIME ZONE '{TOWN}')::date"


def due(days: int) -> str:
    """The same hour of the town's clocks, so many days after it went live."""
    return f"((w.lived_at AT TIME ZONE '{TOWN}') + INTERVAL '{days} days') AT TIME ZONE '{TOWN}'"


def kept(days: int) -> str:
    """Whether it was there for shoppers then, as its own people's; null where nothing says when it went off."""
    return f"""CASE WHEN w.lived_at IS NULL OR (NOT w.page_live AND NOT EXISTS (
               SELECT 1 FROM wagtailcore_pagelogentry x WHERE x.page_id = w.page_id
                  AND x.action IN ('wagtail.unpublish', 'wagtail.unpublish.scheduled'))) THEN NULL
           ELSE COALESCE(w.removed_at > {due(days)}, TRUE)
            AND NOT EXISTS (
                SELECT 1 FROM directory_departure x WHERE x.merchant_id = w.merchant_id AND x.left_at <= {due(days)}
                   AND (x.undone_at IS NULL OR x.undone_at > {due(days)})
                   AND (w.claimed_at IS NULL OR x.left_at >= w.claimed_at OR w.claimed_at > {due(days)}))
            AND COALESCE((
                SELECT x.action = 'merchant.restored' FROM home_auditentry x
                 WHERE x.merchant_id = w.merchant_id AND x.action IN ('merchant.suspended', 'merchant.restored')
                   AND x.at <= {due(days)} ORDER BY x.at DESC, x.id DESC LIMIT 1),
                w.suspended_at > {due(days)}, TRUE)
            AND COALESCE((
                SELECT x.action IN ('wagtail.publish', 'wagtail.publish.scheduled') FROM wagtailcore_pagelogentry x
                 WHERE x.page_id = w.page_id AND x.timestamp <= {due(days)} AND x.action IN (
                       'wagtail.publish', 'wagtail.publish.scheduled', 'wagtail.unpublish',
                       'wagtail.unpublish.scheduled')
                 ORDER BY x.timestamp DESC, x.id DESC LIMIT 1), TRUE) END"""


MERCHANTS = """
SELECT m.id::bigint AS id, m.site_id, m.id AS merchant_id, NULL::bigint AS registration_id, m.name::text AS name,
       m.folded_text, m.category_id, m.sector_id,
       COALESCE(NULLIF(last.tier, ''), NULLIF(m.chosen_tier, ''), m.tier)::text AS tier,
       LEAST(reg.invited_at, letter.invited_at) AS invited_at,
       COALESCE(LEAST(reg.begun_at, claim.begun_at, letter.accepted_at), held.at) AS begun_at,
       COALESCE(reg.sent_at, claim.proved_at) AS sent_at,
       CASE WHEN reg.sent_at IS NOT NULL THEN reg.approved_at
            ELSE COALESCE(claim.approved_at, letter.accepted_at, held.at) END AS approved_at,
       EXISTS (SELECT 1 FROM directory_merchantorigin x WHERE x.merchant_id = m.id
                  AND x.created_at <= COALESCE(LEAST(reg.begun_at, claim.begun_at), held.at, x.created_at)) AS imported,
       reg.begun_at IS NULL AND claim.begun_at IS NULL AS was_given,
       COALESCE(last.status, '')::text AS status,
       CASE WHEN last.status = 'started' THEN last.step ELSE '' END::text AS question,
       last.since_at, claim.status AS claim_status, claim.since_at AS claim_since_at,
       page.id AS page_id, COALESCE(page.live, FALSE) AS page_live, page.first_published_at,
       COALESCE(page.has_photo, FALSE) AS has_photo,
       EXISTS (SELECT 1 FROM directory_openinghours x WHERE x.merchant_id = m.id) AS has_hours,
       shelf.made_at, shelf.is_on_sale, offered.at AS offered_at, sale.sold_at,
       gone.left_at, COALESCE(gone.reason, '')::text AS left_reason, m.removed_at, m.suspended_at, m.claimed_at
  FROM directory_merchant m
  LEFT JOIN LATERAL (
      SELECT MIN(x.invited_at) AS invited_at,
             MIN(COALESCE(x.opened_at, CASE WHEN x.invited_at IS NULL THEN x.created_at END)) AS begun_at,
             MIN(x.sent_at) AS sent_at,
             MIN(x.decided_at) FILTER (WHERE x.status = 'approved') AS approved_at
        FROM directory_registration x WHERE x.merchant_id = m.id
  ) reg ON TRUE
  LEFT JOIN LATERAL (
      -- The registration that is furthest on.
      SELECT x.status, x.step, x.tier,
             CASE x.status WHEN 'invited' THEN x.invited_at WHEN 'started' THEN x.updated_at
                           WHEN 'waiting' THEN x.sent_at ELSE COALESCE(x.decided_at, x.updated_at) END AS since_at
        FROM directory_registration x WHERE x.merchant_id = m.id
       ORDER BY array_position(
           ARRAY['approved', 'waiting', 'started', 'refused', 'invited', 'withdrawn'], x.status::text), x.id DESC
       LIMIT 1
  ) last ON TRUE
  LEFT JOIN LATERAL (
      -- Somebody else's claim that was refused is no step of this merchant.
      SELECT MIN(x.created_at) AS begun_at, MIN(x.proved_at) AS proved_at,
             MIN(x.decided_at) FILTER (WHERE x.status = 'approved') AS approved_at,
             (ARRAY_AGG(x.status::text ORDER BY array_position(
                 ARRAY['approved', 'proved', 'started', 'withdrawn'], x.status::text), x.id DESC))[1] AS status,
             (ARRAY_AGG(COALESCE(x.decided_at, x.proved_at, x.created_at) ORDER BY array_position(
                 ARRAY['approved', 'proved', 'started', 'withdrawn'], x.status::text), x.id DESC))[1] AS since_at
        FROM directory_claim x WHERE x.merchant_id = m.id AND x.status <> 'refused'
  ) claim ON TRUE
  LEFT JOIN LATERAL (
      -- Since when its people hold it, before it left if it did.
      SELECT LEAST(m.claimed_at, MIN(x.claimed_at)) AS at
        FROM directory_departure x WHERE x.merchant_id = m.id
  ) held ON TRUE
  LEFT JOIN LATERAL (
      SELECT MIN(x.created_at) AS invited_at, MIN(x.accepted_at) AS accepted_at FROM directory_invitation x
       WHERE x.merchant_id = m.id AND x.role = 'owner' AND x.created_at <= COALESCE(held.at, x.created_at)
  ) letter ON TRUE
  LEFT JOIN LATERAL (
      -- Who came back since did not leave.
      SELECT x.left_at, x.reason FROM directory_departure x
       WHERE x.merchant_id = m.id AND x.undone_at IS NULL AND x.left_at >= COALESCE(m.claimed_at, x.left_at)
       ORDER BY x.left_at DESC, x.id DESC LIMIT 1
  ) gone ON TRUE
  LEFT JOIN LATERAL (
      SELECT w.id, w.live, w.first_published_at, x.cover_id IS NOT NULL AS has_photo
        FROM directory_merchantpage x
        JOIN wagtailcore_page w ON w.id = x.page_ptr_id
        JOIN wagtailcore_locale l ON l.id = w.locale_id AND l.language_code = 'fr-ca'
       WHERE x.merchant_id = m.id ORDER BY w.id LIMIT 1
  ) page ON TRUE
  LEFT JOIN LATERAL (
      SELECT MIN(x.created_at) AS made_at, COALESCE(BOOL_OR(x.status = 'published'), FALSE) AS is_on_sale
        FROM shop_product x WHERE x.merchant_id = m.id
  ) shelf ON TRUE
  LEFT JOIN LATERAL (
      SELECT MIN(x.at) AS at FROM home_auditentry x WHERE x.merchant_id = m.id AND x.action = 'product.publish'
  ) offered ON TRUE
  LEFT JOIN LATERAL (
      SELECT MIN(x.paid_at) AS sold_at
        FROM shop_order x WHERE x.merchant_id = m.id AND x.status IN ('paid', 'ready', 'fulfilled')
  ) sale ON TRUE
"""

REGISTRATIONS = """
SELECT -r.id::bigint, r.site_id, NULL, r.id,
       COALESCE(NULLIF(r.answers ->> 'name', ''), NULLIF(r.email, ''), '…'),
       translate(LOWER(CONCAT_WS(' ', r.answers ->> 'name', r.email)),
                 'àâäáãåçéèêëíîïìñóôöòõúùûüýÿ’‐‑–—-', 'aaaaaaceeeeiiiinooooouuuuyy''     '),
       c.id, s.id,
       COALESCE(NULLIF(r.tier, ''), '')::text,
       r.invited_at,
       COALESCE(r.opened_at, CASE WHEN r.invited_at IS NULL THEN r.created_at END),
       r.sent_at,
       CASE WHEN r.status = 'approved' THEN r.decided_at END,
       FALSE, FALSE, r.status::text,
       CASE WHEN r.status = 'started' THEN r.step ELSE '' END::text,
       CASE r.status WHEN 'invited' THEN r.invited_at WHEN 'started' THEN r.updated_at
                     WHEN 'waiting' THEN r.sent_at ELSE COALESCE(r.decided_at, r.updated_at) END,
       NULL, NULL, NULL, FALSE, NULL, FALSE, FALSE, NULL, FALSE, NULL, NULL, NULL, '', NULL, NULL, NULL
  FROM directory_registration r
  LEFT JOIN directory_category c ON c.site_id = r.site_id AND c.id::text = r.answers ->> 'category'
  LEFT JOIN directory_sector s ON s.site_id = r.site_id AND s.id::text = r.answers ->> 'sector'
 WHERE r.merchant_id IS NULL AND (r.status <> 'withdrawn' OR NOT EXISTS (
       -- Gone on with elsewhere: one shop, not two.
       SELECT 1 FROM directory_registration x
        WHERE x.site_id = r.site_id AND x.id > r.id
          AND (x.user_id = r.user_id OR r.email <> '' AND LOWER(x.email) = LOWER(r.email))))
"""

STEPPED = f"""
SELECT w.*,
       LEAST(w.invited_at, w.begun_at) AS entered_at,
       w.approved_at IS NOT NULL AND (w.first_published_at IS NOT NULL OR w.page_live) AS has_lived,
       CASE WHEN w.approved_at IS NOT NULL AND w.first_published_at IS NOT NULL
            THEN GREATEST(w.first_published_at, w.approved_at) END AS lived_at
  FROM ({MERCHANTS} UNION ALL {REGISTRATIONS}) w
"""

MAKE = f"""
CREATE VIEW chamber_journeys AS
SELECT w.id, w.site_id, w.merchant_id, w.registration_id, w.name, w.folded_text, w.category_id, w.sector_id, w.tier,
       CASE WHEN w.invited_at <= COALESCE(w.begun_at, w.invited_at) THEN 'invitation'
            WHEN w.imported THEN 'import' WHEN w.was_given THEN 'given' ELSE 'own' END::text AS source,
       {day("w.entered_at")} AS entered_on,
       {day("w.invited_at")} AS invited_on,
       {day("w.begun_at")} AS begun_on,
       {day("w.sent_at")} AS sent_on,
       {day("w.approved_at")} AS approved_on,
       {day("w.lived_at")} AS lived_on,
       {day("w.made_at")} AS product_on,
       {day("w.offered_at")} AS offered_on,
       {day("w.sold_at")} AS sold_on,
       {day("w.left_at")} AS left_on,
       w.left_reason,
       w.begun_at IS NOT NULL OR w.sent_at IS NOT NULL OR w.approved_at IS NOT NULL AS has_begun,
       w.sent_at IS NOT NULL OR w.approved_at IS NOT NULL AS was_sent,
       w.approved_at IS NOT NULL AS was_approved,
       w.has_lived,
       w.made_at IS NOT NULL OR w.offered_at IS NOT NULL OR w.is_on_sale OR w.sold_at IS NOT NULL AS has_product,
       w.offered_at IS NOT NULL OR w.is_on_sale OR w.sold_at IS NOT NULL AS has_offered,
       w.sold_at IS NOT NULL AS has_sold,
       w.has_photo, w.has_photo AND w.has_hours AS is_complete,
       {due(30)} AS due_30_at, {kept(30)} AS was_kept_30,
       {due(90)} AS due_90_at, {kept(90)} AS was_kept_90,
       {due(180)} AS due_180_at, {kept(180)} AS was_kept_180,
       CASE WHEN w.left_at IS NOT NULL THEN 'left' WHEN w.has_lived THEN ''
            WHEN w.approved_at IS NOT NULL THEN 'page'
            WHEN w.status = 'waiting' OR w.claim_status = 'proved' THEN 'answer'
            WHEN w.status = 'refused' THEN 'refused' WHEN w.status = 'started' THEN 'question'
            WHEN w.claim_status = 'started' THEN 'proof'
            WHEN w.status = 'withdrawn' OR w.claim_status = 'withdrawn' THEN 'given_up'
            ELSE 'invitation' END::text AS halt,
       CASE WHEN w.left_at IS NOT NULL OR w.has_lived OR w.approved_at IS NOT NULL OR w.claim_status = 'proved' THEN ''
            ELSE w.question END::text AS question,
       CASE WHEN w.left_at IS NOT NULL THEN {day("w.left_at")} WHEN w.has_lived THEN NULL
            ELSE {day("COALESCE(w.approved_at, w.since_at, w.claim_since_at, w.invited_at, w.begun_at)")} END
           AS halted_on
  FROM ({STEPPED}) w
 WHERE w.entered_at IS NOT NULL
"""
DROP = "DROP VIEW chamber_journeys"


class Migration(migrations.Migration):
    dependencies = [
        ("chamber_desk", "0001_pipeline"),
        ("directory", "0017_merchants_that_leave"),
        ("home", "0007_newest_images_of_a_portal"),
        ("shop", "0013_plans"),
    ]
    operations = [
        migrations.RunSQL(MAKE, DROP),
        # The model alone, so that it is known: the database has the view.
        migrations.CreateModel(
            name='Journey',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('name', models.TextField()),
                ('folded_text', models.TextField()),
                ('tier', models.TextField(choices=[('listing', 'Fiche avec lien vers le site'), ('linked_shop', 'Lien vers sa boutique'), ('transactional', 'Vend ici')], help_text='Wished when it registered, else now.')),
                ('source', models.TextField(help_text='Of ``journeys.Origin``.')),
                ('entered_on', models.DateField(help_text='Invited, or begun: whichever was first.')),
                ('invited_on', models.DateField(null=True)),
                ('begun_on', models.DateField(null=True)),
                ('sent_on', models.DateField(null=True)),
                ('approved_on', models.DateField(null=True)),
                ('lived_on', models.DateField(help_text="First live as its own people's.", null=True)),
                ('product_on', models.DateField(help_text='Its first product was made, for sale or not.', null=True)),
                ('offered_on', models.DateField(help_text='Its first product was put on sale.', null=True)),
                ('sold_on', models.DateField(null=True)),
                ('left_on', models.DateField(null=True)),
                ('left_reason', models.TextField()),
                ('has_begun', models.BooleanField()),
                ('was_sent', models.BooleanField()),
                ('was_approved', models.BooleanField()),
                ('has_lived', models.BooleanField()),
                ('has_product', models.BooleanField()),
                ('has_offered', models.BooleanField()),
                ('has_sold', models.BooleanField()),
                ('has_photo', models.BooleanField(help_text='Now.')),
                ('is_complete', models.BooleanField(help_text='A photo and hours, now.')),
                ('due_30_at', models.DateTimeField(help_text='When it had been live for 30 days, or would have.', null=True)),
                ('was_kept_30', models.BooleanField(help_text="Live at that moment, and its own people's.", null=True)),
                ('due_90_at', models.DateTimeField(null=True)),
                ('was_kept_90', models.BooleanField(null=True)),
                ('due_180_at', models.DateTimeField(null=True)),
                ('was_kept_180', models.BooleanField(null=True)),
                ('halt', models.TextField(help_text='``journeys.Halt`` short of being live; "" once it was.')),
                ('question', models.TextField(help_text='Where the registration was left.')),
                ('halted_on', models.DateField(null=True)),
            ],
            options={
                'db_table': 'chamber_journeys',
                'managed': False,
            },
        ),
    ]
