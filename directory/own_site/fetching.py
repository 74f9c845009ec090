"""The only door to a stranger's web.

A name is resolved once, every number it resolves to is checked, and the connection goes to a number that was checked:
nobody can answer differently the second time. Redirects are followed by hand, each one as if it were typed. No cookie,
no proxy, no credentials; one time and one size for the whole of a document, however slowly or tightly it comes.
"""

import http.client
import io
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parseaddr
from functools import cache

from django.conf import settings

from directory.own_site import addresses
from directory.own_site.addresses import Address
from directory.own_site.refusals import (
    Answered,
    BadCertificate,
    NameUnknown,
    NotThere,
    PrivateAddress,
    TooHeavy,
    TooManyHops,
    TooSlow,
    Unreachable,
    WrongKind,
)

SECONDS = 5.0
"""For one document: its name, its redirects, its headers and its body together."""
MOST_BYTES = 2 * 1024 * 1024
"""As it travels, and once it is unpacked."""
MOST_HOPS = 3
MOST_NUMBERS_TRIED = 3
MOVED = frozenset({301, 302, 303, 307, 308})
CHUNK = 16 * 1024

PAGES = frozenset({"text/html", "application/xhtml+xml"})
DATA = frozenset({"application/json", "text/json", "application/ld+json"})
PICTURES = frozenset({"image/jpeg", "image/jpg", "image/png", "image/webp", "image/gif", "image/avif"})
ANYTHING: frozenset[str] = frozenset()

Resolve = Callable[[str, int], list[str]]
"""The numbers of a name, as text. Raises OSError where there is none."""


@dataclass(frozen=True, slots=True)
class Document:
    """What an address gave. ``url`` is where it was at last; ``kind`` is its content type without parameters."""

    url: str
    kind: str
    charset: str
    body: bytes


@dataclass(frozen=True, slots=True)
class _Moved:
    to: str


class Deadline:
    """A moment after which nothing is waited for."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds, more than none. Raises TooSlow."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TooSlow
        return left


def fetch(
    url: str,
    *,
    kinds: frozenset[str],
    seconds: float = SECONDS,
    permit: Callable[[Address], None] | None = None,
    resolve: Resolve | None = None,
) -> Document:
    """The document at an address, one of these content types (ANYTHING: whatever it is). Raises CannotRead.

    ``permit`` is asked before each address is connected to, and may raise; the time it takes is its own.
    """
    address, spent = addresses.read(url), 0.0
    for _hop in range(MOST_HOPS + 1):
        if permit is not None:
            permit(address)
        began = time.monotonic()
        answer = _ask(address, kinds, Deadline(seconds - spent), resolve or numbers_of)
        spent += time.monotonic() - began
        if isinstance(answer, Document):
            return answer
        address = addresses.read(answer.to, base=address.url)
    raise TooManyHops


def _ask(address: Address, kinds: frozenset[str], deadline: Deadline, resolve: Resolve) -> Document | _Moved:
    numbers = _public_numbers(address, deadline, resolve)
    try:
        with _connected(address, numbers, deadline) as line:
            line.settimeout(deadline.left())
            line.sendall(_question(address))
            return _read_answer(address, kinds, _Incoming(line, deadline))
    except TimeoutError as error:
        raise TooSlow from error
    except ssl.SSLCertVerificationError as error:
        raise BadCertificate from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unreachable from error


# ------------------------------------------------------------------------------------------------ names and numbers


def numbers_of(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return [str(entry[4][0]) for entry in found]


def _public_numbers(address: Address, deadline: Deadline, resolve: Resolve) -> list[str]:
    """All that the name resolves to, once. Raises PrivateAddress when even one of them is not public."""
    numbers = list(dict.fromkeys(_resolved(address, deadline, resolve)))
    if not numbers:
        raise NameUnknown
    if not all(addresses.is_public(number) for number in numbers):
        raise PrivateAddress
    return numbers


def _resolved(address: Address, deadline: Deadline, resolve: Resolve) -> list[str]:
    """In a thread of its own: the system's resolver cannot be told how long to try."""
    found: list[list[str]] = []

    def look_up() -> None:
        try:
            found.append(resolve(address.host, address.port))
        except (OSError, UnicodeError):
            found.append([])

    thread = threading.Thread(target=look_up, daemon=True)
    thread.start()
    thread.join(deadline.left())
    if not found:
        raise TooSlow
    return found[0]


# ------------------------------------------------------------------------------------------------ the line


