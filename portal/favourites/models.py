"""What a visitor keeps of one portal: a holder (a browser, or a person), its favourites, and lists made of them."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from home.tenancy import portal_manager


class Holder(models.Model):
    """Whose favourites they are: a browser's, known by the ``token`` in its cookie; or a person's, whatever browser.

    Once a person holds it, its token opens nothing: who signs out on a shared computer leaves nothing behind.
    """

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )
    touched_at = models.DateTimeField(_("dernier geste"), default=timezone.now)

    objects = portal_manager()

    class Meta:
        verbose_name = _("favoris d’une personne")
        verbose_name_plural = _("favoris des personnes")
        constraints = (models.UniqueConstraint(fields=("site", "user"), name="person_holds_favourites_once"),)
        indexes = (models.Index(fields=("touched_at",), name="holder_by_age"),)

    def __str__(self) -> str:
        return f"favoris {self.pk}"


class Favourite(models.Model):
    """One merchant or one product that is kept. Taken out, it waits a day to be put back, in its lists too."""

    holder = models.ForeignKey(Holder, models.CASCADE, related_name="favourites")
    merchant = models.ForeignKey(
        "directory.Merchant", models.CASCADE, null=True, blank=True, related_name="+"
    )
    product = models.ForeignKey("shop.Product", models.CASCADE, null=True, blank=True, related_name="+")
    added_at = models.DateTimeField(_("gardé le"), default=timezone.now)
    removed_at = models.DateTimeField(_("enlevé le"), null=True, blank=True)

    objects = portal_manager("holder__site")

    class Meta:
        verbose_name = _("favori")
        verbose_name_plural = _("favoris")
        ordering = ("-added_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("holder", "merchant"), name="favourite_merchant_once"),
            models.UniqueConstraint(fields=("holder", "product"), name="favourite_product_once"),
            models.CheckConstraint(
                condition=Q(merchant__isnull=False, product__isnull=True)
                | Q(merchant__isnull=True, product__isnull=False),
                name="favourite_is_one_thing",
            ),
        )

    def __str__(self) -> str:
        return str(self.merchant or self.product)


class FavouriteList(models.Model):
    """Some of the favourites, under a name. ``shared_at``: since when its link shows it to whoever has it."""

    holder = models.ForeignKey(Holder, models.CASCADE, related_name="lists")
    name = models.CharField(_("nom"), max_length=60)
    made_at = models.DateTimeField(_("faite le"), default=timezone.now)
    shared_at = models.DateTimeField(_("partagée depuis"), null=True, blank=True)
    link_version = models.PositiveIntegerField(
        default=0, help_text="Grows when sharing stops: no link given before opens it again."
    )

    objects = portal_manager("holder__site")

    class Meta:
        verbose_name = _("liste de favoris")
        verbose_name_plural = _("listes de favoris")
        ordering = ("-made_at", "-pk")

    def __str__(self) -> str:
        return self.name


class ListedFavourite(models.Model):
    """One favourite in one list."""

    list = models.ForeignKey(FavouriteList, models.CASCADE, related_name="entries")
    favourite = models.ForeignKey(Favourite, models.CASCADE, related_name="entries")

    objects = portal_manager("list__holder__site")

    class Meta:
        verbose_name = _("favori d’une liste")
        verbose_name_plural = _("favoris d’une liste")
        constraints = (models.UniqueConstraint(fields=("list", "favourite"), name="list_has_favourite_once"),)

    def __str__(self) -> str:
        return f"{self.list_id}: {self.favourite_id}"
