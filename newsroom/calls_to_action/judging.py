"""Brings the numbers of a test to the rules that judge it.

What counts ends at the horizon that was fixed when the test began: at its date, or with the day on
which the last of its arms had been seen by as many readers as were asked for. What happens later
is not in it, however often somebody looks, so that there is one verdict and it stays.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from itertools import groupby

from django.db.models import QuerySet, Sum
from django.utils import timezone

from newsroom.calls_to_action.attribution import STAY, Outcome, outcomes, signups
from newsroom.calls_to_action.models import AskCount, Trial
from newsroom.calls_to_action.models.asks import CONTROL
from newsroom.calls_to_action.verdicts import ArmResult, Finding, Verdict, judge
from newsroom.conf import newsroom_settings


@dataclass(frozen=True)
class Judged:
    """A test with its arms' numbers. ``names`` are what staff call the arms, by key."""

    trial: Trial
    arms: tuple[ArmResult, ...]
    names: dict[str, str]
    verdict: Verdict


def judge_trial(trial: Trial, now: datetime) -> Judged:
    """Judge a test on what was fixed when it began.

    After the horizon it waits until everyone has had the time to confirm, or to stay.
    """
    variants = trial.call_to_action.variants.order_by("sort_order", "pk")
    counts = _counts_of(trial)
    met = {key.partition("-")[2] for key in counts.values_list("variant", flat=True).distinct()}
    names = {CONTROL: ""} | {arm.key: arm.name for arm in variants if arm.is_live or arm.key in met}
    horizon = find_horizon(trial, names)
    found = _outcomes(trial, counts, horizon, now)
    results = [_result(trial, key, found.get(key, Outcome())) for key in names]
    return Judged(trial, tuple(results), names, _verdict(trial, results, horizon, now))


def _verdict(
    trial: Trial, results: list[ArmResult], horizon: datetime | None, now: datetime
) -> Verdict:
    if trial.closed_at is not None and (horizon is None or trial.closed_at < horizon):
        return Verdict(Finding.CLOSED)
    is_over = horizon is not None and now >= horizon + wait_of(trial)
    return judge(results[0], results[1:], is_over=is_over)


def wait_of(trial: Trial) -> timedelta:
    """Return how long after the horizon its last readers may still confirm or leave."""
    return {
        Trial.Goal.CONFIRMED: timedelta(days=newsroom_settings.CONFIRM_DAYS),
        Trial.Goal.STAYED: STAY,
        Trial.Goal.GAVE: timedelta(0),
    }[Trial.Goal(trial.judged_on)]


def find_horizon(trial: Trial, keys: Collection[str]) -> datetime | None:
    """Return when what counts ends; None while an arm has not got its readers."""
    if trial.ends_at is not None:
        return trial.ends_at
    missing = dict.fromkeys((f"{trial.key}-{key}" for key in keys), trial.readers_per_arm)
    rows = _counts_of(trial).filter(kind=AskCount.Kind.READER).order_by("day")
    by_day = rows.values_list("day", "variant").annotate(total=Sum("number"))
    for day, numbers in groupby(by_day, key=lambda row: row[0]):
        for _day, variant, number in numbers:
            missing[variant] = missing.get(variant, 0) - number
        if all(number <= 0 for number in missing.values()):
            end = datetime.combine(day + timedelta(days=1), time.min)
            return end.replace(tzinfo=_zone())
    return None


def _counts_of(trial: Trial) -> QuerySet[AskCount]:
    return AskCount.objects.filter(
        variant__startswith=f"{trial.key}-", call_to_action_id=trial.call_to_action_id
    )


def _outcomes(
    trial: Trial, counts: QuerySet[AskCount], horizon: datetime | None, now: datetime
) -> dict[str, Outcome]:
    rows = signups(variant__startswith=f"{trial.key}-", call_to_action_id=trial.call_to_action_id)
    ends = [moment for moment in (horizon, trial.closed_at) if moment is not None]
    if ends:
        rows = rows.filter(occurred_at__lt=min(ends))
        # Counts know the day only: the one in which the end lies, unless it begins with it.
        latest = min(ends) - timedelta(microseconds=1)
        counts = counts.filter(day__lte=timezone.localdate(latest, _zone()))
    return {
        variant.partition("-")[2]: outcome
        for (variant,), outcome in outcomes(rows, counts, ("variant",), now).items()
    }


def _zone() -> tzinfo:
    """Days of counts are the site's, whatever zone the reader of a report has chosen."""
    return timezone.get_default_timezone()


def _result(trial: Trial, key: str, outcome: Outcome) -> ArmResult:
    numbers = {
        Trial.Goal.CONFIRMED: outcome.confirmed,
        Trial.Goal.STAYED: outcome.stayed,
        Trial.Goal.GAVE: outcome.gifts,
    }
    return ArmResult(key, outcome.readers, min(numbers[trial.judged_on], outcome.readers))
