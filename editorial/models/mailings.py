"""A letter on its way: its words as they were frozen, and one row for each address it goes to."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from editorial.models.newsletter import NewsletterPage
from editorial.models.subscribers import Subscriber
from home.tenancy import portal_manager


class MailingStatus(models.TextChoices):
    """Where a letter stands. Its edges are ``editorial.newsletter.mailings.EDGES``."""

    SCHEDULED = "scheduled", _("attend son heure")
    SENDING = "sending", _("part")
    SENT = "sent", pgettext_lazy("infolettre", "partie")
    STOPPED = "stopped", _("arrêtée")


class Mailing(models.Model):
    """One letter sent to a portal's list, once. What was sent is kept, whatever becomes of the page.

    ``words``: by language, what ``editorial.newsletter.composing`` wrote when the sending began. ``reached``: the
    primary key of the last subscriber for whom a copy was made.
    """

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    page = models.OneToOneField(
        NewsletterPage, models.SET_NULL, null=True, related_name="mailing", verbose_name=_("lettre")
    )
    subject = models.CharField(pgettext_lazy("infolettre", "objet"), max_length=120)
    status = models.CharField(
        _("état"), max_length=10, choices=MailingStatus, default=MailingStatus.SCHEDULED
    )
    send_at = models.DateTimeField(_("part le"))
    words: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    frozen_at = models.DateTimeField(_("composée le"), null=True, blank=True)
    reached = models.BigIntegerField(default=0)
    is_spread = models.BooleanField(_("toutes les copies sont faites"), default=False)
    finished_at = models.DateTimeField(_("finie le"), null=True, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("envoyée par")
    )
    asked_at = models.DateTimeField(_("demandée le"))

    objects = portal_manager()

    class Meta:
        verbose_name = _("envoi de l’infolettre")
        verbose_name_plural = _("envois de l’infolettre")
        ordering = ("-send_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(status__in=("scheduled", "stopped")) | Q(frozen_at__isnull=False),
                name="mailing_leaves_with_frozen_words",
            ),
        )

    def __str__(self) -> str:
        return self.subject


class CopyState(models.TextChoices):
    """What became of one copy."""

    WAITING = "waiting", _("en attente")
    LEAVING = "leaving", _("en route")
    SENT = "sent", _("envoyée")
    LEFT_OUT = "left_out", _("laissée de côté")
    REFUSED = "refused", _("refusée")
    UNKNOWN = "unknown", _("sans nouvelle")


class MailingCopy(models.Model):
    """One letter for one address: the row that makes twice impossible.

    ``leaving`` is written before the mail program is spoken to. A copy found so by a second try may have left: it is
    never sent again.
    """

    mailing = models.ForeignKey(Mailing, models.CASCADE, related_name="copies")
    subscriber = models.ForeignKey(Subscriber, models.SET_NULL, null=True, related_name="copies")
    state = models.CharField(_("état"), max_length=10, choices=CopyState, default=CopyState.WAITING)
    moved_at = models.DateTimeField(_("depuis le"))

    objects = portal_manager("mailing__site")

    class Meta:
        verbose_name = _("copie de l’infolettre")
        verbose_name_plural = _("copies de l’infolettre")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("mailing", "subscriber"), name="letter_goes_once_to_an_address"),
        )

    def __str__(self) -> str:
        return f"{self.mailing_id} – {self.subscriber_id}"
