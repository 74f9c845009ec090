"""A sandbox, the real client, and somebody who receives webhooks."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import stripe

from shop.sandbox.server import Sandbox
from tests.shop.sandbox.asking import NewSession, Receiver, client_of, session_params
from tests.shop.sandbox.subscribing import NOON, Plans


@pytest.fixture(scope="module")
def shared() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(shared: Sandbox) -> Sandbox:
    """A sandbox that remembers nothing of the test before."""
    shared.webhook_url = shared.connect_secret = None
    shared.reset()
    return shared


@pytest.fixture
def client(sandbox: Sandbox) -> stripe.StripeClient:
    """The real client, without retries: a test sees each answer."""
    return client_of(sandbox)


@pytest.fixture
def new_session(client: stripe.StripeClient) -> NewSession:
    """Creates a session of 45,96 $, with changes."""

    def create(**changes: Any) -> stripe.checkout.Session:
        account = changes.pop("stripe_account", None)
        options = {"stripe_account": account} if account else {}
        return client.v1.checkout.sessions.create(params=session_params(**changes), options=options)

    return create


@pytest.fixture
def paid_charge(client: stripe.StripeClient, sandbox: Sandbox, new_session: NewSession) -> stripe.Charge:
    """A charge of 45,96 $ on the platform."""
    paid = sandbox.pay(new_session().id)
    return client.v1.charges.retrieve(paid["payment_intent"]["latest_charge"])


@pytest.fixture
def plans(client: stripe.StripeClient, sandbox: Sandbox) -> Plans:
    """A plan at 39 $ a month with both taxes, on 15 January 2027."""
    sandbox.freeze(NOON)
    return Plans(client, sandbox).lay_out()


@pytest.fixture
def receiver(sandbox: Sandbox) -> Iterator[Receiver]:
    receiver = Receiver()

    class Endpoint(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(receiver.take(body, self.headers["Stripe-Signature"]))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads, request_queue_size = True, 128

    server = Server(("127.0.0.1", 0), Endpoint)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    receiver.url = f"http://127.0.0.1:{server.server_port}/stripe/webhook/"
    sandbox.webhook_url = receiver.url
    yield receiver
    sandbox.webhook_url = None
    server.shutdown()
    thread.join()
    server.server_close()
