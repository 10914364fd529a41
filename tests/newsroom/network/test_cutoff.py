from __future__ import annotations

import os
import socket
import time
from functools import partial
from pathlib import Path

import pytest

from newsroom.network.answers import NetworkError
from tests.newsroom.network.fake_server import BODY, FakeServer, drip, get, ok

get_hastily = partial(get, total_deadline=0.6, connect_timeout=0.4)


class TestDeadline:
    """A real server that drips; the whole time counts, not the time between two bytes."""

    HEAD = b"HTTP/1.1 200 OK\r\n"

    @pytest.mark.parametrize(
        "said",
        [
            pytest.param(b"", id="status line"),
            pytest.param(HEAD + b"X-Slow: ", id="header"),
            pytest.param(HEAD + b"Content-Length: 10000\r\n\r\n", id="body"),
            pytest.param(HEAD + b"\r\n", id="body without a length"),
            pytest.param(
                HEAD + b"Transfer-Encoding: chunked\r\n\r\n2710\r\n",
                id="chunk",
            ),
        ],
    )
    def test_ends_a_server_that_drips(self, said: bytes) -> None:
        begun = time.monotonic()
        with FakeServer(drip(said)) as server, pytest.raises(NetworkError) as caught:
            get_hastily(server.url)
        assert caught.value.code == "timeout"
        assert 0.5 < time.monotonic() - begun < 1.5

    def test_ends_a_stream_of_interim_answers(self) -> None:
        interim = b"HTTP/1.1 100 Continue\r\n\r\n"
        with (
            FakeServer(drip(b"", interim * 1000, 0.002)) as server,
            pytest.raises(NetworkError) as caught,
        ):
            get_hastily(server.url)
        assert caught.value.code == "timeout"

    def test_ends_silence(self) -> None:
        with (
            FakeServer(lambda _line: time.sleep(3)) as server,
            pytest.raises(NetworkError) as caught,
        ):
            get_hastily(server.url)
        assert caught.value.code == "timeout"

    def test_ends_a_handshake_that_drips(self) -> None:
        record = b"\x16\x03\x03\x40\x00\x02" + b"\x00" * 5000
        begun = time.monotonic()
        with (
            FakeServer(drip(b"", record), hears=False) as server,
            pytest.raises(NetworkError) as caught,
        ):
            get_hastily(server.url.replace("http:", "https:"))
        assert caught.value.code == "timeout"
        assert time.monotonic() - begun < 1.5

    def test_ends_a_connection_that_nobody_accepts(self) -> None:
        with socket.socket() as deaf:
            deaf.bind(("127.0.0.1", 0))
            deaf.listen(0)
            address = deaf.getsockname()
            callers = [socket.socket() for _ in range(4)]
            for caller in callers:
                caller.setblocking(False)
                caller.connect_ex(address)
            begun = time.monotonic()
            with pytest.raises(NetworkError) as caught:
                get_hastily(f"http://127.0.0.1:{address[1]}/")
            assert caught.value.code == "timeout"
            assert time.monotonic() - begun < 1.5
            for caller in callers:
                caller.close()

    def test_does_not_wait_for_a_resolver(self) -> None:
        def never(_host: str, _port: int) -> list[str]:
            time.sleep(2)
            return ["127.0.0.1"]

        begun = time.monotonic()
        with pytest.raises(NetworkError) as caught:
            get_hastily("http://results.example/", resolve=never)
        assert caught.value.code == "dns"
        assert time.monotonic() - begun < 1.5

    def test_leaves_no_thread_and_no_socket_behind(self) -> None:
        open_files = Path("/proc/self/fd")
        if not open_files.exists():
            pytest.skip("This system does not list open files under /proc.")
        with FakeServer(ok(BODY)) as server:
            get(server.url)
            before = len(os.listdir(open_files))
            for _ in range(20):
                get(server.url)
            time.sleep(0.1)
            assert len(os.listdir(open_files)) <= before + 1
