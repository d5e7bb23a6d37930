"""A real web server on a free port of this machine that takes webhooks, or misbehaves as it is told."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Call:
    """One request as it came over the wire."""

    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """Answers with `status` after `pause` seconds; `drip` sends the answer a byte at a time, for ever."""

    port: int = 0
    status: int = 204
    pause: float = 0.0
    drip: bool = False
    endless: bool = False
    location: str = ""
    calls: list[Call] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}/hook"


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("content-length", 0))
            receiver.calls.append(Call(dict(self.headers.items()), self.rfile.read(length)))
            with suppress(OSError):
                self._answer()

        def _answer(self) -> None:
            time.sleep(receiver.pause)
            if receiver.drip:
                while True:
                    self.wfile.write(b"H")
                    self.wfile.flush()
                    time.sleep(0.1)
            self.send_response(receiver.status)
            if receiver.location:
                self.send_header("Location", receiver.location)
            if receiver.endless:
                self.end_headers()
                while True:
                    self.wfile.write(b"x" * 65536)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    return Handler


@contextmanager
def web_server(receiver: Receiver) -> Iterator[Receiver]:
    """Run the server in threads of its own while the block runs."""
    server = ThreadingHTTPServer((HOST, receiver.port), _handler(receiver))
    server.daemon_threads = True
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
