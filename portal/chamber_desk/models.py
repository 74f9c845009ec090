"""What is computed from facts about each merchant, and about each registration that has none yet.

Both are views of the database (``migrations``): nothing of them is stored, and nothing can be written to them.
"""

from typing import Any

from django.conf import settings
from django.db import models

from directory.enums import Tier
from home.tenancy import portal_manager
from portal.chamber_desk.journeys import JourneyQuerySet
from portal.chamber_desk.standings import PipelineQuerySet

LOOKED_UP: dict[str, Any] = {
    "on_delete": models.DO_NOTHING,
    "null": True,
    "related_name": "+",
    "db_constraint": False,
}


class PipelineRow(models.Model):
    """The facts that a stage is computed from.

    ``id``: the merchant's primary key, or that of a registration without a merchant, with a minus sign. Suspended
    merchants, and those who asked to be taken out, are not in it. A moment is null where the thing did not happen, or
    is over.
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
    left_at = models.DateTimeField(null=True, help_text="Its people left, and it is not claimed again.")
    left_reason = models.TextField(help_text="As « DepartureReason » says it.")

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


class Journey(models.Model):
    """A way into the portal, with the days of the town on which each step was taken. ``id``: as in PipelineRow.

    Every merchant that ever came towards the portal is in it, suspended and departed ones too; once, whoever came. A
    day is null where the step was not taken, and where nothing says when: then ``has_…`` or ``was_…`` says that it was.
    Each step of a chain implies the ones before it.
    """

    id = models.BigIntegerField(primary_key=True)
    site = models.ForeignKey("wagtailcore.Site", models.DO_NOTHING, related_name="+", db_constraint=False)
    merchant = models.ForeignKey("directory.Merchant", **LOOKED_UP)
    registration = models.ForeignKey("directory.Registration", **LOOKED_UP)
    name = models.TextField()
    folded_text = models.TextField()
    category = models.ForeignKey("directory.Category", **LOOKED_UP)
    sector = models.ForeignKey("directory.Sector", **LOOKED_UP)
    tier = models.TextField(choices=Tier, help_text="Wished when it registered, else now.")
    source = models.TextField(help_text="Of ``journeys.Origin``.")

    entered_on = models.DateField(help_text="Invited, or begun: whichever was first.")
    invited_on = models.DateField(null=True)
    begun_on = models.DateField(null=True)
    sent_on = models.DateField(null=True)
    approved_on = models.DateField(null=True)
    lived_on = models.DateField(null=True, help_text="First live as its own people's.")
    product_on = models.DateField(null=True, help_text="Its first product was made, for sale or not.")
    offered_on = models.DateField(null=True, help_text="Its first product was put on sale.")
    sold_on = models.DateField(null=True)
    left_on = models.DateField(null=True)
    left_reason = models.TextField()

    has_begun = models.BooleanField()
    was_sent = models.BooleanField()
    was_approved = models.BooleanField()
    has_lived = models.BooleanField()
    has_product = models.BooleanField()
    has_offered = models.BooleanField()
    has_sold = models.BooleanField()
    has_photo = models.BooleanField(help_text="Now.")
    is_complete = models.BooleanField(help_text="A photo and hours, now.")
    due_30_at = models.DateTimeField(null=True, help_text="When it had been live for 30 days, or would have.")
    was_kept_30 = models.BooleanField(null=True, help_text="Live at that moment, and its own people's.")
    due_90_at = models.DateTimeField(null=True)
    was_kept_90 = models.BooleanField(null=True)
    due_180_at = models.DateTimeField(null=True)
    was_kept_180 = models.BooleanField(null=True)

    halt = models.TextField(help_text='``journeys.Halt`` short of being live; "" once it was.')
    question = models.TextField(help_text="Where the registration was left.")
    halted_on = models.DateField(null=True)

    objects = portal_manager(queryset=JourneyQuerySet)

    class Meta:
        managed = False
        db_table = "chamber_journeys"

    def __str__(self) -> str:
        return self.name
