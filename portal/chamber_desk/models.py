"""The facts that a merchant's stage is computed from, one row for each merchant and for each registration without one.

It is a view of the database (``migrations/0001``): nothing of it is stored, and nothing can be written to it.
"""

from typing import Any

from django.conf import settings
from django.db import models

from directory.enums import Tier
from home.tenancy import portal_manager
from portal.chamber_desk.standings import PipelineQuerySet

LOOKED_UP: dict[str, Any] = {
    "on_delete": models.DO_NOTHING,
    "null": True,
    "related_name": "+",
    "db_constraint": False,
}


class PipelineRow(models.Model):
    """``id``: the merchant's primary key, or that of a registration without a merchant, with a minus sign.

    Suspended merchants, and those who asked to be taken out, are not in it. A moment is null where the thing did not
    happen, or is over.
    """

    id = models.BigIntegerField(primary_key=True)
    site = models.ForeignKey("wagtailcore.Site", models.DO_NOTHING, related_name="+", db_constraint=False)
    merchant = models.ForeignKey("directory.Merchant", **LOOKED_UP)
    registration = models.ForeignKey("directory.Registration", **LOOKED_UP)
    name = models.TextField()
    folded_text = models.TextField()
    email = models.TextField()
    phone = models.TextField()
    category = models.ForeignKey("directory.Category", **LOOKED_UP)
    sector = models.ForeignKey("directory.Sector", **LOOKED_UP)
    tier = models.TextField(choices=Tier)
    chosen_tier = models.TextField(choices=Tier)
    free_until = models.DateField(null=True)
    vacation_from = models.DateField(null=True)
    vacation_until = models.DateField(null=True)
    created_at = models.DateTimeField()

    # Coming in.
    was_invited_at = models.DateTimeField(null=True, help_text="Ever, whatever became of it.")
    invited_at = models.DateTimeField(null=True, help_text="By an invitation that nobody has answered.")
    invitation_ends_at = models.DateTimeField(null=True)
    question = models.TextField(help_text="Where the registration that was begun was left.")
    answered_at = models.DateTimeField(null=True, help_text="That registration's last answer.")
    proving_since = models.DateTimeField(null=True, help_text="A claim that nothing shows to be true yet.")
    waiting_since = models.DateTimeField(null=True, help_text="For an answer of the Journal or the Chamber.")
    refused_at = models.DateTimeField(null=True, help_text="And not sent again.")
    claimed_at = models.DateTimeField(null=True)

    # Being there.
    live_since = models.DateTimeField(null=True)
    has_photo = models.BooleanField()
    has_hours = models.BooleanField()
    acted_at = models.DateTimeField(null=True, help_text="The last act of one of its own people.")
    tier_moved_at = models.DateTimeField(null=True)
    lowered_at = models.DateTimeField(
        null=True, help_text="Its last choice of an option was of a lesser one."
    )

    # Selling.
    has_account = models.BooleanField(help_text="Stripe may pay it.")
    drafts = models.IntegerField()
    products = models.IntegerField()
    selling_since = models.DateTimeField(null=True, help_text="The first of the products on sale now.")
    first_sale_at = models.DateTimeField(null=True)
    last_sale_at = models.DateTimeField(null=True)
    is_subscribed = models.BooleanField()
    subscription_ends_at = models.DateTimeField(null=True, help_text="It was asked to stop there.")

    # Being followed.
    adviser = models.ForeignKey(settings.AUTH_USER_MODEL, **LOOKED_UP)
    next_act = models.TextField()
    next_act_on = models.DateField(null=True)
    heard_at = models.DateTimeField(
        null=True, help_text="The last note, or the last call asked for and made."
    )
    callback_asked_at = models.DateTimeField(null=True)
    consent_id = models.BigIntegerField(null=True)
    consent_until = models.DateTimeField(null=True)
    has_owner = models.BooleanField()
    refuses_mail = models.BooleanField()

    objects = portal_manager(queryset=PipelineQuerySet)

    class Meta:
        managed = False
        db_table = "chamber_pipeline"

    def __str__(self) -> str:
        return self.name
