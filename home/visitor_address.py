"""The network address that a request comes from, for limits alone: nothing keeps it."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest

NOWHERE = "0.0.0.0"  # noqa: S104 - no address was told


def client_address(request: HttpRequest) -> str:
    """The visitor's address: REMOTE_ADDR, or what the nearest TRUSTED_PROXIES wrote into X-Forwarded-For.

    Read from the right: what a visitor writes there itself stands on the left of what our proxies add.
    """
    told = str(request.META.get("REMOTE_ADDR") or NOWHERE)
    proxies = int(settings.TRUSTED_PROXIES)
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    if proxies and len(forwarded) >= proxies and is_address(forwarded[-proxies]):
        return forwarded[-proxies]
    return told if is_address(told) else NOWHERE


def is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
