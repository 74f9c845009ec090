"""What makes a portal its own: brand, colours, partners, contact, tax policy, commission, free period."""

import re
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import StreamField
from wagtail.models import Site

from home.blocks import PartnerStream
from home.compiled import CompiledForAll
from home.contrast import LEAST_CONTRAST, contrast

is_hex_color = RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Une couleur s’écrit comme #1d4e89."))


def _days(label: Any, *, default: int, help_text: Any) -> "models.PositiveSmallIntegerField[int, int]":
    """A period in whole days, at most five years."""
    bounds = [MinValueValidator(1), MaxValueValidator(1826)]
    return models.PositiveSmallIntegerField(label, default=default, help_text=help_text, validators=bounds)


ENGLISH_TAKES = _(
    "<p>L’interface, les courriels, les reçus et la page de paiement parlent déjà anglais. Ce qui reste à "
    "traduire, ce sont vos pages\u00a0: l’accueil, «\u00a0À propos\u00a0», les histoires, les commerces. "
    "«\u00a0Sans anglais\u00a0», dans les rapports, dit lesquelles.</p>"
    "<p>Le français reste premier\u00a0: l’acheteur lit le contrat de vente en français, puis choisit la langue "
    "de sa copie. Décocher ferme les adresses anglaises sans rien effacer.</p>"
)
"""What a manager should know before offering English."""

MOST_FRAMES = 12
_ORIGIN = re.compile(r"https://(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}(?::\d{2,5})?")


def validate_origins(text: str) -> None:
    """One origin a line, as a policy names it: ``https://`` and a host, nothing after it, no star."""
    lines = text.split()
    if len(lines) > MOST_FRAMES:
        raise ValidationError(_("Douze sites au plus\u00a0: un par ligne."))
    if any(not _ORIGIN.fullmatch(line) for line in lines):
        raise ValidationError(
            _("Un site s’écrit comme https://www.journal.example, un par ligne, sans rien après le nom.")
        )


class TownShape(models.TextChoices):
    """The town's silhouette, drawn in ``static/towns/<key>.svg``."""

    GENERIC = "generic", _("Silhouette générale")
    LEVIS = "levis", _("Lévis")
    BELLECHASSE = "bellechasse", _("Bellechasse")


