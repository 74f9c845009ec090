"""The pages every portal has: its front page and its plain pages."""

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, ClassVar

from csp.constants import SELF
from csp.decorators import csp_replace
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.functional import classproperty
from django.utils.translation import gettext_lazy as _
from django_scopes import get_scope
from wagtail.admin.panels import FieldPanel, HelpPanel, InlinePanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, PageViewRestriction
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from home import blocks, twins
from home.addresses import absolute_url
from home.forms import PortalPageForm
from home.languages import ENGLISH, FRENCH, in_language, language_of, speaking
from home.routing import page_at
from home.structured_data import web_page
from home.tenancy import across_portals
from home.told import beginning_of

if TYPE_CHECKING:
    from home.models.media import CustomImage


class BasePage(Page):
    """What every page of the project promises: a French type name and structured data about itself.

    Abstract on purpose: Wagtail 8's swappable base page is experimental.
    """

    base_form_class = PortalPageForm

    read_with: ClassVar[tuple[str, ...]] = ()
    """Foreign keys that are always shown with the page: read in the same query when somebody visits it."""

    in_private_section: bool = True
    """What ``home.routing`` found out; until then the page may be private."""

    language: str = FRENCH
    """Of the words that the page says now: ``home.twins`` lays English ones over them for one answer."""

    class Meta:
        abstract = True

    @classproperty
    def override_translatable_fields(cls) -> list[Any]:  # noqa: N805 (a class property)
        """For wagtail-localize: words alone are asked for, since all else is the French page's."""
        return [SynchronizedField(name, overridable=False) for name in twins.kept_of(cls)]

    @property
    def localized(self) -> Any:
        """The page itself: both languages link to the French page, whose address follows the language in use."""
        return self

    @property
    def has_words(self) -> bool:
        """Whether the page says anything beside its title."""
        return any(getattr(self, name) for name in twins.words_of(type(self)) if name != "title")

    def get_url_parts(self, request: HttpRequest | None = None) -> Any:
        """As Wagtail's; a French page in the language in use, an English one at its French original's address.

        Without an original it has none.
        """
        parts = super().get_url_parts(request)
        if parts is None or parts[2] is None:
            return parts
        site_id, root_url, path = parts
        if language_of(path) == FRENCH:
            return site_id, root_url, in_language(path)
        original = twins.original_of(self)
        if original is None:
            return site_id, None, None
        with speaking(ENGLISH):
            return original.get_url_parts(request)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """As Wagtail's, in the words of the address's language where the page has them."""
        twins.speak([self])
        response: HttpResponse = super().serve(request, *args, **kwargs)
        return response

    @classmethod
    def from_serializable_data(cls, data: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """As Wagtail's. Without a portal in scope (scheduled publishing) what a revision names is looked up plainly."""
        with nullcontext() if "site" in get_scope() else across_portals():
            return super().from_serializable_data(data, *args, **kwargs)

    @method_decorator(csp_replace({"frame-ancestors": [SELF]}))
    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """As Wagtail's; the editor's preview panel is a frame of the admin, which public pages refuse.

        An English page is shown as readers will meet it: its words, in the place of its French original.
        """
        self.read_streams_anew()
        shown, language = self, FRENCH
        if self.locale.language_code == ENGLISH and (original := twins.original_of(self)):
            twins.lay(original, self)
            shown, language = original, ENGLISH
        with speaking(language):
            response: HttpResponse = super(BasePage, shown).serve_preview(request, mode_name)
            return response.render() if hasattr(response, "render") else response

    def read_streams_anew(self) -> None:
        """What a form gave becomes what would be kept: blocks then read their rows as they do for a visitor."""
        for field in self._meta.get_fields():
            if isinstance(field, StreamField):
                value = getattr(self, field.name)
                setattr(self, field.name, field.stream_block.to_python(value.get_prep_value()))

    def get_view_restrictions(self) -> QuerySet[PageViewRestriction]:
        """None, without asking, where routing has seen that there is none."""
        if not self.in_private_section:
            return PageViewRestriction.objects.none()
        restrictions: QuerySet[PageViewRestriction] = super().get_view_restrictions()
        return restrictions

    @property
    def told(self) -> str:
        """A sentence or two for who finds the page elsewhere; "" where only the portal's own words remain."""
        return str(self.search_description)

    def share_picture(self) -> "tuple[CustomImage | str | None, str]":
        """What a shared link shows of the page, and what it is a picture of; of one made for it, the address."""
        return None, ""

    def json_ld(self, request: HttpRequest) -> Any:
        """Structured data about this page (schema.org): one node or a list of them.

        Pages that are about a thing override it. ``home.found`` adds the way to the page, and the portal.
        """
        return web_page(request, absolute_url(self, request), self.title)

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict[str, Any]]:
        """As Wagtail's, with the scheme and port by which the robot came."""
        urls: list[dict[str, Any]] = super().get_sitemap_urls(request)
        if request is not None:
            urls[0]["location"] = absolute_url(self, request)
        return urls


