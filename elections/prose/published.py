"""What readers got of the races that a story speaks of, read together."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from elections.models import Contest, Published
from elections.prose.at_hand import gathered
from elections.widgets.pretending import pretended


@dataclass(frozen=True)
class Told:
    """One race as published. ``payload`` is its public JSON.

    ``language`` is that of its words, "" for the site's own.
    """

    contest_id: int
    election_id: int
    version: int
    is_final: bool
    payload: dict[str, Any]
    language: str = ""

    @classmethod
    def of(cls, published: Published, election_id: int) -> Told:
        """Read a result in the language of the page, as far as it is published in it."""
        said = published.edition(get_language())
        return cls(
            published.pk,
            election_id,
            published.version,
            published.is_final,
            json.loads(said.payload),
            said.language,
        )

    def figure(self, kind: str) -> str:
        """Return a figure in words; "" where this publication has none of that kind."""
        return self.payload.get("figures", {}).get(kind, "")


def load_told(contest_ids: Iterable[str | int]) -> dict[int, Told]:
    """Return the confirmed and published of these races by id, in one query.

    While a story is rendered they come with its other races.
    Inside the preview of a phase these are the results that it pretends.
    """
    wanted = {int(pk) for pk in contest_ids if str(pk).isascii() and str(pk).isdigit()}
    if not wanted:
        return {}
    if (results := pretended()) is not None:
        found = {pk: results[pk] for pk in wanted if pk in results}
        return {pk: Told.of(row, row.contest.election_id) for pk, row in found.items()}
    shelf = gathered()
    if shelf is not None and (races := shelf.pick(wanted)) is not None:
        return {
            pk: Told.of(race.published, race.election_id)
            for pk, race in races.items()
            if race.is_confirmed and getattr(race, "published", None)
        }
    rows = Published.objects.filter(
        pk__in=[pk for pk in wanted if pk < 2**63], contest__status=Contest.Status.CONFIRMED
    )
    fields = ("version", "is_final", "html", "payload", "translations", "contest__election")
    rows = rows.select_related("contest").only(*fields)
    return {row.pk: Told.of(row, row.contest.election_id) for row in rows}
