"""From an HTTP request to Stripe's answer: who asks, what is asked, was it asked before, what goes wrong."""

import base64
import binascii
import json
import traceback
from collections import deque
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from shop.sandbox import billing, simulated
from shop.sandbox.errors import Json, Refusal, broken, not_simulated, unknown_address
from shop.sandbox.faults import Fault, Faults
from shop.sandbox.forms import flatten, read_form
from shop.sandbox.idempotency import Key, Keys, Stored, key_for
from shop.sandbox.ids import new_id
from shop.sandbox.messages import Disposition, Request, Response
from shop.sandbox.simulated.accounts import check_scope
from shop.sandbox.simulated.registry import OPERATIONS, Simulated
from shop.sandbox.specification import Operation, api_version, installed
from shop.sandbox.world import Call, World

__all__ = ["Api", "billing", "simulated"]
REMEMBERED_REQUESTS = 1000
RATE_LIMIT = (
    "Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits."
)


class Lost(Exception):
    """The answer never reaches the caller."""

    def __init__(self, disposition: Disposition) -> None:
        super().__init__(disposition)
        self.disposition: Disposition = disposition


@dataclass(frozen=True)
class Asked:
    """A request that may run: checked, with its key if it has one."""

    call: Call
    operation: Simulated
    method: str
    path: str
    key: Key | None


class Api:
    """Stripe's v1 and v2 over one world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.faults = Faults()
        self.requests: deque[Json] = deque(maxlen=REMEMBERED_REQUESTS)
        self._keys = Keys(world.store)
        self._specification = installed()

    def answer(self, request: Request) -> Response:
        """Always an answer in Stripe's shape; never a stack trace, never an exception."""
        request_id = new_id("req_", 14)
        note: Json = {
            "id": request_id,
            "method": request.method,
            "path": request.path,
            "at": self.world.clock.now(),
        }
        try:
            response = self._answer(request, request_id, note)
        except Lost as lost:
            response = Response(0, disposition=lost.disposition)
        except Refusal as refusal:
            response = _response(refusal.status, json.dumps(refusal.body()), request_id)
        except Exception:  # noqa: BLE001 - a fault of the sandbox is a 500, as a fault of Stripe would be
            traceback.print_exc()
            response = _response(500, json.dumps(broken().body()), request_id)
        self.requests.append(
            note | {"status": response.status, "is_replayed": "Idempotent-Replayed" in response.headers}
        )
        return response

    def _answer(self, request: Request, request_id: str, note: Json) -> Response:
        check_key(request.headers.get("authorization", ""))
        asked = self._ask(request, request_id, note)
        with self._keys.hold(asked.key) if asked.key else nullcontext():
            stored = self._keys.recall(asked.key, asked.call.now) if asked.key else None
            if stored:
                return _replay(stored, request_id)
            status, body = self._run(asked)
        return _response(status, body, request_id, has_key=asked.key is not None)

    def _ask(self, request: Request, request_id: str, note: Json) -> Asked:
        found = self._specification.find(request.method, request.path)
        if found is None:
            raise unknown_address(request.method, request.path)
        operation, path = found
        account = _account(request)
        check_scope(self.world, account)
        raw = _raw_params(request, operation)
        key = request.headers.get("idempotency-key")
        note |= {"account": account, "params": flatten(raw), "idempotency_key": key}
        params = _read(operation, raw)
        handler = OPERATIONS.get((operation.method, operation.path))
        if handler is None:
            raise not_simulated(f"{request.method} {operation.path}")
        call = Call(self.world, account, params, path, request_id, key)
        is_keyed = key is not None and request.method == "POST"
        full = key_for(account, key, request.path, raw) if key and is_keyed else None
        return Asked(call, handler, request.method, request.path, full)

    def _run(self, asked: Asked) -> tuple[int, str]:
        """Runs the call once, and stores its outcome with its effects. Raises Refusal or Lost."""
        fault = self.faults.take(asked.method, asked.path)
        try:
            self._before(fault)
            with self.world.store.transaction():
                status, body = self._outcome(asked)
                if fault and fault.kind == "500_after":
                    status, body = 500, json.dumps(broken().body())
                self._keep(asked, status, body)
        except Refusal as refusal:
            if refusal.is_stored:
                self._keep(asked, refusal.status, json.dumps(refusal.body()))
            raise
        self._after(fault)
        return status, body

    def _outcome(self, asked: Asked) -> tuple[int, str]:
        """The answer; a refusal too, where what it is about has happened. Raises Refusal where nothing has."""
        try:
            return 200, json.dumps(asked.operation.run(asked.call))
        except Refusal as refusal:
            if not refusal.has_happened:
                raise
            return refusal.status, json.dumps(refusal.body())

    def _keep(self, asked: Asked, status: int, body: str) -> None:
        if asked.key:
            self._keys.keep(asked.key, Stored(status, body, asked.call.request_id), asked.call.now)

    def _before(self, fault: Fault | None) -> None:
        """What goes wrong before anything happened."""
        kind = fault.kind if fault else ""
        if fault and kind in ("hang", "slow"):
            self.faults.wait(fault)
        if kind == "500_before":
            raise broken()
        if kind == "429":
            raise Refusal(RATE_LIMIT, status=429, code="rate_limit", is_stored=False)
        if kind in ("hang", "reset"):
            raise Lost("drop" if kind == "hang" else "reset")

    def _after(self, fault: Fault | None) -> None:
        """What goes wrong once it happened: the caller does not hear of it."""
        if fault and fault.kind == "hang_after":
            self.faults.wait(fault)
            raise Lost("drop")
        if fault and fault.kind == "reset_after":
            raise Lost("reset")


