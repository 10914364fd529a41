from __future__ import annotations

import gzip
import tracemalloc
from itertools import repeat

from tests.newsroom.network.fake_server import BODY, FakeServer, answer, get, ok, refuse, stream


class TestLimits:
    def test_refuses_what_is_declared_too_large(self) -> None:
        with FakeServer(ok(b"x" * 1001)) as server:
            assert refuse(server, max_bytes=1000).code == "too-large"

    def test_takes_what_is_just_small_enough(self) -> None:
        with FakeServer(ok(b"x" * 1000)) as server:
            assert len(get(server.url, max_bytes=1000).body) == 1000

    def test_ends_an_endless_stream(self) -> None:
        endless = stream(answer("200 OK"), repeat(b"\0" * 65536))
        tracemalloc.start()
        with FakeServer(endless) as server:
            error = refuse(server, max_bytes=8 * 2**20)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert error.code == "too-large"
        assert peak < 12 * 2**20

    def test_ends_a_gzip_bomb(self) -> None:
        bomb = gzip.compress(b"\0" * 200 * 2**20)
        tracemalloc.start()
        with FakeServer(ok(bomb, "Content-Encoding: gzip")) as server:
            error = refuse(server, max_bytes=2**20)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert error.code == "too-large"
        assert len(bomb) < 2**20
        assert peak < 4 * 2**20

    def test_refuses_an_encoding_it_did_not_ask_for(self) -> None:
        with FakeServer(ok(BODY, "Content-Encoding: br")) as server:
            assert refuse(server).code == "unknown-encoding"


class TestCutOff:
    def test_is_a_body_shorter_than_declared(self) -> None:
        with FakeServer(answer("200 OK", BODY, "Content-Length: 1000")) as server:
            assert refuse(server).code == "cut-off"

    def test_is_a_missing_last_chunk(self) -> None:
        chunk = b"27\r\n" + BODY + b"\r\n"
        with FakeServer(answer("200 OK", chunk, "Transfer-Encoding: chunked")) as server:
            assert refuse(server).code == "cut-off"

    def test_is_a_chunk_that_breaks_off(self) -> None:
        chunk = b"100\r\n" + BODY
        with FakeServer(answer("200 OK", chunk, "Transfer-Encoding: chunked")) as server:
            assert refuse(server).code == "cut-off"

    def test_is_gzip_without_its_end(self) -> None:
        packed = gzip.compress(BODY)[:-6]
        with FakeServer(ok(packed, "Content-Encoding: gzip")) as server:
            assert refuse(server).code == "cut-off"

    def test_is_gzip_that_is_none(self) -> None:
        with FakeServer(ok(BODY, "Content-Encoding: gzip")) as server:
            assert refuse(server).code == "cut-off"
