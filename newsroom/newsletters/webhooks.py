"""What a program may send us: how long it may be, and text that a database can keep."""

import json
from typing import Any

from django.http import HttpRequest


def is_longer(request: HttpRequest, most_bytes: int) -> bool:
    """Whether a body says that it is longer, or says its length in no number at all."""
    length = request.headers.get("Content-Length") or "0"
    return not length.isdecimal() or len(length) > 12 or int(length) > most_bytes


def read_json(body: bytes | str) -> Any:
    """:raises ValueError: it is no JSON, or nested too deep to be read"""
    try:
        return json.loads(body)
    except RecursionError as error:
        raise ValueError("It is nested too deep.") from error


def plain(value: object) -> str:
    """Return a value as text.

    :raises ValueError: a NUL or half a character is in it, which no database keeps
    """
    text = str(value)
    text.encode()
    if "\0" in text:
        raise ValueError("There is a NUL in it.")
    return text
