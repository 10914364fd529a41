"""A published result in a few sentences, for whoever cannot see it or wants to pass it on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from elections.models import Published
from newsroom.style import time_and_full_day


def as_of(payload: Mapping[str, Any], zone: ZoneInfo) -> str:
    """Return as of when and who says so; that there is no count yet, where there is none."""
    if not payload["counted_at"]:
        return _("No count yet.")
    moment = datetime.fromisoformat(payload["counted_at"]).astimezone(zone)
    sentence = _("As of %(time)s.") % {"time": time_and_full_day(moment)}
    source = payload["source"]["name"]
    return f"{sentence} {_('Source: %(source)s.') % {'source': source}}" if source else sentence


def describe(published: Published) -> str:
    """Return the card in words, for whoever cannot see it."""
    payload = json.loads(published.edition(get_language()).payload)
    parts = [payload["title"], payload["state_label"]]
    named = ". ".join(parts) + "."
    test = _("This is a test. These are not real votes.") if payload["test"] else ""
    said = [test, named, desk_words(payload), payload.get("coverage"), payload["sentence"]]
    said += [_rules(payload), as_of(payload, published.contest.election.zone)]
    return " ".join(part for part in said if part)


def _rules(payload: Mapping[str, Any]) -> str:
    """Say what the numbers are measured by: without it, most votes may look like enough."""
    rule = "" if payload.get("ranked_choice") else payload.get("rule", "")
    return " ".join(part for part in (rule, payload.get("threshold", "")) if part)


def desk_words(payload: Mapping[str, Any]) -> str:
    """Say that the numbers are not the source's latest; "" where they are."""
    desk = payload.get("desk") or {}
    said = []
    if desk.get("pinned"):
        said.append(_("Our desk shows an earlier count."))
    if desk.get("paused"):
        said.append(_("Updates paused by our desk."))
    if desk.get("overrides"):
        said.append(_("With a number corrected by our desk."))
    return " ".join(said)
