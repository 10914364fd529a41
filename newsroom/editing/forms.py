from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import AbstractPage

from newsroom.editing.starting import BEGINNINGS, Beginning
from newsroom.subjects import Subject, get_subjects


class TitledForm(forms.Form):
    """Asks for a headline, and finds the slug for it below a page."""

    title = forms.CharField(label=gettext_lazy("Headline"), max_length=255)

    def __init__(self, *args: Any, parent: AbstractPage, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.parent = parent

    def clean_title(self) -> str:
        title = self.cleaned_data["title"].strip()
        self.slug = self._free_slug(slugify(title)[:200] or "story")
        return title

    def _free_slug(self, wanted: str) -> str:
        taken = set(self.parent.get_children().values_list("slug", flat=True))
        slug, number = wanted, 2
        while slug in taken:
            slug, number = f"{wanted}-{number}", number + 1
        return slug

    def clean_subject(self, key: str | None) -> str:
        """Return the key if there is such a subject.

        :raises forms.ValidationError: there is none, or it is a draft.
        """
        if key and key not in get_subjects().find([key]):
            raise forms.ValidationError(_("Choose one that is confirmed."))
        return key or ""


class StartForm(TitledForm):
    beginning = forms.ChoiceField(label=gettext_lazy("What is it?"), widget=forms.RadioSelect)
    about = forms.CharField(
        required=False,
        help_text=gettext_lazy("Its result will stand in the story. It may be left empty."),
    )

    field_order = ["beginning", "title", "about"]

    def __init__(self, *args: Any, kinds: Collection[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["beginning"].choices = [
            (key, f"{found.label}: {found.description}")
            for key, found in BEGINNINGS.items()
            if key in kinds
        ]
        provider = get_subjects()
        if provider.is_empty:
            del self.fields["about"]
        else:
            self.fields["about"].label = provider.get_heading()
            self.fields["about"].widget = provider.get_widget()

    def clean_about(self) -> str:
        return self.clean_subject(self.cleaned_data["about"])

    @property
    def chosen(self) -> Beginning:
        return BEGINNINGS[self.cleaned_data["beginning"]]


class DuplicateForm(TitledForm):
    """One field for each subject of the old story: what the new one is about instead."""

    def __init__(self, *args: Any, subjects: Collection[Subject], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.subjects = subjects
        for subject in subjects:
            self.fields[f"subject-{subject.key}"] = forms.CharField(
                label=_("Instead of %(title)s") % {"title": subject.title},
                required=False,
                widget=get_subjects().get_widget(),
                help_text=_("Leave it empty to keep it."),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.keys = {}
        for subject in self.subjects:
            name = f"subject-{subject.key}"
            try:
                key = self.clean_subject(cleaned.get(name))
            except forms.ValidationError as error:
                self.add_error(name, error)
            else:
                self.keys |= {subject.key: key} if key else {}
        return cleaned
