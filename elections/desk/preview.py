"""What readers would see after a decision, in the very words of the widget."""

from __future__ import annotations

from collections.abc import Callable, Collection

from django.db import transaction

from elections.widgets.facts import load_facts
from elections.widgets.result import Result, build_result


def current_result(contest_id: int) -> Result:
    """Return what the facts say now."""
    (facts,) = load_facts([contest_id])
    return build_result(facts, version=0)


def results_after(contest_ids: Collection[int], decide: Callable[[], object]) -> dict[int, Result]:
    """Return what the facts of several races would say after ``decide``, by race."""
    with transaction.atomic():
        decide()
        results = {
            facts.contest.pk: build_result(facts, version=0) for facts in load_facts(contest_ids)
        }
        transaction.set_rollback(True)
    return results


def result_after(contest_id: int, decide: Callable[[], object]) -> Result:
    """Return what the facts would say after ``decide``, and take everything back.

    ``decide`` only writes rows: nothing of it is committed, published or logged.
    """
    return results_after([contest_id], decide)[contest_id]
