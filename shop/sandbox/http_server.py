"""HTTP/1.1 over threads: reads a bounded request, writes the answer in one piece, and survives what is neither."""

import contextlib
import socket
import struct
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any
from urllib.parse import urlsplit

from shop.sandbox.errors import Refusal
from shop.sandbox.messages import Request, Response, json_response

LARGEST_BODY = 1024 * 1024
LARGEST_DRAIN = 8 * LARGEST_BODY
IDLE_SECONDS = 75
Respond = Callable[[Request], Response]


class Server(ThreadingHTTPServer):
    """Threads that end with the process, and connections that end with the server."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], respond: Respond) -> None:
        super().__init__(address, Handler)
        self.respond = respond
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()

    def server_bind(self) -> None:
        """Binds without asking a name server who we are, which is slow where there is no network."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Keeps track of the connection while its thread lives."""
        with self._lock:
            self._open.add(request)
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self._lock:
                self._open.discard(request)

    def shutdown(self) -> None:
        """Ends at once: whoever waits for the next caller, and else looks up now and then, is called."""
        ending = threading.Thread(target=super().shutdown, daemon=True)
        ending.start()
        with contextlib.suppress(OSError), socket.socket(self.address_family) as caller:
            caller.settimeout(1)
            caller.connect(("127.0.0.1", self.server_port))
        ending.join()

    def hang_up(self) -> None:
        """Ends every open connection."""
        with self._lock:
            connections = list(self._open)
        for connection in connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that hangs up in the middle is not worth a trace."""


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server_version, sys_version = "AchetonsSandbox", ""
    timeout = IDLE_SECONDS
    wbufsize = -1
    disable_nagle_algorithm = True
    server: Server

    def _respond(self) -> None:
        try:
            request = self._read()
        except Refusal as refusal:
            self.close_connection = True
            self._write(json_response(refusal.body(), refusal.status))
        else:
            self._write(self.server.respond(request))

    def _read(self) -> Request:
        """The whole request. Raises Refusal when it cannot be read; the connection is of no use then."""
        try:
            parts = urlsplit("/" + self.path.lstrip("/"))
        except ValueError as error:
            raise Refusal("Invalid request URL.") from error
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Request(self.command, parts.path, parts.query, headers, self._body(), self.client_address[0])

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = _respond

    def _body(self) -> bytes:
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            raise Refusal("The sandbox reads bodies with a Content-Length only.", status=411)
        announced = self.headers.get("Content-Length", "0")
        if not (announced.isascii() and announced.isdigit() and len(announced) < 16):
            raise Refusal("Invalid Content-Length.", status=400)
        if int(announced) > LARGEST_BODY:
            self._drain(int(announced))
            raise Refusal(f"The request is larger than {LARGEST_BODY} bytes.", status=413)
        body = self.rfile.read(int(announced))
        if len(body) < int(announced):
            raise Refusal("The request ended before its announced length.")
        return body

    def _drain(self, size: int) -> None:
        """Reads a body too large to keep, within reason, so that the caller gets to hear the answer."""
        left = min(size, LARGEST_DRAIN)
        while left > 0 and (piece := self.rfile.read(min(left, 65536))):
            left -= len(piece)

    def _write(self, response: Response) -> None:
        if response.disposition != "send":
            self._break(is_reset=response.disposition == "reset")
            return
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(response.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)

    def _break(self, *, is_reset: bool) -> None:
        self.close_connection = True
        if is_reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
        else:
            self.connection.shutdown(socket.SHUT_RDWR)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What cannot even be parsed is answered in Stripe's shape too."""
        self.close_connection = True
        status = 405 if code == 501 else code
        self.command = getattr(self, "command", None) or "GET"
        self.request_version = self.protocol_version
        self._write(json_response(Refusal(message or "Invalid request", status=status).body(), status))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Silence: `/_sandbox/requests` tells more."""
