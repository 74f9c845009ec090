"""Who sells: the merchant (a tenant of one portal), its people, and how a town sorts its merchants."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.postgres.indexes import GistIndex
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from directory.distances import mercator_point
from directory.enums import MembershipRole, Tier
from directory.folding import folded
from home.models.portal_settings import is_hex_color
from home.page_lists import in_french
from home.tenancy import portal_manager

if TYPE_CHECKING:
    from directory.hours import HoursStatus
    from directory.models.hours import SpecialHours
    from directory.models.pages import MerchantPage
    from directory.still_true import Standing
    from home.models import CustomImage

is_neq = RegexValidator(r"^\d{10}$", _("Un NEQ a dix chiffres, comme 1161447885."))
is_postal_code = RegexValidator(
    r"^[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z] \d[ABCEGHJ-NPRSTV-Z]\d$",
    _("Un code postal s’écrit comme G6V 6C4."),
)


class Category(models.Model):
    """What a merchant does. Each portal has its own list."""

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    name = models.CharField(_("nom"), max_length=80)
    slug = models.SlugField(_("adresse"), max_length=80)
    icon = models.SlugField(
        _("icône"), max_length=40, default="store", help_text=_("Nom dans la planche d’icônes.")
    )
    sort_order = models.PositiveSmallIntegerField(_("ordre"), default=0)
    folded_name = models.GeneratedField(
        expression=folded("name"), output_field=models.TextField(), db_persist=True
    )

    objects = portal_manager()

    class Meta:
        verbose_name = _("catégorie")
        verbose_name_plural = _("catégories")
        ordering = ("sort_order", "name")
        constraints = (
            models.UniqueConstraint(fields=("site", "slug"), name="category_slug_unique_in_portal"),
        )

    def __str__(self) -> str:
        return self.name


class Sector(models.Model):
    """A part of town, with its flat colour."""

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    name = models.CharField(_("nom"), max_length=80)
    slug = models.SlugField(_("adresse"), max_length=80)
    district = models.CharField(_("arrondissement"), max_length=80, blank=True)
    color = models.CharField(_("couleur"), max_length=7, default="#1d4e89", validators=[is_hex_color])
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    sort_order = models.PositiveSmallIntegerField(_("ordre"), default=0)
    folded_name = models.GeneratedField(
        expression=folded("name"), output_field=models.TextField(), db_persist=True
    )

    objects = portal_manager()

    class Meta:
        verbose_name = _("secteur")
        verbose_name_plural = _("secteurs")
        ordering = ("sort_order", "name")
        constraints = (models.UniqueConstraint(fields=("site", "slug"), name="sector_slug_unique_in_portal"),)

    def __str__(self) -> str:
        return self.name


class MerchantQuerySet(models.QuerySet["Merchant"]):
    def visible(self) -> "MerchantQuerySet":
        """Merchants a shopper may see: not suspended, not removed at their own request, page live in French."""
        page = _merchant_page_model().objects.filter(in_french(), merchant=OuterRef("pk"), live=True)
        return self.filter(Exists(page), suspended_at=None, removed_at=None)

    def with_page_path(self) -> "MerchantQuerySet":
        """Annotate ``page_url_path``, Wagtail's url_path of the live page, so that cards need no page query."""
        page = _merchant_page_model().objects.filter(in_french(), merchant=OuterRef("pk"), live=True)
        return self.annotate(page_url_path=page.order_by("pk").values("url_path")[:1])

    def selling(self) -> "MerchantQuerySet":
        """Merchants whose tier sells in the portal (their shop may still be paused)."""
        return self.filter(tier=Tier.TRANSACTIONAL)


def _merchant_page_model() -> Any:
    from directory.models.pages import MerchantPage

    return MerchantPage


