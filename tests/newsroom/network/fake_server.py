"""A server on loopback that says exactly the bytes a test gives it, at the pace it is given."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Self

import pytest

from newsroom.network import http
from newsroom.network.answers import NetworkError

BODY = b'{"Timestamp": "2024-11-05T20:36:34.57"}'

get = partial(http.get, allow_private=True)

Answer = bytes | Callable[[socket.socket], None]


def ok(body: bytes, *headers: str) -> bytes:
    """A complete 200 answer."""
    return answer("200 OK", body, f"Content-Length: {len(body)}", *headers)


def answer(status: str, body: bytes = b"", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", "Connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def drip(said: bytes, then: bytes = b"x" * 10_000, pause: float = 0.05) -> Answer:
    """Say the first part at once, and the second one byte by byte."""

    def speak(line: socket.socket) -> None:
        line.sendall(said)
        for n in range(len(then)):
            line.sendall(then[n : n + 1])
            time.sleep(pause)

    return speak


def stream(said: bytes, pieces: Iterator[bytes]) -> Answer:
    def speak(line: socket.socket) -> None:
        line.sendall(said)
        for piece in pieces:
            line.sendall(piece)

    return speak


class FakeServer:
    """Gives each connection the next answer, and the last one again when they run out.

    ``requests`` is what was asked, head by head. With ``tls`` it speaks TLS; ``hears`` False
    answers without waiting for a request.
    """

    def __init__(
        self, *answers: Answer, tls: ssl.SSLContext | None = None, hears: bool = True
    ) -> None:
        self.requests: list[str] = []
        self._answers = list(answers)
        self._tls = tls
        self._hears = hears
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}/results.json"

    def __enter__(self) -> Self:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                line, _peer = self._socket.accept()
            except OSError:
                return
            said = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
            threading.Thread(target=self._speak, args=(line, said), daemon=True).start()

    def _speak(self, line: socket.socket, said: Answer) -> None:
        try:
            if self._tls:
                line = self._tls.wrap_socket(line, server_side=True)
            with line:
                if self._hears:
                    self.requests.append(_hear(line))
                line.sendall(said) if isinstance(said, bytes) else said(line)
        except OSError:
            # The client hung up, which is what most of these tests are about.
            return


def _hear(line: socket.socket) -> str:
    head = b""
    while b"\r\n\r\n" not in head:
        piece = line.recv(4096)
        if not piece:
            break
        head += piece
    return head.decode("latin-1")


def refuse(server: FakeServer, **options: Any) -> NetworkError:
    """Get the server's document and return how it was refused."""
    with pytest.raises(NetworkError) as caught:
        get(server.url, **options)
    return caught.value
