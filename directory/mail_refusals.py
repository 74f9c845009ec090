"""« No more of these »: addresses that a portal never writes to again of its own accord (CASL, s. 11).

A letter that nobody asked for carries a sealed link that says so in one act, without signing in. The link names the
registration the letter was about, and no version: it stays good as long as that row, whatever became of the
invitation. What was refused stays refused, for ever.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet, TextField
from django.db.models.functions import Lower

from directory.models import MailRefusal, Membership, Registration
from home import links
from home.tenancy import current_site_id

PURPOSE, OF_MEMBER = "mail_refusal", "mail_refusal_member"
EVERY_VERSION = 0


def refuse(email: str) -> bool:
    """The portal in scope never writes there again of its own accord. False when it had been told before.

    Raises ValueError for no address at all.
    """
    address = _plain(email)
    if not address:
        raise ValueError("An address is needed")
    _row, is_new = MailRefusal.objects.get_or_create(
        email__iexact=address, defaults={"site_id": current_site_id(), "email": address}
    )
    return bool(is_new)


def is_refused(email: str) -> bool:
    """Whether this address asked the portal in scope for no more letters."""
    return bool(refused_among([email]))


def refused_among(emails: Iterable[str]) -> set[str]:
    """Those of these addresses, in small letters, that asked the portal in scope for no more letters; in one query."""
    wanted = {_plain(email) for email in emails} - {""}
    return {_plain(row.email) for row in refusals_of(wanted)} if wanted else set()


def refusals_of(emails: Iterable[str]) -> QuerySet[MailRefusal]:
    """The refusals of these addresses in the portal in scope. Erasing a person leaves them: they keep us away."""
    rows: QuerySet[Any] = MailRefusal.objects.annotate(plain=Lower("email", output_field=TextField()))
    return rows.filter(plain__in={_plain(email) for email in emails} - {""})


def token_of(registration: Registration) -> str:
    """For the link that refuses more letters to this registration's address. Never closed by other links' closing."""
    return links.seal(PURPOSE, registration.pk, EVERY_VERSION)


def token_of_member(place: Membership) -> str:
    """The same for whoever works in a merchant: it refuses more letters to that person's own address."""
    return links.seal(OF_MEMBER, place.pk, EVERY_VERSION)


def member_of(token: str) -> Membership | None:
    """Whose such a link is, in the portal in scope; None for any other link."""
    said = links.unseal(OF_MEMBER, token)
    if said is None or said.version != EVERY_VERSION:
        return None
    found: Membership | None = (
        Membership.objects.select_related("user", "merchant").filter(pk=said.pk).first()
    )
    return found


def address_of(token: str) -> str:
    """The address that such a link is about, in the portal in scope; "" for a forged, foreign or emptied one."""
    if (place := member_of(token)) is not None:
        return str(place.user.email)
    said = links.unseal(PURPOSE, token)
    if said is None or said.version != EVERY_VERSION:
        return ""
    known: str | None = Registration.objects.filter(pk=said.pk).values_list("email", flat=True).first()
    return known or ""


def _plain(email: str) -> str:
    return email.strip().lower()
