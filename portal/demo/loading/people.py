"""The demo's accounts, each with one role: those that the README lists."""

from dataclasses import dataclass
from functools import cache

from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.db import transaction
from wagtail.models import Site

from directory.enums import MembershipRole
from directory.models import Membership, Merchant
from home.models import PortalRole
from portal import staffing
from portal.models import User

PASSWORD = "achetons-demo"  # noqa: S105 - a demo's, told to everybody


@dataclass(frozen=True, slots=True)
class Account:
    email: str
    first_name: str
    last_name: str


OPERATOR = Account("admin@demo.test", "Opérateur", "de la démo")
STAFF: dict[str, tuple[tuple[Account, PortalRole], ...]] = {
    "levis": (
        (Account("journal@levis.demo.test", "Colombe", "Gendron-Lavoie"), PortalRole.EDITOR),
        (Account("direction@levis.demo.test", "Zéphirin", "Aubé-Turcotte"), PortalRole.MANAGER),
        (Account("chambre@levis.demo.test", "Solange", "Vaillancourt-Roy"), PortalRole.ADVISER),
        (Account("ville@levis.demo.test", "Aurèle", "Picard-Boisvert"), PortalRole.CITY),
    ),
    "bellechasse": (
        (Account("journal@bellechasse.demo.test", "Berthe-Alice", "Couillard"), PortalRole.EDITOR),
        (Account("chambre@bellechasse.demo.test", "Fernande", "Goulet-Marceau"), PortalRole.ADVISER),
    ),
}
OWNERS: dict[str, tuple[tuple[Account, str], ...]] = {
    "levis": (
        (Account("vignoble@demo.test", "Marguerite", "Delisle-Lachance"), "vignoble-des-trois-marees"),
        (Account("librairie@demo.test", "Ousmane", "Diallo-Bergeron"), "librairie-la-virgule-bleue"),
        (Account("fromagerie@demo.test", "Jean-Guy", "Lacasse-Rodrigue"), "fromagerie-du-rang-croche"),
        (Account("boutique@demo.test", "Ursule", "Thériault-Kim"), "boutique-chez-ursule"),
        (Account("salon@demo.test", "Ti-Paul", "Lamontagne-Roussy"), "salon-chez-ti-peigne"),
    ),
    "bellechasse": (),
}
SHOPPER = Account("cliente@demo.test", "Éloïse", "Tardif-Mbeki")


@transaction.atomic
def settle_everybody() -> None:
    """The people who belong to no portal: the operator, and the shopper."""
    _person(OPERATOR, is_staff=True, is_superuser=True)
    _person(SHOPPER)


@transaction.atomic
def settle_staff(town: str, site: Site) -> None:
    """The Journal, the Chamber and the City of one portal."""
    for account, role in STAFF[town]:
        staffing.grant(_person(account), site, role)


@transaction.atomic
def settle_owners(town: str, merchants: dict[str, Merchant]) -> None:
    for account, slug in OWNERS[town]:
        Membership.objects.get_or_create(
            merchant=merchants[slug], user=_person(account), defaults={"role": MembershipRole.OWNER}
        )


def _person(account: Account, **flags: bool) -> User:
    """The account, made once, its email proved; whoever changed its password meanwhile keeps it."""
    made = {"first_name": account.first_name, "last_name": account.last_name, **flags}
    people = get_user_model().objects
    person = people.filter(email=account.email).first() or people.create(
        email=account.email, password=_hashed_password(), **made
    )
    EmailAddress.objects.get_or_create(
        user=person, email=account.email, defaults={"verified": True, "primary": True}
    )
    return person


@cache
def _hashed_password() -> str:
    """Hashed once for all: a hash takes a third of a second by design, and this password is no secret."""
    return make_password(PASSWORD)
