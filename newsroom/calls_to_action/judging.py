"""Brings the numbers of a test to the rules that judge it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from newsroom.calls_to_action.attribution import STAY, Outcome, outcomes, signups
from newsroom.calls_to_action.models import AskCount, Trial
from newsroom.calls_to_action.models.asks import CONTROL
from newsroom.calls_to_action.verdicts import ArmResult, Verdict, judge


@dataclass(frozen=True)
class Judged:
    """A test with its arms' numbers. ``names`` are what staff call the arms, by key."""

    trial: Trial
    arms: tuple[ArmResult, ...]
    outcomes: dict[str, Outcome]
    names: dict[str, str]
    verdict: Verdict


def judge_trial(trial: Trial, now: datetime) -> Judged:
    """Judge a test on what was fixed when it began.

    What happened after its horizon or its end is not in it. Judged on who stayed, it waits until
    30 days have passed for everyone.
    """
    prefix = f"{trial.key}-"
    variants = trial.call_to_action.variants.order_by("sort_order", "pk")
    names = {CONTROL: "", **dict(variants.values_list("key", "name"))}
    where = {"variant__startswith": prefix, "call_to_action_id": trial.call_to_action_id}
    ended_at = min(filter(None, (trial.ends_at, trial.closed_at)), default=None)
    rows, counts = signups(**where), AskCount.objects.filter(**where)
    if ended_at is not None:
        rows = rows.filter(occurred_at__lte=ended_at)
        counts = counts.filter(day__lte=ended_at.date())
    found = {
        variant.removeprefix(prefix): outcome
        for (variant,), outcome in outcomes(rows, counts, ("variant",), now).items()
    }
    results = [_result(trial, key, found.get(key, Outcome())) for key in names]
    verdict = judge(results[0], results[1:], is_over=is_over(trial, results, now))
    return Judged(trial, tuple(results), found, names, verdict)


def _result(trial: Trial, key: str, outcome: Outcome) -> ArmResult:
    numbers = {
        Trial.Goal.CONFIRMED: outcome.confirmed,
        Trial.Goal.STAYED: outcome.stayed,
        Trial.Goal.GAVE: outcome.gifts,
    }
    return ArmResult(key, outcome.readers, min(numbers[trial.judged_on], outcome.readers))


def is_over(trial: Trial, results: list[ArmResult], now: datetime) -> bool:
    """Whether the horizon is reached; closing a test early does not reach it."""
    if trial.ends_at is not None:
        wait = STAY if trial.judged_on == Trial.Goal.STAYED else STAY * 0
        closed_early = trial.closed_at is not None and trial.closed_at < trial.ends_at
        return now >= trial.ends_at + wait and not closed_early
    if any(result.readers < trial.readers_per_arm for result in results):
        return False
    if trial.judged_on != Trial.Goal.STAYED:
        return True
    where = {"variant__startswith": f"{trial.key}-", "kind": AskCount.Kind.READER}
    latest = AskCount.objects.filter(**where).order_by("-day").values_list("day", flat=True).first()
    return latest is not None and latest + STAY <= now.date()
