"""Who is told of a merchant's page, and how: the Journal of that portal when one waits, its owners when it is answered.

Wagtail's own notifications are silenced: they would lead merchants into an admin that is not theirs, and name the
installation's first host. A request that an edit replaced is no news.
"""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import WorkflowState

from directory.enums import MembershipRole
from directory.models import Membership, Merchant, MerchantPage
from home.languages import speaking
from home.models import PortalStaff
from home.tenancy import portal_scope
from portal.staffing import JOURNAL
from shop import letters
from shop.letters import Letter
from shop.payments.sessions import portal_url


def tell_the_journal(merchant: Merchant, page: MerchantPage, *, revision_pk: int, now: datetime) -> int:
    """One letter to each person of the portal's Journal; returns how many."""
    staff = PortalStaff.objects.filter(role__in=JOURNAL, user__is_active=True)
    address = reverse("approvals:page", args=[page.pk])
    with speaking(letters.LANGUAGE):
        letter = Letter(
            _("%(name)s attend votre regard") % {"name": merchant.name},
            (
                _("%(name)s a changé sa page. Les gens ne voient rien de neuf avant votre accord.")
                % {"name": merchant.name},
            ),
            _("Voir ce qui change"),
            portal_url(merchant.site) + address,
        )
    addresses = list(staff.values_list("user__email", flat=True))
    return letters.post(letter, to=addresses, site_id=merchant.site_id, key=f"page:{revision_pk}", now=now)


def tell_the_owners(state: WorkflowState) -> int:
    """The Journal's answer, once, to each owner; 0 for what is not a merchant's page."""
    page = MerchantPage.objects.filter(pk=state.object_id).first()
    if page is None:
        return 0
    with portal_scope(_site_of(page)):
        merchant = Merchant.objects.select_related("site").get(pk=page.merchant_id)
        owners = Membership.objects.filter(merchant=merchant, role=MembershipRole.OWNER, user__is_active=True)
        addresses = list(owners.values_list("user__email", flat=True))
        return letters.post_to_each(
            lambda: _answer(state, page, merchant),
            to=addresses,
            site_id=merchant.site_id,
            key=f"page_answer:{state.current_task_state_id}",
            now=timezone.now(),
        )


def _site_of(page: MerchantPage) -> Any:
    return page.get_site()


def _answer(state: WorkflowState, page: MerchantPage, merchant: Merchant) -> Letter:
    comment = str(state.current_task_state.comment)
    words: tuple[str, ...]
    names = {"name": merchant.name}
    if state.status == WorkflowState.STATUS_APPROVED:
        words = (_("Le Journal a approuvé vos changements\u00a0: les gens les voient maintenant."), comment)
        label, address = _("Voir ma page"), page.get_url() or ""
        return Letter(
            _("La page de %(name)s est en ligne") % names, _said(words), label, _full(merchant, address)
        )
    words = (
        _("Le Journal demande un changement avant de publier votre page."),
        _("Voici ce qu’il écrit\u00a0: «\u00a0%(comment)s\u00a0»") % {"comment": comment} if comment else "",
        _("Rien n’est perdu\u00a0: corrigez, puis envoyez de nouveau."),
    )
    desk = reverse("merchant:page", args=[merchant.slug])
    return Letter(
        _("La page de %(name)s\u00a0: une retouche") % names,
        _said(words),
        _("Corriger ma page"),
        _full(merchant, desk),
    )


def _said(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for word in words if word)


def _full(merchant: Merchant, address: str) -> str:
    return address if address.startswith("http") else portal_url(merchant.site) + address
