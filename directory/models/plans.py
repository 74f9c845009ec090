"""What the three options cost in a portal. Who pays, and how, is the shop's concern (``shop.models.plans``)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from directory.enums import Tier
from home.tenancy import portal_manager


class Plan(models.Model):
    """A tier with its price in a portal. A page in the directory is free for ever: only the other two may cost."""

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    tier = models.CharField(_("option"), max_length=16, choices=Tier)
    monthly_price_cents = models.PositiveIntegerField(
        _("prix par mois (en cents)"),
        default=0,
        help_text=_("Avant taxes, en cents\u00a0: 3900 pour 39\u00a0$."),
    )
    benefits = models.TextField(
        _("ce que l’option apporte"), blank=True, help_text=_("Un avantage par ligne. Vide\u00a0: nos mots.")
    )

    objects = portal_manager()

    class Meta:
        verbose_name = _("forfait")
        verbose_name_plural = _("forfaits")
        ordering = ("monthly_price_cents", "pk")
        constraints = (
            models.UniqueConstraint(fields=("site", "tier"), name="plan_stated_once"),
            models.CheckConstraint(
                condition=~Q(tier=Tier.LISTING) | Q(monthly_price_cents=0), name="a_listing_is_free"
            ),
        )

    def __str__(self) -> str:
        return self.get_tier_display()
