"""How a merchant comes in: claiming a page that is there already, registering, and the agreement it accepted."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from directory.enums import ClaimProof, ClaimStatus, RegistrationStatus, Tier
from home.tenancy import portal_manager


class Registration(models.Model):
    """A merchant's way in, from the first answer to the Journal's. It can be left, and taken up on another device.

    With ``merchant`` set before it is sent, it is about a page that is there already. An adviser's invitation is a
    registration that waits for somebody to open its link (``home.links``, purpose « registration »).
    """

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    merchant = models.ForeignKey(
        "directory.Merchant",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="registrations",
        verbose_name=_("commerce"),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="registrations"
    )
    email = models.EmailField(_("courriel"), blank=True)
    status = models.CharField(
        _("état"), max_length=12, choices=RegistrationStatus, default=RegistrationStatus.INVITED
    )
    step = models.CharField(
        _("question"), max_length=30, blank=True, help_text=_("La première sans réponse.")
    )
    answers = models.JSONField(_("réponses"), default=dict, blank=True)
    tier = models.CharField(_("option choisie"), max_length=16, choices=Tier, blank=True)
    link_version = models.PositiveIntegerField(default=1, editable=False)

    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("invité par"),
    )
    invited_at = models.DateTimeField(_("invité le"), null=True, blank=True)
    expires_at = models.DateTimeField(_("lien bon jusqu’au"), null=True, blank=True)
    opened_at = models.DateTimeField(_("ouverte le"), null=True, blank=True)
    created_at = models.DateTimeField(_("commencée le"), auto_now_add=True)
    updated_at = models.DateTimeField(_("dernière réponse le"), auto_now=True)
    sent_at = models.DateTimeField(_("envoyée le"), null=True, blank=True)
    decided_at = models.DateTimeField(_("réponse le"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    comment = models.TextField(_("mot à la personne"), blank=True)

    objects = portal_manager()

    class Meta:
        verbose_name = _("inscription d’un commerce")
        verbose_name_plural = _("inscriptions de commerces")
        ordering = ("-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                "site",
                Lower("email"),
                "merchant",
                condition=Q(status__in=RegistrationStatus.open()) & ~Q(email=""),
                nulls_distinct=False,
                name="registration_open_once_per_person",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=RegistrationStatus.sent()) | Q(sent_at__isnull=False),
                name="registration_waits_once_sent",
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None) | Q(decided_at__gte=F("created_at")),
                name="registration_answered_after_it_began",
            ),
        )
        indexes = (models.Index(fields=("site", "status", "updated_at"), name="registration_by_standing"),)

    def __str__(self) -> str:
        return f"{self.email or self.merchant or self.pk} ({self.get_status_display()})"


class Claim(models.Model):
    """« C’est mon commerce »: somebody asks for a page that nobody has. Proved, then approved; of two, one wins."""

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    merchant = models.ForeignKey(
        "directory.Merchant", models.PROTECT, related_name="claims", verbose_name=_("commerce")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="claims", verbose_name=_("par")
    )
    phone = PhoneNumberField(_("où rappeler"), blank=True)
    words = models.TextField(_("ce que la personne en dit"), blank=True)
    status = models.CharField(_("état"), max_length=10, choices=ClaimStatus, default=ClaimStatus.STARTED)
    proof = models.CharField(_("preuve"), max_length=10, choices=ClaimProof, blank=True)
    code_digest = models.CharField(max_length=128, blank=True, editable=False)
    code_sent_at = models.DateTimeField(_("code envoyé le"), null=True, blank=True)
    code_expires_at = models.DateTimeField(_("code bon jusqu’au"), null=True, blank=True)
    code_tries = models.PositiveSmallIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("demandé le"), auto_now_add=True)
    proved_at = models.DateTimeField(_("prouvé le"), null=True, blank=True)
    decided_at = models.DateTimeField(_("réponse le"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    comment = models.TextField(_("mot à la personne"), blank=True)

    objects = portal_manager()

    class Meta:
        verbose_name = _("réclamation d’une page")
        verbose_name_plural = _("réclamations de pages")
        ordering = ("-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("merchant", "user"),
                condition=Q(status__in=ClaimStatus.open()),
                name="claim_open_once_per_person",
            ),
            models.UniqueConstraint(
                fields=("merchant",),
                condition=Q(status=ClaimStatus.APPROVED),
                name="claim_won_once",
            ),
            models.CheckConstraint(
                condition=Q(proved_at=None, proof="") | (Q(proved_at__isnull=False) & ~Q(proof="")),
                name="claim_proved_by_something",
            ),
        )
        indexes = (models.Index(fields=("site", "status"), name="claim_by_standing"),)

    def __str__(self) -> str:
        return f"{self.merchant} – {self.user}"


class Agreement(models.Model):
    """The portal's contract as one person accepted it for one merchant; its words are kept. Never changed.

    French was shown first (Charter of the French language, s. 55); ``language`` is the one then chosen.
    """

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    merchant = models.ForeignKey(
        "directory.Merchant",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="agreements",
        verbose_name=_("commerce"),
    )
    registration = models.ForeignKey(
        Registration, models.PROTECT, null=True, blank=True, related_name="agreements"
    )
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("accepté par")
    )
    version = models.CharField(_("version"), max_length=20)
    language = models.CharField(_("langue choisie"), max_length=5)
    words = models.TextField(_("texte accepté"))
    french_shown_at = models.DateTimeField(_("montré en français le"))
    accepted_at = models.DateTimeField(_("accepté le"))

    objects = portal_manager()

    class Meta:
        verbose_name = _("contrat accepté")
        verbose_name_plural = _("contrats acceptés")
        ordering = ("-accepted_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(french_shown_at__lte=F("accepted_at")), name="agreement_shown_in_french_first"
            ),
        )

    def __str__(self) -> str:
        return f"{self.version} ({self.language})"
