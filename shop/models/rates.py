"""What the law sets, as rows with dates of effect, the same for every portal. A change of law is a new row."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.enums import Container, Tax, TaxClass


class TaxRate(models.Model):
    """A rate with its dates of effect, the same for every portal. Parts per million: 5 % is 50 000."""

    tax = models.CharField(_("taxe"), max_length=3, choices=Tax)
    tax_class = models.CharField(_("classe"), max_length=12, choices=TaxClass)
    rate_ppm = models.PositiveIntegerField(_("taux (par million)"))
    effective_from = models.DateField(_("depuis le"))
    source = models.CharField(_("source"), max_length=200)

    class Meta:
        verbose_name = _("taux de taxe")
        verbose_name_plural = _("taux de taxe")
        ordering = ("tax", "tax_class", "-effective_from")
        constraints = (
            models.UniqueConstraint(
                fields=("tax", "tax_class", "effective_from"), name="tax_rate_dated_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.tax} {self.tax_class} {self.rate_ppm} ppm ({self.effective_from})"


class DepositRate(models.Model):
    """The deposit of one container, with its date of effect."""

    container = models.CharField(_("contenant"), max_length=12, choices=Container)
    deposit_cents = models.PositiveIntegerField(_("consigne (cents)"))
    effective_from = models.DateField(_("depuis le"))
    source = models.CharField(_("source"), max_length=200)

    class Meta:
        verbose_name = _("consigne")
        verbose_name_plural = _("consignes")
        ordering = ("container", "-effective_from")
        constraints = (
            models.UniqueConstraint(fields=("container", "effective_from"), name="deposit_rate_dated_once"),
        )

    def __str__(self) -> str:
        return f"{self.container} {self.deposit_cents} ({self.effective_from})"
