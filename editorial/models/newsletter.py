"""The Journal's letter: a page that an editor composes, and the index of those that were sent."""

from typing import Any, ClassVar

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

from editorial.newsletter import blocks
from editorial.panels import BroughtPanel
from home.models import BasePage

TAKEN_SLUGS = ("merci",)
"""Where the letter's own screens answer before any page does (``editorial.newsletter.urls``)."""
SLUG_IS_TAKEN = _(
    "Cette adresse sert déjà à l’infolettre\u00a0: écrivez-en une autre, comme «\u00a0grand-merci\u00a0»."
)

SLUG = "infolettre"
"""Of the index, so that letters stand under the address where one subscribes."""


class NewsletterIndexPage(BasePage):
    """Where one subscribes, with the letters sent so far; at /infolettre/."""

    intro = models.CharField(_("introduction"), max_length=300, blank=True)

    content_panels: ClassVar[list[Any]] = [*Page.content_panels, FieldPanel("intro")]
    parent_page_types: ClassVar[list[str]] = ["home.HomePage"]
    subpage_types: ClassVar[list[str]] = ["editorial.NewsletterPage"]
    max_count_per_parent = 1
    template = "editorial/newsletter/sign_up.html"

    class Meta:
        verbose_name = _("index de l’infolettre")
        verbose_name_plural = _("index de l’infolettre")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from editorial.newsletter.archive import sign_up_context

        return {**super().get_context(request, *args, **kwargs), **sign_up_context(request)}


class NewsletterPage(BasePage):
    """One letter. What its slots leave empty comes from the week, when it is previewed and when it leaves."""

    subject = models.CharField(
        _("objet du courriel"),
        max_length=120,
        blank=True,
        help_text=_("Vide\u00a0: le titre. Moins de 60 signes se lisent en entier sur un téléphone."),
    )
    preheader = models.CharField(
        _("ligne d’aperçu"),
        max_length=160,
        blank=True,
        help_text=_("Se lit après l’objet. Vide\u00a0: le chapeau de l’histoire d’ouverture."),
    )
    word = RichTextField(_("le mot de la rédaction"), blank=True, features=["bold", "italic", "link"])
    word_by = models.CharField(_("signé"), max_length=120, blank=True)
    lead_story = models.ForeignKey(
        "editorial.StoryPage",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("histoire d’ouverture"),
        help_text=_("Vide\u00a0: la plus récente."),
    )
    shows_stories = models.BooleanField(_("avec des histoires"), default=True)
    stories = StreamField(blocks.StoryPicks(), verbose_name=_("autres histoires"), blank=True)
    shows_products = models.BooleanField(_("avec des produits"), default=True)
    products = StreamField(blocks.ProductPicks(), verbose_name=_("produits"), blank=True)
    shows_merchants = models.BooleanField(_("avec des commerces"), default=True)
    merchants = StreamField(blocks.MerchantPicks(), verbose_name=_("commerces"), blank=True)
    shows_campaign = models.BooleanField(_("avec la campagne"), default=True)
    campaign = models.ForeignKey(
        "editorial.CampaignPage",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("campagne"),
        help_text=_("Vide\u00a0: celle qui est en cours."),
    )
    is_found_outside = models.BooleanField(_("les moteurs de recherche peuvent la montrer"), default=True)

    content_panels: ClassVar[list[Any]] = [
        HelpPanel(
            _(
                "Une case laissée vide se remplit d’elle-même avec la semaine\u00a0: la dernière histoire, des "
                "produits en vente, des commerces nouveaux. Ce qui est épuisé ou retiré est laissé de côté à l’envoi. "
                "Publier n’envoie rien\u00a0: l’envoi se demande dans «\u00a0Infolettre\u00a0», au menu."
            ),
            heading=_("À savoir"),
        ),
        *Page.content_panels,
        MultiFieldPanel(
            [FieldPanel("subject"), FieldPanel("preheader")], heading=_("Dans la boîte de réception")
        ),
        MultiFieldPanel([FieldPanel("word"), FieldPanel("word_by")], heading=_("Le mot de la rédaction")),
        FieldPanel("lead_story"),
        MultiFieldPanel([FieldPanel("shows_stories"), FieldPanel("stories")], heading=_("Histoires")),
        MultiFieldPanel([FieldPanel("shows_products"), FieldPanel("products")], heading=_("Produits")),
        MultiFieldPanel([FieldPanel("shows_merchants"), FieldPanel("merchants")], heading=_("Commerces")),
        FieldRowPanel([FieldPanel("shows_campaign"), FieldPanel("campaign")], heading=_("Campagne")),
        BroughtPanel(heading=_("Ce que cette lettre a amené")),
    ]
    promote_panels: ClassVar[list[Any]] = [*Page.promote_panels, FieldPanel("is_found_outside")]
    parent_page_types: ClassVar[list[str]] = ["editorial.NewsletterIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "editorial/newsletter/letter_page.html"

    def clean(self) -> None:
        """Raises ValidationError for an address at which a screen of the letter's answers."""
        super().clean()
        if self.slug in TAKEN_SLUGS:
            raise ValidationError({"slug": SLUG_IS_TAKEN})

    class Meta:
        verbose_name = _("lettre")
        verbose_name_plural = _("lettres")

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        return [("mail", _("Courriel")), ("text", _("Courriel, texte seul")), ("web", _("Sur le web"))]

    @method_decorator(csp_replace({"frame-ancestors": [SELF], "style-src": [SELF, UNSAFE_INLINE]}))
    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The mail as it would leave now. Mails carry their style in their tags, which no public page may."""
        from editorial.newsletter.previews import preview

        return preview(self, mode_name) or super().serve_preview(request, mode_name)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What was sent. Raises Http404 for a letter that never left: publishing one sends and shows nothing."""
        from editorial.newsletter.archive import words_of

        if words_of(self) is None and not getattr(request, "is_preview", False):
            raise Http404("This letter has not left")
        response: HttpResponse = super().serve(request, *args, **kwargs)
        return response

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from editorial.newsletter.previews import words_shown

        return {**super().get_context(request, *args, **kwargs), "words": words_shown(self, request)}

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict[str, Any]]:
        """None before it left, or where the editor does not want it found."""
        from editorial.newsletter.archive import words_of

        is_shown = self.is_found_outside and words_of(self) is not None
        return super().get_sitemap_urls(request) if is_shown else []
