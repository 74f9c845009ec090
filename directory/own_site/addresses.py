"""Which addresses of the web may be asked at all: public ones, by their name, at the usual doors.

Whatever can be written in two ways is refused rather than understood: an address that two programs read differently is
how a stranger gets a server to ask its own network.
"""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from django.conf import settings

from directory.own_site.refusals import BadAddress, PrivateAddress

LONGEST = 2000
PORTS = {"http": 80, "https": 443}

_NOT_IN_ONE = re.compile(r"[\x00-\x20\x7f\\]")
_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_LAST_LABEL = re.compile(r"(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})")
_NUMBER = re.compile(r"(?:0x[0-9a-f]*|\d+)")
_KEPT_IN_PATH = "/%:@!$&'()*+,;=-._~"

NOBODYS_NAMES = (
    "localhost", "localdomain", "local", "internal", "intranet", "private", "corp", "home", "lan", "arpa", "onion",
)  # fmt: skip
"""Last parts of names that mean one machine or one network."""

NEVER = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
        # Of the IPv6 that is given out (2000::/3): Teredo and its kin, documentation, 6to4.
        "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
    )
)  # fmt: skip
GIVEN_OUT = ipaddress.ip_network("2000::/3")
"""All other IPv6 is somebody's own, or IPv4 in disguise: mapped, compatible, NAT64."""


@dataclass(frozen=True, slots=True)
class Address:
    """One document's, read and found fit to be asked. ``target`` is its path with its query."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.authority}"

    @property
    def url(self) -> str:
        return f"{self.origin}{self.target}"


def may_read_loopback() -> bool:
    """Only where the tests' settings say so: they serve invented shops on this machine."""
    return bool(getattr(settings, "OWN_SITE_MAY_READ_LOOPBACK", False))


def read(url: str, *, base: str = "") -> Address:
    """The address, normalised. Raises BadAddress for what is none, PrivateAddress for what is not public."""
    whole = urljoin(base, url) if base else url
    if len(whole) > LONGEST or _NOT_IN_ONE.search(whole):
        raise BadAddress
    try:
        parts = urlsplit(whole)
        scheme, host, port = parts.scheme.lower(), parts.hostname or "", parts.port
    except ValueError as error:
        raise BadAddress from error
    if scheme not in PORTS or not host or "@" in parts.netloc:
        raise BadAddress
    name = _host(host)
    target = quote(parts.path or "/", safe=_KEPT_IN_PATH)
    query = quote(parts.query, safe=_KEPT_IN_PATH + "?[]")
    port = PORTS[scheme] if port is None else port
    if port != PORTS[scheme] and not _is_a_tests(name):
        raise BadAddress
    return Address(scheme, name, port, f"{target}?{query}" if query else target)


def _host(text: str) -> str:
    """The name in letters that the network knows. Numbers in any form, and names of one network, are refused."""
    if _is_a_tests(text):
        return text
    if ":" in text:
        raise PrivateAddress  # an IPv6 number; urlsplit has taken its brackets away
    try:
        name = text.encode("idna").decode("ascii").lower().rstrip(".")
    except UnicodeError as error:
        raise BadAddress from error
    labels = name.split(".")
    if _NUMBER.fullmatch(labels[-1]) or labels[-1] in NOBODYS_NAMES:
        raise PrivateAddress
    if len(labels) < 2 or len(name) > 253 or not _LAST_LABEL.fullmatch(labels[-1]):
        raise BadAddress
    if not all(_NAME.fullmatch(label) for label in labels):
        raise BadAddress
    return name


def _is_a_tests(host: str) -> bool:
    return may_read_loopback() and host in {"127.0.0.1", "::1"}


def is_public(number: str) -> bool:
    """Whether a resolved IP number belongs to the public web; this machine's too, where the tests may read it."""
    try:
        ip = ipaddress.ip_address(number)
    except ValueError:
        return False
    if ip.is_loopback and may_read_loopback():
        return True
    if isinstance(ip, ipaddress.IPv6Address) and (ip.scope_id or ip not in GIVEN_OUT):
        return False
    return ip.is_global and not any(ip in network for network in NEVER if network.version == ip.version)
