"""What can be done about a race from its row; each room may register its own.

Every action is a real page. Where it can also stand in a dialog, the screen opens it so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from wagtail.permissions import policy_registry

from elections.desk.asking import may_ask
from elections.desk.board.rows import Row
from elections.models import BallotsRemaining, Call, Hold


@dataclass(frozen=True)
class RowAction:
    """A way from a row to a page. ``key`` is the letter that opens it, "" for none.

    ``is_first`` stands in the row itself, everything else under “More”.
    """

    label: str
    url: str
    key: str = ""
    is_dialog: bool = True
    is_first: bool = False


ActionLoader = Callable[[Row, Any], Iterable[RowAction]]
_loaders: list[ActionLoader] = []


def row_actions(loader: ActionLoader) -> ActionLoader:
    """Register a loader: it gets a row and a user, and asks the database nothing for the row."""
    if loader not in _loaders:
        _loaders.append(loader)
    return loader


def actions_of(row: Row, user: Any) -> list[RowAction]:
    """Return what this person may do about a race, the most used first."""
    return [action for loader in _loaders for action in loader(row, user)]


def may(user: Any, action: str, model: type) -> bool:
    return policy_registry.get_by_type(model).user_has_permission(user, action)


@row_actions
def call_action(row: Row, user: Any) -> Iterable[RowAction]:
    if may(user, "add", Call):
        url = f"{reverse('elections_calls:add')}?{urlencode({'contest': row.pk})}"
        yield RowAction(_("Call"), url, key="c", is_first=True)


@row_actions
def hold_action(row: Row, user: Any) -> Iterable[RowAction]:
    hold = row.facts.open_hold
    if hold is not None:
        label = _("Decide") if may(user, "change", Hold) else _("Read hold")
        url = reverse("elections_holds:inspect", args=[hold.pk])
        yield RowAction(label, url, key="h", is_first=True)


@row_actions
def ballots_action(row: Row, user: Any) -> Iterable[RowAction]:
    if may(user, "add", BallotsRemaining):
        back = reverse("elections_desk:index")
        wanted = urlencode({"contest": row.pk, "next": back})
        url = f"{reverse('elections_ballots_left:add')}?{wanted}"
        yield RowAction(_("Ballots left"), url, key="b", is_dialog=False)


@row_actions
def decisions_action(row: Row, user: Any) -> Iterable[RowAction]:
    rights = (f"elections.add_{name}" for name in ("override", "freeze", "pin", "correctionnote"))
    if any(user.has_perm(right) for right in rights):
        url = reverse("elections_decisions:race", args=[row.pk])
        yield RowAction(_("Freeze, pin or correct"), url, key="d", is_dialog=False)


@row_actions
def typing_action(row: Row, user: Any) -> Iterable[RowAction]:
    if may_ask(user):
        url = reverse("elections_sheets:type", args=[row.pk])
        yield RowAction(_("Type a count"), url, key="t", is_dialog=False)


@row_actions
def source_action(row: Row, user: Any) -> Iterable[RowAction]:
    if row.source is not None and may_ask(user):
        url = reverse("elections_sources:inspect", args=[row.source.source_id])
        yield RowAction(_("Source"), url, is_dialog=False)
