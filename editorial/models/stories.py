"""Why to buy: the Journal's stories."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from taggit.forms import TagWidget
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, InlinePanel, MultiFieldPanel
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from editorial import blocks
from editorial.models.newsroom import StoryTagging
from editorial.panels import BroughtPanel, CardsPanel
from home.models import BasePage
from home.tenancy import portal_manager
from home.told import beginning_of

if TYPE_CHECKING:
    from django.core.paginator import Page as ListPage

    from editorial.around import TagName
    from home.models import CustomImage

NAME_THE_SPONSOR = _("Un contenu commandité dit qui l’a payé\u00a0: nommez le commanditaire.")
MARK_IT = _(
    "Un texte qui a un commanditaire porte la mention\u00a0: cochez «\u00a0contenu commandité\u00a0»."
)


class StoryIndexPage(BasePage):
    """All stories of a portal, newest first, at /histoires/."""

    intro = models.CharField(_("introduction"), max_length=300, blank=True)

    content_panels: ClassVar[list[Any]] = [*Page.content_panels, FieldPanel("intro")]
    parent_page_types: ClassVar[list[str]] = ["home.HomePage"]
    subpage_types: ClassVar[list[str]] = ["editorial.StoryPage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("index des histoires")
        verbose_name_plural = _("index des histoires")

    # The stories of the page that is being shown, so that structured data lists the same.
    shown_stories: "ListPage[StoryPage] | None" = None

    @property
    def told(self) -> str:
        """Its own description or introduction, else what one reads there."""
        return (
            super().told
            or self.intro
            or gettext("Les gens derrière les comptoirs d’ici, racontés par le Journal.")
        )

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from editorial.listing import story_index_context

        context = story_index_context(self, request)
        self.shown_stories = context["stories"]
        return {**super().get_context(request, *args, **kwargs), **context}

    def json_ld(self, request: HttpRequest) -> Any:
        from editorial.structured_data import story_list

        if self.shown_stories is None:
            return super().json_ld(request)
        return story_list(self, self.shown_stories, request)


class StoryPage(BasePage):
    """An article of the Journal about the town's merchants."""

    kicker = models.CharField(
        _("surtitre"), max_length=60, blank=True, help_text=_("Au-dessus du titre. Vide\u00a0: la rubrique.")
    )
    deck = models.CharField(
        _("chapeau"),
        max_length=300,
        blank=True,
        help_text=_("Une ou deux phrases qui donnent envie de lire."),
    )
    section = models.ForeignKey(
        "editorial.Section",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="stories",
        verbose_name=_("rubrique"),
    )
    series = models.ForeignKey(
        "editorial.Series",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="stories",
        verbose_name=_("série"),
    )
    series_part = models.PositiveSmallIntegerField(
        _("partie"), null=True, blank=True, help_text=_("«\u00a03\u00a0» pour la troisième.")
    )
    tags = ClusterTaggableManager(
        through=StoryTagging,
        blank=True,
        verbose_name=_("mots-clés"),
        help_text=_("Séparés par des virgules\u00a0: fromage, marché, temps des sucres."),
    )
    published_on = models.DateField(_("date de parution"), default=timezone.localdate)
    lead_image = models.ForeignKey(
        "home.CustomImage",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("photo d’ouverture"),
    )
    lead_alt = models.CharField(_("ce que montre la photo"), max_length=160, blank=True)
    lead_caption = models.CharField(_("légende de la photo"), max_length=240, blank=True)
    lead_credit = models.CharField(_("crédit de la photo"), max_length=120, blank=True)
    sponsored = models.BooleanField(
        _("contenu commandité"),
        default=False,
        help_text=_("Quelqu’un a payé pour ce texte\u00a0: la mention paraît partout où il paraît."),
    )
    sponsor = models.CharField(
        _("commanditaire"), max_length=120, blank=True, help_text=_("Qui a payé. Son nom suit la mention.")
    )
    body = StreamField(blocks.StoryStream(), verbose_name=_("texte"), blank=True)

    content_panels: ClassVar[list[Any]] = [
        HelpPanel(
            _(
                "Les blocs «\u00a0commerce\u00a0» et «\u00a0produit\u00a0» montrent les heures, le prix et le stock du "
                "moment. Si quelqu’un a payé pour ce texte, cochez «\u00a0contenu commandité\u00a0»."
            ),
            heading=_("À savoir"),
        ),
        FieldPanel("kicker"),
        *Page.content_panels,
        FieldPanel("deck", widget=AdminAutoHeightTextInput),
        InlinePanel("story_authors", [FieldPanel("author")], heading=_("Signé"), label=_("Signature")),
        MultiFieldPanel(
            [FieldPanel(n) for n in ("lead_image", "lead_alt", "lead_caption", "lead_credit")],
            heading=_("Photo d’ouverture"),
        ),
        FieldPanel("body"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("section"), FieldPanel("published_on")]),
                FieldRowPanel([FieldPanel("series"), FieldPanel("series_part")]),
                FieldPanel("tags", widget=TagWidget),
            ],
            heading=_("Où la ranger"),
        ),
        MultiFieldPanel([FieldPanel("sponsored"), FieldPanel("sponsor")], heading=_("Commandite")),
        BroughtPanel(heading=_("Ce que cette histoire a amené")),
        CardsPanel(heading=_("Carte pour le site du Journal")),
    ]
    search_fields: ClassVar[list[Any]] = [
        *Page.search_fields,
        index.SearchField("deck"),
        index.SearchField("body"),
        index.FilterField("published_on"),
    ]
    parent_page_types: ClassVar[list[str]] = ["editorial.StoryIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    read_with = ("lead_image", "section", "series", "shared_as")

    # What its page shows of them, so that structured data says the same without asking again.
    shown_tags: "list[TagName] | None" = None

    class Meta:
        verbose_name = _("histoire")
        verbose_name_plural = _("histoires")
        constraints = (
            models.CheckConstraint(
                condition=Q(sponsored=False) | ~Q(sponsor=""),
                name="sponsored_story_names_its_sponsor",
                violation_error_message=NAME_THE_SPONSOR,
            ),
            models.CheckConstraint(
                condition=Q(sponsored=True) | Q(sponsor=""),
                name="story_with_a_sponsor_is_marked",
                violation_error_message=MARK_IT,
            ),
        )

    def clean(self) -> None:
        """What the database would refuse, said beside the field."""
        super().clean()
        if self.sponsored and not self.sponsor:
            raise ValidationError({"sponsor": NAME_THE_SPONSOR})
        if self.sponsor and not self.sponsored:
            raise ValidationError({"sponsored": MARK_IT})
        if self.series_part is not None and self.series is None:
            raise ValidationError({"series": _("Une partie de quelle série? Choisissez-la.")})

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from editorial.story_context import story_context

        return {**super().get_context(request, *args, **kwargs), **story_context(self, request)}

    @property
    def told(self) -> str:
        """Its own description, its deck, else its first words."""
        return super().told or self.deck or beginning_of(self.body)

    def share_picture(self) -> "tuple[CustomImage | str | None, str]":
        """The picture that was made of it; until the worker has made it, its photo."""
        made = getattr(self, "shared_as", None)
        return (made.url, self.title) if made else (self.lead_image, self.lead_alt)

    def json_ld(self, request: HttpRequest) -> Any:
        from editorial.structured_data import story_nodes

        return story_nodes(self, request)


class StoryMerchant(models.Model):
    """A merchant the published story speaks of: why the story is shown on that merchant's page.

    Derived from the story's blocks by ``editorial.mentions``, hence no part of its revisions.
    """

    page = models.ForeignKey(StoryPage, models.CASCADE, related_name="story_merchants")
    merchant = models.ForeignKey(
        "directory.Merchant", models.PROTECT, related_name="story_links", verbose_name=_("commerce")
    )

    objects = portal_manager("merchant__site")

    class Meta:
        verbose_name = _("commerce de l’histoire")
        verbose_name_plural = _("commerces de l’histoire")
        constraints = (
            models.UniqueConstraint(fields=("page", "merchant"), name="story_names_merchant_once"),
        )

    def __str__(self) -> str:
        return f"{self.page} – {self.merchant}"
