"""What the shopper was given in writing, kept unchanged (Consumer Protection Act, 54.6 and 54.7)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from home.tenancy import portal_manager
from shop.models.orders import Order


class ContractCopy(models.Model):
    """The receipt and contract of one order, as one page of HTML, written when it was paid; never changed."""

    order = models.OneToOneField(Order, models.PROTECT, related_name="contract_copy")
    html = models.TextField()
    created_at = models.DateTimeField(_("remise le"))

    objects = portal_manager("order__site")

    class Meta:
        verbose_name = _("copie du contrat")
        verbose_name_plural = _("copies des contrats")

    def __str__(self) -> str:
        return str(self.order)
