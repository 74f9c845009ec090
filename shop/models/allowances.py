"""What staff looked at and allowed, though a word of it gives prohibited goods away."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from home.tenancy import portal_manager
from shop.models.catalogue import Product


class AllowedWord(models.Model):
    """One word of one product that is no prohibited goods: another word, or another product, is looked at again."""

    product = models.ForeignKey(
        Product, models.CASCADE, related_name="allowed_words", verbose_name=_("produit")
    )
    word = models.CharField(_("mot"), max_length=60, help_text="As ``shop.prohibited`` finds it, folded.")
    reason = models.CharField(_("raison"), max_length=200)
    allowed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    allowed_at = models.DateTimeField(_("permis le"))

    objects = portal_manager("product__site")

    class Meta:
        verbose_name = _("mot permis")
        verbose_name_plural = _("mots permis")
        ordering = ("-allowed_at", "-pk")
        constraints = (models.UniqueConstraint(fields=("product", "word"), name="word_allowed_once"),)

    def __str__(self) -> str:
        return f"{self.word} ({self.product_id})"
