"""XML as a stream: read once, never kept as a tree, and nothing but elements and text.

A document type and its entities are how XML files fill a memory or read other files. No count
has one, so that a document with one is refused before any of it is followed.
"""

from __future__ import annotations

import xml.parsers.expat
from collections.abc import Iterator
from typing import Final, NoReturn

from elections.feeds import unreadable

_PIECE: Final = 256 * 1024
_ENCODINGS: Final = frozenset({"utf-8", "utf-16", "us-ascii", "iso-8859-1", "windows-1252"})
_ERRORS: Final = xml.parsers.expat.errors
_CUT_OFF: Final = frozenset(
    _ERRORS.codes[reason]
    for reason in (
        _ERRORS.XML_ERROR_NO_ELEMENTS,
        _ERRORS.XML_ERROR_UNCLOSED_TOKEN,
        _ERRORS.XML_ERROR_PARTIAL_CHAR,
        _ERRORS.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
)


def make_parser() -> xml.parsers.expat.XMLParserType:
    """Return a parser whose start handler gets its attributes as name, value, name, value …

    :raises FeedError: from its handlers, for a document type or an encoding that is not ours.
    """
    parser = xml.parsers.expat.ParserCreate()
    parser.ordered_attributes = True
    parser.buffer_text = True
    parser.XmlDeclHandler = _check_encoding
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.EntityDeclHandler = _refuse_doctype
    return parser


def feed(parser: xml.parsers.expat.XMLParserType, body: bytes) -> None:
    """Let ``parser`` read the whole document, in pieces.

    :raises FeedError: code empty, html, encoding, doctype, cut-off or not-xml; and whatever
        a handler raises.
    """
    for _piece in feed_in_pieces(parser, body):
        pass


def feed_in_pieces(parser: xml.parsers.expat.XMLParserType, body: bytes) -> Iterator[None]:
    """Let ``parser`` read the document piece by piece, so that nothing need be kept meanwhile.

    :raises FeedError: as ``feed``.
    """
    _refuse_what_is_no_markup(body)
    view = memoryview(body)
    try:
        for start in range(0, len(body), _PIECE):
            parser.Parse(view[start : start + _PIECE], False)
            yield
        parser.Parse(b"", True)
        yield
    except xml.parsers.expat.ExpatError as error:
        _explain(body, error)


def _refuse_what_is_no_markup(body: bytes) -> None:
    start = body[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not start and not body.strip():
        raise unreadable.refuse_whole("The source sent an empty document.", code="empty")
    if start.startswith((b"<!doctype html", b"<html")):
        raise unreadable.refuse_whole("The source sent a web page instead of results.", code="html")


def _explain(body: bytes, error: xml.parsers.expat.ExpatError) -> NoReturn:
    if error.code in _CUT_OFF:
        raise unreadable.refuse_whole(
            "The document breaks off before its end.", code="cut-off"
        ) from error
    if b"\x00" in body or not _is_utf_8(body):
        raise unreadable.refuse_whole(
            "The document is not in the encoding that it declares; names would be mangled.",
            code="encoding",
        ) from error
    reason = xml.parsers.expat.ErrorString(error.code)
    raise unreadable.refuse_whole(
        f"The document is not XML ({reason} in line {error.lineno}).", code="not-xml"
    ) from error


def _is_utf_8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _check_encoding(version: str, encoding: str | None, standalone: int) -> None:
    if encoding is not None and encoding.lower() not in _ENCODINGS:
        raise unreadable.refuse_whole(
            f"The document is in “{encoding[:50]}”, which no count is in.", code="encoding"
        )


def _refuse_doctype(*_declaration: object) -> None:
    raise unreadable.refuse_whole(
        "The document declares a document type or entities, which no count has.", code="doctype"
    )
