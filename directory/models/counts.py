"""What was done on a portal's pages, by day: how many times, never by whom.

Nothing here is finer than a day of the town, and no column could hold a visitor. ``directory.counting`` writes it.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.enums import Act, Source, Subject
from home.tenancy import portal_manager


class DailyCount(models.Model):
    """How many times an act happened on a day of the town, from one source, on one subject.

    ``subject_id`` is the key of a row of any floor, or of the site for the portal's own pages: no reference of the
    database, for what was counted stays counted when the row goes. ``merchant`` is whom the act helps, where it helps
    one. ``source_id`` is the page (story, campaign, letter) that led to it: it is credited for the act, once. 0 where
    there is none to name.
    """

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    act = models.CharField(max_length=12, choices=Act)
    source = models.CharField(max_length=12, choices=Source)
    source_id = models.BigIntegerField(default=0)
    subject = models.CharField(max_length=8, choices=Subject)
    subject_id = models.BigIntegerField()
    merchant = models.ForeignKey(
        "directory.Merchant", models.PROTECT, null=True, related_name="+", db_index=False
    )
    times = models.PositiveIntegerField()

    objects = portal_manager()

    class Meta:
        verbose_name = _("acte compté")
        verbose_name_plural = _("actes comptés")
        ordering = ("-day", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("site", "day", "act", "subject", "subject_id", "source", "source_id", "merchant"),
                nulls_distinct=False,
                name="one_count_a_day",
            ),
            models.CheckConstraint(condition=models.Q(times__gt=0), name="counted_at_least_once"),
        )
        indexes = (
            models.Index(fields=("merchant", "day"), name="counts_of_a_merchant"),
            models.Index(fields=("site", "source", "source_id", "day"), name="counts_by_credit"),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.act} {self.times}"


class CountedBatch(models.Model):
    """A batch of counts that was written: sent again after a lost answer, it counts nothing twice.

    Of no portal: a batch holds those of every one.
    """

    key = models.UUIDField(primary_key=True, editable=False)
    written_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("lot compté")
        verbose_name_plural = _("lots comptés")
        ordering = ("-written_at",)

    def __str__(self) -> str:
        return f"{self.key}"
