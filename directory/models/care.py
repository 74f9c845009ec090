"""How a merchant is accompanied: tasks put off, papers of its file, and pages prepared for its owner to approve."""

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from directory.enums import ProposalStatus
from home.tenancy import portal_manager


class TaskPutOff(models.Model):
    """« Plus tard »: a merchant does not want to be reminded of that task."""

    merchant = models.ForeignKey("directory.Merchant", models.CASCADE, related_name="tasks_put_off")
    task = models.CharField(max_length=20)
    put_off_at = models.DateTimeField(auto_now_add=True)

    objects = portal_manager("merchant__site")

    class Meta:
        verbose_name = _("chose remise à plus tard")
        verbose_name_plural = _("choses remises à plus tard")
        constraints = (models.UniqueConstraint(fields=("merchant", "task"), name="task_put_off_once"),)

    def __str__(self) -> str:
        return f"{self.merchant}: {self.task}"


def private_storage() -> Storage:
    """Beside the photos, never among them: no address serves it freely."""
    return storages["private"]


class MerchantDocument(models.Model):
    """A paper in a merchant's file, for the Chamber alone. Its file goes with the row (``directory.documents``)."""

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    merchant = models.ForeignKey("directory.Merchant", models.CASCADE, related_name="documents_of_its_file")
    title = models.CharField(_("nom"), max_length=120)
    file = models.FileField(_("fichier"), storage=private_storage, max_length=200)
    size = models.PositiveIntegerField(_("taille (octets)"))
    digest = models.CharField(max_length=64, editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("par")
    )
    added_at = models.DateTimeField(_("le"), auto_now_add=True)

    objects = portal_manager()

    class Meta:
        verbose_name = _("document au dossier")
        verbose_name_plural = _("documents au dossier")
        ordering = ("-added_at", "-pk")

    def __str__(self) -> str:
        return self.title


class Proposal(models.Model):
    """A page, hours and products that staff prepared for a merchant. Nothing of it is public before its owner approves.

    Only what was prepared is kept here, as values; ``base`` says what they were made on top of. The owner's link is
    sealed (``home.links``, purpose « proposal »), good once, and for ``sent_to`` alone.
    """

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    merchant = models.ForeignKey("directory.Merchant", models.CASCADE, related_name="proposals")
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("préparée par")
    )
    status = models.CharField(_("état"), max_length=10, choices=ProposalStatus, default=ProposalStatus.DRAFT)
    page = models.JSONField(_("page"), default=dict, blank=True)
    week = models.JSONField(_("heures"), null=True, blank=True)
    products = models.JSONField(_("produits"), default=list, blank=True)
    base = models.JSONField(default=dict, blank=True, editable=False)
    words = models.CharField(_("mot au commerce"), max_length=300, blank=True)

    link_version = models.PositiveIntegerField(default=1, editable=False)
    sent_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="proposals",
        verbose_name=_("envoyée à"),
    )
    sent_at = models.DateTimeField(_("envoyée le"), null=True, blank=True)
    expires_at = models.DateTimeField(_("bonne jusqu’au"), null=True, blank=True)
    answered_at = models.DateTimeField(_("réponse le"), null=True, blank=True)
    answer = models.TextField(_("ce que le commerce demande"), max_length=2000, blank=True)
    outcome = models.JSONField(default=dict, blank=True, editable=False)
    created_at = models.DateTimeField(_("commencée le"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changée le"), auto_now=True)

    objects = portal_manager()

    class Meta:
        verbose_name = _("proposition à un commerce")
        verbose_name_plural = _("propositions à des commerces")
        ordering = ("-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("merchant",),
                condition=Q(status__in=ProposalStatus.open()),
                name="proposal_open_once_per_merchant",
            ),
            models.CheckConstraint(
                condition=~Q(status=ProposalStatus.SENT)
                | Q(sent_at__isnull=False, expires_at__gt=F("sent_at")),
                name="proposal_waits_until_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=ProposalStatus.answered()) | Q(answered_at__isnull=False),
                name="proposal_answered_at_a_moment",
            ),
        )

    def __str__(self) -> str:
        return f"{self.merchant} ({self.get_status_display()})"
