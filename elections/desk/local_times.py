"""Times in forms are the wall clock's where people vote, whatever zone the site is in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.utils import timezone
from django.utils.formats import date_format

from elections.models import Election


class LocalTimeField(forms.DateTimeField):
    """Reads and shows a time in a zone of its own."""

    def __init__(self, *, zone: ZoneInfo, **kwargs: Any):
        super().__init__(**kwargs)
        self.zone = zone

    def prepare_value(self, value: Any) -> Any:
        with timezone.override(self.zone):
            return super().prepare_value(value)

    def to_python(self, value: Any) -> datetime | None:
        with timezone.override(self.zone):
            return super().to_python(value)


def read_in_zone(
    form: forms.BaseForm, names: Iterable[str], zone: ZoneInfo, help_text: object
) -> None:
    """Make these fields of a form read and show times in ``zone``, and say so."""
    for name in names:
        field = form.fields[name]
        form.fields[name] = LocalTimeField(
            zone=zone,
            required=field.required,
            label=field.label,
            help_text=f"{field.help_text} {help_text}".strip(),
            widget=field.widget,
            initial=field.initial,
        )


def zone_of(name: str, otherwise: Election) -> ZoneInfo:
    """Return the zone of this name; the election's when nothing has the name."""
    return ZoneInfo(name) if name in available_timezones() else otherwise.zone


def local_time_text(moment: datetime | None, election: Election) -> str:
    """Return a time as the election's clock shows it, with its zone; "–" for none."""
    if moment is None:
        return "–"
    local = timezone.localtime(moment, election.zone)
    with timezone.override(election.zone):
        return f"{date_format(local, 'SHORT_DATETIME_FORMAT')} {local:%Z}"
