"""What a reader asked an election's page for: all of it stands in the address."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from elections.models import Published

MOST_RACES = 60
"""More than a reader follows; an address that names more is cut."""


@dataclass(frozen=True)
class Choices:
    """Empty where nothing was chosen. ``races`` are ids, as a reader's browser keeps them."""

    q: str = ""
    group: str = ""
    place: str = ""
    state: str = ""
    sort: str = ""
    races: tuple[int, ...] = ()

    @classmethod
    def of(cls, request: HttpRequest) -> Choices:
        names = ("q", "group", "place", "state", "sort")
        texts = {name: _text(request.GET.get(name, "")) for name in names}
        texts["q"] = texts["q"][:100]
        ids = request.GET.get("races", "")[:600].split(",")
        kept = [int(pk) for pk in ids if pk.isascii() and pk.isdigit() and len(pk) < 10]
        return cls(**texts, races=tuple(dict.fromkeys(kept))[:MOST_RACES])

    @property
    def narrow(self) -> bool:
        """Whether some races may be left out."""
        return bool(self.q or self.group or self.place or self.state or self.races)

    @property
    def query(self) -> str:
        """The choices for an address, without a page number."""
        facts = {
            "q": self.q,
            "group": self.group,
            "place": self.place,
            "state": self.state,
            "sort": self.sort,
            "races": ",".join(map(str, self.races)),
        }
        return urlencode({name: value for name, value in facts.items() if value}, safe=",")

    def with_state(self, state: str) -> str:
        """Return the address of the same choices in another state."""
        return f"?{replace(self, state=state).query}"

    def filter(self, rows: QuerySet[Published]) -> QuerySet[Published]:
        """Leave the published races that were asked for, whatever their state."""
        if self.group:
            rows = rows.filter(contest__group=self.group)
        if self.place:
            rows = rows.filter(contest__division=self.place)
        if self.races:
            rows = rows.filter(pk__in=self.races)
        if self.q:
            in_name = Q(contest__name__icontains=self.q) | Q(contest__division__icontains=self.q)
            rows = rows.filter(in_name | Q(contest__selections__name__icontains=self.q)).distinct()
        return rows


def _text(given: str) -> str:
    """Return what was typed, without the one character that no database takes."""
    return given.replace("\x00", "").strip()[:200]
