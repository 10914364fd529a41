"""What staff read about an ask, a test of one, and a story's asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import swapper
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from newsroom.calls_to_action.attribution import (
    Outcome,
    days_of_ask,
    outcome_of_page,
    outcomes_of_ask,
)
from newsroom.calls_to_action.judging import Judged, wait_of
from newsroom.calls_to_action.models import CallToAction, Trial
from newsroom.calls_to_action.phases import get_phase_choices
from newsroom.calls_to_action.verdicts import Finding
from newsroom.style import full_day_and_time

swapper.set_app_prefix("wagtailcore", "wagtail")

DAYS = 30
MOST_ROWS = 50
FINDINGS = {
    Finding.RUNNING: gettext_lazy("No verdict yet: the test is judged at its end, and only then."),
    Finding.CLOSED: gettext_lazy(
        "No verdict: the test was closed before its end. Begin another if you still want to know."
    ),
    Finding.MISMATCH: gettext_lazy(
        "No verdict: readers were not shared out evenly, so something chose among them. Look for "
        "what hides an arm, and begin a new test."
    ),
    Finding.TOO_FEW: gettext_lazy("No verdict: too few readers or too few outcomes to tell."),
    Finding.NO_DIFFERENCE: gettext_lazy("No difference was found. Keep the words you like."),
}


def sentence(outcome: Outcome) -> str:
    """Say what an ask brought in: "41 signups, 33 confirmed, 29 still subscribed at 30 days"."""
    parts = []
    if outcome.signups or not outcome.gifts:
        parts.append(
            ngettext("%(n)s signup", "%(n)s signups", outcome.signups) % {"n": outcome.signups}
        )
        parts.append(_("%(n)s confirmed") % {"n": outcome.confirmed})
    if outcome.old_enough == outcome.confirmed and outcome.confirmed:
        parts.append(_("%(n)s still subscribed at 30 days") % {"n": outcome.stayed})
    elif outcome.old_enough:
        parts.append(
            _("%(n)s of %(all)s still subscribed at 30 days")
            % {"n": outcome.stayed, "all": outcome.old_enough}
        )
    if outcome.gifts:
        parts.append(ngettext("%(n)s gift", "%(n)s gifts", outcome.gifts) % {"n": outcome.gifts})
    return ", ".join(parts)


@dataclass(frozen=True)
class Row:
    """One line of a table: its name, its numbers, and its bar in percent of the longest."""

    name: str
    outcome: Outcome
    bar: int = 0


@dataclass(frozen=True)
class Table:
    caption: str
    rows: tuple[Row, ...]


def rows_of(found: Mapping[str, Outcome]) -> tuple[Row, ...]:
    def weight(outcome: Outcome) -> tuple[int, int]:
        return outcome.signups + outcome.gifts, outcome.impressions

    longest = max((outcome.signups + outcome.gifts for outcome in found.values()), default=0)
    ordered = sorted(found.items(), key=lambda item: weight(item[1]), reverse=True)
    return tuple(
        Row(name, outcome, round(100 * (outcome.signups + outcome.gifts) / (longest or 1)))
        for name, outcome in ordered[:MOST_ROWS]
    )


def ask_report(ask: CallToAction, now: datetime) -> dict[str, Any]:
    """Return all numbers of an ask: in one sentence, by day, and by everything it was told by."""
    total = sum(outcomes_of_ask(ask.pk, ("call_to_action_id",), now).values(), Outcome())
    days = days_of_ask(ask.pk, timezone.localdate(now) - timedelta(days=DAYS))
    most = max(days.values(), default=1)
    return {
        "total": total,
        "sentence": sentence(total),
        "days": [(day, number, round(100 * number / most)) for day, number in days.items()],
        "tables": [table for table in _tables(ask, now) if table.rows],
    }


def _tables(ask: CallToAction, now: datetime) -> list[Table]:
    def by(*names: str) -> dict[tuple, Outcome]:
        return outcomes_of_ask(ask.pk, names, now)

    phases = dict(get_phase_choices())
    pages = by("page_id", "page_revision_id", "block_id")
    titles = _titles({key[0] for key in pages})
    return [
        Table(
            _("By story, revision and place"),
            rows_of({_place(key, titles): outcome for key, outcome in pages.items()}),
        ),
        Table(
            _("By phase of the race"),
            rows_of(
                {
                    str(phases.get(key[0], key[0] or _("No race"))): found
                    for key, found in by("phase").items()
                }
            ),
        ),
        Table(
            _("By race"),
            rows_of({key[0] or _("No race"): found for key, found in by("subject").items()}),
        ),
    ]


def _titles(page_ids: set[int]) -> dict[int, str]:
    pages = swapper.load_model("wagtailcore", "Page").objects
    return dict(pages.filter(pk__in=page_ids).values_list("pk", "title"))


def _place(key: tuple, titles: Mapping[int, str]) -> str:
    page_id, revision_id, block_id = key
    title = titles.get(page_id) or _("A page that is gone (%(id)s)") % {"id": page_id}
    where = _("placed by rule") if block_id.startswith("rule-") else _("block %(id)s")
    facts = {"title": title, "revision": revision_id, "where": where % {"id": block_id[:8]}}
    return _("%(title)s, revision %(revision)s, %(where)s") % facts


def story_report(page_id: int, now: datetime) -> list[tuple[CallToAction, str, Outcome]]:
    """Return each ask that a story showed, with its sentence; those that were deleted left out."""
    found = outcome_of_page(page_id, now)
    asks = CallToAction.objects.in_bulk(found)
    pairs = [(asks[pk], outcome) for pk, outcome in found.items() if pk in asks]
    pairs.sort(key=lambda pair: (-pair[1].signups, pair[0].heading))
    return [(ask, sentence(outcome), outcome) for ask, outcome in pairs]


def verdict_sentence(judged: Judged) -> str:
    """Say in a sentence what a test found."""
    verdict = judged.verdict
    if verdict.finding != Finding.DIFFERENCE:
        return str(FINDINGS[verdict.finding])
    name = judged.names.get(verdict.best) or _("the ask's own words")
    return _("Better: %(name)s. Equal arms would differ this much in less than 1 of 20 tests.") % {
        "name": name
    }


def trial_rows(judged: Judged) -> list[dict[str, Any]]:
    rows = []
    for arm in judged.arms:
        share = arm.share
        rows.append(
            {
                "name": judged.names.get(arm.key) or _("The ask's own words"),
                "readers": arm.readers,
                "outcomes": arm.outcomes,
                "percent": None if share is None else round(100 * share, 1),
            }
        )
    return rows


def horizon_sentence(trial: Trial) -> str:
    goal = str(trial.get_judged_on_display()).lower()
    if trial.ends_at is not None:
        said = _("Judged on %(goal)s, by the time that was fixed when it began: %(time)s.")
        facts = {"goal": goal, "time": full_day_and_time(timezone.localtime(trial.ends_at))}
    else:
        said = _("Judged on %(goal)s, with the day on which each arm has %(n)s readers.")
        facts = {"goal": goal, "n": trial.readers_per_arm}
    days = wait_of(trial).days
    wait = ngettext(
        "The verdict comes %(n)s day later, when everyone has had the time.",
        "The verdict comes %(n)s days later, when everyone has had the time.",
        days,
    )
    return f"{said % facts} {wait % {'n': days} if days else ''}".rstrip()
