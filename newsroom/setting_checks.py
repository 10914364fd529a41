"""What the checks of several apps ask of the settings, each under an id of its own."""

from __future__ import annotations

from collections.abc import Iterable

from django.core import checks
from django.utils.module_loading import import_string

from newsroom.conf import newsroom_settings


def check_lists_of_texts(names: Iterable[str], *, id: str) -> list[checks.CheckMessage]:
    return [
        checks.Error(
            f"NEWSROOM_{name} is not a list of texts.",
            hint="Write it with brackets, also for one.",
            id=id,
        )
        for name in names
        if not _is_list_of_texts(getattr(newsroom_settings, name))
    ]


def _is_list_of_texts(value: object) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(text, str) and text for text in value)


def check_function(name: str, *, told_in: str, id: str) -> list[checks.CheckMessage]:
    """Return what is wrong with a setting that may name a function; ``told_in`` is its module."""
    path = getattr(newsroom_settings, name)
    try:
        if not path or callable(import_string(path)):
            return []
    except ImportError:
        pass
    return [
        checks.Error(
            f"NEWSROOM_{name} names {path!r}, which is no function that can be imported.",
            hint=f"{told_in} says what it must be.",
            id=id,
        )
    ]
