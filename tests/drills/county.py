"""A county's server on loopback: what it says, and whether it says anything, is for the test."""

from __future__ import annotations

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class County:
    """Serves one document per path and remembers when it was asked (monotonic seconds).

    On a path that is silenced it takes requests and answers none; whoever still waits
    when it speaks again gets the document that stands then.
    """

    def __init__(self) -> None:
        self.documents: dict[str, bytes] = {}
        self.asked_at: dict[str, list[float]] = {}
        self.silent: set[str] = set()
        self.speaks = threading.Event()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.handle_error = lambda *_: None  # a worker that died while it waited
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        county = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                county.asked_at.setdefault(self.path, []).append(time.monotonic())
                if self.path in county.silent:
                    county.speaks.wait(60)
                body = county.documents[self.path]
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        return Handler

    def address(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server.server_port}{path}"

    def times_asked(self, path: str) -> int:
        return len(self.asked_at.get(path, []))

    def silence(self, path: str) -> None:
        self.speaks.clear()
        self.silent.add(path)

    def speak(self) -> None:
        self.silent.clear()
        self.speaks.set()

    def close(self) -> None:
        self.speak()
        self.server.shutdown()
        self.server.server_close()
