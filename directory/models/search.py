"""What the Journal puts first when somebody looks for certain words."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.folding import folded
from home.tenancy import portal_manager


class SearchPick(models.Model):
    """A page of the portal, shown above what the search finds for these words. Never sold, never by plan."""

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    words = models.CharField(_("mots cherchés"), max_length=80)
    page = models.ForeignKey(
        "wagtailcore.Page", models.CASCADE, related_name="+", verbose_name=_("page à montrer en premier")
    )
    reason = models.CharField(_("pourquoi, en une phrase"), max_length=160, blank=True)
    sort_order = models.PositiveSmallIntegerField(_("ordre"), default=0)
    folded_words = models.GeneratedField(
        expression=folded("words"), output_field=models.TextField(), db_persist=True
    )

    objects = portal_manager()

    class Meta:
        verbose_name = _("coup de pouce à la recherche")
        verbose_name_plural = _("coups de pouce à la recherche")
        ordering = ("words", "sort_order", "pk")
        constraints = (
            models.UniqueConstraint(fields=("site", "words", "page"), name="search_pick_stated_once"),
        )

    def __str__(self) -> str:
        return f"{self.words} → {self.page}"
