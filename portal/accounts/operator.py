"""What follows when the operator edits a person in Wagtail's own screen."""

from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction

from home import audit
from portal.models import User


@transaction.atomic
def after_the_operator(user: User, *, by: Any) -> None:
    """A closed account is signed out everywhere, and stays so if it is opened again.

    An address that the operator typed is not proved: the person proves it when it signs in next, and the one before
    no longer opens the account.
    """
    if not user.is_active:
        user.end_sessions()
    others = EmailAddress.objects.filter(user=user).exclude(email=user.email.lower())
    if others.exists():
        others.delete()
        user.end_sessions()
    audit.note("user.edit", user, actor_id=by.pk, after={"is_active": user.is_active})
