"""From basket to payment: contact → remise → vérification → Stripe's page → return."""

import logging
import uuid
from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from home.languages import FRENCH, current, is_english, speaking
from home.models import PortalSettings
from shop import carts, checkouts, slots
from shop.baskets import Basket
from shop.cart_cookie import cart_of, remember
from shop.cart_page import cart_context
from shop.carts import shortage_sentence
from shop.checkouts import Contact
from shop.enums import ChargeModel, CheckoutStatus, Fulfillment
from shop.exceptions import (
    AdultNotDeclared,
    CannotSell,
    EmptyCart,
    GatewayError,
    GatewayRefused,
    NotPayable,
    OutOfStock,
    ShopError,
    TotalChanged,
    Undecided,
)
from shop.forms import ContactForm, PlaceForm, RemiseForm
from shop.models import Cart, Checkout
from shop.payments.sessions import ensure_session
from shop.payments.sync import close_checkout, sync_checkout
from shop.remise_page import RemisePart, initial_choices, remise_parts
from shop.tokens import checkout_to_pay, order_token, payment_token
from shop.views.cart import basket_for

logger = logging.getLogger(__name__)

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
    if cart is not None and (form := _pressed(request, cart)):
        return _place(request, cart, form)
    return _walk(request, cart)


def _pressed(request: HttpRequest, cart: Cart) -> PlaceForm | None:
    """The press that places, once the earlier steps are answered. The basket is read where it is placed, once."""
    if request.method != "POST" or request.GET.get("etape") != "verification":
        return None
    form = PlaceForm(request.POST, has_alcohol=None)
    return form if cart.contact_email and cart.pickup_confirmed and form.is_valid() else None


def _walk(request: HttpRequest, cart: Cart | None) -> HttpResponse:
    basket = basket_for(request, cart)
    if cart is None or basket.is_empty:
        return redirect("shop:cart")
    if basket.problems:
        messages.error(request, _("Un article de votre panier a changé\u00a0: regardez-le avant de payer."))
        return redirect("shop:cart")
    asked = request.GET.get("etape", "contact")
    step = _step(cart, basket, asked)
    if request.method == "POST" and step != asked:
        return _to_step(step)  # What an earlier step says no longer holds; what was posted is another step's.
    view = {"contact": _contact, "remise": _remise, "verification": _review}[step]
    return view(request, cart, basket, _steps(step))


def _step(cart: Cart, basket: Basket, asked: str) -> str:
    """The step asked for, or the first one that is not answered yet."""
    names = [name for name, _label in STEPS]
    is_decided = cart.pickup_confirmed and not basket.undecided
    answered = 0 if not cart.contact_email else 1 if not is_decided else 2
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


def _contact(request: HttpRequest, cart: Cart, basket: Basket, steps: dict[str, Any]) -> HttpResponse:
    known = {"name": cart.contact_name, "email": cart.contact_email, "phone": cart.contact_phone}
    form = ContactForm(request.POST if request.method == "POST" else None, initial=known)
    if form.is_valid():
        cart.contact_name = form.cleaned_data["name"]
        cart.contact_email = form.cleaned_data["email"]
        cart.contact_phone = form.cleaned_data["phone"] or ""
        cart.save(update_fields=["contact_name", "contact_email", "contact_phone", "updated_at"])
        return _to_step("remise")
    context = {**cart_context(basket), **steps, "form": form}
    return render(request, "shop/checkout_contact.html", context, status=_status(form))


def _remise(request: HttpRequest, cart: Cart, basket: Basket, steps: dict[str, Any]) -> HttpResponse:
    parts = remise_parts(basket, chosen_before=frozenset(carts.choices_of(cart)))
    known = {
        "street_address": cart.street_address,
        "city": cart.city,
        "postal_code": cart.postal_code,
        **initial_choices(parts),
    }
    form = RemiseForm(request.POST if request.method == "POST" else None, initial=known, parts=parts)
    if form.is_valid():
        _keep_remise(cart, form, parts)
        return _to_step("verification")
    context = {**cart_context(basket), **steps, "form": form, "parts": [_shown_part(form, p) for p in parts]}
    return render(request, "shop/checkout_remise.html", context, status=_status(form))


@transaction.atomic
def _keep_remise(cart: Cart, form: RemiseForm, parts: list[RemisePart]) -> None:
    if form.brings:
        for name in ("street_address", "city", "postal_code"):
            setattr(cart, name, " ".join(str(form.cleaned_data[name]).split()))
    cart.pickup_confirmed = True
    cart.save(update_fields=["street_address", "city", "postal_code", "pickup_confirmed", "updated_at"])
    carts.choose_all(cart, [choice for part in parts if (choice := _choice(form, part))])


def _choice(form: RemiseForm, part: RemisePart) -> carts.Choice | None:
    way, window = form.way_of(part), form.window_of(part)
    if way is None:
        return None
    slot = slots.row_of(part.group.shop, window) if window and way == Fulfillment.PICKUP else None
    return carts.Choice(part.group.merchant, way, slot.pk if slot else None)


def _shown_part(form: RemiseForm, part: RemisePart) -> dict[str, Any]:
    """A shop's ways as radio buttons, its slots as a list, and what is wrong with either."""
    field = form[part.way_name]
    return {
        "merchant": part.group.merchant,
        "field": field,
        "ways": part.ways,
        "chosen": field.value() or (part.ways[0].fulfillment if len(part.ways) == 1 else ""),
        "slot": form[part.slot_name] if part.windows else None,
        "instructions": part.group.shop.pickup_instructions,
        "no_way": part.no_way,
        "is_again": part.is_again,
    }


def _status(form: Any) -> int:
    return 422 if form.errors else 200


