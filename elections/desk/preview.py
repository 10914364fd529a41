"""What readers would see after a decision, in the very words of the widget."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from elections.widgets.facts import load_facts
from elections.widgets.result import Result, build_result


def current_result(contest_id: int) -> Result:
    """Return what the facts say now."""
    (facts,) = load_facts([contest_id])
    return build_result(facts, version=0)


def result_after(contest_id: int, decide: Callable[[], object]) -> Result:
    """Return what the facts would say after ``decide``, and take everything back.

    ``decide`` only writes rows: nothing of it is committed, published or logged.
    """
    with transaction.atomic():
        decide()
        result = current_result(contest_id)
        transaction.set_rollback(True)
    return result
