"""A merchant's own site as it was read: what was found there, its pictures, and what the merchant took of it."""

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from directory.enums import ReadingStatus
from home.tenancy import portal_manager


def private_storage() -> Storage:
    """Beside the photos, where no address serves them."""
    return storages["private"]


class SiteReading(models.Model):
    """One reading of one site, asked by somebody. Only ``directory.own_site.readings`` moves it.

    Of no merchant yet, it is somebody's who registers. ``taken``: what the merchant holds of its site since then, by
    name, as it was written; the next reading compares with it, and so never overwrites what was changed by hand.
    """

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    merchant = models.ForeignKey(
        "directory.Merchant",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="site_readings",
        verbose_name=_("commerce"),
    )
    url = models.URLField(_("adresse lue"), max_length=255)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("demandée par"),
    )
    asked_at = models.DateTimeField(_("demandée le"))
    status = models.CharField(_("état"), max_length=8, choices=ReadingStatus, default=ReadingStatus.WAITING)
    attempts = models.PositiveSmallIntegerField(_("essais"), default=0)
    touched_at = models.DateTimeField(_("dernier pas le"))
    read_at = models.DateTimeField(_("lue le"), null=True, blank=True)
    failure = models.CharField(_("pourquoi"), max_length=20, blank=True)
    findings = models.JSONField(_("ce qui a été trouvé"), default=dict, blank=True)
    taken = models.JSONField(_("ce qui a été pris"), default=dict, blank=True)
    taken_at = models.DateTimeField(_("pris le"), null=True, blank=True)

    objects = portal_manager()

    class Meta:
        verbose_name = _("lecture d’un site")
        verbose_name_plural = _("lectures de sites")
        ordering = ("-asked_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("merchant",),
                condition=Q(status__in=ReadingStatus.open()),
                name="one_site_reading_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(status=ReadingStatus.FAILED) | Q(failure=""),
                name="site_reading_failed_for_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(status=ReadingStatus.READ) | Q(read_at__isnull=False),
                name="site_reading_read_some_day",
            ),
        )
        indexes = (
            models.Index(
                fields=("asked_at", "id"),
                condition=Q(status__in=ReadingStatus.open()),
                name="site_readings_to_do",
            ),
        )

    def __str__(self) -> str:
        return f"{self.url} ({self.get_status_display()})"


class SiteReadingPicture(models.Model):
    """A picture of a site, made safe, for the merchant to look at. Without a file it has not come, or never will."""

    reading = models.ForeignKey(SiteReading, models.CASCADE, related_name="pictures")
    url = models.TextField(_("adresse"))
    position = models.PositiveSmallIntegerField(_("rang"))
    file = models.FileField(_("fichier"), storage=private_storage, upload_to="own_site", blank=True)
    is_waiting = models.BooleanField(_("attendue"), default=True)

    objects = portal_manager("reading__site")

    class Meta:
        verbose_name = _("photo d’un site")
        verbose_name_plural = _("photos de sites")
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("reading", "position"), name="site_picture_has_its_own_place"),
        )

    def __str__(self) -> str:
        return self.url