@register_setting(icon="site")
class PortalSettings(BaseSiteSetting):
    brand = models.CharField(_("nom du portail"), max_length=60, default="Achetons")
    tagline = models.CharField(_("devise"), max_length=120, blank=True)
    town_name = models.CharField(_("ville ou région"), max_length=60, blank=True)
    town_shape = models.CharField(
        _("silhouette"), max_length=20, choices=TownShape, default=TownShape.GENERIC
    )
    journal_name = models.CharField(_("nom du Journal"), max_length=80, blank=True)

    color_ink = models.CharField(_("encre"), max_length=7, default="#16324f", validators=[is_hex_color])
    color_accent = models.CharField(_("accent"), max_length=7, default="#c8102e", validators=[is_hex_color])
    color_paper = models.CharField(_("papier"), max_length=7, default="#f4f5f2", validators=[is_hex_color])

    contact_name = models.CharField(_("personne à appeler"), max_length=80, blank=True)
    contact_phone = PhoneNumberField(_("téléphone"), blank=True)
    contact_email = models.EmailField(_("courriel"), blank=True)
    postal_address = models.CharField(_("adresse postale"), max_length=200, blank=True)
    privacy_officer = models.CharField(
        _("responsable des renseignements personnels"), max_length=80, blank=True
    )
    privacy_email = models.EmailField(_("courriel de cette personne"), blank=True)

    offers_english = models.BooleanField(
        _("offrir le portail en anglais"),
        default=False,
        help_text=_(
            "Sous /en/. Le français reste premier; ce qui n’est pas traduit s’y lit en français, et le dit."
        ),
    )

    partners = StreamField(PartnerStream(), verbose_name=_("partenaires"), blank=True)

    collects_tax_for_unregistered = models.BooleanField(
        _("perçoit les taxes pour les commerces non inscrits"),
        default=False,
        help_text=_("Comme exploitant de plateforme inscrit. Les commandes passées ne changent jamais."),
    )
    gst_number = models.CharField(_("numéro de TPS du portail"), max_length=20, blank=True)
    qst_number = models.CharField(_("numéro de TVQ du portail"), max_length=20, blank=True)
    merchants_charge_themselves = models.BooleanField(
        _("chaque commerce encaisse lui-même"),
        default=False,
        help_text=_("Sans commission, sur son propre compte Stripe. L’alcool se vend toujours ainsi."),
    )
    commission_bps = models.PositiveIntegerField(
        _("commission (points de base)"),
        default=0,
        validators=[MaxValueValidator(5000)],
        help_text=_("En centièmes de pour cent des marchandises\u00a0: 500 vaut 5\u00a0%."),
    )
    free_until = models.DateField(_("gratuit jusqu’au"), null=True, blank=True)

    ask_after_days = _days(
        _("demander après (jours)"),
        default=7,
        help_text=_(
            "«\u00a0Est-ce encore vrai?\u00a0»: une fois la semaine, si rien n’a été dit depuis ce temps."
        ),
    )
    mark_after_days = _days(
        _("marquer après (jours)"), default=28, help_text=_("La fiche dit que ses heures sont à confirmer.")
    )
    lower_after_days = _days(
        _("descendre après (jours)"), default=56, help_text=_("Elle vient après les autres dans les listes.")
    )
    hide_after_days = _days(
        _("ne plus rien affirmer après (jours)"),
        default=112,
        help_text=_("Elle n’est plus comptée ouverte et quitte la une; sa page reste, et le dit."),
    )
    listed_hide_after_days = _days(
        _("de même, pour les fiches sans propriétaire (jours)"),
        default=365,
        help_text=_("Depuis leur entrée au répertoire\u00a0: personne n’y répond."),
    )
    shelf_after_days = _days(
        _("retirer un produit des étalages après (jours)"),
        default=56,
        help_text=_("Sans un mot du commerce, il quitte la une et sa page dit depuis quand."),
    )

    embed_origins = models.TextField(
        _("sites qui montrent nos cartes"),
        blank=True,
        max_length=1000,
        validators=[validate_origins],
        help_text=_(
            "Le site du Journal, par exemple\u00a0: https://www.journal.example. Un par ligne. "
            "Vide\u00a0: aucun autre site ne peut les encadrer."
        ),
    )

    latitude = models.FloatField(_("latitude du centre"), null=True, blank=True)
    longitude = models.FloatField(_("longitude du centre"), null=True, blank=True)

    panels: ClassVar[list[Any]] = [
        MultiFieldPanel(
            [FieldPanel(n) for n in ("brand", "tagline", "town_name", "town_shape", "journal_name")],
            heading=_("Identité"),
        ),
        FieldRowPanel(
            [FieldPanel(n) for n in ("color_ink", "color_accent", "color_paper")], heading=_("Couleurs")
        ),
        MultiFieldPanel(
            [
                FieldPanel(n)
                for n in (
                    "contact_name",
                    "contact_phone",
                    "contact_email",
                    "postal_address",
                    "privacy_officer",
                    "privacy_email",
                )
            ],
            heading=_("Les personnes"),
        ),
        FieldPanel("partners"),
        MultiFieldPanel(
            [
                FieldPanel(n)
                for n in (
                    "collects_tax_for_unregistered",
                    "gst_number",
                    "qst_number",
                    "merchants_charge_themselves",
                    "commission_bps",
                    "free_until",
                )
            ],
            heading=_("Argent"),
        ),
        MultiFieldPanel(
            [
                FieldPanel(n)
                for n in (
                    "ask_after_days",
                    "mark_after_days",
                    "lower_after_days",
                    "hide_after_days",
                    "listed_hide_after_days",
                    "shelf_after_days",
                )
            ],
            heading=_("Est-ce encore vrai?"),
        ),
        MultiFieldPanel([HelpPanel(ENGLISH_TAKES), FieldPanel("offers_english")], heading=_("Anglais")),
        FieldPanel("embed_origins"),
        FieldRowPanel([FieldPanel("latitude"), FieldPanel("longitude")], heading=_("Centre de la carte")),
    ]

    class Meta:
        verbose_name = _("réglages du portail")
        verbose_name_plural = _("réglages des portails")
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    ask_after_days__lte=F("mark_after_days"),
                    mark_after_days__lte=F("lower_after_days"),
                    lower_after_days__lte=F("hide_after_days"),
                ),
                name="truth_fades_in_order",
                violation_error_message=_(
                    "On demande d’abord, puis on marque, puis on descend, puis on n’affirme plus."
                ),
            ),
        )

    def __str__(self) -> str:
        return self.brand

    def clean(self) -> None:
        """Ink and accent are read on the paper: where they do not stand out, the sentence says by how much."""
        super().clean()
        for name in ("color_ink", "color_accent"):
            found = contrast(getattr(self, name), self.color_paper)
            if found is not None and found < LEAST_CONTRAST:
                words = _(
                    "On ne la lit pas bien sur le papier\u00a0: contraste de %(found)s, il en faut %(least)s. "
                    "Choisissez-la plus foncée, ou un papier plus clair."
                )
                numbers = {"found": _decimal(found), "least": _decimal(LEAST_CONTRAST)}
                raise ValidationError({name: words % numbers})

    @property
    def framed_by(self) -> list[str]:
        """The sites that may frame our cards. Whatever a row holds, nothing but an origin gets into a policy."""
        return [line for line in self.embed_origins.split() if _ORIGIN.fullmatch(line)][:MOST_FRAMES]

    @classmethod
    def for_site(cls, site: Site | None) -> "PortalSettings":
        """As Wagtail's, which makes the row where there is none yet."""
        known = _OF_SITE.first(site=site.pk) if site else None
        settings: PortalSettings = known or super().for_site(site)
        return settings


_OF_SITE = CompiledForAll(lambda site: PortalSettings.objects.filter(site=site), site=int)


def _decimal(number: float) -> str:
    """As French writes it, with one digit, never rounded up."""
    return f"{int(number * 10) / 10:.1f}".replace(".", ",")
