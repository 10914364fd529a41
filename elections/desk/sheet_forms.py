"""The two forms of a sheet: what is sent, and how it is read."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from elections.desk.local_times import LocalTimeField
from elections.feeds.contract import FeedError
from elections.feeds.readings import NEEDED, ROLES, guess_roles
from elections.feeds.tables import MAX_BYTES, Table, read_table
from elections.models import Election

PASTED = "pasted.txt"
ROLE_LABELS = {
    "race": gettext_lazy("Race"),
    "district": gettext_lazy("District"),
    "candidate": gettext_lazy("Candidate or answer"),
    "party": gettext_lazy("Party"),
    "votes": gettext_lazy("Votes"),
    "county": gettext_lazy("County"),
    "precinct": gettext_lazy("Precinct"),
    "vote_type": gettext_lazy("Kind of vote"),
    "round": gettext_lazy("Round of ranked choice"),
}


class SendForm(forms.Form):
    """A file or a paste; ``body`` and ``file_name`` are what came, once it is valid."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        help_text=gettext_lazy("A sheet of text (.csv, .tsv) or of Excel (.xlsx), up to 8 MB."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
    )
    pasted = forms.CharField(
        label=gettext_lazy("Or paste the cells"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "Straight from a spreadsheet, with the row that names the columns, up to 2 MB."
        ),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        upload, pasted = cleaned.get("file"), cleaned.get("pasted", "")
        if "file" in self.errors:
            return cleaned
        if upload and pasted.strip():
            raise ValidationError(_("Send a file or a paste, not both. Empty one of the two."))
        if not upload and not pasted.strip():
            raise ValidationError(_("Choose a file, or paste the cells."))
        field = "file" if upload else "pasted"
        if upload and upload.size > MAX_BYTES:
            self.add_error("file", _("The file is larger than 8 MB. Send the races you need."))
            return cleaned
        self.body = upload.read() if upload else pasted.encode()
        self.file_name = upload.name if upload else PASTED
        try:
            read_table(self.body)
        except FeedError as error:
            self.add_error(field, error.message)
        return cleaned


class ReadForm(forms.Form):
    """Which column is what, and when it was counted."""

    def __init__(self, *args: Any, table: Table, election: Election, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if len(table.worksheets) > 1:
            self.fields["worksheet"] = forms.ChoiceField(
                label=_("Worksheet"),
                choices=[(name, name) for name in table.worksheets],
                initial=table.worksheet,
            )
        self.fields["counted_at"] = LocalTimeField(
            zone=election.zone,
            label=_("Counted at"),
            help_text=_(
                "When the office published these numbers, on the clock of %(zone)s: "
                "2024-11-05 21:30."
            )
            % {"zone": election.time_zone},
        )
        guessed = guess_roles(table.head)
        columns = [
            (str(at), name or _("column %(n)s") % {"n": at + 1})
            for at, name in enumerate(table.head)
        ]
        for role in ROLES:
            self.fields[role] = forms.ChoiceField(
                label=ROLE_LABELS[role],
                required=role in NEEDED,
                choices=[("", _("– not in the sheet –")), *columns],
                initial=str(guessed[role]) if role in guessed else "",
                error_messages={"required": _("Choose the column that says this.")},
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        chosen = [cleaned[role] for role in ROLES if cleaned.get(role)]
        twice = {at for at in chosen if chosen.count(at) > 1}
        for role in ROLES:
            if cleaned.get(role) in twice:
                self.add_error(role, _("This column was chosen twice."))
        return cleaned

    @property
    def roles(self) -> dict[str, int]:
        return {role: int(self.cleaned_data[role]) for role in ROLES if self.cleaned_data[role]}

    @property
    def fingerprint(self) -> str:
        """What a person has looked at before they say yes to it."""
        facts = (self.roles, self.cleaned_data["counted_at"], self.cleaned_data.get("worksheet"))
        return sha256(repr(facts).encode()).hexdigest()
