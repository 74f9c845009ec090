"""Directory files that a town hands over: their sources, the runs that read them, and what came of each line."""

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from directory.enums import FileShape, Finding, ImportStatus, ReportKind, ReportOutcome
from home.tenancy import portal_manager


def private_storage() -> Storage:
    return storages["private"]


class ImportSource(models.Model):
    """Whose files these are. What was said once about their columns and categories holds for the next one."""

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    name = models.CharField(
        _("d’où vient le fichier"),
        max_length=80,
        help_text=_("Lu sur les fiches, comme «\u00a0répertoire de la Ville de Lévis\u00a0»."),
    )
    shape = models.CharField(_("forme"), max_length=10, choices=FileShape, blank=True)
    columns = models.JSONField(_("colonnes"), default=dict, blank=True)
    """Field by folded header; « » for a column that is left aside."""
    categories = models.JSONField(_("catégories"), default=dict, blank=True)
    """Primary key of a category by folded label."""
    created_at = models.DateTimeField(auto_now_add=True)

    objects = portal_manager()

    class Meta:
        verbose_name = _("source de répertoire")
        verbose_name_plural = _("sources de répertoires")
        ordering = ("name", "pk")
        constraints = (models.UniqueConstraint(fields=("site", "name"), name="import_source_named_once"),)

    def __str__(self) -> str:
        return self.name


class ImportRun(models.Model):
    """One file, looked at and perhaps imported. ``rows_done`` moves in the transaction of the rows it counts."""

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    source = models.ForeignKey(ImportSource, models.PROTECT, related_name="runs", verbose_name=_("source"))
    file = models.FileField(_("fichier"), storage=private_storage, upload_to="imports", blank=True)
    file_name = models.CharField(_("nom du fichier"), max_length=160)
    file_digest = models.CharField(max_length=64, editable=False)
    status = models.CharField(_("état"), max_length=10, choices=ImportStatus, default=ImportStatus.RECEIVED)
    told = models.CharField(_("lu comme"), max_length=120, blank=True)
    problem = models.TextField(_("ce qui ne va pas"), blank=True)
    counts = models.JSONField(pgettext_lazy("décompte", "compte"), default=dict, blank=True)
    rows_total = models.PositiveIntegerField(_("lignes"), default=0)
    rows_done = models.PositiveIntegerField(_("lignes faites"), default=0)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("par"),
    )
    created_at = models.DateTimeField(_("reçu le"), auto_now_add=True)
    touched_at = models.DateTimeField(_("dernier progrès"), auto_now=True)
    finished_at = models.DateTimeField(_("fini le"), null=True, blank=True)

    objects = portal_manager()

    class Meta:
        verbose_name = _("importation")
        verbose_name_plural = _("importations")
        ordering = ("-created_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(rows_done__lte=models.F("rows_total")), name="import_done_within_total"
            ),
        )
        indexes = (models.Index(fields=("status", "created_at"), name="import_by_standing"),)

    def __str__(self) -> str:
        return f"{self.file_name} ({self.get_status_display()})"

    @property
    def is_under_way(self) -> bool:
        return self.status in ImportStatus.under_way()

    @property
    def percent(self) -> int:
        return 100 * self.rows_done // self.rows_total if self.rows_total else 0


class ImportLine(models.Model):
    """One thing to say about one line of the file."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="lines")
    line = models.PositiveIntegerField(_("ligne"), default=0, help_text=_("0\u00a0: d’aucune ligne."))
    finding = models.CharField(_("constat"), max_length=10, choices=Finding)
    ref = models.CharField(_("numéro dans le fichier"), max_length=60, blank=True)
    name = models.CharField(_("nom lu"), max_length=120, blank=True)
    reason = models.CharField(_("raison"), max_length=300)
    merchant = models.ForeignKey(
        "directory.Merchant",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("commerce"),
    )

    objects = portal_manager("run__site")

    class Meta:
        verbose_name = _("ligne du rapport")
        verbose_name_plural = _("lignes du rapport")
        ordering = ("line", "pk")
        indexes = (models.Index(fields=("run", "finding", "line"), name="import_line_by_finding"),)

    def __str__(self) -> str:
        return f"{self.line}: {self.reason}"


class MerchantOrigin(models.Model):
    """Which entry of which source a merchant is, and the facts that were last written from it."""

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    source = models.ForeignKey(ImportSource, models.PROTECT, related_name="origins")
    merchant = models.ForeignKey("directory.Merchant", models.CASCADE, related_name="origins")
    key = models.CharField(_("clé dans la source"), max_length=64)
    digest = models.CharField(_("empreinte"), max_length=64)
    facts = models.JSONField(_("faits écrits"), default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = portal_manager()

    class Meta:
        verbose_name = _("provenance")
        verbose_name_plural = _("provenances")
        constraints = (models.UniqueConstraint(fields=("source", "key"), name="origin_known_once"),)

    def __str__(self) -> str:
        return f"{self.source} {self.key}"


class PageReport(models.Model):
    """Somebody says that a page nobody has claimed is wrong, or asks that it be removed. Staff answer."""

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    merchant = models.ForeignKey(
        "directory.Merchant", models.CASCADE, related_name="page_reports", verbose_name=_("commerce")
    )
    kind = models.CharField(_("demande"), max_length=8, choices=ReportKind)
    words = models.TextField(_("ce qui est écrit"), blank=True)
    sender = models.CharField(_("nom"), max_length=80, blank=True)
    email = models.EmailField(_("courriel"), blank=True)
    created_at = models.DateTimeField(_("reçu le"), auto_now_add=True)
    outcome = models.CharField(_("réponse"), max_length=8, choices=ReportOutcome, blank=True)
    answered_at = models.DateTimeField(_("répondu le"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = portal_manager()

    class Meta:
        verbose_name = _("signalement d’une fiche")
        verbose_name_plural = _("signalements de fiches")
        ordering = ("created_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(answered_at=None, outcome="") | (Q(answered_at__isnull=False) & ~Q(outcome="")),
                name="page_report_answered_somehow",
            ),
        )
        indexes = (models.Index(fields=("site", "answered_at"), name="page_report_by_standing"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} – {self.merchant}"
