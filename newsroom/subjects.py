"""What stories may be about, where another app knows: a slot, like that of the blocks.

``NEWSROOM_SUBJECTS`` names a class built on ``Subjects``. A subject has a key, which stories
store as text, so that the slot causes no migration and may be emptied at any time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from wagtail.models import AbstractPage

from newsroom.conf import newsroom_settings

SETTING = "NEWSROOM_SUBJECTS"


@dataclass(frozen=True)
class Subject:
    """One thing that stories are about. ``url`` is "" without a page, ``state`` without one."""

    key: str
    title: str
    url: str = ""
    date: date | None = None
    state: str = ""
    is_test: bool = False


class Subjects:
    """Knows no subject: what stands where the slot is empty. A provider inherits from it."""

    is_empty = True

    def get_heading(self) -> str:
        """Return what the editor's panel is called."""
        return _("Subjects")

    def get_about(self, count: int) -> str:
        """Return what stands before a story's subjects: "About this race"."""
        return _("About this")

    def get_widget(self) -> forms.Widget:
        """Return the control that chooses one; it gives its key."""
        return forms.TextInput()

    def find(self, keys: Collection[str] | QuerySet) -> dict[str, Subject]:
        """Return those that exist by key, in one query; ``keys`` may be a query themselves."""
        return {}

    def gather(self, page: AbstractPage) -> AbstractContextManager[None]:
        """Return a context in which what a page shows of the subjects may be fetched together."""
        return nullcontext()

    def at_hand(self, page: AbstractPage) -> dict[str, Subject] | None:
        """Return what is written down that a page is about; None where that is to be asked for."""
        return None

    def in_body(self, items: Iterable[Mapping[str, Any]]) -> list[str]:
        """Return the keys of what the blocks of a stored body show, each once."""
        return []

    def neighbours(self, keys: Collection[str]) -> Any:
        """Return the keys of the same event, as a list or a queryset of one column."""
        return []

    def unlisted(self) -> Any:
        """Return the keys of what no list shows, as a list or a queryset of one column."""
        return []

    def show(self, key: str) -> dict[str, Any] | None:
        """Return a stored block, less its id, that shows the subject; None without such."""
        return None

    def swap(self, item: Mapping[str, Any], keys: Mapping[str, str]) -> dict[str, Any]:
        """Return a stored block that shows other subjects: ``keys`` gives the new by the old."""
        return dict(item)


def get_subjects() -> Subjects:
    """Return what the setting names, or that which knows nothing.

    :raises ImportError: the setting names what cannot be imported; ``check`` says so.
    """
    path = newsroom_settings.SUBJECTS
    return import_string(path)() if path else Subjects()
