"""Who is asked in, and who may help: invitations to a merchant or to the portal's staff, and consents to be helped."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from directory.enums import MembershipRole
from home.models import PortalRole
from home.tenancy import portal_manager

INVITED_ROLES = [*MembershipRole.choices, *PortalRole.choices]


class Invitation(models.Model):
    """A letter to one email address: a role in a merchant, or in the portal's staff. Good once, until its day.

    Only the digest of its secret is kept: who reads the table cannot answer in somebody's place.
    """

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    merchant = models.ForeignKey(
        "directory.Merchant",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="invitations",
        verbose_name=_("commerce"),
    )
    email = models.EmailField(_("courriel"))
    role = models.CharField(_("rôle"), max_length=10, choices=INVITED_ROLES)
    secret_digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("invitée par")
    )
    created_at = models.DateTimeField(_("envoyée le"), auto_now_add=True)
    expires_at = models.DateTimeField(_("bonne jusqu’au"))
    accepted_at = models.DateTimeField(_("acceptée le"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    revoked_at = models.DateTimeField(_("retirée le"), null=True, blank=True)

    objects = portal_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ("-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                "site",
                "merchant",
                Lower("email"),
                condition=Q(accepted_at=None, revoked_at=None),
                nulls_distinct=False,
                name="invitation_waits_once_per_person",
            ),
            models.CheckConstraint(
                condition=Q(merchant=None, role__in=PortalRole.values)
                | Q(merchant__isnull=False, role__in=MembershipRole.values),
                name="invitation_role_is_of_its_house",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="invitation_accepted_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(revoked_at=None), name="invitation_accepted_or_revoked"
            ),
        )

    def __str__(self) -> str:
        return f"{self.email} ({self.get_role_display()})"


class HelpConsent(models.Model):
    """An owner lets the Chamber work in the merchant's screens, until a day; either may end it before.

    Never payouts. Each act done under it is in the audit « by X for Y ».
    """

    merchant = models.ForeignKey("directory.Merchant", models.CASCADE, related_name="help_consents")
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("accordé par")
    )
    given_at = models.DateTimeField(_("accordé le"), auto_now_add=True)
    words = models.TextField(_("texte accepté"), help_text=_("Tel qu’il était affiché."))
    expires_at = models.DateTimeField(_("jusqu’au"))
    ended_at = models.DateTimeField(_("terminé le"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = portal_manager("merchant__site")

    class Meta:
        verbose_name = _("accord d’aide")
        verbose_name_plural = _("accords d’aide")
        ordering = ("-given_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("merchant",), condition=Q(ended_at=None), name="one_help_consent_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("given_at")), name="help_consent_lasts_a_while"
            ),
        )

    def __str__(self) -> str:
        return f"{self.merchant} ({self.given_at:%Y-%m-%d})"

    def holds(self, now: Any) -> bool:
        """At that moment, given as an aware datetime."""
        return self.ended_at is None and now < self.expires_at
