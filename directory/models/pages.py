"""The directory and its merchants' windows. A MerchantPage is the window; the Merchant is the seller."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, HelpPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable, Page
from wagtail.search import index

from directory import blocks
from home.models import BasePage

if TYPE_CHECKING:
    from directory.models.merchants import Merchant


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

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from directory.listing import directory_context

        return {**super().get_context(request, *args, **kwargs), **directory_context(self, request)}


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

    def json_ld(self, request: HttpRequest) -> dict[str, Any]:
        from directory.structured_data import local_business

        return local_business(self, request)


class MerchantPhoto(Orderable):
    page = ParentalKey(MerchantPage, on_delete=models.CASCADE, related_name="gallery")
    image = models.ForeignKey("home.CustomImage", models.CASCADE, related_name="+", verbose_name=_("photo"))
    alt = models.CharField(_("ce que montre la photo"), max_length=160)
    caption = models.CharField(_("légende"), max_length=160, blank=True)

    panels: ClassVar[list[Any]] = [FieldPanel("image"), FieldPanel("alt"), FieldPanel("caption")]

    class Meta(Orderable.Meta):
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
