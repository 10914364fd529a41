from __future__ import annotations

import pytest

from newsroom.network import http
from newsroom.network.addresses import follow, is_public, read_address
from newsroom.network.answers import NetworkError


class TestReadAddress:
    @pytest.mark.parametrize(
        ("url", "read"),
        [
            (
                "https://results.lavote.gov/electionresults/json?electionid=4324",
                ("https", "results.lavote.gov", 443, "/electionresults/json?electionid=4324"),
            ),
            ("HTTP://Example.ORG", ("http", "example.org", 80, "/")),
            ("http://[2001:db8::1]:8080/a#b", ("http", "2001:db8::1", 8080, "/a")),
            ("https://bücher.example/ü", ("https", "xn--bcher-kva.example", 443, "/%C3%BC")),
        ],
    )
    def test_takes_it_apart(self, url: str, read: tuple[str, str, int, str]) -> None:
        address = read_address(url)
        assert (address.scheme, address.host, address.port, address.target) == read

    @pytest.mark.parametrize(
        ("url", "code"),
        [
            ("", "bad-scheme"),
            ("results.lavote.gov", "bad-scheme"),
            ("ftp://example.org/", "bad-scheme"),
            ("file:///etc/passwd", "bad-scheme"),
            ("gopher://example.org/", "bad-scheme"),
            ("http://", "bad-address"),
            ("http:///path", "bad-address"),
            ("http://county:secret@example.org/", "bad-address"),
            ("http://@example.org/", "bad-address"),
            ("http://example.org:0/", "bad-address"),
            ("http://example.org:99999/", "bad-address"),
            ("http://example.org:x/", "bad-address"),
            ("http://exa mple.org/", "bad-address"),
            ("http://example.org/\r\nX-Evil: 1", "bad-address"),
            ("http://example.org\\@127.0.0.1/", "bad-address"),
            ("http://exa%6dple.org/", "bad-address"),
            ("http://[::1/", "bad-address"),
            ("http://" + "ü" * 300 + ".example/", "bad-address"),
        ],
    )
    def test_refuses_what_is_none(self, url: str, code: str) -> None:
        with pytest.raises(NetworkError) as caught:
            read_address(url)
        assert caught.value.code == code
        assert not caught.value.may_recover

    def test_writes_the_port_only_when_it_is_unusual(self) -> None:
        assert read_address("https://example.org:443/").authority == "example.org"
        assert read_address("https://example.org:80/").authority == "example.org:80"
        assert read_address("http://[::1]:81/").authority == "[::1]:81"


class TestFollow:
    def test_goes_from_http_to_https_on_the_same_host(self) -> None:
        goal = follow(read_address("http://example.org/a"), "https://example.org/a")
        assert str(goal) == "https://example.org/a"

    def test_does_not_go_back_to_http(self) -> None:
        with pytest.raises(NetworkError):
            follow(read_address("https://example.org/a"), "http://example.org/a")


class TestIsPublic:
    @pytest.mark.parametrize(
        "target",
        [
            *("127.0.0.1", "127.255.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "0.0.0.0"),
            *("169.254.169.254", "100.64.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
            *("::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "fec0::1"),
            *("ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254"),
            *("64:ff9b::7f00:1", "2002:7f00:1::", "2002:a9fe:a9fe::1"),
        ],
    )
    def test_is_false_inside(self, target: str) -> None:
        assert not is_public(target)

    @pytest.mark.parametrize(
        "target",
        ["8.8.8.8", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:8.8.8.8", "64:ff9b::808:808"],
    )
    def test_is_true_outside(self, target: str) -> None:
        assert is_public(target)


class TestPrivateNetwork:
    @pytest.mark.parametrize(
        "host",
        [
            *("127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254"),
            *("2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0", "10.1.2.3", "[fe80::1]"),
        ],
    )
    def test_is_not_asked(self, host: str) -> None:
        with pytest.raises(NetworkError) as caught:
            http.get(f"http://{host}:8729/", connect_timeout=2, total_deadline=3)
        assert caught.value.code in {"private-network", "dns"}
        assert caught.value.code == "private-network" or host not in {"127.0.0.1", "localhost"}