class HomePage(BasePage):
    """A portal's front page: slots that the Journal fills, and that fill themselves when left empty."""

    headline = RichTextField(_("accroche"), blank=True, features=["bold", "italic"])
    body = StreamField(blocks.HowItWorksStream(), verbose_name=_("comment ça marche"), blank=True)

    content_panels: ClassVar[list[Any]] = [
        HelpPanel(
            _(
                "Chaque case se remplit d’elle-même\u00a0: la plus récente des histoires, les derniers produits, des "
                "commerces au sort du jour, la campagne en cours. Ce que vous choisissez passe devant, jusqu’au jour "
                "que vous dites. Ce qui s’épuise, se masque ou ferme s’en va de lui-même, et la case se remplit. "
                "L’aperçu dit, case par case, ce qui est choisi et ce qui se remplit."
            ),
            heading=_("À savoir"),
        ),
        *Page.content_panels,
        FieldPanel("headline"),
        InlinePanel(
            "front_leads",
            heading=_("À la une"),
            label=_("Histoire"),
            help_text=_("Vide\u00a0: la plus récente."),
            max_num=1,
        ),
        InlinePanel(
            "front_stories",
            heading=_("Les autres histoires"),
            label=_("Histoire"),
            help_text=_("Quatre au plus; les plus récentes complètent."),
            max_num=4,
        ),
        InlinePanel(
            "front_campaigns",
            heading=_("Campagne"),
            label=_("Campagne"),
            help_text=_(
                "Vide\u00a0: celle qui est en cours. Une campagne qui ne court pas n’est jamais montrée."
            ),
            max_num=1,
        ),
        InlinePanel(
            "front_products",
            heading=_("Produits de la semaine"),
            label=_("Produit"),
            help_text=_("Huit au plus, le premier en grand; les derniers arrivés complètent."),
            max_num=8,
        ),
        InlinePanel(
            "front_merchants",
            heading=_("Commerces à découvrir"),
            label=_("Commerce"),
            help_text=_("Quatre au plus; le sort du jour complète."),
            max_num=4,
        ),
        FieldPanel("body"),
    ]
    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    subpage_types: ClassVar[list[str]] = [
        "home.ContentPage",
        "directory.DirectoryPage",
        "editorial.StoryIndexPage",
        "editorial.CampaignIndexPage",
        "editorial.NewsletterIndexPage",
    ]
    max_count_per_parent = 20
    admin_default_ordering = "ord"

    class Meta:
        verbose_name = _("page d’accueil")

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        """As Wagtail's, with fewer queries. Raises Http404 where there is no live page."""
        page = page_at(self, path_components) if path_components else None
        return page.route(request, []) if page else super().route(request, path_components)


class ContentPage(BasePage):
    """Plain text pages: about, privacy, terms."""

    body = StreamField(blocks.PlainStream(), verbose_name=_("texte"), blank=True)

    content_panels: ClassVar[list[Any]] = [*Page.content_panels, FieldPanel("body")]
    search_fields: ClassVar[list[Any]] = [*Page.search_fields, index.SearchField("body")]
    parent_page_types: ClassVar[list[str]] = ["home.HomePage", "home.ContentPage"]
    subpage_types: ClassVar[list[str]] = ["home.ContentPage"]

    @property
    def told(self) -> str:
        """The beginning of its text."""
        return super().told or beginning_of(self.body)

    class Meta:
        verbose_name = _("page de texte")
        verbose_name_plural = _("pages de texte")
