"""Which roles a person has in the portal in scope."""

from typing import Any

from home.models import PortalStaff
from home.tenancy import current_site_id


def roles_of(user: Any) -> frozenset[str]:
    """Values of ``PortalRole``. Asked many times in a request: the answer is kept on the request's user, per portal."""
    known: dict[int, frozenset[str]] = user.__dict__.setdefault("portal_roles_in", {})
    site_id = current_site_id()
    if site_id not in known:
        known[site_id] = frozenset(PortalStaff.objects.filter(user=user.pk).values_list("role", flat=True))
    return known[site_id]
