"""What is sold: products, their photos and tags, and variants (one price, one stock)."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager
from taggit.models import TaggedItemBase

from directory.enums import Tier
from directory.folding import folded
from home.page_lists import in_french
from home.tenancy import portal_manager
from shop.enums import Container, MeasureUnit, ProductKind, ProductStatus, TaxClass
from shop.files import private_storage

if TYPE_CHECKING:
    from home.models import CustomImage


class ProductTag(TaggedItemBase):
    content_object = models.ForeignKey("shop.Product", models.CASCADE, related_name="tagged_items")

    class Meta:
        verbose_name = _("mot-clé du produit")
        verbose_name_plural = _("mots-clés des produits")


class ProductQuerySet(models.QuerySet["Product"]):
    def visible(self) -> "ProductQuerySet":
        """Products a shopper may see: published, of a selling merchant whom shoppers may see."""
        page = apps.get_model("directory.MerchantPage").objects.filter(
            in_french(), merchant=OuterRef("merchant"), live=True
        )
        return self.filter(
            Exists(page),
            status=ProductStatus.PUBLISHED,
            merchant__tier=Tier.TRANSACTIONAL,
            merchant__suspended_at=None,
            merchant__removed_at=None,
        )

    def in_stock(self) -> "ProductQuerySet":
        """Products of which one may have at least one unit now: on a shelf, made to order, or copied."""
        offered = Variant.objects.filter(product=OuterRef("pk"), is_active=True)
        has_units = ~Q(kind=ProductKind.STOCKED) & Exists(offered)
        return self.filter(has_units | Q(Exists(offered.filter(on_hand__gt=0))))

    def buyable(self, today: date) -> "ProductQuerySet":
        """Products in stock whose shop takes orders on that day: it is neither paused nor away."""
        paused = apps.get_model("shop.Shop").objects.filter(
            merchant=OuterRef("merchant"), paused_at__isnull=False
        )
        away = Q(merchant__vacation_from__lte=today, merchant__vacation_until__gte=today)
        return self.in_stock().filter(~Exists(paused), ~away)

    def on_shelves(self, today: date, since: datetime) -> "ProductQuerySet":
        """Products that shelves offer: buyable on that day, and confirmed after ``since`` (``shop.on_shelves``)."""
        return self.buyable(today).filter(confirmed_at__gt=since)

    def to_be_had_for(self, cents: int) -> "ProductQuerySet":
        """Products of which one may have a unit now for at most so many cents."""
        cheap = Variant.objects.filter(product=OuterRef("pk"), is_active=True, price_cents__lte=cents)
        return self.filter(
            ~Q(kind=ProductKind.STOCKED) & Exists(cheap) | Q(Exists(cheap.filter(on_hand__gt=0)))
        )

    def for_cards(self) -> "ProductQuerySet":
        """With what a product card shows: merchant and sector joined, price range and stock of what is offered."""
        offered = Q(variants__is_active=True)
        return self.select_related("merchant__sector", "merchant__category").annotate(
            from_price_cents=models.Min("variants__price_cents", filter=offered),
            to_price_cents=models.Max("variants__price_cents", filter=offered),
            units_left=models.Sum("variants__on_hand", filter=offered),
        )


class Product(models.Model):
    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    merchant = models.ForeignKey(
        "directory.Merchant", models.PROTECT, related_name="products", verbose_name=_("commerce")
    )
    title = models.CharField(_("titre"), max_length=120)
    slug = models.SlugField(_("adresse"), max_length=120)
    description = models.TextField(_("description"), blank=True)
    status = models.CharField(_("état"), max_length=10, choices=ProductStatus, default=ProductStatus.DRAFT)
    kind = models.CharField(_("sorte"), max_length=14, choices=ProductKind, default=ProductKind.STOCKED)
    made_in_days = models.PositiveSmallIntegerField(
        _("fait en (jours)"), null=True, blank=True, help_text=_("Pour ce qui est fait sur commande.")
    )
    digital_file = models.FileField(_("fichier à télécharger"), storage=private_storage, blank=True)
    tax_class = models.CharField(_("taxes"), max_length=12, choices=TaxClass, default=TaxClass.STANDARD)
    isbn = models.CharField(_("ISBN"), max_length=17, blank=True)
    is_alcohol = models.BooleanField(_("alcool"), default=False)
    is_food = models.BooleanField(
        _("aliment"), default=False, help_text=_("Un aliment affiche son prix à l’unité de mesure.")
    )
    needs_maintenance = models.BooleanField(_("demande de l’entretien"), default=False)
    maintenance_info = models.CharField(
        _("pièces, réparation et mode d’emploi"),
        max_length=300,
        blank=True,
        help_text=_("Ce qui est offert, et où; la loi le demande pour un bien qui s’entretient."),
    )
    suggested_min_age = models.PositiveSmallIntegerField(
        _("dès (ans)"), null=True, blank=True, help_text=_("L’âge auquel cela convient, selon le commerce.")
    )
    suggested_max_age = models.PositiveSmallIntegerField(_("jusqu’à (ans)"), null=True, blank=True)
    created_at = models.DateTimeField(_("créé le"), auto_now_add=True)
    changed_at = models.DateTimeField(
        _("changé le"), default=timezone.now, editable=False,
        help_text="When shoppers were last shown something else: text, price, photo. Stock is not counted.",
    )  # fmt: skip
    confirmed_at = models.DateTimeField(
        _("confirmé le"), default=timezone.now, editable=False,
        help_text="When its people last did something that says it is still to be had: ``shop.on_shelves``.",
    )  # fmt: skip
    form_token = models.UUIDField(
        null=True, blank=True, unique=True, editable=False,
        help_text="Of the form that made it: sent twice, it makes one product.",
    )  # fmt: skip
    tags = TaggableManager(_("mots-clés"), through=ProductTag, blank=True)
    folded_text = models.GeneratedField(
        expression=folded("title", "description"), output_field=models.TextField(), db_persist=True
    )

    # What ``shop.cards`` adds to a product that is shown.
    url: str
    photo: "CustomImage | None"
    photo_alt: str
    from_price_cents: int | None
    to_price_cents: int | None
    units_left: int | None
    has_price_range: bool
    unit_price: str
    measured_variants: "list[Variant]"
    offered_variants: "list[Variant]"
    in_stock: bool
    is_vouched: bool
    sector_slug: str
    sector_color: str
    category_icon: str

    objects = portal_manager(queryset=ProductQuerySet)

    class Meta:
        verbose_name = _("produit")
        verbose_name_plural = _("produits")
        ordering = ("-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("merchant", "slug"), name="product_slug_unique_in_merchant"),
            models.CheckConstraint(condition=~Q(tax_class=TaxClass.DEPOSIT), name="product_is_not_a_deposit"),
            models.CheckConstraint(
                condition=Q(suggested_max_age__gte=F("suggested_min_age"))
                | Q(suggested_min_age__isnull=True)
                | Q(suggested_max_age__isnull=True),
                name="product_ages_in_order",
            ),
        )
        indexes = (models.Index(fields=("site", "status", "-created_at"), name="product_newest_first"),)

    def __str__(self) -> str:
        return self.title


class ProductPhoto(models.Model):
    product = models.ForeignKey(Product, models.CASCADE, related_name="photos")
    image = models.ForeignKey("home.CustomImage", models.PROTECT, related_name="+", verbose_name=_("photo"))
    alt = models.CharField(_("ce que montre la photo"), max_length=160)
    sort_order = models.PositiveSmallIntegerField(_("ordre"), default=0)

    objects = portal_manager("product__site")

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ("sort_order", "pk")

    def __str__(self) -> str:
        return self.alt


class ProductOption(models.Model):
    """What a product's variants differ by, like « Taille » or « Couleur »."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="options")
    name = models.CharField(_("option"), max_length=40)
    sort_order = models.PositiveSmallIntegerField(_("ordre"), default=0)

    objects = portal_manager("product__site")

    class Meta:
        verbose_name = _("option")
        verbose_name_plural = _("options")
        ordering = ("sort_order", "pk")
        constraints = (models.UniqueConstraint(fields=("product", "name"), name="product_has_option_once"),)

    def __str__(self) -> str:
        return self.name


