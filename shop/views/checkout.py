"""From basket to payment: contact → remise → vérification → Stripe's page → return."""

import uuid
from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from home.models import PortalSettings
from shop import checkouts
from shop.cart_cookie import cart_of, remember
from shop.cart_page import cart_context
from shop.carts import shortage_sentence
from shop.checkouts import Contact
from shop.enums import CheckoutStatus
from shop.exceptions import (
    CannotSell,
    EmptyCart,
    GatewayError,
    GatewayRefused,
    NotPayable,
    OutOfStock,
    TotalChanged,
)
from shop.forms import ContactForm, PickupForm, PlaceForm
from shop.models import Cart, Checkout
from shop.payments.sessions import ensure_session
from shop.payments.sync import close_checkout, sync_checkout
from shop.pickup import pickup_sentence, ready_from
from shop.tokens import checkout_for, order_token
from shop.views.cart import basket_for

STEPS = (
    ("contact", gettext_lazy("Vos coordonnées")),
    ("remise", gettext_lazy("La remise")),
    ("verification", gettext_lazy("La vérification")),
)

LET_GO = (CheckoutStatus.CANCELED, CheckoutStatus.EXPIRED)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def checkout(request: HttpRequest) -> HttpResponse:
    """One step of the checkout. A step is not shown before those it stands on."""
    cart = cart_of(request)
    basket = basket_for(request, cart)
    if cart is None or basket.is_empty:
        return redirect("shop:cart")
    if basket.problems:
        messages.error(request, _("Un article de votre panier a changé\u00a0: regardez-le avant de payer."))
        return redirect("shop:cart")
    step = _step(cart, request.GET.get("etape", "contact"))
    view = {"contact": _contact, "remise": _pickup, "verification": _review}[step]
    return view(request, cart, {**cart_context(basket), **_steps(step)})


def _step(cart: Cart, asked: str) -> str:
    """The step asked for, or the first one that is not answered yet."""
    names = [name for name, _label in STEPS]
    answered = 0 if not cart.contact_email else 1 if not cart.pickup_confirmed else 2
    return names[min(names.index(asked) if asked in names else 0, answered)]


def _steps(current: str) -> dict[str, Any]:
    names = [name for name, _label in STEPS]
    here = names.index(current) + 1
    steps = [
        {
            "number": i,
            "label": label,
            "url": f"{reverse('shop:checkout')}?etape={name}",
            "current": i == here,
            "done": i < here,
        }
        for i, (name, label) in enumerate(STEPS, start=1)
    ]
    return {"step": here, "steps": steps}


def _to_step(name: str) -> HttpResponse:
    return redirect(f"{reverse('shop:checkout')}?etape={name}")


def _contact(request: HttpRequest, cart: Cart, context: dict[str, Any]) -> HttpResponse:
    known = {"name": cart.contact_name, "email": cart.contact_email, "phone": cart.contact_phone}
    form = ContactForm(request.POST if request.method == "POST" else None, initial=known)
    if form.is_valid():
        cart.contact_name = form.cleaned_data["name"]
        cart.contact_email = form.cleaned_data["email"]
        cart.contact_phone = form.cleaned_data["phone"] or ""
        cart.save(update_fields=["contact_name", "contact_email", "contact_phone", "updated_at"])
        return _to_step("remise")
    return render(request, "shop/checkout_contact.html", {**context, "form": form}, status=_status(form))


def _pickup(request: HttpRequest, cart: Cart, context: dict[str, Any]) -> HttpResponse:
    form = PickupForm(
        request.POST if request.method == "POST" else None, initial={"pickup": cart.pickup_confirmed}
    )
    if form.is_valid():
        Cart.objects.filter(pk=cart.pk).update(pickup_confirmed=True)
        return _to_step("verification")
    _add_pickup_sentences(context["cart_groups"])
    return render(request, "shop/checkout_pickup.html", {**context, "form": form}, status=_status(form))


def _add_pickup_sentences(groups: list[dict[str, Any]]) -> None:
    now = timezone.now()
    for group in groups:
        group["pickup_note"] = pickup_sentence(ready_from(group["merchant"], group["shop"], now=now), now=now)


def _status(form: Any) -> int:
    return 422 if form.errors else 200


