"""The list itself: read, set aside, taken away, by the Journal's manager alone; each taking away is on the record."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from editorial.models import NewsletterPage, Subscriber, Subscription, WhyAside
from editorial.newsletter import export, subscribers
from home import audit
from home.models import PortalRole
from home.tenancy import below_roots, current_site
from portal.staff_desk.rights import for_roles
from portal.staff_desk.screens import screen

TITLE = gettext_lazy("Adresses abonnées")
PER_PAGE = 50
LONGEST_SEARCH = 100


@never_cache
@require_GET
@for_roles(PortalRole.MANAGER)
def index(request: HttpRequest) -> HttpResponse:
    q = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:LONGEST_SEARCH]
    rows = Subscriber.objects.filter(email__contains=q.lower()) if q else Subscriber.objects.all()
    standing = Subscription.objects.filter(left_at=None).select_related("merchant")
    rows = rows.prefetch_related(Prefetch("subscriptions", standing, to_attr="asked"))
    return screen(
        request,
        "newsletter_addresses",
        TITLE,
        under=((reverse("newsletter_desk:index"), _("Infolettre")),),
        rows=Paginator(rows.order_by("-created_at", "-pk"), PER_PAGE).get_page(request.GET.get("p")),
        q=q,
        reasons=WhyAside.choices,
    )


@require_POST
@for_roles(PortalRole.MANAGER)
def set_aside(request: HttpRequest, subscriber_pk: int) -> HttpResponse:
    """Raises Http404 for a reason that is none of ours; none at all takes the address back."""
    row = get_object_or_404(Subscriber, pk=subscriber_pk)
    why = request.POST.get("pourquoi", "")
    if why and why not in WhyAside.values:
        raise Http404
    if subscribers.set_aside(row, why, by_id=request.user.pk):
        said = _("%(email)s ne reçoit plus rien.") if why else _("%(email)s reçoit de nouveau l’infolettre.")
        messages.success(request, said % {"email": row.email})
    return redirect("newsletter_desk:addresses")


@require_POST
@for_roles(PortalRole.MANAGER)
def take_away(request: HttpRequest) -> HttpResponse:
    body, count = export.addresses_file(now=timezone.now())
    audit.note("newsletter.exported", current_site(), actor_id=request.user.pk, after={"addresses": count})
    return _file(body, "text/csv; charset=utf-8", "infolettre-adresses.csv")


@require_POST
@for_roles(PortalRole.MANAGER)
def take_letter(request: HttpRequest, letter_pk: int) -> HttpResponse:
    """The letter as its page stands now, for the Journal's own tool."""
    page = get_object_or_404(NewsletterPage.objects.filter(below_roots("path")), pk=letter_pk)
    draft: NewsletterPage = page.get_latest_revision_as_object()
    body = export.letter_file(draft, now=timezone.now())
    return _file(body, "text/html; charset=utf-8", f"infolettre-{page.pk}.html")


def _file(body: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def urls() -> list[URLPattern]:
    return [
        path("adresses/", index, name="addresses"),
        path("adresses/emporter/", take_away, name="take_away"),
        path("adresses/<int:subscriber_pk>/mettre-de-cote/", set_aside, name="set_aside"),
        path("lettres/<int:letter_pk>/emporter/", take_letter, name="take_letter"),
    ]
