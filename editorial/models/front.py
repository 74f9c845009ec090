"""What the Journal puts on its front page. Each thing stands until its day, and leaves sooner when it can no more.

The portal's front page (``home.HomePage``) is a floor below: its slots are rows of this one. They are reached from
the page alone, which belongs to one portal; Wagtail copies, revises and publishes them without a scope.
"""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Orderable


class FrontPick(Orderable):
    """Something chosen for a slot. ``until`` is its last day there; empty: until somebody takes it away."""

    until = models.DateField(_("jusqu’au (compris)"), null=True, blank=True)

    class Meta(Orderable.Meta):
        abstract = True


class FrontLead(FrontPick):
    """The story at the top."""

    page = ParentalKey("home.HomePage", related_name="front_leads")
    story = models.ForeignKey(
        "editorial.StoryPage", models.CASCADE, related_name="+", verbose_name=_("histoire")
    )

    panels: ClassVar[list[Any]] = [FieldRowPanel([FieldPanel("story"), FieldPanel("until")])]

    class Meta(FrontPick.Meta):
        verbose_name = _("histoire à la une")

    def __str__(self) -> str:
        return f"{self.story}"


class FrontStory(FrontPick):
    """One of the stories below it."""

    page = ParentalKey("home.HomePage", related_name="front_stories")
    story = models.ForeignKey(
        "editorial.StoryPage", models.CASCADE, related_name="+", verbose_name=_("histoire")
    )

    panels: ClassVar[list[Any]] = [FieldRowPanel([FieldPanel("story"), FieldPanel("until")])]

    class Meta(FrontPick.Meta):
        verbose_name = _("autre histoire de la une")

    def __str__(self) -> str:
        return f"{self.story}"


class FrontProduct(FrontPick):
    """One of the products of the week."""

    page = ParentalKey("home.HomePage", related_name="front_products")
    product = models.ForeignKey("shop.Product", models.CASCADE, related_name="+", verbose_name=_("produit"))

    panels: ClassVar[list[Any]] = [FieldRowPanel([FieldPanel("product"), FieldPanel("until")])]

    class Meta(FrontPick.Meta):
        verbose_name = _("produit de la semaine")

    def __str__(self) -> str:
        return f"{self.product_id}"


class FrontMerchant(FrontPick):
    """One of the merchants to discover."""

    page = ParentalKey("home.HomePage", related_name="front_merchants")
    merchant = models.ForeignKey(
        "directory.Merchant", models.CASCADE, related_name="+", verbose_name=_("commerce")
    )

    panels: ClassVar[list[Any]] = [FieldRowPanel([FieldPanel("merchant"), FieldPanel("until")])]

    class Meta(FrontPick.Meta):
        verbose_name = _("commerce à découvrir")

    def __str__(self) -> str:
        return f"{self.merchant_id}"


class FrontCampaign(FrontPick):
    """The campaign that the front page shows, among those that run."""

    page = ParentalKey("home.HomePage", related_name="front_campaigns")
    campaign = models.ForeignKey(
        "editorial.CampaignPage", models.CASCADE, related_name="+", verbose_name=_("campagne")
    )

    panels: ClassVar[list[Any]] = [FieldRowPanel([FieldPanel("campaign"), FieldPanel("until")])]

    class Meta(FrontPick.Meta):
        verbose_name = _("campagne à la une")

    def __str__(self) -> str:
        return f"{self.campaign}"