class Merchant(models.Model):
    """The seller. Money points here, never at a page. Operational facts are live the moment they are saved."""

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    name = models.CharField(_("nom du commerce"), max_length=120)
    legal_name = models.CharField(_("nom légal"), max_length=160, blank=True)
    neq = models.CharField(
        _("NEQ"),
        max_length=10,
        blank=True,
        validators=[is_neq],
        help_text=_("Numéro d’entreprise du Québec : dix chiffres."),
    )
    slug = models.SlugField(_("adresse"), max_length=120)
    tier = models.CharField(
        _("option"),
        max_length=16,
        choices=Tier,
        default=Tier.LISTING,
        help_text=_("Celle qui vaut maintenant."),
    )
    chosen_tier = models.CharField(
        _("option choisie"),
        max_length=16,
        choices=Tier,
        blank=True,
        help_text=_("Celle que le commerce veut, même quand son forfait ne la donne plus. Vide : la même."),
    )
    free_until = models.DateField(
        _("gratuit jusqu’au (compris)"),
        null=True,
        blank=True,
        help_text=_("Vide : comme tout le portail."),
    )
    category = models.ForeignKey(
        Category, models.PROTECT, related_name="merchants", verbose_name=_("catégorie")
    )
    sector = models.ForeignKey(Sector, models.PROTECT, related_name="merchants", verbose_name=_("secteur"))
    keywords = models.CharField(_("mots pour la recherche"), max_length=300, blank=True)

    street_address = models.CharField(_("adresse"), max_length=160, blank=True)
    city = models.CharField(_("ville"), max_length=80, blank=True)
    postal_code = models.CharField(_("code postal"), max_length=7, blank=True, validators=[is_postal_code])
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)

    phone = PhoneNumberField(_("téléphone"), blank=True)
    email = models.EmailField(_("courriel"), blank=True)
    website_url = models.URLField(_("site web"), blank=True)
    shop_url = models.URLField(_("boutique en ligne"), blank=True)

    vacation_from = models.DateField(_("en vacances à partir du"), null=True, blank=True)
    vacation_until = models.DateField(_("en vacances jusqu’au (compris)"), null=True, blank=True)
    vacation_note = models.CharField(_("mot pour la clientèle"), max_length=160, blank=True)
    trusted_at = models.DateTimeField(
        _("publie sans attendre depuis"),
        null=True,
        blank=True,
        help_text=_("Ses changements paraissent aussitôt; le Journal en reçoit la liste."),
    )

    claimed_at = models.DateTimeField(_("réclamé le"), null=True, blank=True)
    confirmed_at = models.DateTimeField(
        _("encore vrai le"),
        default=timezone.now,
        editable=False,
        help_text="When its people last said so, or stated hours or phone; unclaimed: when it came in.",
    )
    asked_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="When the week's « est-ce encore vrai? » was last posted.",
    )
    suspended_at = models.DateTimeField(_("suspendu le"), null=True, blank=True)
    removed_at = models.DateTimeField(_("retiré à sa demande le"), null=True, blank=True)
    created_at = models.DateTimeField(_("créé le"), auto_now_add=True)

    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="directory.Membership", related_name="merchants"
    )
    folded_text = models.GeneratedField(
        expression=folded("name", "keywords", "street_address"),
        output_field=models.TextField(),
        db_persist=True,
    )

    objects = portal_manager(queryset=MerchantQuerySet)

    class Meta:
        verbose_name = _("commerce")
        verbose_name_plural = _("commerces")
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(fields=("site", "slug"), name="merchant_slug_unique_in_portal"),
            models.CheckConstraint(
                condition=Q(neq="") | Q(neq__regex=r"^\d{10}$"), name="neq_has_ten_digits"
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="merchant_is_on_earth",
            ),
            models.CheckConstraint(
                condition=Q(vacation_from=None, vacation_until=None)
                | Q(
                    vacation_from__isnull=False,
                    vacation_until__isnull=False,
                    vacation_until__gte=F("vacation_from"),
                ),
                name="vacation_has_both_ends_in_order",
            ),
        )
        indexes = (
            models.Index(fields=("site", "name"), name="merchant_by_name"),
            GistIndex(mercator_point(F("longitude"), F("latitude")), name="merchant_by_place"),
        )

    def __str__(self) -> str:
        return self.name

    # What ``directory.cards`` adds to a merchant that is shown.
    page_url_path: str | None
    page_url: str
    photo: "CustomImage | None"
    photo_alt: str
    hours_status: "HoursStatus"
    standing: "Standing"
    is_visible: bool
    live_pages: "list[MerchantPage]"
    near_special_hours: "list[SpecialHours]"
    # And what ``directory.listing`` adds: its place in the list, and how far it is from where one asked.
    number: int
    distance: float | None
    distance_words: str
    is_on_map: bool

    @property
    def is_hidden(self) -> bool:
        """Suspended, or removed at its own request: no shopper sees anything of it."""
        return self.suspended_at is not None or self.removed_at is not None

    @property
    def is_claimed(self) -> bool:
        return self.claimed_at is not None

    @property
    def is_suspended(self) -> bool:
        return self.suspended_at is not None


class FormerSlug(models.Model):
    """What a merchant was called in addresses before: they lead to the present one (``directory.renaming``)."""

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    merchant = models.ForeignKey(Merchant, models.CASCADE, related_name="former_slugs")
    slug = models.SlugField(_("ancienne adresse"), max_length=120)

    objects = portal_manager()

    class Meta:
        verbose_name = _("ancienne adresse")
        verbose_name_plural = _("anciennes adresses")
        constraints = (models.UniqueConstraint(fields=("site", "slug"), name="former_slug_leads_to_one"),)

    def __str__(self) -> str:
        return self.slug


class Membership(models.Model):
    """A person's role in a merchant: the only thing that opens /mon-commerce/."""

    merchant = models.ForeignKey(Merchant, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.CharField(_("rôle"), max_length=8, choices=MembershipRole, default=MembershipRole.OWNER)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = portal_manager("merchant__site")

    class Meta:
        verbose_name = _("membre du commerce")
        verbose_name_plural = _("membres du commerce")
        constraints = (models.UniqueConstraint(fields=("merchant", "user"), name="membership_held_once"),)

    def __str__(self) -> str:
        return f"{self.user} – {self.merchant}"
