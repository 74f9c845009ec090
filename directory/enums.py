from django.db import models
from django.utils.translation import gettext_lazy as _


class Tier(models.TextChoices):
    """The three options offered to a merchant at registration: one page that gains blocks."""

    LISTING = "listing", _("Fiche avec lien vers le site")
    LINKED_SHOP = "linked_shop", _("Lien vers sa boutique")
    TRANSACTIONAL = "transactional", _("Vend ici")


class MembershipRole(models.TextChoices):
    OWNER = "owner", _("propriétaire")
    HELPER = "helper", _("aide")


class Weekday(models.IntegerChoices):
    """As ``date.weekday()`` counts."""

    MONDAY = 0, _("lundi")
    TUESDAY = 1, _("mardi")
    WEDNESDAY = 2, _("mercredi")
    THURSDAY = 3, _("jeudi")
    FRIDAY = 4, _("vendredi")
    SATURDAY = 5, _("samedi")
    SUNDAY = 6, _("dimanche")
