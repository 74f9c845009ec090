"""The Chamber's side of a merchant: who follows it, what was said, what comes next. The merchant never sees it.

Where a merchant stands is not kept here: stages are computed from facts.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from home.tenancy import portal_manager


class FollowUp(models.Model):
    """The adviser of a merchant, and the next act with its day."""

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    merchant = models.OneToOneField("directory.Merchant", models.CASCADE, related_name="follow_up")
    adviser = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("suivi par"),
    )
    next_act = models.CharField(_("prochain geste"), max_length=160, blank=True)
    next_act_on = models.DateField(_("le"), null=True, blank=True)

    objects = portal_manager()

    class Meta:
        verbose_name = _("suivi d’un commerce")
        verbose_name_plural = _("suivis de commerces")
        indexes = (models.Index(fields=("site", "next_act_on"), name="follow_up_by_day"),)

    def __str__(self) -> str:
        return f"{self.merchant}: {self.next_act}"


class Note(models.Model):
    """What an adviser wrote down of a merchant, for the portal's staff alone."""

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    merchant = models.ForeignKey("directory.Merchant", models.CASCADE, related_name="notes")
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("par")
    )
    written_at = models.DateTimeField(_("le"), auto_now_add=True)
    words = models.TextField(_("note"), max_length=4000)

    objects = portal_manager()

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ("-written_at", "-pk")

    def __str__(self) -> str:
        return self.words[:60]


class CallbackRequest(models.Model):
    """« Rappelez-moi »: a merchant asks for a call."""

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    merchant = models.ForeignKey(
        "directory.Merchant", models.CASCADE, null=True, blank=True, related_name="callback_requests"
    )
    registration = models.ForeignKey(
        "directory.Registration", models.CASCADE, null=True, blank=True, related_name="callback_requests"
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    phone = PhoneNumberField(_("à ce numéro"))
    when = models.CharField(_("quand vous joindre"), max_length=120, blank=True)
    words = models.CharField(_("à quel sujet"), max_length=300, blank=True)
    asked_at = models.DateTimeField(_("demandé le"), auto_now_add=True)
    called_at = models.DateTimeField(_("rappelé le"), null=True, blank=True)
    called_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = portal_manager()

    class Meta:
        verbose_name = _("rappel demandé")
        verbose_name_plural = _("rappels demandés")
        ordering = ("asked_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(merchant__isnull=False) | Q(registration__isnull=False),
                name="callback_is_about_somebody",
            ),
            models.UniqueConstraint(
                fields=("merchant",),
                condition=Q(called_at=None, merchant__isnull=False),
                name="callback_waits_once_per_merchant",
            ),
            models.UniqueConstraint(
                fields=("registration",),
                condition=Q(called_at=None, registration__isnull=False),
                name="callback_waits_once_per_registration",
            ),
        )

    def __str__(self) -> str:
        return f"{self.merchant or self.registration} {self.phone}"


class MailRefusal(models.Model):
    """An address that asked for no more letters from this portal (CASL, s. 11). It is never written to again."""

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    email = models.EmailField(_("courriel"))
    refused_at = models.DateTimeField(_("demandé le"), auto_now_add=True)

    objects = portal_manager()

    class Meta:
        verbose_name = _("adresse qui ne veut plus de lettres")
        verbose_name_plural = _("adresses qui ne veulent plus de lettres")
        constraints = (models.UniqueConstraint("site", Lower("email"), name="mail_refused_once"),)

    def __str__(self) -> str:
        return self.email
