"""The directory and its merchants' windows. A MerchantPage is the window; the Merchant is the seller."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils.html import strip_tags
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, HelpPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable, Page
from wagtail.search import index

from directory import blocks
from directory.trade_names import spoken
from home.models import BasePage
from home.told import shortened

if TYPE_CHECKING:
    from django.core.paginator import Page as ListPage

    from directory.models.merchants import Merchant
    from home.models import CustomImage


class DirectoryPage(BasePage):
    """All merchants of a portal, at /commerces/. Its filters are its address."""

    intro = RichTextField(_("introduction"), blank=True, features=["bold", "italic", "link"])

    content_panels: ClassVar[list[Any]] = [
        HelpPanel(
            _(
                "La liste se fait d’elle-même, avec les commerces dont la page est en ligne. Ce que les commerces "
                "changent à leur page attend dans «\u00a0À approuver\u00a0»."
            ),
            heading=_("À savoir"),
        ),
        *Page.content_panels,
        FieldPanel("intro"),
    ]
    parent_page_types: ClassVar[list[str]] = ["home.HomePage"]
    subpage_types: ClassVar[list[str]] = ["directory.MerchantPage"]
    admin_default_ordering = "title"
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("répertoire")
        verbose_name_plural = _("répertoires")

    # The merchants of the page that is being shown, so that structured data lists the same.
    shown_merchants: "ListPage[Merchant] | None" = None

    @property
    def told(self) -> str:
        """Its own description or introduction, else what one finds there."""
        return super().told or shortened(strip_tags(self.intro)) or _what_one_finds()

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from directory.listing import directory_context

        context = directory_context(self, request)
        self.shown_merchants = context["merchants"]
        return {**super().get_context(request, *args, **kwargs), **context}

    def json_ld(self, request: HttpRequest) -> Any:
        from directory.structured_data import merchant_list

        if self.shown_merchants is None:
            return super().json_ld(request)
        return merchant_list(self, self.shown_merchants, request)


def _what_one_finds() -> str:
    return gettext(
        "Les commerces d’ici par catégorie et par secteur\u00a0: ce qui est ouvert maintenant, les heures, "
        "le téléphone, et ceux qui vendent en ligne."
    )


class MerchantPage(BasePage):
    """A merchant's window, one page for its three tiers; one per language, hence a foreign key.

    Editorial fields only: revisioned and moderated. Hours, phone, prices and stock are the Merchant's rows.
    """

    merchant = models.ForeignKey(
        "directory.Merchant", models.PROTECT, related_name="pages", verbose_name=_("commerce")
    )
    intro = models.CharField(_("en une phrase"), max_length=200, blank=True)
    cover = models.ForeignKey(
        "home.CustomImage",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("photo principale"),
    )
    cover_alt = models.CharField(_("ce que montre la photo"), max_length=160, blank=True)
    owner_name = models.CharField(_("prénom de la personne"), max_length=60, blank=True)
    owner_role = models.CharField(_("son rôle"), max_length=80, blank=True)
    owner_photo = models.ForeignKey(
        "home.CustomImage",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("portrait"),
    )
    body = StreamField(blocks.MerchantStream(), verbose_name=_("histoire du commerce"), blank=True)

    content_panels: ClassVar[list[Any]] = [
        HelpPanel(
            _(
                "Les heures, le téléphone, les prix et le stock ne sont pas ici\u00a0: ils sont en ligne dès que le "
                "commerce les change, et publier un texte n’y touche pas."
            ),
            heading=_("À savoir"),
        ),
        *Page.content_panels,
        FieldPanel("merchant"),
        FieldPanel("intro"),
        MultiFieldPanel([FieldPanel("cover"), FieldPanel("cover_alt")], heading=_("Photo principale")),
        MultiFieldPanel(
            [FieldPanel("owner_name"), FieldPanel("owner_role"), FieldPanel("owner_photo")],
            heading=_("La personne"),
        ),
        FieldPanel("body"),
        InlinePanel("gallery", heading=_("Galerie"), label=_("photo")),
    ]
    search_fields: ClassVar[list[Any]] = [
        *Page.search_fields,
        index.SearchField("intro"),
        index.SearchField("body"),
        index.FilterField("merchant"),
    ]
    parent_page_types: ClassVar[list[str]] = ["directory.DirectoryPage"]
    subpage_types: ClassVar[list[str]] = []
    read_with = ("merchant__category", "merchant__sector", "cover", "owner_photo")

    class Meta:
        verbose_name = _("page de commerce")
        verbose_name_plural = _("pages de commerces")

    # The merchant as ``directory.merchant_window`` has dressed it, so that structured data need not read it again.
    shown_merchant: "Merchant | None" = None

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from directory.merchant_window import merchant_context

        return {**super().get_context(request, *args, **kwargs), **merchant_context(self, request)}

    @property
    def told(self) -> str:
        """Its own sentence, else what it is and where."""
        return super().told or self.intro or self._what_and_where()

    def _what_and_where(self) -> str:
        merchant = self.shown_merchant or self.merchant
        facts = {
            "category": spoken(merchant.category.name),
            "sector": merchant.sector.name,
            "name": merchant.name,
        }
        return (
            gettext("%(name)s, %(sector)s. %(category)s\u00a0: heures d’ouverture, téléphone et adresse.")
            % facts
        )

    def share_picture(self) -> "tuple[CustomImage | None, str]":
        return self.cover, self.cover_alt

    def json_ld(self, request: HttpRequest) -> Any:
        from directory.structured_data import merchant_nodes

        return merchant_nodes(self, request)


class MerchantPhoto(Orderable):
    page = ParentalKey(MerchantPage, on_delete=models.CASCADE, related_name="gallery")
    image = models.ForeignKey("home.CustomImage", models.CASCADE, related_name="+", verbose_name=_("photo"))
    alt = models.CharField(_("ce que montre la photo"), max_length=160)
    caption = models.CharField(_("légende"), max_length=160, blank=True)

    panels: ClassVar[list[Any]] = [FieldPanel("image"), FieldPanel("alt"), FieldPanel("caption")]

    class Meta(Orderable.Meta):
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
