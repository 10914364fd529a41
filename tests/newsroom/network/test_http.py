from __future__ import annotations

import gzip
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from newsroom.network import http
from newsroom.network.answers import NetworkError, Response
from tests.newsroom.network.fake_server import BODY, FakeServer, answer, get, ok, refuse


class TestGet:
    def test_returns_the_document_and_its_validators(self) -> None:
        date = "Wed, 06 Nov 2024 04:36:34 GMT"
        with FakeServer(ok(BODY, 'ETag: "one"', f"Last-Modified: {date}")) as server:
            response = get(server.url)
        assert response == Response(
            status=200, body=BODY, etag='"one"', last_modified=date, url=server.url
        )
        assert not response.is_unchanged

    def test_says_who_asks(self) -> None:
        with FakeServer(ok(BODY)) as server:
            get(server.url, contact="desk@example.org")
        assert "User-Agent: WagtailNewsroomElections" in server.requests[0]
        assert "(desk@example.org)\r\n" in server.requests[0]

    def test_sends_a_key_along(self) -> None:
        with FakeServer(ok(BODY)) as server:
            get(server.url, headers={"x-api-key": "abc123"})
        assert "x-api-key: abc123\r\n" in server.requests[0]

    def test_takes_a_key_to_no_other_server(self) -> None:
        with FakeServer(ok(BODY)) as other:
            moved = answer("302 Found", b"", f"Location: {other.url}")
            with FakeServer(moved) as server, pytest.raises(NetworkError):
                get(server.url, headers={"x-api-key": "abc123"})
        assert other.requests == []

    def test_asks_for_a_change_only(self) -> None:
        with FakeServer(answer("304 Not Modified", b"", 'ETag: "one"')) as server:
            response = get(server.url, etag='"one"', last_modified="Wed, 06 Nov 2024 04:36:34 GMT")
        assert response.is_unchanged
        assert response.body == b""
        assert response.etag == '"one"'
        assert 'If-None-Match: "one"\r\n' in server.requests[0]
        assert "If-Modified-Since: Wed, 06 Nov 2024 04:36:34 GMT\r\n" in server.requests[0]

    def test_asks_for_the_whole_when_it_has_nothing(self) -> None:
        with FakeServer(ok(BODY)) as server:
            get(server.url)
        assert "If-" not in server.requests[0]

    def test_does_not_believe_unchanged_when_it_has_nothing(self) -> None:
        with FakeServer(answer("304 Not Modified")) as server:
            assert refuse(server).code == "http-status"

    def test_leaves_out_a_validator_that_would_break_the_request(self) -> None:
        with FakeServer(ok(BODY)) as server:
            get(server.url, etag='"a"\r\nX-Evil: 1', contact="é" * 10)
        assert "X-Evil" not in server.requests[0]
        assert "If-None-Match" not in server.requests[0]

    def test_unpacks_gzip(self) -> None:
        packed = gzip.compress(BODY[:10]) + gzip.compress(BODY[10:])
        with FakeServer(ok(packed, "Content-Encoding: gzip")) as server:
            assert get(server.url).body == BODY
        assert "Accept-Encoding: gzip\r\n" in server.requests[0]

    def test_joins_chunks(self) -> None:
        chunks = b"5\r\n" + BODY[:5] + b"\r\n22\r\n" + BODY[5:39] + b"\r\n0\r\n\r\n"
        with FakeServer(answer("200 OK", chunks, "Transfer-Encoding: chunked")) as server:
            assert get(server.url).body == BODY

    def test_carries_nothing_from_the_environment(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        netrc = tmp_path / "netrc"
        netrc.write_text("machine 127.0.0.1 login county password secret\n")
        monkeypatch.setenv("NETRC", str(netrc))
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, "http://127.0.0.1:9")
        with FakeServer(ok(BODY, "Set-Cookie: a=b")) as server:
            get(server.url)
            get(server.url)
        for request in server.requests:
            assert "Authorization" not in request
            assert "Cookie" not in request

    def test_keeps_the_query_and_drops_the_fragment(self) -> None:
        with FakeServer(ok(BODY)) as server:
            get(f"{server.url}?electionid=4324#top")
        assert server.requests[0].startswith("GET /results.json?electionid=4324 HTTP/1.1\r\n")


