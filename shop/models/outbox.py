"""Effects to come (transfers, refunds, mails), written in the transaction that decided them."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from home.tenancy import portal_manager


class OutboxMessage(models.Model):
    """Sent at least once, with a key that makes twice the same as once."""

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    key = models.CharField(_("clé"), max_length=120, unique=True)
    kind = models.CharField(_("effet"), max_length=40)
    recipient = models.CharField(_("destinataire"), max_length=254, blank=True)
    payload: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    created_at = models.DateTimeField(_("créé le"))
    not_before = models.DateTimeField(_("pas avant"))
    sent_at = models.DateTimeField(_("fait le"), null=True, blank=True)
    given_up_at = models.DateTimeField(_("abandonné le"), null=True, blank=True)
    attempts = models.PositiveIntegerField(_("essais"), default=0)
    last_error = models.CharField(_("dernière erreur"), max_length=300, blank=True)

    objects = portal_manager()

    class Meta:
        verbose_name = _("envoi")
        verbose_name_plural = _("envois")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(given_up_at__isnull=True),
                name="outbox_sent_or_given_up",
            ),
        )
        indexes = (
            models.Index(
                fields=("not_before",), condition=Q(sent_at=None, given_up_at=None), name="outbox_due"
            ),
        )

    def __str__(self) -> str:
        return self.key

    @property
    def is_retry(self) -> bool:
        """Claimed before: the effect may have happened, though nobody noted it."""
        return self.attempts > 1
