from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shop.downloads import file_for


@never_cache
@require_safe
def download(request: HttpRequest, token: str) -> FileResponse:
    """A file that was bought, to keep: never shown as a page of the portal, whatever is in it."""
    found = file_for(token)
    if found is None:
        raise Http404
    file, filename = found
    try:
        content = file.open("rb")
    except OSError as error:
        raise Http404 from error
    response = FileResponse(
        content, as_attachment=True, filename=filename, content_type="application/octet-stream"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response
