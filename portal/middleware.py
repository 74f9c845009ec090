"""Every request works for one portal: the one its host names."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse

from home.models import PortalRole, PortalStaff
from home.tenancy import portal_scope, site_for
from portal import health
from shop.payments import patience

GetResponse = Callable[[HttpRequest], HttpResponse]


class ProbeMiddleware:
    """The operator's probes answer whatever host asks, over plain HTTP too, even before a portal exists."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if probe := PROBES.get(request.path):
            return probe(request)
        return self.get_response(request)


PROBES = {"/healthz": health.healthz, "/readyz": health.readyz}


class PortalScopeMiddleware:
    """Open the scope of the request's portal. Raises Http404 for a host that is no portal.

    Streamed answers are consumed after the scope has closed: a view that streams must query before.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with portal_scope(site_for(request)):
            return self.get_response(request)


class PatienceMiddleware:
    """Whatever page asks Stripe, nobody waits for it longer than a few seconds."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with patience.at_most(patience.WEB_SECONDS):
            return self.get_response(request)


class AdminDoorMiddleware:
    """Staff of another portal find no admin here: for them its addresses do not exist. Superusers pass."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> None:
        """Raises Http404. Signing in and out is open to all."""
        if not request.path.startswith("/admin/") or request.path in SIGN_IN_AND_OUT:
            return
        user = request.user
        if user.is_authenticated and not user.is_superuser and not _works_here(user.pk):
            raise Http404


SIGN_IN_AND_OUT = frozenset({"/admin/login/", "/admin/logout/"})


def _works_here(user_pk: int) -> bool:
    return bool(PortalStaff.objects.filter(user=user_pk).exclude(role=PortalRole.CITY).exists())
