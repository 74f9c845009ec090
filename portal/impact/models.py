"""What the impact report keeps: months as they were published, and what somebody wrote down for it with its source."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from home.tenancy import portal_manager


class PublishedMonth(models.Model):
    """A month that was closed: what it said then, it says for ever (a trigger refuses UPDATE and DELETE).

    ``figures`` holds what is published and nothing else: a hidden figure is not in it. ``portal.impact.months`` reads
    every ``version`` there ever was. ``digest`` is the SHA-256 of ``figures`` as ``months.canonical`` writes them.
    """

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    month = models.DateField(_("mois"), help_text="Its first day.")
    version = models.PositiveSmallIntegerField()
    figures: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(_("chiffres"))
    digest = models.CharField(_("empreinte"), max_length=64)
    closed_at = models.DateTimeField(_("fermé le"))

    objects = portal_manager()

    class Meta:
        verbose_name = _("mois publié")
        verbose_name_plural = _("mois publiés")
        ordering = ("month",)
        constraints = (
            models.UniqueConstraint(fields=("site", "month"), name="month_closed_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="month_is_named_by_its_first_day"),
            models.CheckConstraint(
                condition=Q(closed_at__date__gt=F("month")), name="month_closed_after_it_began"
            ),
        )

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class PublicMoney(models.Model):
    """Public money that paid for the portal, and the days for which it paid. Each of these days bears the same part."""

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    amount_cents = models.PositiveBigIntegerField(_("montant"), validators=[MinValueValidator(1)])
    first_day = models.DateField(_("du"))
    last_day = models.DateField(_("au (compris)"))
    source = models.CharField(
        _("source"),
        max_length=200,
        help_text=_(
            "Qui a payé et où c’est écrit, comme «\u00a0Ville de Lévis, résolution du 12 octobre 2026\u00a0»."
        ),
    )
    link = models.URLField(_("lien vers la source"), blank=True)

    objects = portal_manager()

    class Meta:
        verbose_name = _("argent public")
        verbose_name_plural = _("argent public")
        ordering = ("first_day", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="public_money_is_some"),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="public_money_pays_for_days",
                violation_error_message=_("Le dernier jour vient avant le premier."),
            ),
        )

    def __str__(self) -> str:
        return self.source


class LocalMultiplier(models.Model):
    """What stays in the region of a dollar spent at one of its merchants, as a source says. None is built in."""

    site = models.OneToOneField("wagtailcore.Site", models.PROTECT, related_name="+")
    share_bps = models.PositiveSmallIntegerField(
        _("part qui reste dans la région (points de base)"),
        validators=[MinValueValidator(1), MaxValueValidator(10_000)],
        help_text=_("En centièmes de pour cent\u00a0: 4500 vaut 45\u00a0%."),
    )
    source = models.CharField(
        _("source"),
        max_length=300,
        help_text=_("L’étude, ses auteurs, la page\u00a0: on la lira sous le chiffre."),
    )
    link = models.URLField(_("lien vers la source"), blank=True)
    dated = models.DateField(_("date de la source"))

    objects = portal_manager()

    class Meta:
        verbose_name = _("part qui reste dans la région")
        verbose_name_plural = _("parts qui restent dans la région")
        constraints = (
            models.CheckConstraint(condition=Q(share_bps__range=(1, 10_000)), name="local_share_is_a_share"),
        )

    def __str__(self) -> str:
        return self.source

    def clean(self) -> None:
        super().clean()
        if not (self.source or "").strip():
            raise ValidationError({"source": _("Sans source, ce chiffre ne paraît pas.")})


class MerchantQuote(models.Model):
    """What a merchant said of the portal, as the report may quote it: chosen by the Journal, agreed to on record."""

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    merchant = models.ForeignKey(
        "directory.Merchant", models.PROTECT, verbose_name=_("commerce"), related_name="+"
    )
    words = models.CharField(
        _("ses mots"),
        max_length=220,
        help_text=_("Sans guillemets, tels qu’ils ont été dits. Une ou deux phrases."),
    )
    said_by = models.CharField(
        _("qui parle"),
        max_length=120,
        help_text=_("Prénom, nom et rôle, comme «\u00a0Joséphine Roy, fromagère\u00a0»."),
    )
    consent = models.CharField(
        _("accord"),
        max_length=200,
        help_text=_(
            "Comment la personne a dit oui, comme «\u00a0courriel à la rédaction\u00a0». Personne d’autre ne le lit."
        ),
    )
    consented_on = models.DateField(_("date de l’accord"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    is_shown = models.BooleanField(_("sur le bilan"), default=True)
    sort_order = models.PositiveSmallIntegerField(_("ordre"), default=0)

    objects = portal_manager()

    class Meta:
        verbose_name = _("parole de commerce")
        verbose_name_plural = _("paroles de commerces")
        ordering = ("sort_order", "pk")
        constraints = (
            models.CheckConstraint(
                condition=~Q(words="") & ~Q(said_by="") & ~Q(consent=""),
                name="quote_is_somebodys_with_consent",
            ),
        )

    def __str__(self) -> str:
        return self.words
