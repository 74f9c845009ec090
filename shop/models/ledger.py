"""The merchants' ledger: double-entry, append-only. A trigger forbids changes; each journal sums to zero."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from home.tenancy import portal_manager
from shop.enums import LedgerAccount, LedgerKind
from shop.models.orders import Order


class LedgerEntry(models.Model):
    """One side of a movement. Those with the same ``journal`` sum to zero (a constraint trigger at commit)."""

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    merchant = models.ForeignKey(
        "directory.Merchant", models.PROTECT, related_name="ledger", verbose_name=_("commerce")
    )
    order = models.ForeignKey(
        Order, models.PROTECT, null=True, blank=True, related_name="ledger", verbose_name=_("commande")
    )
    journal = models.CharField(
        _("écriture"), max_length=120, help_text="Like sale:12 or refund:7: made once."
    )
    kind = models.CharField(_("sorte"), max_length=10, choices=LedgerKind)
    account = models.CharField(_("poste"), max_length=10, choices=LedgerAccount)
    amount_cents = models.IntegerField(_("montant"))
    at = models.DateTimeField(_("moment"))

    wagtail_reference_index_ignore = True  # read in the admin, but no page refers to it or is referred to

    objects = portal_manager()

    class Meta:
        verbose_name = _("écriture")
        verbose_name_plural = _("grand livre")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("journal", "account"), name="ledger_journal_written_once"),
            models.CheckConstraint(condition=~Q(amount_cents=0), name="ledger_entry_moves_something"),
        )
        indexes = (
            models.Index(fields=("merchant", "at"), name="ledger_by_merchant"),
            models.Index(fields=("site", "at"), name="ledger_by_portal"),
        )

    def __str__(self) -> str:
        return f"{self.journal} {self.account} {self.amount_cents}"
