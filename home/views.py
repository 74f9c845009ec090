"""The portal's pages, style sheet and files. Each answers for the portal that the host names, and for no other."""

from pathlib import PurePosixPath

from django.core.files import File
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe
from wagtail.views import serve as wagtail_serve

from home import house_css
from home.languages import ENGLISH_PREFIX
from home.models import PortalSettings, PortalStaff
from home.models.media import portal_folder
from home.portal_css import portal_stylesheet
from home.tenancy import site_for

ONE_YEAR = 365 * 24 * 3600
ONE_MONTH = 30 * 24 * 3600

PICTURE_TYPES = {
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
}
"""What a browser may show. Anything else is downloaded: an uploaded HTML or SVG never runs as a page of the portal."""

ORIGINALS = "original_images"
DOCUMENTS = "documents"


def page(request: HttpRequest, path: str) -> HttpResponse:
    """As Wagtail's, from the portal's root whatever the language. Raises Http404 where there is no live page."""
    root = site_for(request).root_page.specific
    try:
        route = root.route(request, [part for part in path.split("/") if part])
    except Http404:
        route = None
    request._wagtail_route_for_request = route  # type: ignore[attr-defined]  # noqa: SLF001 - where Wagtail keeps it
    response: HttpResponse = wagtail_serve(request, path)
    return response


@require_safe
def portal_css(request: HttpRequest, digest: str) -> HttpResponse:
    """The present style sheet, whatever the digest asked for; kept for a year only under its own digest."""
    sheet = portal_stylesheet(PortalSettings.for_request(request))
    response = HttpResponse(sheet.text, content_type="text/css; charset=utf-8")
    age = f"public, max-age={ONE_YEAR}, immutable" if digest == sheet.digest else "public, max-age=60"
    response["Cache-Control"] = age
    return response


@require_safe
def bundle_css(request: HttpRequest, bundle: str, digest: str) -> HttpResponse:
    """A bundle of the house's style, the same for all portals; kept for a year only under its own digest."""
    del request
    response = HttpResponse(house_css.bundle_css(bundle), content_type="text/css; charset=utf-8")
    is_present = digest == house_css.bundle_digest(bundle)
    response["Cache-Control"] = (
        f"public, max-age={ONE_YEAR}, immutable" if is_present else "public, max-age=60"
    )
    return response


@require_safe
def media(request: HttpRequest, path: str) -> FileResponse:
    """An uploaded file of this portal. Raises Http404 for anything else, so that nothing tells what exists."""
    if not _may_be_served(request, path):
        raise Http404("No such file in this portal")
    try:
        file = default_storage.open(path)
    except (OSError, ValueError) as error:
        raise Http404("No such file in this portal") from error
    return _file_response(file, path)


def _may_be_served(request: HttpRequest, path: str) -> bool:
    """A plain path below this portal's folder. Documents have their own address, which heeds private collections."""
    parts = path.split("/")
    if len(parts) < 3 or parts[0] != portal_folder(site_for(request).pk) or parts[1] == DOCUMENTS:
        return False
    if any(not part or part.startswith(".") for part in parts) or not path.isprintable() or "\\" in path:
        return False
    return parts[1] != ORIGINALS or _is_staff(request)


def _is_staff(request: HttpRequest) -> bool:
    """Originals hold what the camera wrote in them, places among it: for the people of this portal's admin alone."""
    user = request.user
    if not user.has_perm("wagtailadmin.access_admin"):
        return False
    return user.is_superuser or PortalStaff.objects.filter(user=user.pk).exists()


def _file_response(file: File, path: str) -> FileResponse:
    suffix = PurePosixPath(path).suffix.lower()
    response = FileResponse(
        file,
        as_attachment=suffix not in PICTURE_TYPES,
        filename=PurePosixPath(path).name,
        content_type=PICTURE_TYPES.get(suffix, "application/octet-stream"),
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    is_public = path.split("/")[1] != ORIGINALS
    response["Cache-Control"] = f"public, max-age={ONE_MONTH}" if is_public else "private, no-store"
    return response


NOT_FOR_ROBOTS = (
    "/commande/",
    "/compte/",
    "/favoris/",
    "/mon-commerce/",
    "/paiement/",
    "/panier/",
    "/signaler/",
)
"""What is somebody's own, in both languages."""

FOR_BROWSERS = ("/sortie/", "/vu/")
"""What pages are counted by, whatever their language."""

LISTS = ("/boutique/", "/commerces/", "/recherche/")
"""Each filter is an address; two at once are more addresses than there are things to find."""


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Public pages may be read; baskets, orders and accounts may not, nor lists through several filters at once."""
    closed = [*NOT_FOR_ROBOTS, *(f"{path}?*&" for path in LISTS)]
    spoken = [f"{prefix}{path}" for path in closed for prefix in ("", ENGLISH_PREFIX)]
    lines = [f"Disallow: {path}" for path in ("/admin/", *FOR_BROWSERS, *spoken)]
    sitemap = request.build_absolute_uri(reverse("sitemap"))
    response = HttpResponse(
        "\n".join(["User-agent: *", *lines, "", f"Sitemap: {sitemap}", ""]),
        content_type="text/plain; charset=utf-8",
    )
    response["Cache-Control"] = "public, max-age=3600"
    return response
