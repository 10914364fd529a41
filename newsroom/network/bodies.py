"""The bytes of an answer, counted before and after they are unpacked."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from urllib3.response import BaseHTTPResponse

from newsroom.network.answers import NetworkError
from newsroom.network.cutoff import Deadline

_CHUNK = 64 * 1024
_GZIP = 31


def read_body(response: BaseHTTPResponse, max_bytes: int, deadline: Deadline) -> bytes:
    """Read a whole body, unpacked.

    :raises NetworkError: too large, or in an encoding that we did not ask for.
    :raises OSError, HTTPError: as the connection does when it breaks off or stalls.
    """
    declared = response.headers.get("Content-Length", "")
    if declared.isdigit() and float(declared) > max_bytes:
        raise _too_large(max_bytes)
    wire = _read_wire(response, max_bytes, deadline)
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    if encoding in {"", "identity"}:
        return b"".join(wire)
    if encoding in {"gzip", "x-gzip"}:
        return b"".join(_unpack(wire, max_bytes))
    raise NetworkError(
        f"The document is packed as “{encoding[:50]}”, which we did not ask for and cannot read.",
        advice="Tell the owner of the server.",
        code="unknown-encoding",
    )


def _read_wire(response: BaseHTTPResponse, max_bytes: int, deadline: Deadline) -> Iterator[bytes]:
    count = 0
    while chunk := response.read(_CHUNK, decode_content=False):
        count += len(chunk)
        if count > max_bytes:
            raise _too_large(max_bytes)
        if deadline.is_over:
            raise TimeoutError
        yield chunk


def _unpack(chunks: Iterable[bytes], max_bytes: int) -> Iterator[bytes]:
    """Unpack gzip, never more than a chunk beyond the limit in memory."""
    unpacker = zlib.decompressobj(_GZIP)
    count = 0
    has_begun = False
    for chunk in chunks:
        has_begun = True
        rest = chunk
        while rest:
            if unpacker.eof:
                unpacker = zlib.decompressobj(_GZIP)
            try:
                part = unpacker.decompress(rest, _CHUNK)
            except zlib.error as error:
                raise _damaged() from error
            count += len(part)
            if count > max_bytes:
                raise _too_large(max_bytes)
            yield part
            rest = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
    if has_begun and not unpacker.eof:
        raise _damaged()


def _too_large(max_bytes: int) -> NetworkError:
    return NetworkError(
        f"The document is larger than {max_bytes / 2**20:.3g} MB, the most that is taken.",
        advice="Check the address in a browser.",
        code="too-large",
    )


def _damaged() -> NetworkError:
    return NetworkError(
        "The packed document broke off or is damaged.",
        advice="The next try comes by itself.",
        code="cut-off",
    )
