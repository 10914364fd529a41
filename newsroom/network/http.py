"""The one door to the network.

Another's server may be slow, huge, broken or lying. Whatever it does, ``get`` and ``post``
end within their deadline and byte limits, and either return a whole answer or raise
NetworkError. There is no cookie, no proxy and no password from the environment, no second host,
and no way to leave out the check of a certificate. Certificates are checked against the
system's authorities (``SSL_CERT_FILE`` adds one's own) and those that certifi carries.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from http.client import HTTPException
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import certifi
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, NewConnectionError
from urllib3.exceptions import TimeoutError as WrappedTimeoutError
from urllib3.response import BaseHTTPResponse

from newsroom.network.addresses import (
    Address,
    Resolve,
    follow,
    get_targets,
    look_up,
    read_address,
)
from newsroom.network.answers import NetworkError, Response
from newsroom.network.bodies import read_body
from newsroom.network.cutoff import Deadline, Watchdog

MAX_BYTES = 32 * 2**20
MAX_REDIRECTS = 3
MAX_TARGETS = 3
MAX_RETRY_AFTER = 24 * 3600
MAX_VALIDATOR = 255

_REDIRECTS = frozenset({301, 302, 303, 307, 308})


def get(
    url: str,
    *,
    contact: str = "",
    headers: Mapping[str, str] | None = None,
    etag: str = "",
    last_modified: str = "",
    allow_private: bool = False,
    max_bytes: int = MAX_BYTES,
    connect_timeout: float = 5.0,
    total_deadline: float = 15.0,
    resolve: Resolve = look_up,
) -> Response:
    """Fetch a document, unless the server says that it has not changed.

    ``contact`` is told to the server: a mail address or a page of the newsroom.
    ``headers`` are sent along, such as a key; a redirect takes them to no other host.
    ``etag`` and ``last_modified`` are what the last answer carried. ``max_bytes`` holds
    for what comes over the wire, and again for what it unpacks to. ``connect_timeout`` is
    for one try to connect, ``total_deadline`` for everything; both are in seconds.

    :raises NetworkError: code timeout, connection, dns, tls, too-large, cut-off,
        unknown-encoding, redirect, private-network, http-status, bad-scheme or bad-address.
    """
    return _run(
        url,
        MAX_REDIRECTS,
        method="GET",
        content=None,
        headers={**(headers or {}), **_request_headers(contact, etag, last_modified)},
        max_bytes=max_bytes,
        allow_private=allow_private,
        connect_timeout=connect_timeout,
        total_deadline=total_deadline,
        resolve=resolve,
    )


def post(
    url: str,
    content: bytes,
    *,
    content_type: str = "application/json",
    method: str = "POST",
    headers: Mapping[str, str] | None = None,
    allow_private: bool = False,
    max_bytes: int = 2**20,
    connect_timeout: float = 5.0,
    total_deadline: float = 10.0,
    resolve: Resolve = look_up,
) -> Response:
    """Send ``content`` and return a 2xx answer. No redirect is followed.

    ``method`` may be PUT, PATCH or DELETE, for an interface that wants them. Whether what was
    sent has arrived is unknown after a timeout: give the receiver a key to tell twice from once.

    :raises NetworkError: as for ``get``.
    """
    return _run(
        url,
        0,
        method=method,
        content=content,
        headers={**(headers or {}), **_request_headers("", "", ""), "Content-Type": content_type},
        max_bytes=max_bytes,
        allow_private=allow_private,
        connect_timeout=connect_timeout,
        total_deadline=total_deadline,
        resolve=resolve,
    )


def _run(url: str, max_redirects: int, *, total_deadline: float, **errand: Any) -> Response:
    deadline = Deadline(total_deadline)
    goal = read_address(url)
    with Watchdog(deadline) as watchdog:
        runner = _Errand(deadline=deadline, watchdog=watchdog, **errand)
        for _hop in range(max_redirects + 1):
            answer = runner.ask(goal)
            if isinstance(answer, Response):
                return answer
            goal = answer
    raise NetworkError(
        f"{goal.host} sends us from one address to the next and never to a document.",
        advice="Check the address in a browser.",
        code="redirect",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Errand:
    """One request with its limits, and again for each hop."""

    method: str
    content: bytes | None
    headers: dict[str, str]
    deadline: Deadline
    watchdog: Watchdog
    allow_private: bool
    max_bytes: int
    connect_timeout: float
    resolve: Resolve

    def ask(self, address: Address) -> Response | Address:
        """Return the document, or the address that we are sent to."""
        with closing(self._connect(address)) as connection:
            with _failures(address, self.deadline):
                connection.request(
                    self.method,
                    address.target,
                    body=self.content,
                    headers={"Host": address.authority, **self.headers},
                    preload_content=False,
                    decode_content=False,
                )
                response = connection.getresponse()
            with closing(response):
                return self._take(address, response)

    def _connect(self, address: Address) -> HTTPConnection:
        targets = get_targets(
            address,
            resolve=self.resolve,
            allow_private=self.allow_private,
            timeout=self.deadline.left(self.connect_timeout),
        )
        failure: NetworkError | None = None
        for target in targets[:MAX_TARGETS]:
            connection = _prepare(address, target, self.deadline.left(self.connect_timeout))
            try:
                with _failures(address, self.deadline):
                    connection.connect()
            except NetworkError as error:
                connection.close()
                failure = error
                if error.code == "tls" or self.deadline.is_over:
                    break
                continue
            self.watchdog.guard(connection.sock)
            connection.timeout = self.deadline.left()
            return connection
        assert failure is not None, "there is at least one target"
        raise failure

    def _take(self, address: Address, response: BaseHTTPResponse) -> Response | Address:
        status, headers = response.status, response.headers
        if status in _REDIRECTS and "Location" in headers:
            return follow(address, headers["Location"])
        if status == 304 and self.headers.keys() & {"If-None-Match", "If-Modified-Since"}:
            body = b""
        elif status == 200 or (self.content is not None and 200 <= status < 300):
            with _failures(address, self.deadline, is_reading=True):
                body = read_body(response, self.max_bytes, self.deadline)
            if self.deadline.is_over:
                raise _too_slow(address, self.deadline)
        else:
            raise _refused(address, status, _retry_after(headers.get("Retry-After", "")))
        return Response(
            status=status,
            body=body,
            etag=_validator(headers.get("ETag", "")),
            last_modified=_validator(headers.get("Last-Modified", "")),
            url=str(address),
            retry_after=_retry_after(headers.get("Retry-After", "")),
            content_type=headers.get("Content-Type", "")[:200],
        )


def _prepare(address: Address, target: str, timeout: float) -> HTTPConnection:
    """A connection to the checked IP address that asks, and checks, for the host's name."""
    if address.scheme == "http":
        return HTTPConnection(target, address.port, timeout=timeout)
    return HTTPSConnection(
        target,
        address.port,
        timeout=timeout,
        ssl_context=get_tls_context(),
        cert_reqs=ssl.CERT_REQUIRED,
        server_hostname=address.host.rstrip("."),
    )


