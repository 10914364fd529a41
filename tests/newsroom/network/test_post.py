"""Sending through the door: to one address, once, and no further."""

from __future__ import annotations

from functools import partial

import pytest

from newsroom.network import http
from newsroom.network.answers import NetworkError
from tests.newsroom.network.fake_server import FakeServer, answer, ok

post = partial(http.post, allow_private=True)


class TestPost:
    def test_sends_what_it_is_given(self) -> None:
        with FakeServer(ok(b"taken")) as server:
            response = post(server.url, b'{"text": "Lead changed"}', headers={"X-Key": "once"})
        assert (response.status, response.body) == (200, b"taken")
        assert server.requests[0].startswith("POST ")
        assert "Content-Type: application/json\r\n" in server.requests[0]
        assert "Content-Length: 24\r\n" in server.requests[0]
        assert "X-Key: once\r\n" in server.requests[0]

    @pytest.mark.parametrize("status", ["201 Created", "202 Accepted", "204 No Content"])
    def test_takes_any_success(self, status: str) -> None:
        with FakeServer(answer(status, b"", "Content-Length: 0")) as server:
            assert post(server.url, b"{}").status == int(status[:3])

    def test_follows_nobody(self) -> None:
        with FakeServer(ok(b"")) as other:
            moved = answer("307 Temporary Redirect", b"", f"Location: {other.url}")
            with FakeServer(moved) as server, pytest.raises(NetworkError) as caught:
                post(server.url, b"{}")
        assert caught.value.code == "redirect"
        assert other.requests == []

    def test_goes_into_no_private_network(self) -> None:
        with FakeServer(ok(b"")) as server, pytest.raises(NetworkError) as caught:
            http.post(server.url, b"{}")
        assert caught.value.code == "private-network"
        assert server.requests == []

    def test_says_that_it_was_refused(self) -> None:
        refused = answer("429 Too Many Requests", b"", "Retry-After: 30", "Content-Length: 0")
        with FakeServer(refused) as server, pytest.raises(NetworkError) as caught:
            post(server.url, b"{}")
        assert (caught.value.status, caught.value.retry_after) == (429, 30)
        assert caught.value.may_recover