@contextmanager
def _connected(address: Address, numbers: list[str], deadline: Deadline) -> Iterator[socket.socket]:
    """To the first of the checked numbers that answers; over TLS the certificate must be the name's."""
    line = _opened(address, numbers[:MOST_NUMBERS_TRIED], deadline)
    try:
        if address.scheme == "https":
            line.settimeout(deadline.left())
            line = _tls().wrap_socket(line, server_hostname=address.host)
        yield line
    finally:
        line.close()


def _opened(address: Address, numbers: list[str], deadline: Deadline) -> socket.socket:
    refusal: OSError | None = None
    for number in numbers:
        line = socket.socket(socket.AF_INET6 if ":" in number else socket.AF_INET, socket.SOCK_STREAM)
        try:
            line.settimeout(deadline.left())
            line.connect((number, address.port))
        except OSError as error:
            line.close()
            refusal = error
        except BaseException:
            line.close()
            raise
        else:
            return line
    raise refusal or OSError("no number to connect to")


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


class _Incoming(io.RawIOBase):
    """What comes over the line, each piece waited for no longer than the whole may last."""

    def __init__(self, line: socket.socket, deadline: Deadline) -> None:
        super().__init__()
        self._line, self._deadline = line, deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]
        self._line.settimeout(self._deadline.left())
        return self._line.recv_into(buffer)

    def makefile(self, *_how: object) -> io.BufferedReader:
        """What http.client asks a socket for."""
        return io.BufferedReader(self)


# ------------------------------------------------------------------------------------------------ question and answer


def user_agent() -> str:
    """Who asks, for whom, and where to complain."""
    contact = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return f"Achetons/1.0 (reads a merchant's own site at its request; +{settings.BASE_URL}; {contact})"


def _question(address: Address) -> bytes:
    lines = (
        f"GET {address.target} HTTP/1.1",
        f"Host: {address.authority}",
        f"User-Agent: {user_agent()}",
        "Accept: text/html,application/xhtml+xml,application/json,image/*;q=0.8,*/*;q=0.1",
        "Accept-Language: fr-CA,fr;q=0.9,en;q=0.5",
        "Accept-Encoding: gzip",
        "Connection: close",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii", "ignore")


def _read_answer(address: Address, kinds: frozenset[str], incoming: _Incoming) -> Document | _Moved:
    response = http.client.HTTPResponse(incoming, method="GET")  # type: ignore[arg-type]
    with response:
        response.begin()
        if response.status in MOVED and response.headers.get("Location"):
            return _Moved(_as_text(response.headers["Location"]))
        if response.status != http.client.OK:
            raise _refusal_of(response.status)
        kind = response.headers.get_content_type() if response.headers.get("Content-Type") else ""
        if kinds and kind not in kinds:
            raise WrongKind
        charset = str(response.headers.get_content_charset() or "")
        return Document(address.url, kind, charset, _body(response))


def _as_text(header: str) -> str:
    """http.client reads headers as Latin-1; addresses in them are plain, or UTF-8, or Latin-1 after all."""
    try:
        return header.encode("latin-1").decode("utf-8").strip()
    except UnicodeError:
        return header.strip()


def _refusal_of(status: int) -> Answered:
    gone = {http.client.NOT_FOUND, http.client.GONE}
    return NotThere(status) if status in gone else Answered(status)


def _body(response: http.client.HTTPResponse) -> bytes:
    """Unpacked. Raises TooHeavy as soon as it is too much, announced or not."""
    if (response.length or 0) > MOST_BYTES:
        raise TooHeavy
    unpack = _unpacker(str(response.headers.get("Content-Encoding") or "").strip().lower())
    body, travelled = bytearray(), 0
    while chunk := response.read(CHUNK):
        travelled += len(chunk)
        body += unpack(chunk, MOST_BYTES + 1 - len(body))
        if travelled > MOST_BYTES or len(body) > MOST_BYTES:
            raise TooHeavy
    return bytes(body)


def _unpacker(encoding: str) -> Callable[[bytes, int], bytes]:
    """Takes what arrived and how much may come of it at most."""
    if encoding in {"", "identity"}:
        return lambda chunk, _most: chunk
    if encoding not in {"gzip", "x-gzip"}:
        raise WrongKind
    unpacked = zlib.decompressobj(16 + zlib.MAX_WBITS)

    def unpack(chunk: bytes, most: int) -> bytes:
        try:
            return unpacked.decompress(unpacked.unconsumed_tail + chunk, most)
        except zlib.error as error:
            raise Unreachable from error

    return unpack
