"""/favoris/suivre/<commerce>/: news of one merchant by mail, without an account. Its reader says yes first."""

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from directory.models import Merchant
from editorial.newsletter import consents, subscribers
from home.addresses import address_of
from home.languages import current
from home.models import ConsentPurpose
from home.tenancy import current_site
from portal.favourites.forms import FollowForm

TOO_MANY = _("Trop de demandes de suite d’ici. Attendez une heure, puis recommencez.")
WHERE = "suivre"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    """The answer is the same whether the address was known, refused letters, or was typed by a machine."""
    merchant = get_object_or_404(Merchant.objects.visible().with_page_path(), slug=merchant_slug)
    initial = {"email": request.user.email} if request.user.is_authenticated else {}
    words = consents.words(ConsentPurpose.MERCHANT_OWN, merchant.name)
    form = FollowForm(request.POST if request.method == "POST" else None, initial=initial, words=words)
    if request.method == "POST" and form.is_valid():
        if form.is_a_machines():
            return redirect("newsletter:asked")
        if ratelimit.consume(request, action="newsletter"):
            _ask(form, merchant)
            return redirect("newsletter:asked")
        form.add_error("email", TOO_MANY)
    context = {
        "merchant": merchant,
        "merchant_url": address_of(merchant.page_url_path),
        "form": form,
        "promise": consents.words(ConsentPurpose.MERCHANT_NEWS, merchant.name),
    }
    return render(request, "portal/favourites/follow.html", context, status=422 if form.errors else 200)


def _ask(form: FollowForm, merchant: Merchant) -> None:
    purposes = [ConsentPurpose.MERCHANT_NEWS]
    if form.cleaned_data["own"]:
        purposes.append(ConsentPurpose.MERCHANT_OWN)
    for purpose in purposes:
        subscribers.ask(
            current_site(),
            form.cleaned_data["email"],
            purpose=purpose,
            merchant=merchant,
            locale=current(),
            now=timezone.now(),
            asked=subscribers.Asked(WHERE),
        )
