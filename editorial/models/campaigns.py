"""Seasons of the Journal: Noël, sugar season, back to school. Each has its days, its colour and its place on top."""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.search import index

from editorial import campaign_blocks
from editorial.panels import BroughtPanel
from home.blocks import PROSE_FEATURES
from home.models import BasePage

if TYPE_CHECKING:
    from home.models import CustomImage


class CampaignColor(models.TextChoices):
    """Each is a class of ``static/css/components/campaign_band.css``, with the ink that reads on it in both themes."""

    FIR = "fir", _("sapin (vert profond)")
    CRANBERRY = "cranberry", _("canneberge (rouge)")
    NIGHT = "night", _("nuit d’hiver (bleu nuit)")
    FROST = "frost", _("givre (bleu très pâle)")
    MAPLE = "maple", _("érable (ambre)")
    PUMPKIN = "pumpkin", _("citrouille (orangé)")
    SLATE = "slate", _("ardoise (gris bleu)")
    LILAC = "lilac", _("lilas (violet)")


class CampaignIcon(models.TextChoices):
    """A drawing of ``static/icons/sprite.svg``."""

    GIFT = "gift", _("cadeau")
    SNOWFLAKE = "snowflake", _("flocon")
    FIR_TREE = "tree-pine", _("sapin")
    MAPLE_LEAF = "leaf", _("feuille")
    PENCIL = "pencil", _("crayon")
    FLOWER = "flower-2", _("fleur")
    SUN = "sun", _("soleil")
    HEART = "heart", _("cœur")
    BASKET = "shopping-basket", _("panier")
    WHEAT = "wheat", _("épi de blé")


