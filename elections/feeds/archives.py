"""One member of a zip archive, in memory: nothing is written to a disk."""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO
from typing import Final

from elections.feeds import unreadable
from elections.feeds.contract import FeedError

MAX_BYTES: Final = 128 * 2**20
MAX_RATIO: Final = 150
"""Unpacked to packed bytes. Counts of a thousand precincts reach 50; a bomb 1,000."""

_PIECE: Final = 1024 * 1024
_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)


def read_member(
    archive: bytes, name: str, *, max_bytes: int = MAX_BYTES, max_ratio: int = MAX_RATIO
) -> bytes:
    """Return the member of exactly this name: not one in a folder, nor one of two.

    What an archive declares about itself is not believed: bytes are counted as they come.

    :raises FeedError: code empty, html, not-zip, zip-members or too-large.
    """
    try:
        with zipfile.ZipFile(BytesIO(archive)) as opened:
            member = _choose(opened, name)
            limit = min(max_bytes, max(member.compress_size, 1) * max_ratio)
            if member.file_size > limit:
                raise _too_large(name)
            return _read(opened, member, limit)
    except _ERRORS as error:
        raise _explain(archive, error) from error


def _choose(opened: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    members = [member for member in opened.infolist() if member.filename == name]
    # ``orig_filename`` is what the archive says before Python cuts it at a NUL.
    if len(members) != 1 or members[0].orig_filename != name:
        listed = ", ".join(f"“{member.filename[:80]}”" for member in opened.infolist()[:5])
        raise unreadable.refuse_whole(
            f"The archive does not hold one “{name}” but {listed or 'nothing'}.",
            code="zip-members",
        )
    return members[0]


def _read(opened: zipfile.ZipFile, member: zipfile.ZipInfo, limit: int) -> bytes:
    body = bytearray()
    with opened.open(member) as stream:
        while piece := stream.read(_PIECE):
            body += piece
            if len(body) > limit:
                raise _too_large(member.filename)
    return bytes(body)


def _too_large(name: str) -> FeedError:
    return unreadable.refuse_whole(
        f"“{name}” unpacks to far more than a count has, and was left packed.", code="too-large"
    )


def _explain(archive: bytes, error: Exception) -> FeedError:
    if not archive.strip():
        return unreadable.refuse_whole("The source sent an empty document.", code="empty")
    if archive[:1000].lstrip().startswith(b"<"):
        return unreadable.refuse_whole(
            "The source sent a web page instead of results.", code="html"
        )
    return unreadable.refuse_whole(f"The archive is damaged, or is none ({error}).", code="not-zip")