class Variant(models.Model):
    """One price, one stock. ``on_hand`` is what is free to reserve; only ``shop.stock`` writes it.

    Only ``shop.catalogue`` writes the price, so that each change stands in its history.
    """

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, models.CASCADE, related_name="variants")
    title = models.CharField(
        _("variante"), max_length=80, blank=True, help_text=_("Vide s’il n’y en a qu’une.")
    )
    sku = models.CharField(_("code"), max_length=40)
    price_cents = models.PositiveIntegerField(_("prix (cents)"))
    image = models.ForeignKey(
        "home.CustomImage", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("photo")
    )
    net_quantity = models.DecimalField(
        _("quantité nette"), max_digits=9, decimal_places=2, null=True, blank=True
    )
    net_unit = models.CharField(_("unité"), max_length=5, choices=MeasureUnit, blank=True)
    container = models.CharField(_("contenant consigné"), max_length=12, choices=Container, blank=True)
    container_count = models.PositiveSmallIntegerField(_("contenants"), default=0)
    is_active = models.BooleanField(_("offerte"), default=True)
    on_hand = models.IntegerField(_("en stock"), default=0, editable=False)
    sort_order = models.PositiveSmallIntegerField(_("ordre"), default=0)

    objects = portal_manager()

    class Meta:
        verbose_name = _("variante")
        verbose_name_plural = _("variantes")
        ordering = ("sort_order", "pk")
        constraints = (
            models.UniqueConstraint(fields=("site", "sku"), name="sku_unique_in_portal"),
            models.CheckConstraint(condition=Q(on_hand__gte=0), name="stock_is_never_negative"),
            models.CheckConstraint(
                condition=Q(net_quantity__isnull=True) | Q(net_quantity__gt=0),
                name="net_quantity_is_something",
            ),
            models.CheckConstraint(
                condition=Q(container="", container_count=0) | (~Q(container="") & Q(container_count__gt=0)),
                name="containers_are_counted",
            ),
        )

    def __str__(self) -> str:
        return f"{self.product.title}, {self.title}" if self.title else self.product.title

    @property
    def in_stock(self) -> bool:
        """Whether one may have a unit now: on the shelf, or without a shelf (made to order, copied)."""
        return self.is_active and (self.on_hand > 0 or self.product.kind != ProductKind.STOCKED)


