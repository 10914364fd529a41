"""What somebody at the desk wants to see of all races."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from elections.counting.calls import RaceState
from elections.desk.board.rows import Row
from elections.desk.contest_search import search_contests
from elections.models import Contest, Election
from elections.widgets.labels import STATE_LABELS


def state_choices() -> list[tuple[str, Any]]:
    """Return each word that a state may have, once; two states share “Counting”."""
    words: dict[str, str] = {}
    for state in RaceState:
        words.setdefault(str(STATE_LABELS[state]), state.value)
    return [("", _("All")), *((value, word) for word, value in words.items())]


class BoardFilter(forms.Form):
    """Nothing chosen shows the latest election; an empty election shows all of them."""

    q = forms.CharField(label=_("Search"), required=False, widget=forms.SearchInput)
    election = forms.ModelChoiceField(
        Election.objects.all(), label=_("Election"), required=False, empty_label=_("All")
    )
    state = forms.ChoiceField(label=_("State"), required=False, choices=state_choices)
    needs = forms.BooleanField(label=_("Only what needs me"), required=False)

    def __init__(self, data: QueryDict):
        asked = data.copy()
        if "election" not in asked:
            latest = Election.objects.values_list("pk", flat=True).first()
            asked["election"] = str(latest or "")
        super().__init__(asked)
        self.is_valid()

    @property
    def is_narrow(self) -> bool:
        """Whether races are left out for another reason than their election."""
        return any(self.cleaned_data.get(name) for name in ("q", "state", "needs"))

    def contests(self) -> QuerySet[Contest]:
        contests = Contest.objects.confirmed()
        if self.cleaned_data.get("election"):
            contests = contests.filter(election=self.cleaned_data["election"])
        return search_contests(contests, self.cleaned_data.get("q", ""))

    def keep(self, rows: list[Row]) -> list[Row]:
        """Return the rows of a state, or those that need somebody."""
        state = self.cleaned_data.get("state")
        if state:
            word = str(STATE_LABELS[RaceState(state)])
            rows = [row for row in rows if str(STATE_LABELS[row.state]) == word]
        if self.cleaned_data.get("needs"):
            rows = [row for row in rows if row.needs_somebody]
        return rows
