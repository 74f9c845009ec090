"""How signing in goes here: what allauth asks its adapter, answered in our words and by our limits."""

import logging
from contextlib import suppress
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from directory.models import Membership
from home import audit
from home.languages import current, in_language
from home.models import PortalRole
from home.roles import roles_of
from home.tenancy import site_for
from portal.accounts import devices, letters, limits, second_factor, trail
from portal.accounts.words import NOTICES, REFUSALS
from portal.favourites import visitor
from portal.models import User

log = logging.getLogger(__name__)

__all__ = ["AccountAdapter", "trail"]
"""The trail listens from the moment that this module, which allauth loads first, is there."""


class AccountAdapter(DefaultAccountAdapter):
    error_messages = REFUSALS

    # ------------------------------------------------------------------------------------------------------ limits

    def get_client_ip(self, request: HttpRequest) -> str:
        return limits.client_address(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Raises ValidationError where the account had its fill from anywhere; axes then answers 429."""
        if limits.is_tried_from_everywhere(request, limits.account_tried(request, credentials)):
            request.axes_locked_out = True  # type: ignore[attr-defined]
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """A closed account is answered like a wrong password: only who knows it would learn that it is closed."""
        user = super().authenticate(request, **credentials)
        return user if user is not None and user.is_active else None

    # -------------------------------------------------------------------------------------------------- signing in

    def new_user(self, request: HttpRequest) -> Any:
        """Who makes an account on an English page is written to in English, until it says otherwise."""
        user = super().new_user(request)
        user.language = current()
        return user

    def pre_login(self, request: HttpRequest, user: Any, **facts: Any) -> HttpResponse | None:
        """Who typed the code sent to its address has proved that address."""
        records = get_authentication_records(request, user)
        if records and records[-1]["method"] == "code" and records[-1].get("email") == user.email:
            _mark_proved(user)
        response: HttpResponse | None = super().pre_login(request, user, **facts)
        return response

    def post_login(self, request: HttpRequest, user: Any, **facts: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **facts)
        devices.remember(request, response, user.email)
        visitor.carry_over(request, response, user.pk, now=timezone.now())
        ways = [record["method"] for record in get_authentication_records(request, user)]
        audit.note("user.sign_in", user, actor_id=user.pk, after={"by": ways})
        return response

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        messages.error(request, REFUSALS["account_inactive"])
        return redirect("account_login")

    # ------------------------------------------------------------------------------------------------ where one goes

    def is_safe_url(self, url: str | None) -> bool:
        """Within the portal that was asked: not even another portal of ours."""
        host, secure = self.request.get_host(), self.request.is_secure()
        return bool(url_has_allowed_host_and_scheme(url, allowed_hosts={host}, require_https=secure))

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """A merchant lands in its shop, the City in front of its report, others on their account."""
        if Membership.objects.filter(user=request.user.pk).exists():
            return reverse("merchant:start")
        if roles_of(request.user) == {PortalRole.CITY}:
            return reverse("impact_desk:index")
        return reverse("account:home")

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """The front page, in the language of who leaves."""
        del request
        return in_language("/")

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return self.get_login_redirect_url(request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Who has a second factor is asked for that one; the password alone no longer does."""
        methods = super().get_reauthentication_methods(user)
        if second_factor.is_enrolled(user):
            methods = [method for method in methods if method["id"] != "reauthenticate"]
        return [{**method, "description": _asked_again(method["id"])} for method in methods]

    # ------------------------------------------------------------------------------------------------------- words

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        said = message or (NOTICES[message_template] if message_template else "")
        if said:
            messages.add_message(request, level, str(said) % (message_context or {}), extra_tags=extra_tags)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Word of what is done already: where it cannot leave, the act stands all the same."""
        with suppress(ImmediateHttpResponse):
            super().send_notification_mail(*args, **kwargs)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Raises ImmediateHttpResponse with a page that says so when the mail server does not answer."""
        facts = {
            **context,
            "sign_in_url": self.request.build_absolute_uri(reverse("account_request_login_code")),
        }
        try:
            letters.post(letters.named(template_prefix, facts), to=email, site=site_for(self.request))
        except (SMTPException, OSError) as error:
            log.exception("A letter about an account did not leave")
            page = render(self.request, "account/no_mail.html", status=503)
            raise ImmediateHttpResponse(page) from error


def _asked_again(method: str) -> str:
    return {
        "reauthenticate": _("Avec mon mot de passe"),
        "mfa_reauthenticate": _("Avec un code de mon application"),
        "mfa_reauthenticate:webauthn": _("Avec ma clé d’accès"),
    }[method]


def _mark_proved(user: User) -> None:
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
