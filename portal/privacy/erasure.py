"""A person asks to be forgotten: what stands for itself goes, what the tax laws want stays without the rest."""

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _

from directory.enums import MembershipRole
from directory.models import CallbackRequest, Membership, PageReport, Proposal
from editorial.newsletter import privacy as newsletter
from home import audit
from home.languages import FRENCH
from home.models import Consent, PortalStaff
from home.tenancy import across_portals, unjoined
from portal.favourites import privacy as favourites
from portal.joining import privacy as joining
from portal.models import User
from portal.privacy.holdings import checkouts_of, reports_of
from shop.enums import CheckoutStatus, OrderStatus
from shop.models import Checkout, Order

UNDER_WAY = (OrderStatus.PENDING, OrderStatus.PAID, OrderStatus.READY)


class CannotErase(Exception):
    """Not yet; ``reason`` says in French what stands in the way and who helps."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def why_not(user: User) -> str:
    """What stands in the way, in every portal, in French; empty when nothing does."""
    with across_portals():
        if user.is_superuser or PortalStaff.objects.filter(user=user).exists():
            return _("Vous travaillez pour le portail\u00a0: votre rôle doit d’abord vous être retiré.")
        if _owns_alone(user):
            return _(
                "Vous êtes seule ou seul propriétaire d’un commerce\u00a0: invitez quelqu’un d’autre, ou appelez-nous."
            )
        if Order.objects.filter(checkout__in=checkouts_of(user), status__in=UNDER_WAY).exclude(
            checkout__status=CheckoutStatus.EXPIRED
        ).exists():  # fmt: skip
            return _("Une de vos commandes est en cours\u00a0: revenez quand elle vous aura été remise.")
    return ""


def _owns_alone(user: User) -> bool:
    owned = Membership.objects.filter(user=user, role=MembershipRole.OWNER).values("merchant")
    others = Membership.objects.filter(role=MembershipRole.OWNER).exclude(user=user)
    return bool(owned.exclude(merchant__in=others.values("merchant")).exists())


@transaction.atomic
def erase(user: User, *, now: datetime) -> None:
    """The account is nobody's afterwards and all its sessions are over. Twice is once. Raises CannotErase.

    Orders and invoices keep the buyer's name and email until the tax laws let go of them (portal.privacy.retention);
    phone and address go now.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.erased_at:
        return
    if reason := why_not(user):
        raise CannotErase(reason)
    audit.note("data.erased", user, actor_id=user.pk)
    with across_portals():
        _let_go_of_orders(user)
        _withdraw_consents(user, now)
        newsletter.forget(_proved(user), now=now)
        _let_go_of_reports(user)
        joining.forget(user, now=now)
        favourites.forget(user)
        Membership.objects.filter(user=user).delete()
        CallbackRequest.objects.filter(asked_by=user).delete()
        unjoined(Proposal).filter(sent_to=user).update(sent_to=None, words="", answer="")
    EmailAddress.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    _make_nobody(user, now)


def _let_go_of_orders(user: User) -> None:
    keys = list(checkouts_of(user).values_list("pk", flat=True))
    unjoined(Checkout).filter(pk__in=keys).update(user=None, contact_phone="")
    unjoined(Order).filter(checkout__in=keys).update(delivery_address={})


def _let_go_of_reports(user: User) -> None:
    """What was wrong on a page stays said; by whom is forgotten."""
    keys = list(reports_of(user).values_list("pk", flat=True))
    unjoined(PageReport).filter(pk__in=keys).update(sender="", email="")


def _withdraw_consents(user: User, now: datetime) -> None:
    rows = unjoined(Consent).filter(user=user)
    rows.filter(withdrawn_at=None).update(withdrawn_at=now)
    rows.update(user=None, email="")


def _proved(user: User) -> list[str]:
    return list(EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True))


def _make_nobody(user: User, now: datetime) -> None:
    user.email, user.first_name, user.last_name = f"efface-{user.pk}@efface.invalid", "", ""
    user.is_active, user.erased_at, user.language = False, now, FRENCH
    user.groups.clear()
    user.set_unusable_password()
    user.session_epoch += 1
    user.save()
