"""Whatever comes over the wire, the answer is an answer: never a stack trace, never silence, never an effect."""

import http.client
import json
import socket
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shop.sandbox.server import Sandbox
from tests.shop.sandbox.asking import KEY, raw

FUZZ = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(autouse=True)
def _silent_console(capfd: pytest.CaptureFixture[str]):
    """The sandbox tells its own faults on stderr: there are none."""
    yield
    assert "Traceback" not in capfd.readouterr().err


def wire(sandbox: Sandbox, data: bytes) -> bytes:
    """What comes back for these bytes."""
    parts = urlsplit(sandbox.url)
    with socket.create_connection(("127.0.0.1", parts.port or 0), timeout=20) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        received = b""
        while piece := connection.recv(65536):
            received += piece
        return received


def ask(sandbox: Sandbox, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
    parts = urlsplit(sandbox.url)
    connection = http.client.HTTPConnection("127.0.0.1", parts.port, timeout=20)
    try:
        connection.putrequest(method, path, skip_accept_encoding=True)
        given = {"Authorization": f"Bearer {KEY}", "Content-Length": str(len(body))} | headers
        for name, value in given.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


@pytest.mark.parametrize(
    "body",
    [
        b"\x00\xff\xfe", b"%ff=%ff", b"a[b=1", b"a]=1", b"[a]=1", b"a[[b]]=1", b"=1", b"a&b&c", b"a=1&a[b]=2",
        b"a[b]=1&a=2", b"line_items=1", b"line_items[x]=1", b"line_items[-1][quantity]=1", b"mode[]=payment",
        b"line_items[99999999999999999999][quantity]=1", b"mode[a][b]=1", b"[" * 5000, b"a" + b"[b]" * 50 + b"=1",
        b"&".join(b"k%d=1" % n for n in range(3000)), b'{"mode": "payment"}', b"expand[]=", b"expand=",
        b"metadata[]=1", b"metadata[a][b]=1", b"expires_at=9" + b"9" * 30, b"expires_at=1e9", b"expires_at=\xd9\xa1",
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/v1/checkout/sessions", "/v1/transfers", "/v1/refunds"])
def test_garbage_form_is_400(sandbox: Sandbox, path: str, body: bytes):
    status, answer = raw(sandbox, "POST", path, body)
    assert status == 400
    assert answer["error"]["type"] == "invalid_request_error"
    assert answer["error"]["message"]


@pytest.mark.parametrize(
    "body",
    [
        b"{", b"[]", b"3", b"null", b'"x"', b"\xff", b"NaN", b'{"display_name": NaN}', b"[" * 100_000, b'{"a":' * 9000,
        b'{"display_name": "\\ud800"}', b'{"display_name": {}}', b'{"include": "x"}', b'{"configuration": [1]}',
        b'{"metadata": {"a": 1}}', b'{"identity": {"attestations": 4}}', b'{"a": 1' + b"0" * 5000 + b"}",
    ],
)  # fmt: skip
def test_garbage_json_is_400(sandbox: Sandbox, body: bytes):
    status, answer = raw(sandbox, "POST", "/v2/core/accounts", body)
    assert status == 400
    assert answer["error"]["message"]


@pytest.mark.parametrize(
    "path", ["/v1/checkout/sessions", "/v2/core/accounts", "/_sandbox/clock", "/c/pay/cs_test_x"]
)
def test_huge_body_is_413(sandbox: Sandbox, path: str):
    assert ask(sandbox, "POST", path, b"a=" + b"x" * (1024 * 1024))[0] == 413
    assert ask(sandbox, "POST", path, b"a=" + b"x" * (1024 * 1024 - 2))[0] in (400, 404)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "BREW", "get"])
@pytest.mark.parametrize("path", ["/v1/transfers", "/c/pay/cs_test_x", "/_sandbox/health", "/"])
def test_odd_method_is_answered(sandbox: Sandbox, method: str, path: str):
    status, body = ask(sandbox, method, path)
    assert status in (200, 404, 405)
    assert b"Traceback" not in body


def test_head_has_no_body(sandbox: Sandbox):
    assert ask(sandbox, "HEAD", "/_sandbox/health")[1] == b""


@pytest.mark.parametrize(
    "data",
    [
        b"nonsense\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET /v1/events HTTP/9.9\r\n\r\n",
        b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n",
        b"GET //[ HTTP/1.1\r\n\r\n",
        b"GET http://[::1 HTTP/1.1\r\n\r\n",
        b"GET /v1/events HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"GET /v1/events HTTP/1.1\r\nContent-Length: many\r\n\r\n",
        b"POST /v1/transfers HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /v1/transfers HTTP/1.1\r\nContent-Length: 50\r\n\r\nshort",
        b"GET /\xff\xfe HTTP/1.1\r\n\r\n",
        b"GET /v1/events HTTP/1.1\r\n" + b"X-Many: 1\r\n" * 200 + b"\r\n",
        b"GET /v1/events HTTP/1.1\r\nAuthorization: Bearer \xff\xff\r\n\r\n",
    ],
)
def test_broken_http_gets_an_error_in_stripes_shape(sandbox: Sandbox, data: bytes):
    head, _, body = wire(sandbox, data).partition(b"\r\n\r\n")
    status = int(head.split(b" ")[1])
    assert 400 <= status < 500 or status == 505
    assert json.loads(body)["error"]["message"]


def test_connection_that_ends_early_disturbs_nobody(sandbox: Sandbox):
    for data in (b"", b"POST /v1/transfers HT", b"\x16\x03\x01\x02\x00"):
        wire(sandbox, data)
    assert ask(sandbox, "GET", "/_sandbox/health")[0] == 200


@FUZZ
@given(
    body=st.binary(max_size=400),
    path=st.sampled_from(["/v1/checkout/sessions", "/v1/transfers", "/v2/core/accounts"]),
)
def test_random_bytes_never_break_anything(shared: Sandbox, body: bytes, path: str):
    status, answer = ask(shared, "POST", path, body)
    assert status in (200, 400, 501)
    json.loads(answer)


keys = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
names = st.sampled_from(
    ["mode", "line_items", "metadata", "expires_at", "expand", "payment_intent_data", "locale"]
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | keys,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=8,
)


@FUZZ
@given(params=st.dictionaries(names | keys, values, max_size=4))
def test_random_parameters_never_break_anything(shared: Sandbox, params):
    body = json.dumps(params, allow_nan=True).encode()
    assert ask(shared, "POST", "/v2/core/accounts", body)[0] in (200, 400, 501)
    assert ask(shared, "POST", "/_sandbox/accounts", body)[0] in (200, 400)
    assert ask(shared, "POST", "/_sandbox/clock", body)[0] in (200, 400)


@FUZZ
@given(
    typed=st.dictionaries(st.sampled_from(["number", "expiry", "cvc", "name", "postal_code", "email"]), keys)
)
def test_random_card_forms_are_answered_with_the_form(shared: Sandbox, typed):
    from tests.shop.sandbox.asking import client_of, session_params

    session = client_of(shared).v1.checkout.sessions.create(params=session_params())
    body = "&".join(f"{name}={value}" for name, value in typed.items()).encode()
    status, page = ask(shared, "POST", urlsplit(session.url).path, body)
    assert status == 422
    assert b"<form" in page
