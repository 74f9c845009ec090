"""« Rappelez-moi »: a merchant, or somebody who is registering one, asks the Chamber for a call."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from directory import callbacks
from directory.callbacks import Asking
from directory.enums import RegistrationStatus
from directory.models import CallbackRequest, Merchant, Registration
from home.models import PortalSettings
from home.templatetags.phone_tags import national
from portal.accounts.views import open_memberships
from portal.care import letters
from portal.care.moments import asked
from portal.merchant_space.access import desk_or_404, person_id
from portal.merchant_space.form_fields import DeskForm, phone_field, text


class CallbackForm(DeskForm):
    when = text(
        gettext_lazy("Quand vous joindre?"),
        longest=120,
        help_text=gettext_lazy("Comme «\u00a0le matin, avant 10\u00a0h\u00a0» ou «\u00a0jeudi\u00a0»."),
        error_messages={"max_length": gettext_lazy("Plus court\u00a0: 120 caractères au plus.")},
    )
    words = text(
        gettext_lazy("À quel sujet?"),
        longest=300,
        rows=3,
        help_text=gettext_lazy("Un mot suffit\u00a0: «\u00a0mes photos\u00a0»."),
        error_messages={"max_length": gettext_lazy("Plus court\u00a0: 300 caractères au plus.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"] = phone_field(required=True)
        self.fields["phone"].label = _("À quel numéro?")
        self.order_fields(["phone", "when", "words"])


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def callback(request: HttpRequest) -> HttpResponse:
    """« ?commerce= » says about which shop; else the registration under way, else the first shop of the person's."""
    about = _about(request)
    if about is None:
        return _screen(request, None, None, None)
    row = callbacks.waiting_of(about)
    if request.method != "POST":
        return _screen(request, about, row, CallbackForm(initial=_first_values(about, row)))
    form = CallbackForm(request.POST)
    if not form.is_valid():
        return _screen(request, about, row, form, status=422)
    _ask(about, form, by_id=person_id(request))
    messages.success(request, _("C’est noté\u00a0: la Chambre vous rappelle."))
    return redirect(request.get_full_path())


def _about(request: HttpRequest) -> Merchant | Registration | None:
    """Raises Http404 for a shop that is a stranger's."""
    if slug := request.GET.get("commerce", ""):
        return desk_or_404(request, slug).merchant
    mine = Registration.objects.filter(user=request.user.pk, status__in=RegistrationStatus.open())
    registration: Registration | None = mine.select_related("merchant").first()
    if registration is not None:
        return registration
    membership = open_memberships(request.user.pk).first()
    return membership.merchant if membership else None


def _first_values(about: Merchant | Registration, row: CallbackRequest | None) -> dict[str, Any]:
    if row is not None:
        return {"phone": national(row.phone), "when": row.when, "words": row.words}
    phone = about.phone if isinstance(about, Merchant) else about.answers.get("phone")
    return {"phone": national(phone) if phone else ""}


@transaction.atomic
def _ask(about: Merchant | Registration, form: CallbackForm, *, by_id: int) -> None:
    """Asked and told to the Chamber, or neither."""
    row, is_new = callbacks.ask(about, Asking(**form.cleaned_data), by_id=by_id)
    if is_new:
        letters.ask_for_a_call(row, now=timezone.now())


def _screen(
    request: HttpRequest,
    about: Merchant | Registration | None,
    row: CallbackRequest | None,
    form: CallbackForm | None,
    *,
    status: int = 200,
) -> HttpResponse:
    settings = PortalSettings.for_request(request)
    is_merchant = isinstance(about, Merchant)
    context = {
        "form": form,
        "merchant": about if is_merchant else None,
        "waiting": asked(row.asked_at) if row else "",
        "phone": row.phone if row else "",
        "person": {"name": settings.contact_name, "phone": settings.contact_phone},
        "back_url": reverse("merchant:home", args=[about.slug])
        if isinstance(about, Merchant)
        else reverse("account:home"),
    }
    return render(request, "portal/callback.html", context, status=status)
