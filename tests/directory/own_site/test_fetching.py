"""One document of a stranger's: the number that was checked, and no more time, weight or detours than allowed."""

import gzip
import socket
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from directory.own_site import fetching
from directory.own_site.fetching import DATA, MOST_BYTES, PAGES, fetch
from directory.own_site.refusals import (
    Answered,
    BadAddress,
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
from tests.directory.own_site.conftest import numbers
from tests.directory.own_site.web import Reply, Web, html, moved

SOON = 0.25
"""Seconds: what a slow site is given here."""


def test_document_comes_with_where_it_was(web: Web) -> None:
    web.replies["/a"] = html("<p>été</p>")
    found = fetch(f"{web.url}/a", kinds=PAGES)
    assert (found.url, found.kind, found.charset, found.body.decode()) == (
        f"{web.url}/a",
        "text/html",
        "utf-8",
        "<p>été</p>",
    )


# ------------------------------------------------------------------------------------------------ pinned


@pytest.mark.usefixtures("in_production")
def test_name_is_asked_once_and_the_checked_number_is_what_is_connected_to(connections: list[Any]) -> None:
    """A resolver that answers otherwise the second time has nobody to tell it to."""
    with pytest.raises(Unreachable):
        fetch(
            "http://boutique.example/",
            kinds=PAGES,
            resolve=numbers(["93.184.216.34"], ["127.0.0.1"]),
        )
    assert connections == [("93.184.216.34", 80)]


@pytest.mark.usefixtures("in_production")
def test_system_is_asked_for_the_name_once(connections: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def look_up(host: str, port: int, **_how: Any) -> list[Any]:
        asked.append(host)
        return [
            (
                socket.AF_INET,
                socket.SOCK_STREAM,
                6,
                "",
                ("93.184.216.34" if len(asked) == 1 else "10.0.0.1", port),
            )
        ]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with pytest.raises(Unreachable):
        fetch("https://boutique.example/", kinds=PAGES)
    assert (asked, connections) == (["boutique.example"], [("93.184.216.34", 443)])


@pytest.mark.usefixtures("in_production")
def test_next_number_is_tried_where_one_does_not_answer(connections: list[Any]) -> None:
    many = ["2606:4700::1", "93.184.216.34", "93.184.216.35", "93.184.216.36"]
    with pytest.raises(Unreachable):
        fetch("http://boutique.example/", kinds=PAGES, resolve=numbers(many))
    assert [address[0] for address in connections] == many[: fetching.MOST_NUMBERS_TRIED]


def test_name_without_a_number_is_told(connections: list[Any]) -> None:
    with pytest.raises(NameUnknown):
        fetch("http://boutique.example/", kinds=PAGES, resolve=numbers([]))


@pytest.mark.usefixtures("in_production")
def test_name_that_nobody_answers_for_is_not_waited_for(connections: list[Any]) -> None:
    waits = threading.Event()

    def never(_host: str, _port: int) -> list[str]:
        waits.wait(10)
        return ["93.184.216.34"]

    try:
        with pytest.raises(TooSlow):
            fetch("http://boutique.example/", kinds=PAGES, seconds=0.05, resolve=never)
    finally:
        waits.set()
    assert connections == []


def test_proxies_of_the_environment_are_not_asked(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    web.replies["/"] = html("<p>a</p>")
    assert fetch(web.url, kinds=PAGES).body == b"<p>a</p>"


# ------------------------------------------------------------------------------------------------ redirects


@pytest.mark.parametrize("letters", ["é", "é".encode().decode("latin-1"), "%C3%A9"])
def test_redirect_is_followed_by_hand(web: Web, letters: str) -> None:
    web.replies.update(
        {"/": moved("/accueil", 301), "/accueil": moved(f"fr/?a={letters}"), "/fr/": html("<p>ici</p>")}
    )
    assert fetch(web.url, kinds=PAGES).url == f"{web.url}/fr/?a=%C3%A9"


@pytest.mark.parametrize(
    "to",
    [
        "http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://[::ffff:10.0.0.1]/", "//192.168.0.1/",
        "http://167772161/", "http://0xa.1/", "https://localhost/", "http://a:b@boutique.example/", "file:///etc/passwd",
        "gopher://boutique.example/", "http://boutique.example:22/",
    ],
)  # fmt: skip
def test_redirect_inside_is_refused_without_a_connection(
    web: Web, to: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected: list[Any] = []
    connect = socket.socket.connect

    def watch(line: socket.socket, address: Any) -> None:
        connected.append(address)
        connect(line, address)

    monkeypatch.setattr(socket.socket, "connect", watch)
    web.replies["/"] = moved(to)
    with pytest.raises((PrivateAddress, BadAddress)):
        fetch(web.url, kinds=PAGES, resolve=numbers(["127.0.0.1"]))
    assert connected == [("127.0.0.1", web.port)]


def test_redirect_to_a_name_that_leads_inside_is_refused(web: Web) -> None:
    web.replies["/"] = moved("http://boutique.example/")
    with pytest.raises(PrivateAddress):
        fetch(web.url, kinds=PAGES, resolve=numbers(["127.0.0.1"], ["10.0.0.1"]))
    assert web.asked == ["/"]


def test_site_that_sends_round_in_circles_is_left(web: Web) -> None:
    web.replies["/"] = moved("/")
    with pytest.raises(TooManyHops):
        fetch(web.url, kinds=PAGES)
    assert len(web.asked) == 4


def test_each_hop_is_asked_whether_it_may_be(web: Web) -> None:
    permitted: list[str] = []
    web.replies.update({"/": moved("/b"), "/b": html("<p>b</p>")})
    fetch(web.url, kinds=PAGES, permit=lambda address: permitted.append(address.target))
    assert permitted == ["/", "/b"]


# ------------------------------------------------------------------------------------------------ weight


def test_bomb_of_zeros_is_not_unpacked(web: Web) -> None:
    bomb = gzip.compress(bytes(200 * 1024 * 1024), compresslevel=1)
    assert len(bomb) < MOST_BYTES
    web.replies["/"] = Reply(bomb, headers={"Content-Encoding": "gzip"})
    with pytest.raises(TooHeavy):
        fetch(web.url, kinds=PAGES)


def test_packed_page_is_unpacked(web: Web) -> None:
    web.replies["/"] = Reply(
        gzip.compress("<p>été</p>".encode() * 9000), headers={"Content-Encoding": "gzip"}
    )
    assert fetch(web.url, kinds=PAGES).body.decode() == "<p>été</p>" * 9000


def test_body_announced_as_too_heavy_is_not_read(web: Web) -> None:
    def announce(asked: BaseHTTPRequestHandler) -> None:
        asked.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2097153\r\n\r\n")
        web.released.wait(10)

    web.replies["/"] = announce
    with pytest.raises(TooHeavy):
        fetch(web.url, kinds=PAGES)
    web.released.set()


def endless(asked: BaseHTTPRequestHandler) -> None:
    asked.send_response(200)
    asked.send_header("Content-Type", "text/html")
    asked.end_headers()
    for _more in range(MOST_BYTES // 65536 * 8):
        asked.wfile.write(b"x" * 65536)


def test_body_without_end_is_left(web: Web) -> None:
    web.replies["/"] = endless
    with pytest.raises(TooHeavy):
        fetch(web.url, kinds=PAGES)


def test_body_as_heavy_as_allowed_is_read(web: Web) -> None:
    web.replies["/"] = Reply(b"x" * MOST_BYTES)
    assert len(fetch(web.url, kinds=PAGES).body) == MOST_BYTES


# ------------------------------------------------------------------------------------------------ time


def test_answer_that_never_comes_is_not_waited_for(web: Web) -> None:
    web.replies["/"] = lambda _asked: web.released.wait(10) and None
    assert_soon(web)


def test_body_that_drips_is_left_when_the_whole_time_is_over(web: Web) -> None:
    """A byte comes within each single wait; together they would take an hour."""

    def drip(asked: BaseHTTPRequestHandler) -> None:
        asked.send_response(200)
        asked.send_header("Content-Type", "text/html")
        asked.send_header("Content-Length", "100000")
        asked.end_headers()
        while not web.released.wait(SOON / 8):
            asked.wfile.write(b"x")
            asked.wfile.flush()

    web.replies["/"] = drip
    assert_soon(web)


def test_headers_that_drip_are_left_too(web: Web) -> None:
    def drip(asked: BaseHTTPRequestHandler) -> None:
        asked.wfile.write(b"HTTP/1.1 200 OK\r\nX-A: ")
        while not web.released.wait(SOON / 8):
            asked.wfile.write(b"x")
            asked.wfile.flush()

    web.replies["/"] = drip
    assert_soon(web)


def test_time_is_one_for_all_hops(web: Web) -> None:
    def late(asked: BaseHTTPRequestHandler) -> None:
        web.released.wait(SOON * 0.6)
        moved("/")(asked)

    web.replies["/"] = late
    assert_soon(web)


def assert_soon(web: Web) -> None:
    began = time.monotonic()
    with pytest.raises(TooSlow):
        fetch(web.url, kinds=PAGES, seconds=SOON)
    assert time.monotonic() - began < 5
    web.released.set()


# ------------------------------------------------------------------------------------------------ answers


@pytest.mark.parametrize("kind", ["image/png", "application/pdf", "text/plain", "", "application/json", "x"])
def test_other_kinds_are_not_read(web: Web, kind: str) -> None:
    web.replies["/"] = Reply(b"<p>a</p>", kind=kind)
    with pytest.raises(WrongKind):
        fetch(web.url, kinds=PAGES)


def test_packing_that_is_not_known_is_not_read(web: Web) -> None:
    web.replies["/"] = Reply(b"x", headers={"Content-Encoding": "br"})
    with pytest.raises(WrongKind):
        fetch(web.url, kinds=PAGES)


@pytest.mark.parametrize(
    ("status", "refusal"), [(404, NotThere), (410, NotThere), (403, Answered), (500, Answered)]
)
def test_other_answers_are_told(web: Web, status: int, refusal: type[Answered]) -> None:
    web.replies["/"] = Reply(status=status)
    with pytest.raises(refusal) as told:
        fetch(web.url, kinds=DATA)
    assert told.value.status == status


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"no http at all\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 300 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nxyz",
    ],
)  # fmt: skip
def test_answer_that_makes_no_sense_is_told(web: Web, raw: bytes) -> None:
    web.replies["/"] = lambda asked: asked.wfile.write(raw) and None
    with pytest.raises(Unreachable):
        fetch(web.url, kinds=PAGES)


def test_nobody_listening_is_told(web: Web) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(Unreachable):
            fetch(f"http://127.0.0.1:{taken.getsockname()[1]}/", kinds=PAGES)


# ------------------------------------------------------------------------------------------------ certificates


@pytest.fixture
def own_certificate(tmp_path: Path) -> Path:
    """For « boutique.example », signed by itself."""
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "boutique.example")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("boutique.example")]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = tmp_path / "own.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def sealed(web: Web, own_certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Web:
    """Behind TLS, where https goes to."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own_certificate)
    web._server.socket = context.wrap_socket(web._server.socket, server_side=True)
    connect = socket.socket.connect
    monkeypatch.setattr(socket.socket, "connect", lambda line, address: connect(line, (address[0], web.port)))
    web._server.handle_error = lambda *_who: None
    web.replies["/"] = html("<p>scellé</p>")
    return web


def test_certificate_that_nobody_vouches_for_is_refused(sealed: Web) -> None:
    with pytest.raises(BadCertificate):
        fetch("https://boutique.example/", kinds=PAGES, resolve=numbers(["127.0.0.1"]))
    assert sealed.asked == []


def test_certificate_must_be_the_names_and_not_the_numbers(
    sealed: Web, own_certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "_tls", lambda: ssl.create_default_context(cafile=str(own_certificate)))
    with pytest.raises(BadCertificate):
        fetch("https://autre.example/", kinds=PAGES, resolve=numbers(["127.0.0.1"]))
    found = fetch("https://boutique.example/", kinds=PAGES, resolve=numbers(["127.0.0.1"]))
    assert (found.body.decode(), sealed.asked) == ("<p>scellé</p>", ["/"])
