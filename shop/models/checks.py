"""When the books were last looked over, and what was found: the operator's, of no portal."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.enums import CheckKind


class BooksCheck(models.Model):
    """The last run of one check of the books. Its findings name rows of every portal: for the operator alone."""

    kind = models.CharField(_("vérification"), max_length=12, choices=CheckKind, unique=True)
    started_at = models.DateTimeField(_("commencée le"))
    finished_at = models.DateTimeField(_("finie le"), null=True, blank=True)
    complete_at = models.DateTimeField(
        null=True, blank=True, help_text="When the last run began that could read everything."
    )
    findings: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list, blank=True)

    class Meta:
        verbose_name = _("vérification des livres")
        verbose_name_plural = _("vérifications des livres")

    def __str__(self) -> str:
        return str(self.get_kind_display())
