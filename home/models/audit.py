"""Who did what, for whom, when: append-only (a trigger refuses UPDATE and DELETE)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from home.tenancy import portal_manager


class AuditEntry(models.Model):
    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    at = models.DateTimeField(_("moment"), auto_now_add=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("par"),
    )
    on_behalf_of = models.ForeignKey(
        "directory.Merchant", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("pour")
    )
    merchant = models.ForeignKey(
        "directory.Merchant", models.PROTECT, null=True, blank=True, related_name="audit_entries"
    )
    action = models.CharField(_("geste"), max_length=60)
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=64)
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)

    objects = portal_manager()

    class Meta:
        verbose_name = _("trace")
        verbose_name_plural = _("traces")
        ordering = ("-at", "-pk")
        indexes = (
            models.Index(fields=("site", "-at"), name="audit_by_portal"),
            models.Index(fields=("merchant", "-at"), name="audit_by_merchant"),
        )

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.object_type} {self.object_id}"
