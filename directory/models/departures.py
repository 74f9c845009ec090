"""A merchant that left: why, what stays of its page, and whether it came back."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from directory.enums import DepartureReason
from home.tenancy import portal_manager


class Departure(models.Model):
    """One departure. Only ``portal.leaving.departing`` writes it; ``directory.departures`` reads it.

    It can be taken back until it is closed: then its people have no more screens here. ``claimed_at``: since when the
    merchant was held by its people. ``before``: what taking it back puts back. ``has_books``: goods, orders or an
    account to be paid stay in the books, and nobody else is ever given them.
    """

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    merchant = models.ForeignKey(
        "directory.Merchant", models.PROTECT, related_name="departures", verbose_name=_("commerce")
    )
    reason = models.CharField(_("raison"), max_length=10, choices=DepartureReason)
    own_site = models.URLField(_("sa propre boutique"), max_length=255, blank=True)
    words = models.TextField(_("ce que le commerce en dit"), max_length=1000, blank=True)
    keeps_page = models.BooleanField(_("une fiche publique reste"))
    has_books = models.BooleanField(_("a des livres"))
    claimed_at = models.DateTimeField(_("était ici depuis le"), null=True, blank=True)
    before: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict, blank=True)
    left_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="departures", verbose_name=_("dit par")
    )
    left_at = models.DateTimeField(_("parti le"))
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(_("revenu le"), null=True, blank=True)
    closed_at = models.DateTimeField(_("définitif depuis le"), null=True, blank=True)

    objects = portal_manager()

    class Meta:
        verbose_name = _("départ d’un commerce")
        verbose_name_plural = _("départs de commerces")
        ordering = ("-left_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("merchant",),
                condition=Q(undone_at=None, closed_at=None),
                name="merchant_leaves_once",
            ),
            models.CheckConstraint(
                condition=Q(reason=DepartureReason.GRADUATED) ^ Q(own_site=""),
                name="graduated_merchant_says_where",
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None) | Q(undone_at__gte=F("left_at"), closed_at=None),
                name="departure_taken_back_before_it_closed",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(closed_at__gte=F("left_at")),
                name="departure_closed_after_it_began",
            ),
        )
        indexes = (models.Index(fields=("site", "left_at"), name="departure_by_day"),)

    def __str__(self) -> str:
        return f"{self.merchant} ({self.get_reason_display()})"

    @property
    def is_graduation(self) -> bool:
        """It sells in its own shop now: what the portal was for."""
        return self.reason == DepartureReason.GRADUATED
