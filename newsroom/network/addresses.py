"""Which addresses the door to the network opens for.

An address is entered by an editor and may be wrong or hostile, and a name may resolve to
a machine inside our own network. So a name is resolved once, every answer is checked, and
the connection goes to the very address that was checked.
"""

from __future__ import annotations

import ipaddress
import queue
import re
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from newsroom.network.answers import NetworkError

Resolve = Callable[[str, int], list[str]]
"""``resolve(host, port)`` gives IP addresses as text, or raises OSError."""

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

DEFAULT_PORTS = {"http": 80, "https": 443}

_HOST = re.compile(r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?\.?")
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Address:
    """A checked http(s) address. ``target`` is the path with the query."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """The host as the ``Host`` header writes it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"


def read_address(url: str) -> Address:
    """Take a URL apart.

    :raises NetworkError: not http or https, or with a user name, or not an address at all.
    """
    if not url.isprintable() or any(letter in url for letter in ' \\"<>'):
        raise _bad(url, "has a character that no web address has")
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").encode("idna" if not url.isascii() else "ascii").decode()
    except ValueError as error:
        raise _bad(url, "cannot be read") from error
    if parts.scheme not in DEFAULT_PORTS:
        raise NetworkError(
            f"The address “{url[:200]}” does not begin with https:// or http://.",
            advice="Correct the address.",
            code="bad-scheme",
        )
    if "@" in parts.netloc:
        raise _bad(url, "has a user name or a password in it")
    if not (_HOST.fullmatch(host) or _is_ip(host)) or port == 0:
        raise _bad(url, "names no server")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Address(
        scheme=parts.scheme,
        host=host,
        port=port or DEFAULT_PORTS[parts.scheme],
        target=_ascii(target),
    )


def follow(address: Address, location: str) -> Address:
    """Return where a redirect leads.

    Only to the same host and port; from http to https on the standard ports too.

    :raises NetworkError: it leads elsewhere, or nowhere.
    """
    try:
        goal = read_address(urljoin(str(address), location))
    except NetworkError as error:
        raise _stray(address, location) from error
    is_same_server = (goal.scheme, goal.host, goal.port) == (
        address.scheme,
        address.host,
        address.port,
    )
    is_upgrade = (
        goal.host == address.host
        and (address.scheme, address.port) == ("http", 80)
        and (goal.scheme, goal.port) == ("https", 443)
    )
    if not (is_same_server or is_upgrade):
        raise _stray(address, location)
    return goal


def look_up(host: str, port: int) -> list[str]:
    """Ask the system's resolver."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def get_targets(
    address: Address, *, resolve: Resolve, allow_private: bool, timeout: float
) -> list[str]:
    """Resolve the host once and check every answer.

    The system's resolver knows no deadline, so it runs beside us and is left behind
    when it takes longer than ``timeout`` seconds.

    :raises NetworkError: no answer in time, none at all, or one in a private network.
    """
    answers: queue.SimpleQueue[list[str] | OSError | UnicodeError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(resolve(address.host, address.port))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=ask, daemon=True, name="feeds-resolve").start()
    try:
        targets = answers.get(timeout=timeout)
    except queue.Empty:
        targets = TimeoutError("the resolver did not answer")
    if not isinstance(targets, list) or not targets:
        raise NetworkError(
            f"The name “{address.host}” could not be found in the network.",
            advice="Check the address; if it is right, the next try comes by itself.",
            code="dns",
        ) from (None if isinstance(targets, list) else targets)
    if not allow_private:
        for target in targets:
            if not is_public(target):
                raise NetworkError(
                    f"“{address.host}” is {target}, an address inside a private network, and was "
                    "not asked.",
                    advice="Correct the address, or have your developers allow private networks "
                    "for this site.",
                    code="private-network",
                )
    return targets


def is_public(target: str) -> bool:
    """Whether an IP address belongs to a machine on the public internet.

    An IPv4 address that is wrapped into an IPv6 one counts as what is inside.
    """
    ip: IPAddress = ipaddress.ip_address(target.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inside = ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1])
        if ip in _TRANSLATED:
            inside = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inside:
            ip = inside
        elif ip.is_site_local:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _ascii(target: str) -> str:
    """Percent-encode what is not ASCII; the rest is as the editor wrote it."""
    return "".join(
        letter if letter.isascii() else "".join(f"%{byte:02X}" for byte in letter.encode())
        for letter in target
    )


def _bad(url: str, fault: str) -> NetworkError:
    return NetworkError(
        f"The address “{url[:200]}” {fault}.",
        advice="Correct the address.",
        code="bad-address",
    )


def _stray(address: Address, location: str) -> NetworkError:
    return NetworkError(
        f"{address.host} wants to send us elsewhere, to “{location[:200]}”, and was not followed.",
        advice="Find out where it moved, and correct the address if that is the right place.",
        code="redirect",
    )