@cache
def get_tls_context() -> ssl.SSLContext:
    """Made once: reading the authorities takes longer than a request."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


@cache
def _get_product() -> str:
    try:
        return f"WagtailNewsroomElections/{version('wagtail-newsroom-elections')}"
    except PackageNotFoundError:
        return "WagtailNewsroomElections"


def _request_headers(contact: str, etag: str, last_modified: str) -> dict[str, str]:
    contact = _validator(contact)
    headers = {
        "User-Agent": f"{_get_product()} ({contact})" if contact else _get_product(),
        "Accept-Encoding": "gzip",
        "Connection": "close",
    }
    if etag := _validator(etag):
        headers["If-None-Match"] = etag
    if last_modified := _validator(last_modified):
        headers["If-Modified-Since"] = last_modified
    return headers


def _validator(value: str) -> str:
    """A header's value as it can be stored and sent back, or "" when it cannot."""
    value = value.strip()
    return value if value.isascii() and value.isprintable() and len(value) <= MAX_VALIDATOR else ""


def _retry_after(value: str) -> int | None:
    """Seconds from now, from either form of the header; a day at most."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return int(min(float(value), MAX_RETRY_AFTER))
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    seconds = (moment - datetime.now(UTC)).total_seconds()
    return int(min(max(seconds, 0), MAX_RETRY_AFTER))


@contextmanager
def _failures(address: Address, deadline: Deadline, *, is_reading: bool = False) -> Iterator[None]:
    """Turn whatever a connection throws into a NetworkError."""
    try:
        yield
    except (OSError, HTTPException, HTTPError) as error:
        raise _explain(address, deadline, error, is_reading=is_reading) from error


def _explain(
    address: Address, deadline: Deadline, error: Exception, *, is_reading: bool
) -> NetworkError:
    is_late = isinstance(error, TimeoutError | WrappedTimeoutError)
    # urllib3 counts every failure to connect as a timeout.
    if deadline.is_over or (is_late and not isinstance(error, NewConnectionError)):
        return _too_slow(address, deadline)
    if is_reading:
        return NetworkError(
            f"The document from {address.host} broke off before its end.",
            advice="The next try comes by itself.",
            code="cut-off",
        )
    if isinstance(error, ssl.SSLError):
        reason = getattr(error, "verify_message", "") or error.reason or "the handshake failed"
        return NetworkError(
            f"{address.host} could not prove that it is {address.host} ({reason}), and was not "
            "asked.",
            advice="Check the address in a browser, and tell the owner of the server.",
            code="tls",
        )
    return NetworkError(
        f"There was no connection to {address.host}, or it was dropped.",
        advice="The next try comes by itself.",
        code="connection",
    )


def _too_slow(address: Address, deadline: Deadline) -> NetworkError:
    return NetworkError(
        f"{address.host} did not deliver its document in time ({deadline.seconds:g} seconds at "
        "most).",
        advice="The next try comes by itself.",
        code="timeout",
    )


def _refused(address: Address, status: int, retry_after: int | None) -> NetworkError:
    if status in {404, 410}:
        what = "has no document at this address"
        do = "Check the address: it may have moved."
    elif status in {401, 403}:
        what = "does not let us in"
        do = "Check the address, and ask the owner of the server for access."
    else:
        what = "could not answer"
        do = "The next try comes by itself."
    return NetworkError(
        f"{address.host} {what} (HTTP {status}).",
        advice=do,
        code="http-status",
        status=status,
        retry_after=retry_after,
    )
