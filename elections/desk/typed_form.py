"""A clerk's page on paper, as boxes: our own candidates, a number for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from elections.desk.local_times import LocalTimeField
from elections.feeds.sheets import LineError, read_number
from elections.models import Contest, Election, Selection, Source


class VotesField(forms.CharField):
    """A whole number of votes, with or without separators of thousands; None when left empty."""

    widget = forms.TextInput(
        attrs={"inputmode": "numeric", "autocomplete": "off", "class": "elections-votes"}
    )

    def to_python(self, value: Any) -> int | None:
        text = super().to_python(value)
        if not text:
            return None
        try:
            return read_number(text, 1)
        except LineError as error:
            raise ValidationError(error.what) from error


@dataclass(frozen=True)
class Box:
    """One candidate's line; ``shown`` is what this source has said so far, None for nothing."""

    selection: Selection
    field: forms.BoundField
    shown: int | None


@dataclass(frozen=True)
class RaceTable:
    contest: Contest
    boxes: list[Box]
    seen: forms.BoundField


class TypedForm(forms.Form):
    """The counts of some races of one election, as one office gave them at one time."""

    said_by = forms.CharField(
        label=gettext_lazy("Who says so"),
        max_length=200,
        help_text=gettext_lazy("Readers see it after “Source:”, for example the city clerk."),
    )

    def __init__(
        self,
        *args: Any,
        election: Election,
        contests: Iterable[Contest],
        standing: Mapping[int, Mapping[int, int]],
        latest: Mapping[int, int],
        **kwargs: Any,
    ):
        """``standing`` is contest to selection to votes, of earlier typing; ``latest`` is
        contest to the id of its latest typed attempt."""
        super().__init__(*args, **kwargs)
        self.contests, self.standing, self.latest = list(contests), standing, latest
        self.fields["counted_at"] = LocalTimeField(
            zone=election.zone,
            label=_("As of"),
            help_text=_(
                "When the office published these numbers, on the clock of %(zone)s: "
                "2024-11-05 21:30."
            )
            % {"zone": election.time_zone},
        )
        for contest in self.contests:
            self.fields[f"seen-{contest.pk}"] = forms.CharField(
                required=False, widget=forms.HiddenInput, initial=latest.get(contest.pk, 0)
            )
            for selection in contest.selections.all():
                label = _("Votes for %(name)s") % {"name": selection.name}
                self.fields[_box(selection)] = VotesField(label=label, required=False)

    @property
    def tables(self) -> list[RaceTable]:
        return [
            RaceTable(
                contest,
                [
                    Box(one, self[_box(one)], self.standing.get(contest.pk, {}).get(one.pk))
                    for one in contest.selections.all()
                ],
                self[f"seen-{contest.pk}"],
            )
            for contest in self.contests
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for contest in self.contests:
            self._check_race(contest)
        if not self.errors and not self.votes:
            raise ValidationError(_("Nothing was typed. Write the votes of at least one race."))
        return cleaned

    def _check_race(self, contest: Contest) -> None:
        names = [_box(one) for one in contest.selections.all()]
        empty = [name for name in names if self.cleaned_data.get(name) is None]
        if len(empty) == len(names):
            return
        for name in empty:
            if name not in self.errors:
                self.add_error(name, _("The votes are missing. Write 0 where there are none."))

    @property
    def votes(self) -> dict[int, dict[int, int]]:
        """Contest to selection to votes, of the races with numbers; of a form that is valid."""
        found = {
            contest.pk: {
                one.pk: self.cleaned_data[_box(one)]
                for one in contest.selections.all()
                if self.cleaned_data.get(_box(one)) is not None
            }
            for contest in self.contests
        }
        return {pk: votes for pk, votes in found.items() if votes}

    @property
    def fingerprint(self) -> str:
        """What a person has looked at before they say yes to it."""
        facts = (self.votes, self.cleaned_data["counted_at"], self.cleaned_data["said_by"])
        return sha256(repr(facts).encode()).hexdigest()

    def outdated(self) -> list[Contest]:
        """Return the races that somebody else has typed since this form was opened."""
        return [
            contest
            for contest in self.contests
            if contest.pk in self.votes
            and self.cleaned_data[f"seen-{contest.pk}"] != str(self.latest.get(contest.pk, 0))
        ]


def _box(selection: Selection) -> str:
    return f"votes-{selection.pk}"


def latest_office(election: Election, contest: Contest | None = None) -> str:
    """Return who was typed as the source last: of this race, otherwise of the election."""
    typed = Source.objects.filter(election=election, provider="typed")
    own = typed.filter(address=f"race:{contest.pk}").first() if contest else None
    latest = own or typed.order_by("-pk").first()
    return latest.name if latest else ""
