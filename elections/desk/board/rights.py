"""Who reads the desk's screen."""

from __future__ import annotations

from typing import Any

from wagtail.permissions import policy_registry

from elections.models import Contest

READING = ["view", "change", "add"]


def may_read_the_desk(user: Any) -> bool:
    """Whether a person may read races; what they may do about them is asked action by action."""
    return policy_registry.get_by_type(Contest).user_has_any_permission(user, READING)
