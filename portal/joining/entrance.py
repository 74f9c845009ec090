"""/inscription/: the ways in. A code by email opens an account or finds it; an invitation's link names the shop."""

from typing import Any

from allauth.account.internal.userkit import filter_users_by_email
from allauth.core import context as allauth_context
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from directory import registrations
from directory.enums import RegistrationStatus
from directory.models import Registration
from home.languages import current
from portal.accounts.forms import AskForCodeForm
from portal.accounts.screens import AskForCode
from portal.joining import letters, offers, preview, resuming


class JoinForm(AskForCodeForm):
    """One address, for who has an account and for who has none: both are answered by a code, and alike."""

    def clean_email(self) -> str:
        email = super().clean_email()
        if self._user is None and not ratelimit.consume(allauth_context.request, action="signup"):
            raise self.too_many()
        self._user = self._user or _newcomer(email)
        return email

    @staticmethod
    def too_many() -> Any:
        from allauth.account.adapter import get_adapter

        return get_adapter().validation_error("too_many_login_attempts")


def _newcomer(email: str) -> Any:
    """An account of an address that nobody has proved yet; None for one that was closed."""
    people = get_user_model()
    try:
        with transaction.atomic():
            return people.objects.create_user(email.lower(), language=current())
    except IntegrityError:
        found = filter_users_by_email(email, is_active=True, prefer_verified=True, for_login=True)
        return found[0] if found else None


@never_cache
@require_http_methods(["GET", "HEAD"])
def start(request: HttpRequest) -> HttpResponse:
    """What it is, what it costs, how long it takes; and where one was, for who is signed in."""
    mine = registrations.started_by(request.user)[:5] if request.user.is_authenticated else []
    return render(request, "portal/joining/start.html", {"mine": mine, "offers": offers.of()})


class Email(AskForCode):
    """The only thing asked before the first question: where to write."""

    template_name = "portal/joining/email.html"
    success_url = reverse_lazy("joining:begin")

    def get_form_class(self) -> type[JoinForm]:
        return JoinForm

    def get_initial(self) -> dict[str, Any]:
        return {"email": ""}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    """What a sealed link opens: an invitation to look at, or one's own registration to go on with."""
    row = registrations.of_link(token, timezone.now())
    if row is None:
        return _page(request, "link_over", status=404)
    if row.status != RegistrationStatus.INVITED:
        return resuming.resume(request, row)
    if request.method == "POST" and request.user.is_authenticated:
        return _take_up(request, row)
    form = JoinForm(initial={"email": row.email}) if not request.user.is_authenticated else None
    return _page(
        request, "invitation", registration=row, form=form, shown=preview.of(row), next_url=request.path
    )


def _take_up(request: HttpRequest, row: Registration) -> HttpResponse:
    now = timezone.now()
    with transaction.atomic():
        taken = registrations.take_up(row, user=request.user, now=now)
        if taken is not None:
            letters.send_link(taken, now=now)
    if taken is None:
        messages.info(
            request, _("Quelqu’un a pris cette invitation avant vous. Appelez-nous, on regarde ensemble.")
        )
        return redirect("joining:start")
    return redirect("joining:registration", registration_pk=taken.pk)


def _page(request: HttpRequest, name: str, *, status: int = 200, **context: Any) -> HttpResponse:
    response = render(request, f"portal/joining/{name}.html", context, status=status)
    response["Referrer-Policy"] = "same-origin"  # the seal stands in this page's address
    return response
