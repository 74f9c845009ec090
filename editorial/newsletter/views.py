"""What people do about the letter, without an account: subscribe, confirm, choose, leave, move.

No post here needs a CSRF token. Subscribing does nothing but write to the address that was typed, which whoever can
reach this page may do by hand; its form stands in pages that are kept for everyone. Behind a sealed link the seal in
the address shows who asks (mail programs post there by themselves, RFC 8058). Looking at any of these pages changes
nothing: link checkers look at every link.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.core import ratelimit
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from editorial.models import Subscriber
from editorial.newsletter import archive, consents, links, preferences, subscribers
from editorial.newsletter.addresses import masked
from editorial.newsletter.forms import KEEP, NewAddressForm, PreferencesForm, SignUpForm
from home.languages import current
from home.models import ConsentPurpose
from home.tenancy import current_site

FOLDER = "editorial/newsletter"
TOO_MANY = _("Trop de demandes de suite d’ici. Attendez une heure, puis recommencez.")
look_or_post = require_http_methods(["GET", "HEAD", "POST"])


@csrf_exempt
@look_or_post
def sign_up(request: HttpRequest) -> HttpResponse:
    """The answer is the same whether the address was known, refused letters, or was typed by a machine."""
    form = SignUpForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if form.is_a_machines():
            return redirect("newsletter:asked")
        if ratelimit.consume(request, action="newsletter"):
            _ask(form)
            return redirect("newsletter:asked")
        form.add_error(None, TOO_MANY)
    context = {**archive.sign_up_context(request, form), "page": archive.index_page()}
    return render(request, f"{FOLDER}/sign_up.html", context, status=422 if form.errors else 200)


def _ask(form: SignUpForm) -> None:
    subscribers.ask(
        current_site(),
        form.cleaned_data["email"],
        purpose=ConsentPurpose.NEWSLETTER,
        locale=current(),
        now=timezone.now(),
        asked=subscribers.Asked(form.where(), tuple(form.cleaned_data["sections"])),
    )


@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    return render(request, f"{FOLDER}/asked.html")


Sealed = Callable[[HttpRequest, Subscriber], HttpResponse]


def sealed(purpose: str) -> Callable[[Sealed], Callable[[HttpRequest, str], HttpResponse]]:
    """The view gets whom the link opens. Raises Http404 for a link that says nothing here."""

    def wrap(view: Sealed) -> Callable[[HttpRequest, str], HttpResponse]:
        @csrf_exempt
        @never_cache
        @look_or_post
        @wraps(view)
        def opened(request: HttpRequest, token: str) -> HttpResponse:
            subscriber = links.holder(purpose, token)
            if subscriber is None:
                raise Http404
            response = view(request, subscriber)
            response["Referrer-Policy"] = "same-origin"  # the seal stands in this page's address
            return response

        return opened

    return wrap


@sealed(links.CONFIRM)
def confirm(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    """Shows what waits, in the words of the consent; a post says yes to what was shown."""
    now = timezone.now()
    if request.method == "POST":
        shown = [int(key) for key in request.POST.getlist("quoi") if key.isascii() and key.isdigit()][:200]
        subscribers.confirm(subscriber, [key for key in shown if key < 2**63], now=now)
    waiting = list(subscribers.waiting(subscriber, now=now))
    if request.method == "POST":  # what may be left unticked is not asked twice
        waiting = [row for row in waiting if row.purpose != ConsentPurpose.MERCHANT_OWN]
    standing = list(subscribers.standing(subscriber))
    context = {
        "address": masked(subscriber.email),
        "waiting": [
            (row, consents.words(row.purpose, row.merchant.name if row.merchant else "")) for row in waiting
        ],
        "own": ConsentPurpose.MERCHANT_OWN,
        "standing": standing,
        "is_new": request.method == "POST",
        "preferences": links.token(links.PREFERENCES, subscriber) if standing else "",
    }
    is_over = not waiting and not standing
    return render(request, f"{FOLDER}/confirm.html", context, status=410 if is_over else 200)


@sealed(links.PREFERENCES)
def choose(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    """Two forms: what is received, and where. Each keeps what was typed when something is wrong with it."""
    now = timezone.now()
    moving = request.method == "POST" and request.POST.get("acte") == "adresse"
    choosing = request.method == "POST" and not moving
    followed = [row for row in subscribers.standing(subscriber) if row.merchant_id]
    form = PreferencesForm(request.POST if choosing else None, subscriber=subscriber, followed=followed)
    address_form = NewAddressForm(request.POST if moving else None)
    if choosing and form.is_valid():
        preferences.prefer(subscriber, _wish(form, subscriber), now=now)
        return _again(subscriber, "fait")
    if moving and address_form.is_valid():
        preferences.ask_new_address(subscriber, address_form.cleaned_data["email"], now=now)
        return _again(subscriber, "adresse")
    context: dict[str, Any] = {
        "address": masked(subscriber.email),
        "subscriber": subscriber,
        "is_paused": bool(subscriber.paused_until and subscriber.paused_until > timezone.localdate(now)),
        "has_left": not subscribers.standing(subscriber).exists(),
        "form": form,
        "address_form": address_form,
        "wrong": address_form if address_form.errors else form,
        "said": request.GET.get("dit", ""),
        "leave": links.token(links.LEAVE, subscriber),
    }
    status = 422 if form.errors or address_form.errors else 200
    return render(request, f"{FOLDER}/preferences.html", context, status=status)


def _wish(form: PreferencesForm, subscriber: Subscriber) -> preferences.Wish:
    said = form.cleaned_data
    keeps_pause = said["pause"] == KEEP
    return preferences.Wish(
        sections=frozenset(said["sections"]),
        language=said["language"],
        paused_until=subscriber.paused_until
        if keeps_pause
        else preferences.until(said["pause"], now=timezone.now()),
        followed=frozenset(int(key) for key in said.get("followed", [])),
    )


def _again(subscriber: Subscriber, said: str) -> HttpResponse:
    response = redirect("newsletter:preferences", token=links.token(links.PREFERENCES, subscriber))
    response["Location"] += f"?dit={said}"
    return response


@sealed(links.LEAVE)
def leave(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    """One act. The same answer for the one who left long ago."""
    if request.method == "POST":
        subscribers.leave(subscriber, now=timezone.now())
    context = {
        "address": masked(subscriber.email),
        "has_left": not subscribers.standing(subscriber).exists(),
        "preferences": links.token(links.PREFERENCES, subscriber),
    }
    return render(request, f"{FOLDER}/leave.html", context)


@sealed(links.ADDRESS)
def new_address(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    """The proof of a new address: its person says yes here."""
    now = timezone.now()
    has_moved = request.method == "POST" and preferences.take_new_address(subscriber, now=now)
    context = {
        "address": masked(subscriber.email if has_moved else subscriber.new_email),
        "old": masked(subscriber.email),
        "has_moved": has_moved,
        "is_waiting": not has_moved and preferences.is_waiting(subscriber, now=now),
        "is_refused": request.method == "POST" and not has_moved,
    }
    is_over = not has_moved and not context["is_waiting"]
    return render(request, f"{FOLDER}/new_address.html", context, status=410 if is_over else 200)
