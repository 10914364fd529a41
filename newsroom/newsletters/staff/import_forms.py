"""The two forms of an import: the file, and what its rows mean."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateInput

from newsroom.newsletters.importing.batches import is_address
from newsroom.newsletters.importing.sheets import (
    MAX_BYTES,
    Sheet,
    SheetRefusedError,
    look_through,
)
from newsroom.newsletters.models import ImportBatch, Newsletter

Consent = ImportBatch.Consent


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "CSV in UTF-8, or .xlsx; 16 MB and 200,000 rows at most. The first row names the "
            "columns. Nobody is added before you have seen what would happen."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )
    sheet: Sheet
    body: bytes

    def clean_file(self) -> UploadedFile:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(
                _("The file is larger than %(most)s MB. Split it.") % {"most": MAX_BYTES // 2**20}
            )
        self.body = file.read()
        try:
            self.sheet = look_through(self.body)
        except SheetRefusedError as error:
            raise forms.ValidationError(str(error)) from error
        return file

    def save(self, user: Any) -> ImportBatch:
        return ImportBatch.objects.create(
            file_name=get_valid_filename(self.cleaned_data["file"].name)[:200],
            body=self.body,
            columns=self.sheet.columns,
            sample=self.sheet.sample,
            rows_total=self.sheet.row_count,
            made_by=user,
        )


class MeaningForm(forms.ModelForm):
    """Which column, which list, and how they agreed. ``may_prove`` allows proven consent."""

    address_column = forms.TypedChoiceField(
        label=gettext_lazy("Column with the addresses"), coerce=int
    )

    class Meta:
        model = ImportBatch
        fields = [
            "address_column",
            "newsletter",
            "consent",
            "consent_source",
            "consent_date",
            "wording",
        ]
        widgets = {
            "consent": forms.RadioSelect,
            "consent_date": AdminDateInput,
            "wording": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "consent_source": gettext_lazy(
                "For proven consent: the form, event or system where they agreed."
            ),
            "consent_date": gettext_lazy("For proven consent: the latest day of it."),
            "wording": gettext_lazy(
                "For proven consent: exactly what they were shown. It goes into the ledger."
            ),
        }

    def __init__(self, *args: Any, may_prove: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["address_column"].choices = list(enumerate(self.instance.columns))
        self.initial.setdefault("address_column", guess_column(self.instance))
        if self.initial["address_column"] is None:
            self.initial["address_column"] = guess_column(self.instance)
        newsletter = self.fields["newsletter"]
        newsletter.queryset = Newsletter.objects.lists().order_by("name", "pk")
        newsletter.required = True
        consent = self.fields["consent"]
        consent.required = True
        consent.choices = [
            choice for choice in Consent.choices if may_prove or choice[0] != Consent.PROVEN
        ]
        self.initial["consent"] = self.initial.get("consent") or Consent.MUST_CONFIRM
        if not may_prove:
            for name in ("consent_source", "consent_date", "wording"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("consent") == Consent.PROVEN:
            for name in ("consent_source", "consent_date", "wording"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("Proven consent needs it. Without it, choose to ask."))
            date = cleaned.get("consent_date")
            if date and date > timezone.localdate():
                self.add_error("consent_date", _("This day is still to come."))
        return cleaned


def guess_column(batch: ImportBatch) -> int:
    """Return the column whose first rows look like addresses, or the first one."""
    for place in range(len(batch.columns)):
        if any(len(row) > place and is_address(row[place]) for row in batch.sample):
            return place
    return 0