def check_key(authorization: str) -> None:
    """Only a test key opens the sandbox. Raises Refusal (401)."""
    key = _presented_key(authorization)
    if not key:
        raise _unauthorized("You did not provide an API key. You need to provide your API key in the Authorization "
                            "header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').")  # fmt: skip
    if key.startswith(("sk_live", "rk_live")):
        raise _unauthorized("The payment sandbox refuses live keys. Nothing was done; use a test key.")
    if not key.startswith("sk_test_") or len(key) < 12:
        raise _unauthorized(f"Invalid API Key provided: {key[:7]}***")


def _unauthorized(message: str) -> Refusal:
    return Refusal(message, status=401, is_stored=False)


def _presented_key(authorization: str) -> str:
    scheme, _, credentials = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return credentials.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(credentials, validate=True).decode("ascii").partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return ""


def _account(request: Request) -> str:
    """The account a request acts on; `Stripe-Context` is v2's newer name for it."""
    return request.headers.get("stripe-account") or request.headers.get("stripe-context") or ""


def _raw_params(request: Request, operation: Operation) -> Json:
    if request.method == "GET" or not operation.is_v2:
        try:
            body = request.body.decode("utf-8") if request.method != "GET" else ""
        except UnicodeDecodeError as error:
            raise Refusal("Invalid request: the body is not UTF-8.", is_stored=False) from error
        return read_form(request.query) | read_form(body)
    return _json_params(request.body)


def _read(operation: Operation, raw: Json) -> Json:
    """The checked parameters. `page` of a v2 list comes from our own `next_page_url`: the package does not name it."""
    page = raw.pop("page", None) if operation.is_v2 and operation.method == "get" else None
    return operation.read(raw) | ({"page": str(page)} if page is not None else {})


def _json_params(body: bytes) -> Json:
    try:
        params = json.loads(body.decode("utf-8"), parse_constant=_no_constant) if body.strip() else {}
        json.dumps(params, ensure_ascii=False).encode("utf-8")  # half a character cannot be kept
    except (ValueError, RecursionError) as error:
        raise Refusal("Invalid request: the body is not JSON.", is_stored=False) from error
    if not isinstance(params, dict):
        raise Refusal("Invalid request: the body is not a JSON object.", is_stored=False)
    return params


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _replay(stored: Stored, request_id: str) -> Response:
    response = _response(stored.status, stored.body, request_id, has_key=True)
    response.headers |= {"Idempotent-Replayed": "true", "Original-Request": stored.request_id}
    return response


def _response(status: int, body: str, request_id: str, *, has_key: bool = False) -> Response:
    headers = {"Content-Type": "application/json", "Request-Id": request_id, "Stripe-Version": api_version()}
    if status == 501 or (status == 500 and has_key):
        headers["Stripe-Should-Retry"] = "false"
    return Response(status, body.encode(), headers)
