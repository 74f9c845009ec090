"""Opening hours as rows; ``directory.hours`` reasons about them without the database."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from directory.enums import Weekday
from home.tenancy import portal_manager


class OpeningHours(models.Model):
    """One span of one weekday (schema.org OpeningHoursSpecification).

    ``closes`` before ``opens`` means past midnight; the same time twice means round the clock.
    """

    merchant = models.ForeignKey("directory.Merchant", models.CASCADE, related_name="opening_hours")
    weekday = models.SmallIntegerField(_("jour"), choices=Weekday)
    opens = models.TimeField(_("ouvre à"))
    closes = models.TimeField(_("ferme à"))

    objects = portal_manager("merchant__site")

    class Meta:
        verbose_name = _("plage d’ouverture")
        verbose_name_plural = _("heures d’ouverture")
        ordering = ("weekday", "opens")
        constraints = (
            models.UniqueConstraint(fields=("merchant", "weekday", "opens"), name="hours_span_stated_once"),
            models.CheckConstraint(condition=Q(weekday__range=(0, 6)), name="hours_weekday_exists"),
        )

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}–{self.closes:%H:%M}"


class SpecialHours(models.Model):
    """One span of one date, in place of that date's weekly hours; no times: closed that day."""

    merchant = models.ForeignKey("directory.Merchant", models.CASCADE, related_name="special_hours")
    date = models.DateField(_("date"))
    opens = models.TimeField(_("ouvre à"), null=True, blank=True)
    closes = models.TimeField(_("ferme à"), null=True, blank=True)
    reason = models.CharField(_("raison"), max_length=60, blank=True)

    objects = portal_manager("merchant__site")

    class Meta:
        verbose_name = _("horaire particulier")
        verbose_name_plural = _("horaires particuliers")
        ordering = ("date", F("opens").asc(nulls_first=True))
        constraints = (
            models.UniqueConstraint(
                fields=("merchant", "date", "opens"), name="special_hours_stated_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(opens__isnull=True, closes__isnull=True)
                | Q(opens__isnull=False, closes__isnull=False),
                name="special_hours_have_both_times_or_none",
            ),
        )

    def __str__(self) -> str:
        return f"{self.date} {self.opens or ''}–{self.closes or ''} {self.reason}"
