"""The sandbox as one object: starts, stops, and is controlled, in a process of its own or inside a test."""

import os
import threading
import traceback
from typing import Self

from shop.sandbox import control, dashboard, hosted
from shop.sandbox.api import Api
from shop.sandbox.clock import Clock
from shop.sandbox.controls import ControlError, Controls
from shop.sandbox.courier import Courier
from shop.sandbox.errors import broken, unknown_address
from shop.sandbox.http_server import Server
from shop.sandbox.messages import Request, Response, json_response
from shop.sandbox.store import Store
from shop.sandbox.world import World

__all__ = ["DEFAULT_SECRET", "ControlError", "Sandbox", "dashboard", "refuse_live_key"]
DEFAULT_SECRET = "whsec_sandbox"  # noqa: S105 - a secret of a toy


def refuse_live_key(key: str | None) -> None:
    """Raises RuntimeError when the environment holds a live key: the sandbox and real money never meet."""
    if key and key.startswith(("sk_live", "rk_live")):
        raise RuntimeError(
            "STRIPE_SECRET_KEY is a live key: the payment sandbox does not start beside real money."
        )


class Sandbox(Controls):
    """A payment sandbox on its own port. Use as a context manager, or call `start` and `stop`.

    `state` is a file (kept between runs) or `:memory:`. Port 0 takes a free one. Without `webhook_url`
    events are recorded and wait. Raises RuntimeError beside a live key, ValueError for a senseless clock,
    OSError when the port or the file cannot be had.
    """

    def __init__(
        self, *, port: int = 0, host: str = "127.0.0.1", state: str = ":memory:", public_url: str | None = None,
        webhook_url: str | None = None, webhook_secret: str = DEFAULT_SECRET, clock: str | None = None,
    ) -> None:  # fmt: skip
        refuse_live_key(os.environ.get("STRIPE_SECRET_KEY"))
        Clock().start_at(clock)  # a wish that makes no sense is refused before anything is opened
        store = Store(state)
        try:
            self._server = Server((host, port), self._respond)
        except OSError:
            store.close()
            raise
        self.url = (public_url or f"http://localhost:{self._server.server_port}").rstrip("/")
        self.webhook_secret = webhook_secret
        self.world = World(store, Clock(), self.url)
        self._set_clock(clock)
        self.api = Api(self.world)
        self.courier = Courier(self.world, webhook_url, webhook_secret)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="sandbox", daemon=True
        )

    def _set_clock(self, wish: str | None) -> None:
        kept = self.world.store.recall("clock")
        if kept:
            self.world.clock.restore(kept)
        self.world.clock.start_at(wish)
        self.world.store.remember("clock", self.world.clock.state())

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._server.server_port)

    @property
    def webhook_url(self) -> str | None:
        """Where webhooks go; may be set once the receiver knows its own address."""
        return self.courier.url

    @webhook_url.setter
    def webhook_url(self, url: str | None) -> None:
        self.courier.url = url
        self.courier.nudge()

    @property
    def connect_secret(self) -> str | None:
        """Signs the events of connected accounts; the other secret does where this is None."""
        return self.courier.connect_secret

    @connect_secret.setter
    def connect_secret(self, secret: str | None) -> None:
        self.courier.connect_secret = secret

    def start(self) -> Self:
        """Listens from now on."""
        self._thread.start()
        self.courier.start()
        return self

    def stop(self) -> None:
        """Nothing of it is left running."""
        self.api.faults.clear()
        self._server.shutdown()
        self._server.hang_up()
        self._server.server_close()
        self.courier.stop()
        self.world.store.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def _respond(self, request: Request) -> Response:
        """Always an answer, and never a stack trace in it."""
        try:
            return self._route(request)
        except Exception:  # noqa: BLE001 - a fault of the sandbox is told on its own console
            traceback.print_exc()
            return json_response(broken().body(), 500)
        finally:
            if request.method != "GET":
                self.courier.nudge()

    def _route(self, request: Request) -> Response:
        if request.path.startswith(("/v1/", "/v2/")):
            return self.api.answer(request)
        if request.path.startswith("/_sandbox/"):
            return control.respond(self, request)
        return hosted.respond(self.world, request) or _nothing_here(request)


def _nothing_here(request: Request) -> Response:
    refusal = unknown_address(request.method, request.path)
    return json_response(refusal.body(), refusal.status)