class TestStatus:
    @pytest.mark.parametrize("status", [204, 206, 401, 403, 404, 410, 429, 500, 502, 503])
    def test_other_than_200_is_refused(self, status: int) -> None:
        with FakeServer(answer(f"{status} Said", b"", "Content-Length: 0")) as server:
            error = refuse(server)
        assert (error.code, error.status) == ("http-status", status)
        assert str(status) in error.fault

    @pytest.mark.parametrize(("status", "may_recover"), [(404, False), (410, False), (503, True)])
    def test_says_whether_trying_again_helps(self, status: int, may_recover: bool) -> None:
        with FakeServer(answer(f"{status} Said")) as server:
            assert refuse(server).may_recover is may_recover

    @pytest.mark.parametrize(
        ("value", "seconds"),
        [("120", 120), ("9" * 400, 86400), ("-5", None), ("soon", None), ("", None), ("²", None)],
    )
    def test_passes_on_when_to_come_back(self, value: str, seconds: int | None) -> None:
        refusal = answer("503 Busy", b"", f"Retry-After: {value}")
        with FakeServer(refusal) as server:
            assert refuse(server).retry_after == seconds

    def test_reads_a_date_to_come_back_at(self) -> None:
        moment = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
        with FakeServer(answer("503 Busy", b"", f"Retry-After: {moment}")) as server:
            assert refuse(server).retry_after in range(80, 91)


class TestConnection:
    def test_is_refused_where_nobody_listens(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        with pytest.raises(NetworkError) as caught:
            get(f"http://127.0.0.1:{port}/")
        assert caught.value.code == "connection"

    @pytest.mark.parametrize("said", [b"", b"\x00\x01\x02 nonsense\r\n\r\n", b"HTTP/1.1 20"])
    def test_is_no_use_when_the_answer_is_not_http(self, said: bytes) -> None:
        with FakeServer(said) as server:
            assert refuse(server).code == "connection"

    def test_goes_to_the_next_address_of_the_name(self) -> None:
        with FakeServer(ok(BODY)) as server:
            url = f"http://results.example:{server.port}/"
            assert get(url, resolve=lambda _h, _p: ["127.0.0.9", "127.0.0.1"]).body == BODY


class TestRedirect:
    def test_is_followed_on_the_same_server(self) -> None:
        moved = answer("302 Found", b"", "Location: /new.json?a=1")
        with FakeServer(moved, ok(BODY)) as server:
            response = get(server.url)
        assert response.body == BODY
        assert response.url == f"http://127.0.0.1:{server.port}/new.json?a=1"

    @pytest.mark.parametrize(
        "location",
        [
            "http://other.example/results.json",
            "http://127.0.0.2/results.json",
            "http://127.0.0.1:1/results.json",
            "https://127.0.0.1/results.json",
            "file:///etc/passwd",
            "//169.254.169.254/latest/meta-data",
            "http://user:secret@127.0.0.1/",
        ],
    )
    def test_is_not_followed_elsewhere(self, location: str) -> None:
        with FakeServer(answer("301 Moved", b"", f"Location: {location}")) as server:
            error = refuse(server)
        assert error.code == "redirect"
        assert len(server.requests) == 1

    def test_is_followed_three_times_at_most(self) -> None:
        with FakeServer(answer("307 Again", b"", "Location: /again")) as server:
            assert refuse(server).code == "redirect"
        assert len(server.requests) == 4

    def test_is_checked_again_at_every_hop(self) -> None:
        answers: Iterator[list[str]] = iter([["127.0.0.1"], ["127.0.0.1"], []])
        with FakeServer(answer("302 Found", b"", "Location: /next")) as server:
            url = f"http://results.example:{server.port}/"
            with pytest.raises(NetworkError) as caught:
                get(url, resolve=lambda _h, _p: next(answers))
        assert caught.value.code == "dns"
        assert len(server.requests) == 2

    def test_without_a_goal_is_a_refusal(self) -> None:
        with FakeServer(answer("302 Found")) as server:
            assert refuse(server).code == "http-status"


class TestPinning:
    def test_connects_to_the_address_that_was_checked(self) -> None:
        asked: list[tuple[str, int]] = []

        def resolve(host: str, port: int) -> list[str]:
            asked.append((host, port))
            return ["127.0.0.1"]

        with FakeServer(ok(BODY)) as server:
            get(f"http://results.example:{server.port}/", resolve=resolve)
        assert asked == [("results.example", server.port)]
        assert f"Host: results.example:{server.port}\r\n" in server.requests[0]

    def test_refuses_a_public_name_with_a_private_address(self) -> None:
        with FakeServer(ok(BODY)) as server, pytest.raises(NetworkError) as caught:
            http.get(
                f"http://results.example:{server.port}/",
                resolve=lambda _h, _p: ["93.184.215.14", "127.0.0.1"],
            )
        assert caught.value.code == "private-network"
        assert server.requests == []
