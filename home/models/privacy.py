"""What Law 25 asks to be written down: consents per purpose, and the register of incidents."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from home.tenancy import portal_manager


class ConsentPurpose(models.TextChoices):
    """One consent for each; none is ever ticked beforehand."""

    NEWSLETTER = "newsletter", _("recevoir l’infolettre du portail")
    MERCHANT_NEWS = "merchant_news", _("recevoir des nouvelles des commerces suivis")
    MERCHANT_OWN = "merchant_own", _("donner son adresse à un commerce suivi")
    TERMS = "terms", _("conditions d’utilisation")


class Consent(models.Model):
    """One purpose, one version of its words, given once and perhaps taken back. Rows are never overwritten."""

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="consents"
    )
    email = models.EmailField(_("courriel"), blank=True)
    purpose = models.CharField(_("but"), max_length=20, choices=ConsentPurpose)
    version = models.CharField(_("version du texte"), max_length=20)
    words = models.TextField(_("texte accepté"))
    how = models.CharField(_("comment"), max_length=200, blank=True)
    given_at = models.DateTimeField(_("donné le"), auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("repris le"), null=True, blank=True)

    objects = portal_manager()

    class Meta:
        verbose_name = _("consentement")
        verbose_name_plural = _("consentements")
        ordering = ("-given_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("site", "user", "purpose"),
                condition=Q(withdrawn_at=None, user__isnull=False),
                name="consent_stands_once_per_purpose",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("given_at")),
                name="consent_withdrawn_after_given",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} ({self.version})"


class Incident(models.Model):
    """A confidentiality incident (Act respecting personal information in the private sector, s. 3.5 to 3.8).

    Kept at least five years after it was noticed; never deleted from a screen.
    """

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    what = models.TextField(_("ce qui est arrivé"))
    information = models.TextField(_("renseignements en cause"))
    happened_on = models.DateField(_("survenu le"), null=True, blank=True, help_text=_("Vide si inconnu."))
    noticed_on = models.DateField(_("constaté le"))
    people_affected = models.PositiveIntegerField(_("personnes touchées"), null=True, blank=True)
    is_serious = models.BooleanField(
        _("risque de préjudice sérieux"),
        default=False,
        help_text=_(
            "Si oui\u00a0: avertir sans délai la Commission d’accès à l’information et les personnes touchées."
        ),
    )
    why = models.TextField(_("ce qui fait conclure ainsi"), blank=True)
    commission_told_on = models.DateField(_("Commission avertie le"), null=True, blank=True)
    people_told_on = models.DateField(_("personnes averties le"), null=True, blank=True)
    measures = models.TextField(_("mesures prises"), blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("inscrit par"),
    )
    recorded_at = models.DateTimeField(_("inscrit le"), auto_now_add=True)

    objects = portal_manager()

    class Meta:
        verbose_name = _("incident de confidentialité")
        verbose_name_plural = _("incidents de confidentialité")
        ordering = ("-noticed_on", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(happened_on=None) | Q(happened_on__lte=F("noticed_on")),
                name="incident_noticed_after_it_happened",
                violation_error_message=_(
                    "Un incident se constate le jour même ou après\u00a0: vérifiez les deux dates."
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.noticed_on} {self.what[:60]}"
