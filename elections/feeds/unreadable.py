"""Why a JSON document could not be read, in words for the desk."""

from __future__ import annotations

import codecs
import re

import msgspec

from elections.feeds.contract import FeedError

ERRORS = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""Everything that msgspec's decoder raises about a document."""

_PATH = re.compile(r" - at `\$\.?(?P<path>.*)`$", re.DOTALL)
_MISSING = re.compile(r"missing required field `(?P<field>[^`]+)`")
_STEP = re.compile(r"\[(?P<index>\d+)\]|(?P<key>[^.\[\]]+)")
_LABELS = ("Title", "Name", "title", "name")


def explain(body: bytes, error: Exception) -> FeedError:
    """Say what is wrong with ``body``, which a typed decode refused with ``error``.

    Codes: empty, html, encoding, cut-off, not-json, too-deep; and of well-formed JSON
    schema-drift (a part is missing or of another kind) and bad-value (a field is).
    """
    start = body[:1000].lstrip().lower()
    if not body.strip():
        return refuse_whole("The source sent an empty document.", code="empty")
    if start.startswith(b"<"):
        return refuse_whole("The source sent a web page instead of results.", code="html")
    if (
        isinstance(error, UnicodeDecodeError)
        or body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        or b"\x00" in body
    ):
        return refuse_whole(
            "The document is not in UTF-8; names would be mangled.", code="encoding"
        )
    if isinstance(error, RecursionError):
        return refuse_whole("The document is nested deeper than any count.", code="too-deep")
    if isinstance(error, msgspec.ValidationError):
        return _explain_shape(body, str(error))
    if "truncated" in str(error):
        return refuse_whole("The document breaks off before its end.", code="cut-off")
    return refuse_whole(f"The document is not JSON ({error}).", code="not-json")


def has_escaped_nul(body: bytes) -> bool:
    """Whether a text holds ``\\u0000``, which no database takes.

    Jumps from backslash to backslash: there are few, and one byte is found faster than six.
    """
    at = body.find(b"\\")
    while at >= 0:
        if body.startswith(b"u0000", at + 1):
            return True
        at = body.find(b"\\", at + 2)
    return False


def _explain_shape(body: bytes, reason: str) -> FeedError:
    found = _PATH.search(reason)
    path = found["path"] if found else ""
    reason = _PATH.sub("", reason)
    missing = _MISSING.search(reason)
    if missing:
        field = missing["field"]
        what = f"“{field}”{_whereabouts(body, path)} is missing."
        path = f"{path}.{field}".lstrip(".")
    else:
        what = f"{_last_key(path)}{_whereabouts(body, path)} cannot be used: {_plain(reason)}."
    is_drift = missing or any(kind in reason for kind in ("`object`", "`array`", "enum"))
    return refuse_part(what, code="schema-drift" if is_drift else "bad-value", path=path)


def _whereabouts(body: bytes, path: str) -> str:
    """Name the contest and the candidate that a path leads through."""
    try:
        here = msgspec.json.decode(body)
    except ERRORS:
        return ""
    labels: list[str] = []
    for step in _STEP.finditer(path):
        try:
            here = here[int(step["index"])] if step["index"] else here[step["key"]]
        except (LookupError, TypeError):
            break
        if isinstance(here, dict):
            label = next((here[key] for key in _LABELS if isinstance(here.get(key), str)), "")
            labels += [label[:100]] if label else []
    nearest = labels[:-3:-1]
    return "".join(f" {word} “{label}”" for word, label in zip(("of", "in"), nearest, strict=False))


def _last_key(path: str) -> str:
    keys = [step["key"] for step in _STEP.finditer(path) if step["key"]]
    return f"“{keys[-1]}”" if keys else "The document"


def _plain(reason: str) -> str:
    reason = reason.replace("`", "")
    return reason[:1].lower() + reason[1:]


def refuse_part(what: str, *, code: str, path: str) -> FeedError:
    """One part of a document is wrong, so that none of it can be trusted."""
    return FeedError(
        f"{what} Nothing of this document was taken. Readers keep the last good count. Compare the "
        "document with the source's own page; if its format has changed, the provider needs an "
        "update before new counts can be read.",
        code=code,
        path=path,
    )


def refuse_whole(what: str, *, code: str) -> FeedError:
    """The whole answer is something else than a count."""
    return FeedError(
        f"{what} Readers keep the last good count. The next check tries again by itself; "
        "if this goes on, open the address of the source in a browser.",
        code=code,
    )