def _review(request: HttpRequest, cart: Cart, basket: Basket, steps: dict[str, Any]) -> HttpResponse:
    """What the first payment buys, of whom, for how much; and that others come after it.

    A press that could not place for want of an age is shown again with what is wrong.
    """
    payment = basket.payments[0]
    form_token = checkouts.unused_form_token(cart)
    initial = {"form_token": form_token, "accepted_total_cents": payment.total_cents}
    form = PlaceForm(initial=initial, has_alcohol=payment.has_alcohol)
    if request.method == "POST" and payment.has_alcohol and not request.POST.get("adult"):
        said = {"contract_in_english": request.POST.get("contract_in_english", "")}
        form = PlaceForm({**said, **{name: str(value) for name, value in initial.items()}}, has_alcohol=True)
    context = {
        **cart_context(basket, payment=payment),
        **steps,
        "form": form,
        "form_token": form_token,
        "accepted_total_cents": payment.total_cents,
        "contact": {"name": cart.contact_name, "email": cart.contact_email, "phone": cart.contact_phone},
        "is_direct": payment.charge_model == ChargeModel.DIRECT,
        "in_french": _contract_in_french(request, cart),
    }
    return render(request, "shop/checkout_review.html", context, status=_status(form))


def _contract_in_french(request: HttpRequest, cart: Cart) -> list[dict[str, Any]]:
    """The groups of this payment in French, for an English page: nobody may choose an English contract before having
    had the French one (Charter of the French language, s. 55). Empty on a French page, which says it all already.
    """
    if not is_english():
        return []
    with speaking(FRENCH):
        basket = basket_for(request, cart)
        groups = [cart_context(basket, payment=payment)["cart_groups"] for payment in basket.payments[:1]]
    return [group for each in groups for group in each]


UNREACHABLE = gettext_lazy(
    "Le service de paiement ne répond pas. Si vous n’avez pas encore payé, réessayez dans un instant; "
    "si vous venez de payer, attendez notre courriel\u00a0: ne payez pas une deuxième fois."
)


def _place(request: HttpRequest, cart: Cart, form: PlaceForm) -> HttpResponse:
    """Place, then send the shopper to the hosted page. Every refusal is a sentence on the page that can mend it."""
    try:
        return _place_and_pay(request, cart, form)
    except (EmptyCart, OutOfStock, CannotSell) as refusal:
        return _mend(request, refusal)
    except AdultNotDeclared:
        return _walk(request, cart)
    except GatewayRefused as refusal:
        return _refused(request, cart, refusal)
    except TotalChanged:
        messages.warning(request, _("Un prix a changé entre-temps\u00a0: voici le nouveau total."))
    except GatewayError:
        messages.error(request, UNREACHABLE)
    return _to_step("verification")


def _mend(request: HttpRequest, refusal: EmptyCart | OutOfStock | CannotSell) -> HttpResponse:
    match refusal:
        case Undecided():
            return _to_step("remise")
        case OutOfStock():
            return _to_cart(
                request, *(shortage_sentence(short.label, short.left) for short in refusal.shortages)
            )
        case CannotSell():
            return _to_cart(request, refusal.reason)
    return _to_cart(request)


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


def _place_and_pay(request: HttpRequest, cart: Cart, form: PlaceForm) -> HttpResponse:
    form_token: uuid.UUID = form.cleaned_data["form_token"]
    if form_token != cart.form_token and not checkouts.made_by(form_token, cart):
        return _look_again(request)
    if paid := _close_earlier(cart, form_token):
        return redirect("shop:order", token=order_token(paid))
    placed = checkouts.place(
        cart,
        form_token=form_token,
        contact=Contact(
            cart.contact_name,
            cart.contact_email,
            str(cart.contact_phone or ""),
            request.user.pk,
            language=current(),
            contract_language=form.contract_language,
        ),
        accepted_total_cents=form.cleaned_data["accepted_total_cents"],
        settings=PortalSettings.for_request(request),
        now=timezone.now(),
        is_adult=form.cleaned_data["adult"],
    )
    carts.accept_prices(cart)
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
    found = checkout_to_pay(token)
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
    except ShopError:  # No answer, or one that is not for this checkout: a job or a person will settle it.
        logger.warning("checkout %s: not settled on the way back", placed.pk, exc_info=True)
        return _waiting(request, placed)
    placed.refresh_from_db()
    if placed.status == CheckoutStatus.OPEN:
        return _waiting(request, placed)
    response = redirect("shop:order", token=order_token(placed))
    kept = cart_of(request)
    # Only the browser that holds this cart learns what is left of it: whoever has the link gets nothing.
    return remember(response, kept) if kept and kept.pk == placed.cart_id else response


def _waiting(request: HttpRequest, placed: Checkout) -> HttpResponse:
    return render(request, "shop/order_waiting.html", {"checkout": placed, "token": payment_token(placed)})


@never_cache
@require_safe
def checkout_cancel(request: HttpRequest, token: str) -> HttpResponse:
    """Back from the hosted page without paying: the session is closed, the stock goes back, the basket stays."""
    placed = _named_checkout(token)
    try:
        close_checkout(
            placed.pk, to=CheckoutStatus.CANCELED, cause="canceled by the shopper", now=timezone.now()
        )
    except ShopError:  # As above.
        logger.warning("checkout %s: not settled on the way back", placed.pk, exc_info=True)
        messages.warning(request, UNREACHABLE)
        return redirect("shop:cart")
    placed.refresh_from_db()
    if placed.status not in LET_GO:
        return redirect("shop:order", token=order_token(placed))
    messages.info(request, _("Rien n’a été payé. Votre panier est resté tel quel."))
    return redirect("shop:cart")
