"""What a browser may load and where a form may lead, on public pages and, more loosely, in the Wagtail admin."""

from collections.abc import Sequence
from typing import Any

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.middleware import CSPMiddleware, PolicyParts
from django.http import HttpRequest, HttpResponseBase

ADMIN_PREFIX = "/admin/"

# Wagtail's admin ships inline scripts and styles (date inputs, inline panels): it gets what it needs, alone.
ADMIN_DIRECTIVES: dict[str, Any] = {
    "default-src": [SELF],
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "font-src": [SELF, "data:"],
    "object-src": [NONE],
    "form-action": [SELF],
    "frame-src": [SELF],
    "frame-ancestors": [SELF],  # the editor's preview panel is a frame
    "base-uri": [SELF],
}


def public_directives(*, form_origins: list[str], image_origins: Sequence[str] = ()) -> dict[str, Any]:
    """The policy of every public page: our own files only, and nothing inline, not even with a nonce.

    `form_origins` are the places a form may end up at: browsers apply form-action to the redirect that follows a POST
    too, and paying is a POST that redirects to the hosted payment page. `image_origins` are where a map's tiles come
    from, where the operator wants some.
    """
    return {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, *image_origins],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "media-src": [SELF],
        "form-action": [SELF, *form_origins],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }


class PortalCSPMiddleware(CSPMiddleware):
    """django-csp's middleware with a second policy for the admin."""

    def get_policy_parts(
        self,
        request: HttpRequest,
        response: HttpResponseBase,
        report_only: bool = False,  # noqa: FBT001, FBT002 - django-csp's signature
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if parts.config is None and not report_only and request.path_info.startswith(ADMIN_PREFIX):
            parts.config = ADMIN_DIRECTIVES
        return parts
