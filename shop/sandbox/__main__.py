"""`python -m shop.sandbox`: the sandbox in a process of its own."""

import argparse
import os
import signal
import sys
import threading
from urllib.parse import urlsplit

from shop.sandbox.server import DEFAULT_SECRET, Sandbox


def add_options(parser: argparse.ArgumentParser, *, port: int = 12111, webhook_url: str | None = None,
                webhook_secret: str = DEFAULT_SECRET) -> None:  # fmt: skip
    """The options that both ways of starting share."""
    parser.add_argument(
        "--port", type=int, default=port, help="port to listen on (default %(default)s; 0: any free one)"
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default %(default)s)")
    parser.add_argument(
        "--state", default=":memory:", metavar="FILE", help="where to remember (default: nowhere)"
    )
    parser.add_argument(
        "--public-url", metavar="URL", help="how buyers reach it (default http://localhost:PORT)"
    )
    parser.add_argument(
        "--webhook-url", default=webhook_url, metavar="URL", help="where events go (default: %(default)s)"
    )
    parser.add_argument(
        "--webhook-secret", default=webhook_secret, metavar="whsec_…", help="signs the events"
    )
    parser.add_argument(
        "--connect-secret",
        metavar="whsec_…",
        help="signs the events of connected accounts (default: the same)",
    )
    parser.add_argument(
        "--clock", metavar="WHEN", help="real, +SECONDS, -SECONDS, or an instant to freeze at"
    )


def serve(options: argparse.Namespace) -> None:
    """Serves until it is interrupted or asked to stop, and then leaves nothing behind."""
    done = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: done.set())
    sandbox = Sandbox(
        port=options.port, host=options.host, state=options.state, public_url=options.public_url,
        webhook_url=options.webhook_url, webhook_secret=options.webhook_secret, clock=options.clock,
    )  # fmt: skip
    sandbox.connect_secret = options.connect_secret
    with sandbox:
        sys.stdout.write(
            f"Payment sandbox at {sandbox.url} (webhooks to {sandbox.webhook_url or 'nobody'})\n"
        )
        sys.stdout.flush()
        done.wait()


def port_of(url: str | None, default: int = 12111) -> int:
    """The port an address names."""
    return (urlsplit(url).port if url else None) or default


def main() -> None:
    """Reads the command line; the environment gives the defaults."""
    parser = argparse.ArgumentParser(prog="python -m shop.sandbox", description=__doc__)
    base, secrets = os.environ.get("BASE_URL"), os.environ.get("STRIPE_WEBHOOK_SECRETS", "")
    add_options(
        parser,
        port=port_of(os.environ.get("STRIPE_API_BASE")),
        webhook_url=f"{base.rstrip('/')}/stripe/webhook/" if base else None,
        webhook_secret=secrets.split(",")[0].strip() or DEFAULT_SECRET,
    )
    try:
        serve(parser.parse_args())
    except (RuntimeError, ValueError, OSError) as error:
        parser.exit(1, f"{error}\n")


if __name__ == "__main__":
    main()