class CampaignIndexPage(BasePage):
    """The campaigns of a portal, at /campagnes/: those that run, then those that are over."""

    intro = models.CharField(_("introduction"), max_length=300, blank=True)

    content_panels: ClassVar[list[Any]] = [*Page.content_panels, FieldPanel("intro")]
    parent_page_types: ClassVar[list[str]] = ["home.HomePage"]
    subpage_types: ClassVar[list[str]] = ["editorial.CampaignPage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("index des campagnes")
        verbose_name_plural = _("index des campagnes")

    @property
    def told(self) -> str:
        """Its own description or introduction, else what one finds there."""
        return (
            super().told
            or self.intro
            or gettext("Noël, le temps des sucres, la rentrée\u00a0: ce que la ville a de bon, en son temps.")
        )

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from editorial.campaigns import campaign_index_context

        return {**super().get_context(request, *args, **kwargs), **campaign_index_context(self)}


class CampaignPage(BasePage):
    """A time of the year: from its first day to its last (both included) it stands at the top of every page.

    Before the first day shoppers find nothing here; after the last the page says that it is over and points on.
    """

    deck = models.CharField(_("chapeau"), max_length=300, blank=True)
    begins_on = models.DateField(_("premier jour"))
    ends_on = models.DateField(_("dernier jour"))
    band_words = models.CharField(
        _("mots du bandeau"),
        max_length=80,
        blank=True,
        help_text=_(
            "En haut de toutes les pages, à côté du titre. Par exemple\u00a0: «\u00a0Le Noël d’ici\u00a0»."
        ),
    )
    color = models.CharField(_("couleur"), max_length=12, choices=CampaignColor, default=CampaignColor.FIR)
    icon = models.CharField(_("pictogramme"), max_length=24, choices=CampaignIcon, default=CampaignIcon.GIFT)
    rank = models.PositiveSmallIntegerField(
        _("rang"),
        default=1,
        help_text=_(
            "De deux campagnes en cours, celle du plus petit rang a le bandeau; l’autre reste annoncée."
        ),
    )
    sponsor = models.CharField(
        _("commanditaire"),
        max_length=120,
        blank=True,
        help_text=_("Si quelqu’un a payé pour cette campagne\u00a0: son nom. La page le dit en haut."),
    )
    lead_image = models.ForeignKey(
        "home.CustomImage",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("photo d’ouverture"),
    )
    lead_alt = models.CharField(_("ce que montre la photo"), max_length=160, blank=True)
    lead_credit = models.CharField(_("crédit de la photo"), max_length=120, blank=True)
    introduction = RichTextField(_("introduction"), blank=True, features=PROSE_FEATURES)
    body = StreamField(campaign_blocks.CampaignStream(), verbose_name=_("contenu"), blank=True)

    content_panels: ClassVar[list[Any]] = [
        HelpPanel(
            _(
                "Du premier au dernier jour, la campagne prend le bandeau de toutes les pages et une place à la une. "
                "Avant, seule la rédaction la voit\u00a0: publiez-la d’avance, elle attend son jour. "
                "Après, sa page dit qu’elle est finie et mène ailleurs. "
                "Ce qui est épuisé, masqué ou fermé en sort de lui-même."
            ),
            heading=_("À savoir"),
        ),
        *Page.content_panels,
        FieldPanel(
            "deck",
            widget=AdminAutoHeightTextInput,
            help_text=_("Une ou deux phrases, sous le titre et à la une."),
        ),
        FieldRowPanel([FieldPanel("begins_on"), FieldPanel("ends_on")], heading=_("Jours")),
        MultiFieldPanel(
            [
                FieldPanel("band_words"),
                FieldRowPanel([FieldPanel("color"), FieldPanel("icon")]),
                FieldPanel("rank"),
            ],
            heading=_("Bandeau"),
        ),
        FieldPanel("sponsor"),
        MultiFieldPanel(
            [FieldPanel("lead_image"), FieldPanel("lead_alt"), FieldPanel("lead_credit")],
            heading=_("Photo d’ouverture"),
        ),
        FieldPanel("introduction"),
        FieldPanel("body"),
        BroughtPanel(heading=_("Ce que cette campagne a amené")),
    ]
    search_fields: ClassVar[list[Any]] = [
        *Page.search_fields,
        index.SearchField("deck"),
        index.SearchField("introduction"),
        index.SearchField("body"),
        index.FilterField("begins_on"),
        index.FilterField("ends_on"),
    ]
    parent_page_types: ClassVar[list[str]] = ["editorial.CampaignIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    read_with = ("lead_image",)
    parts: Sequence[Any] = ()
    """What the page shows, once ``editorial.campaigns`` has looked."""

    class Meta:
        verbose_name = _("campagne")
        verbose_name_plural = _("campagnes")
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("begins_on")), name="campaign_ends_after_it_begins"
            ),
        )

    def clean(self) -> None:
        super().clean()
        if self.begins_on and self.ends_on and self.ends_on < self.begins_on:
            raise ValidationError({"ends_on": _("Le dernier jour vient avant le premier.")})

    @property
    def told(self) -> str:
        """Its own description, its deck, else its days."""
        words = {"title": self.title, "days": self.days}
        return super().told or self.deck or gettext("%(title)s, %(days)s.") % words

    def share_picture(self) -> "tuple[CustomImage | None, str]":
        return self.lead_image, self.lead_alt

    @property
    def days(self) -> str:
        """« du 20 novembre au 24 décembre »."""
        from editorial.campaigns import days_between

        return days_between(self.begins_on, self.ends_on)

    def has_begun(self, today: dt.date) -> bool:
        return self.begins_on <= today

    def is_over(self, today: dt.date) -> bool:
        return self.ends_on < today

    def runs(self, today: dt.date) -> bool:
        """On the first day and on the last one too."""
        return self.has_begun(today) and not self.is_over(today)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Raises Http404 before the first day, but for those who may edit the page."""
        from editorial.campaigns import town_today

        if not self.has_begun(town_today()) and not self.permissions_for_user(request.user).can_edit():
            raise Http404("This campaign has not begun")
        response: HttpResponse = super().serve(request, *args, **kwargs)
        return response

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from editorial.campaigns import campaign_context

        return {**super().get_context(request, *args, **kwargs), **campaign_context(self, request)}

    def json_ld(self, request: HttpRequest) -> Any:
        """A collection of what is shown, and the events of the agenda."""
        from editorial.campaign_data import campaign_nodes

        return campaign_nodes(self, self.parts, request)

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict[str, Any]]:
        """None before the first day: nobody would find anything there."""
        from editorial.campaigns import town_today

        return super().get_sitemap_urls(request) if self.has_begun(town_today()) else []
