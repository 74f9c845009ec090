"""What a merchant takes along: one archive at a time, made by the worker, kept for a week."""

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from home.tenancy import portal_manager


def private_storage() -> Storage:
    """Beside the photos, where no address serves them."""
    return storages["private"]


class PackageStatus(models.TextChoices):
    """Where an archive stands; ``portal.leaving.packages`` alone moves it."""

    WAITING = "waiting", _("attend son tour")
    MAKING = "making", _("en préparation")
    READY = "ready", _("prête")
    FAILED = "failed", _("n’a pas pu être préparée")
    GONE = "gone", _("effacée")

    @classmethod
    def open(cls) -> tuple["PackageStatus", ...]:
        """The worker has still something to do for it."""
        return (cls.WAITING, cls.MAKING)


class Package(models.Model):
    """Everything a merchant has here, as one file. The row outlives the file: who asked, and when, is kept."""

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    merchant = models.ForeignKey(
        "directory.Merchant", models.CASCADE, related_name="packages", verbose_name=_("commerce")
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("demandée par"),
    )
    asked_at = models.DateTimeField(_("demandée le"))
    status = models.CharField(_("état"), max_length=8, choices=PackageStatus, default=PackageStatus.WAITING)
    attempts = models.PositiveSmallIntegerField(_("essais"), default=0)
    touched_at = models.DateTimeField(_("dernier pas le"))
    ready_at = models.DateTimeField(_("prête le"), null=True, blank=True)
    file = models.FileField(_("fichier"), storage=private_storage, max_length=200, blank=True)
    size = models.PositiveBigIntegerField(_("taille (octets)"), default=0)

    objects = portal_manager()

    class Meta:
        verbose_name = _("archive d’un commerce")
        verbose_name_plural = _("archives de commerces")
        ordering = ("-asked_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("merchant",),
                condition=Q(status__in=PackageStatus.open()),
                name="one_package_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(status=PackageStatus.READY) ^ Q(file=""), name="package_that_is_ready_has_a_file"
            ),
            models.CheckConstraint(
                condition=~Q(status=PackageStatus.READY) | Q(ready_at__isnull=False, size__gt=0),
                name="package_ready_at_a_moment",
            ),
        )
        indexes = (
            models.Index(
                fields=("asked_at", "id"),
                condition=Q(status__in=PackageStatus.open()),
                name="packages_to_make",
            ),
        )

    def __str__(self) -> str:
        return f"{self.merchant} ({self.get_status_display()})"
