"""What readers got of the races that a story speaks of, read together."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from elections.models import Contest, Published


@dataclass(frozen=True)
class Told:
    """One race as published. ``payload`` is its public JSON."""

    contest_id: int
    election_id: int
    version: int
    is_final: bool
    payload: dict[str, Any]

    def figure(self, kind: str) -> str:
        """Return a figure in words; "" where this publication has none of that kind."""
        return self.payload.get("figures", {}).get(kind, "")


def load_told(contest_ids: Iterable[str | int]) -> dict[int, Told]:
    """Return the confirmed and published of these races by id, in one query."""
    wanted = {int(pk) for pk in contest_ids if str(pk).isascii() and str(pk).isdigit()}
    if not wanted:
        return {}
    rows = Published.objects.filter(
        pk__in=[pk for pk in wanted if pk < 2**63], contest__status=Contest.Status.CONFIRMED
    ).values_list("pk", "contest__election", "version", "is_final", "payload")
    return {
        pk: Told(pk, election, version, is_final, json.loads(payload))
        for pk, election, version, is_final, payload in rows
    }