def _review(request: HttpRequest, cart: Cart, context: dict[str, Any]) -> HttpResponse:
    form = PlaceForm(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        return _place(request, cart, form)
    return _show_review(request, cart, context)


def _show_review(request: HttpRequest, cart: Cart, context: dict[str, Any]) -> HttpResponse:
    _add_pickup_sentences(context["cart_groups"])
    total_cents = context["totals"]["total_cents"]
    form_token = checkouts.unused_form_token(cart)
    form = PlaceForm(initial={"form_token": form_token, "accepted_total_cents": total_cents})
    extra = {
        "form": form,
        "form_token": form_token,
        "accepted_total_cents": total_cents,
        "contact": {"name": cart.contact_name, "email": cart.contact_email, "phone": cart.contact_phone},
    }
    return render(request, "shop/checkout_review.html", {**context, **extra})


UNREACHABLE = gettext_lazy(
    "Le service de paiement ne répond pas. Si vous n’avez pas encore payé, réessayez dans un instant; "
    "si vous venez de payer, attendez notre courriel\u00a0: ne payez pas une deuxième fois."
)


def _place(request: HttpRequest, cart: Cart, form: PlaceForm) -> HttpResponse:
    """Place, then send the shopper to the hosted page. Every refusal is a sentence on the page that can mend it."""
    try:
        return _place_and_pay(request, cart, **form.cleaned_data)
    except EmptyCart:
        return redirect("shop:cart")
    except OutOfStock as refusal:
        return _to_cart(request, *(shortage_sentence(short.label, short.left) for short in refusal.shortages))
    except CannotSell as refusal:
        return _to_cart(request, refusal.reason)
    except TotalChanged:
        messages.warning(request, _("Un prix a changé entre-temps\u00a0: voici le nouveau total."))
    except GatewayRefused as refusal:
        return _refused(request, cart, refusal)
    except GatewayError:
        messages.error(request, UNREACHABLE)
    return _to_step("verification")


def _refused(request: HttpRequest, cart: Cart, refusal: GatewayRefused) -> HttpResponse:
    """Asking again would not help: the stock goes back, and the shopper goes where it can be mended."""
    if earlier := checkouts.open_checkout_of(cart):
        with suppress(GatewayError):  # The expiry job will give the stock back.
            close_checkout(
                earlier.pk, to=CheckoutStatus.CANCELED, cause="refused by Stripe", now=timezone.now()
            )
    if refusal.param == "customer_email":
        messages.error(request, _("Le service de paiement ne prend pas ce courriel\u00a0: corrigez-le."))
        return _to_step("contact")
    messages.error(request, _("Le service de paiement a refusé cette commande. Appelez-nous."))
    return _to_step("verification")


def _to_cart(request: HttpRequest, *sentences: str) -> HttpResponse:
    for sentence in sentences:
        messages.error(request, sentence)
    return redirect("shop:cart")


def _place_and_pay(
    request: HttpRequest, cart: Cart, *, form_token: uuid.UUID, accepted_total_cents: int
) -> HttpResponse:
    if form_token != cart.form_token and not checkouts.made_by(form_token, cart):
        return _look_again(request)
    if paid := _close_earlier(cart, form_token):
        return redirect("shop:order", token=order_token(paid))
    placed = checkouts.place(
        cart,
        form_token=form_token,
        contact=Contact(
            cart.contact_name, cart.contact_email, str(cart.contact_phone or ""), request.user.pk
        ),
        accepted_total_cents=accepted_total_cents,
        settings=PortalSettings.for_request(request),
        now=timezone.now(),
    )
    return _go_pay(request, placed)


def _look_again(request: HttpRequest) -> HttpResponse:
    messages.info(request, _("Cette page datait\u00a0: vérifiez de nouveau votre commande, puis payez."))
    return _to_step("verification")


def _close_earlier(cart: Cart, form_token: uuid.UUID) -> Checkout | None:
    """Another checkout of this cart that is still open is closed first, so that stock is not held twice.

    Returns it if it was paid meanwhile: then there is an order to show, and nothing to place.
    """
    earlier = checkouts.open_checkout_of(cart)
    if earlier is None or earlier.form_token == form_token:
        return None
    close_checkout(earlier.pk, to=CheckoutStatus.CANCELED, cause="placed anew", now=timezone.now())
    earlier.refresh_from_db()
    return earlier if earlier.status == CheckoutStatus.PAID else None


def _go_pay(request: HttpRequest, placed: Checkout) -> HttpResponse:
    if placed.status in LET_GO:
        return _look_again(request)
    try:
        session = ensure_session(placed, now=timezone.now())
    except NotPayable:
        return redirect("shop:order", token=order_token(placed))
    response = redirect(session.url)
    response.status_code = 303
    return response


def _named_checkout(token: str) -> Checkout:
    found = checkout_for(token)
    if found is None:
        raise Http404
    return found


@never_cache
@require_safe
def checkout_return(request: HttpRequest, token: str) -> HttpResponse:
    """Back from the hosted page: ask Stripe, then show the order, or the page that waits for the answer."""
    placed = _named_checkout(token)
    try:
        sync_checkout(placed.pk, now=timezone.now())
    except GatewayError:
        return _waiting(request, placed)
    placed.refresh_from_db()
    if placed.status == CheckoutStatus.OPEN:
        return _waiting(request, placed)
    response = redirect("shop:order", token=token)
    kept = cart_of(request)
    # Only the browser that holds this cart learns what is left of it: whoever has the link gets nothing.
    return remember(response, kept) if kept and kept.pk == placed.cart_id else response


def _waiting(request: HttpRequest, placed: Checkout) -> HttpResponse:
    return render(request, "shop/order_waiting.html", {"checkout": placed, "token": order_token(placed)})


@never_cache
@require_safe
def checkout_cancel(request: HttpRequest, token: str) -> HttpResponse:
    """Back from the hosted page without paying: the session is closed, the stock goes back, the basket stays."""
    placed = _named_checkout(token)
    try:
        close_checkout(
            placed.pk, to=CheckoutStatus.CANCELED, cause="canceled by the shopper", now=timezone.now()
        )
    except GatewayError:
        messages.warning(request, UNREACHABLE)
        return redirect("shop:cart")
    placed.refresh_from_db()
    if placed.status not in LET_GO:
        return redirect("shop:order", token=token)
    messages.info(request, _("Rien n’a été payé. Votre panier est resté tel quel."))
    return redirect("shop:cart")
