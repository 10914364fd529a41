"""The one door to the network.

A feed's server is not ours: it may be slow, huge, broken or lying. Whatever it does, ``get``
ends within its deadline and its byte limits, and either returns a whole document or raises
FeedError. There is no cookie, no proxy and no password from the environment, no second host,
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

import certifi
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, NewConnectionError
from urllib3.exceptions import TimeoutError as WrappedTimeoutError
from urllib3.response import BaseHTTPResponse

from elections.feeds.addresses import (
    Address,
    Resolve,
    follow,
    get_targets,
    look_up,
    read_address,
)
from elections.feeds.bodies import read_body
from elections.feeds.contract import FeedError, Response
from elections.feeds.cutoff import Deadline, Watchdog

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

    :raises FeedError: code timeout, connection, dns, tls, too-large, cut-off,
        unknown-encoding, redirect, private-network, http-status, bad-scheme or bad-address.
    """
    deadline = Deadline(total_deadline)
    goal = read_address(url)
    with Watchdog(deadline) as watchdog:
        errand = _Errand(
            headers={**(headers or {}), **_request_headers(contact, etag, last_modified)},
            deadline=deadline,
            watchdog=watchdog,
            allow_private=allow_private,
            max_bytes=max_bytes,
            connect_timeout=connect_timeout,
            resolve=resolve,
        )
        for _hop in range(MAX_REDIRECTS + 1):
            answer = errand.ask(goal)
            if isinstance(answer, Response):
                return answer
            goal = answer
    raise FeedError(
        f"{goal.host} sends us from one address to the next and never to a document. "
        "Readers keep the last good count. Check the address of the source in a browser.",
        code="redirect",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Errand:
    """One ``get``, with its limits: a request for each hop."""

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
                    "GET",
                    address.target,
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
        failure: FeedError | None = None
        for target in targets[:MAX_TARGETS]:
            connection = _prepare(address, target, self.deadline.left(self.connect_timeout))
            try:
                with _failures(address, self.deadline):
                    connection.connect()
            except FeedError as error:
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
        elif status == 200:
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
    """Turn whatever a connection throws into a FeedError."""
    try:
        yield
    except (OSError, HTTPException, HTTPError) as error:
        raise _explain(address, deadline, error, is_reading=is_reading) from error


def _explain(
    address: Address, deadline: Deadline, error: Exception, *, is_reading: bool
) -> FeedError:
    is_late = isinstance(error, TimeoutError | WrappedTimeoutError)
    # urllib3 counts every failure to connect as a timeout.
    if deadline.is_over or (is_late and not isinstance(error, NewConnectionError)):
        return _too_slow(address, deadline)
    if is_reading:
        return FeedError(
            f"The document from {address.host} broke off before its end. Readers keep the last "
            "good count. The next check tries again by itself.",
            code="cut-off",
        )
    if isinstance(error, ssl.SSLError):
        reason = getattr(error, "verify_message", "") or error.reason or "the handshake failed"
        return FeedError(
            f"{address.host} could not prove that it is {address.host} ({reason}), and was not "
            "asked. Readers keep the last good count. Check the address of the source in a "
            "browser, and tell the owner of the server.",
            code="tls",
        )
    return FeedError(
        f"There was no connection to {address.host}, or it was dropped. Readers keep the last "
        "good count. The next check tries again by itself.",
        code="connection",
    )


def _too_slow(address: Address, deadline: Deadline) -> FeedError:
    return FeedError(
        f"{address.host} did not deliver its document in time ({deadline.seconds:g} seconds at "
        "most). Readers keep the last good count. The next check tries again by itself.",
        code="timeout",
    )


def _refused(address: Address, status: int, retry_after: int | None) -> FeedError:
    if status in {404, 410}:
        what = "has no document at this address"
        do = "Check the address of the source: the results may have moved."
    elif status in {401, 403}:
        what = "does not let us in"
        do = "Check the address of the source, and ask the owner of the server for access."
    else:
        what = "could not answer"
        do = "The next check tries again by itself."
    return FeedError(
        f"{address.host} {what} (HTTP {status}). Readers keep the last good count. {do}",
        code="http-status",
        status=status,
        retry_after=retry_after,
    )