class VariantOption(models.Model):
    """The value of one option that a variant is, like « Taille » = « M »."""

    variant = models.ForeignKey(Variant, models.CASCADE, related_name="option_values")
    option = models.ForeignKey(ProductOption, models.CASCADE, related_name="+")
    value = models.CharField(_("valeur"), max_length=40)

    objects = portal_manager("variant__site")

    class Meta:
        verbose_name = _("valeur d’option")
        verbose_name_plural = _("valeurs d’option")
        ordering = ("option__sort_order", "pk")
        constraints = (models.UniqueConstraint(fields=("variant", "option"), name="variant_has_option_once"),)

    def __str__(self) -> str:
        return self.value


class PriceChange(models.Model):
    """Every price a variant ever had, from when. The newest is ``Variant.price_cents``."""

    variant = models.ForeignKey(Variant, models.CASCADE, related_name="price_changes")
    price_cents = models.PositiveIntegerField(_("prix (cents)"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(_("moment"))

    objects = portal_manager("variant__site")

    class Meta:
        verbose_name = _("changement de prix")
        verbose_name_plural = _("changements de prix")
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.variant_id} {self.price_cents}"


class StockMovement(models.Model):
    """Units put in (positive) or written off (negative) by people. Sales are lines, not movements."""

    variant = models.ForeignKey(Variant, models.PROTECT, related_name="movements")
    delta = models.IntegerField(_("unités"))
    reason = models.CharField(_("raison"), max_length=60)
    at = models.DateTimeField(_("moment"))

    objects = portal_manager("variant__site")

    class Meta:
        verbose_name = _("mouvement de stock")
        verbose_name_plural = _("mouvements de stock")
        ordering = ("at", "pk")
        constraints = (models.CheckConstraint(condition=~Q(delta=0), name="movement_moves_something"),)

    def __str__(self) -> str:
        return f"{self.delta:+d} {self.variant_id}"
