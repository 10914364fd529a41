"""Certificates: made by the openssl program, shown by a real server."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from functools import partial
from pathlib import Path

import pytest

from newsroom.network import http
from newsroom.network.answers import NetworkError
from tests.newsroom.network.fake_server import FakeServer, drip, ok

if not shutil.which("openssl"):
    pytest.skip("Needs the openssl program to make certificates.", allow_module_level=True)

NAME = "results.example"
CONFIG = """
[ca]
default_ca = ours
[ours]
new_certs_dir = {folder}
database = {folder}/index.txt
rand_serial = yes
default_md = sha256
policy = any
copy_extensions = copy
[any]
commonName = supplied
"""

get = partial(http.get, allow_private=True, resolve=lambda _host, _port: ["127.0.0.1"])


def openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


class Authority:
    """A certificate authority in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.certificate = folder / "ca.pem"
        (folder / "index.txt").touch()
        (folder / "ca.cnf").write_text(CONFIG.format(folder=folder))
        openssl(
            folder,
            *("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=Ours"),
            *("-addext", "keyUsage=critical,keyCertSign,cRLSign"),
            *("-keyout", "ca.key", "-out", "ca.pem", "-days", "3650"),
        )

    def certify(self, name: str, start: str, end: str) -> ssl.SSLContext:
        """A server's side of TLS, with a certificate for that name and time."""
        openssl(
            self.folder,
            *("req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}"),
            *("-addext", f"subjectAltName=DNS:{name}"),
            *("-keyout", f"{name}.key", "-out", f"{name}.csr"),
        )
        openssl(
            self.folder,
            *("ca", "-batch", "-config", "ca.cnf", "-cert", "ca.pem", "-keyfile", "ca.key"),
            *("-in", f"{name}.csr", "-out", f"{name}.pem", "-startdate", start, "-enddate", end),
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / f"{name}.pem", self.folder / f"{name}.key")
        return context


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture
def trusted(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Authority:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.certificate))
    http.get_tls_context.cache_clear()
    yield authority
    http.get_tls_context.cache_clear()


def refuse(server: FakeServer, host: str = NAME) -> NetworkError:
    with pytest.raises(NetworkError) as caught:
        get(f"https://{host}:{server.port}/")
    assert server.requests == []
    return caught.value


class TestCertificate:
    def test_is_checked_for_the_name_that_was_asked(self, trusted: Authority) -> None:
        shown: list[str | None] = []
        tls = trusted.certify(NAME, "20200101000000Z", "20400101000000Z")
        tls.sni_callback = lambda _line, name, _context: shown.append(name)
        with FakeServer(ok(b"{}"), tls=tls) as server:
            assert get(f"https://{NAME}:{server.port}/").body == b"{}"
        assert shown == [NAME]

    def test_is_refused_for_another_name(self, trusted: Authority) -> None:
        tls = trusted.certify("other.example", "20200101000000Z", "20400101000000Z")
        with FakeServer(ok(b"{}"), tls=tls) as server:
            assert refuse(server).code == "tls"

    def test_is_refused_when_expired(self, trusted: Authority) -> None:
        tls = trusted.certify("expired.example", "20200101000000Z", "20210101000000Z")
        with FakeServer(ok(b"{}"), tls=tls) as server:
            error = refuse(server, "expired.example")
        assert error.code == "tls"
        assert "expired" in error.fault

    def test_is_refused_of_an_unknown_authority(self, authority: Authority) -> None:
        http.get_tls_context.cache_clear()
        tls = authority.certify("unknown.example", "20200101000000Z", "20400101000000Z")
        with FakeServer(ok(b"{}"), tls=tls) as server:
            assert refuse(server, "unknown.example").code == "tls"

    def test_does_not_help_a_server_that_drips(self, trusted: Authority) -> None:
        tls = trusted.certify("slow.example", "20200101000000Z", "20400101000000Z")
        slow = FakeServer(drip(b"HTTP/1.1 200 OK\r\n\r\n"), tls=tls)
        with slow, pytest.raises(NetworkError) as caught:
            get(f"https://slow.example:{slow.port}/", total_deadline=0.6)
        assert caught.value.code == "timeout"

    def test_is_missing_where_http_is_spoken(self) -> None:
        with FakeServer(b"HTTP/1.1 400 Bad Request\r\n\r\n", hears=False) as server:
            assert refuse(server).code == "tls"


def test_nothing_leaves_the_check_out() -> None:
    options = set(http.get.__kwdefaults__)
    assert options == {
        *("contact", "headers", "etag", "last_modified", "allow_private", "max_bytes"),
        *("connect_timeout", "total_deadline", "resolve"),
    }
    context = http.get_tls_context()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
