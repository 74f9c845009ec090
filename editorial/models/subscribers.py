"""Who asked the Journal to write: one row for an address, one for each thing it asked for."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from home.languages import FRENCH, LANGUAGES
from home.models import Consent, ConsentPurpose
from home.tenancy import portal_manager


class WhyAside(models.TextChoices):
    """Why nothing is sent to an address that is on the list."""

    BOUNCED = "bounced", _("les courriels reviennent")
    COMPLAINED = "complained", _("s’est plainte d’un envoi")
    OTHER = "other", _("autre raison")


class Subscriber(models.Model):
    """An address, as ``editorial.newsletter.addresses.plain`` writes it, and how it wants to be written to.

    ``link_version`` closes the links to its preferences, ``ask_version`` those that confirm, ``address_version`` those
    that prove a new address. ``told_at`` and ``told_times``: the letters that asked it to confirm, counted by day.
    """

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    email = models.EmailField(_("courriel"), max_length=254)
    language = models.CharField(_("langue"), max_length=5, choices=LANGUAGES, default=FRENCH)
    wants_stories = models.BooleanField(_("les histoires"), default=True)
    wants_products = models.BooleanField(_("les produits de la semaine"), default=True)
    wants_campaigns = models.BooleanField(_("les campagnes de saison"), default=True)
    wants_followed = models.BooleanField(_("du nouveau chez les commerces suivis"), default=True)
    paused_until = models.DateField(_("en pause jusqu’au"), null=True, blank=True)
    link_version = models.PositiveIntegerField(default=1)
    ask_version = models.PositiveIntegerField(default=1)
    told_at = models.DateTimeField(null=True, blank=True)
    told_times = models.PositiveSmallIntegerField(default=0)
    new_email = models.EmailField(_("nouvelle adresse à prouver"), max_length=254, blank=True)
    new_email_asked_at = models.DateTimeField(null=True, blank=True)
    address_version = models.PositiveIntegerField(default=1)
    set_aside = models.CharField(_("mise de côté"), max_length=12, choices=WhyAside, blank=True)
    created_at = models.DateTimeField(_("inscrite le"))

    objects = portal_manager()

    class Meta:
        verbose_name = _("adresse abonnée")
        verbose_name_plural = _("adresses abonnées")
        ordering = ("-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("site", "email"), name="newsletter_address_once_per_portal"),
            models.CheckConstraint(
                condition=Q(email=Lower("email")), name="newsletter_address_in_small_letters"
            ),
            models.CheckConstraint(
                condition=Q(new_email="") | Q(new_email_asked_at__isnull=False),
                name="newsletter_new_address_has_its_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class Subscription(models.Model):
    """One thing an address was asked to be sent: pending until its person confirms, over once it left.

    Asked again after it left, the same row waits again, and no older link confirms it.
    """

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="subscriptions")
    purpose = models.CharField(_("but"), max_length=20, choices=ConsentPurpose)
    merchant = models.ForeignKey(
        "directory.Merchant",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("commerce"),
    )
    asked_where = models.CharField(_("demandé"), max_length=20, blank=True)
    asked_at = models.DateTimeField(_("demandé le"))
    confirmed_at = models.DateTimeField(_("confirmé le"), null=True, blank=True)
    left_at = models.DateTimeField(_("quitté le"), null=True, blank=True)
    consent = models.ForeignKey(Consent, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = portal_manager("subscriber__site")

    class Meta:
        verbose_name = _("abonnement à l’infolettre")
        verbose_name_plural = _("abonnements à l’infolettre")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("subscriber", "purpose", "merchant"),
                nulls_distinct=False,
                name="newsletter_asked_once_per_purpose",
            ),
            models.CheckConstraint(
                condition=Q(purpose="newsletter", merchant=None)
                | Q(purpose__in=("merchant_news", "merchant_own"), merchant__isnull=False),
                name="newsletter_follows_a_merchant_or_none",
            ),
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(confirmed_at=None) | Q(left_at__gte=F("confirmed_at")),
                name="newsletter_left_after_confirming",
            ),
        )
        indexes = (
            models.Index(
                fields=("asked_at",),
                condition=Q(confirmed_at=None, left_at=None),
                name="newsletter_unconfirmed",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} ({self.pk})"

    @property
    def stands(self) -> bool:
        """Whether its person confirmed it, and has not left since."""
        return self.confirmed_at is not None and self.left_at is None
