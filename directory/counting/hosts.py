"""Which portal a host names, remembered for a minute: the image that counts asks the database for nothing."""

import time

from django.http import HttpRequest

from home.tenancy import site_for

SECONDS_KEPT = 60
MOST_KEPT = 1000

_known: dict[tuple[str, str], tuple[int, float]] = {}


def site_id_for(request: HttpRequest) -> int:
    """Raises Http404 for a host that is no portal, and DisallowedHost for one that is not ours."""
    host, now = (request.get_host(), request.get_port()), time.monotonic()
    site_id, until = _known.get(host, (0, 0.0))
    if now >= until:
        site_id = int(site_for(request).pk)
        if len(_known) >= MOST_KEPT:
            forget()
        _known[host] = (site_id, now + SECONDS_KEPT)
    return site_id


def forget() -> None:
    _known.clear()
