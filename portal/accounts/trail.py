"""What people change of their own accounts, in the audit trail: that it was done, never a password, key or address."""

from typing import Any

from allauth.account.signals import email_changed, password_changed, password_reset, password_set
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.dispatch import receiver
from django.http import HttpRequest

from home import audit
from home.tenancy import portal_scope, site_for
from portal.models import User

ACTIONS = {
    email_changed: "user.change_email",
    password_changed: "user.change_password",
    password_set: "user.change_password",
    password_reset: "user.reset_password",
    authenticator_added: "user.add_factor",
    authenticator_removed: "user.remove_factor",
    authenticator_reset: "user.renew_factor",
}


@receiver(list(ACTIONS))
def note(signal: Any, request: HttpRequest, user: User, **facts: Any) -> None:
    """Some of these come after the transaction, when the request's portal may be out of scope."""
    factor = facts.get("authenticator")
    with portal_scope(site_for(request)):
        audit.note(ACTIONS[signal], user, actor_id=user.pk, after={"factor": factor.type} if factor else {})
