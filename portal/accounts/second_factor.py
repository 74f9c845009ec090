"""The second factor: offered to everybody, demanded of whoever enters the admin."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.core import context
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.conf import settings
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from wagtail.models import Site

from home.models import PortalSettings
from portal.accounts.words import SECOND_FACTOR_REFUSALS
from portal.csp import ADMIN_PREFIX

View = TypeVar("View", bound=Callable[..., HttpResponse])

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""Codes on paper stand in for one of these; they are none by themselves."""


def is_enrolled(user: Any) -> bool:
    return bool(Authenticator.objects.filter(user=user.pk, type__in=FACTORS).exists())


def is_proved(request: HttpRequest) -> bool:
    """The person gave its second factor in this very session."""
    user: Any = request.user
    return any(record["method"] == "mfa" for record in get_authentication_records(request, user))


def asked_again(view: View) -> View:
    """Decorates what changes who sees the money, or where it goes: who has a second factor gives it again to post.

    Unless it was minutes ago. What was posted goes on by itself afterwards.
    """

    @wraps(view)
    def asks(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asks_now = request.method == "POST" and is_enrolled(request.user)
        if asks_now and not did_recently_reauthenticate(request):
            raise ReauthenticationRequired
        return view(request, *args, **kwargs)

    return cast(View, asks)


class SecondFactorMiddleware:
    """Nobody who is signed in enters the admin without a second factor, where SECOND_FACTOR_REQUIRED says so.

    Who has none yet is sent to add one; who did not give it in this session is asked for it.
    """

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response: HttpResponse = self.get_response(request)
        return response

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        if not settings.SECOND_FACTOR_REQUIRED or not request.path.startswith(ADMIN_PREFIX):
            return None
        if not request.user.is_authenticated or is_proved(request) or _leaves(request):
            return None
        if not is_enrolled(request.user):
            return redirect(f"{reverse('mfa_index')}?requise=1")
        methods = SecondFactorAdapter.ways_to_prove(request)
        return redirect(f"{methods[0]}?{urlencode({'next': request.get_full_path()})}")


def _leaves(request: HttpRequest) -> bool:
    return request.path == reverse("wagtailadmin_logout")


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = SECOND_FACTOR_REFUSALS

    @staticmethod
    def ways_to_prove(request: HttpRequest) -> list[str]:
        return [
            str(method["url"]) for method in get_adapter(request).get_reauthentication_methods(request.user)
        ]

    def get_totp_issuer(self) -> str:
        return self._get_site_name()

    def _get_site_name(self) -> str:
        site = Site.find_for_request(context.request)
        return PortalSettings.for_site(site).brand if site else context.request.get_host()

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:  # noqa: A002
        """A name that nobody needs to think of: the date tells keys apart in the list."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return _("Clé d’accès") if number == 1 else _("Clé d’accès %(number)s") % {"number": number}


@receiver(authenticator_added)
def _added_is_proved(
    sender: Any, request: HttpRequest, user: Any, authenticator: Authenticator, **more: Any
) -> None:
    """Who just linked an application or a key has used it: it is not asked for again a moment later."""
    if authenticator.type in FACTORS:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)
