"""One form for a race with its candidates; what a feed said stands beside it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet, inlineformset_factory
from django.forms.formsets import ORDERING_FIELD_NAME
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel

from elections.models import Contest, Published, Selection

SELECTION_FIELDS = ["name", "party", "incumbent", "status", "answer"]


class SelectionFormSet(BaseInlineFormSet):
    """The candidates of a race in the order of the form."""

    def clean(self) -> None:
        super().clean()
        for form in self.deleted_forms:
            self._check_deletion(form.instance)
        answers = [
            form.cleaned_data.get("answer")
            for form in self.forms
            if form not in self.deleted_forms and form.is_valid() and form.cleaned_data
        ]
        for answer in ("yes", "no"):
            if answers.count(answer) > 1:
                raise ValidationError(
                    _("Two of the answers are “%(answer)s”. A question has one of each."),
                    params={"answer": Selection.Answer(answer).label},
                )

    def _check_deletion(self, selection: Selection) -> None:
        if selection.pk is None:
            return
        if selection.identifiers.exists() or selection.calls.exists():
            raise ValidationError(
                _(
                    "%(name)s is in a feed or in a call and stays on record. "
                    "Set the status to “Withdrew” instead."
                ),
                params={"name": selection.name},
            )

    def save(self, commit: bool = True) -> list[Selection]:
        moved = []
        for place, form in enumerate(self.ordered_forms):
            if form.instance.order != place:
                form.instance.order = place
                moved.append(form.instance)
        saved = super().save(commit)
        if commit:
            for selection in moved:
                if selection not in saved:
                    selection.save(update_fields=["order", "updated_at"])
        return saved

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields[ORDERING_FIELD_NAME].required = False


SelectionForms = inlineformset_factory(
    Contest,
    Selection,
    form=WagtailAdminModelForm,
    formset=SelectionFormSet,
    fields=SELECTION_FIELDS,
    extra=0,
    can_order=True,
)


class ContestForm(WagtailAdminModelForm):
    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any):
        super().__init__(data, files, **kwargs)
        if self.instance.pk:
            self.fields["election"].disabled = True
        self.formsets["selections"] = SelectionForms(
            data, files, instance=self.instance, prefix="selections"
        )

    def clean_status(self) -> str:
        status = self.cleaned_data["status"]
        published = Published.objects.filter(pk=self.instance.pk)
        if status != Contest.Status.CONFIRMED and published.exists():
            raise ValidationError(
                _("Readers see this race already, so it stays confirmed. Correct it instead.")
            )
        return status

    def save(self, commit: bool = True) -> Contest:
        contest = super().save(commit)
        if commit:
            selections = self.formsets["selections"]
            selections.instance = contest
            selections.save()
            if contest.is_confirmed:
                contest.selections.filter(is_new=True).update(is_new=False)
        return contest


class ReportedPanel(FieldPanel):
    """What a feed says, read-only; not there where no feed has spoken."""

    def __init__(self, field_name: str, **kwargs: Any):
        super().__init__(field_name, **{**kwargs, "read_only": True})

    class BoundPanel(FieldPanel.BoundPanel):
        def __init__(self, **kwargs: Any):
            super().__init__(**kwargs)
            if getattr(self.instance, "is_new", False):
                self.heading = _("New in the feed: check the name")

        def is_shown(self) -> bool:
            return bool(self.value_from_instance) and super().is_shown()


def contest_panels() -> list[Any]:
    return [
        MultiFieldPanel(
            [
                FieldPanel("election"),
                FieldPanel("name"),
                ReportedPanel("reported_title"),
                FieldPanel("status"),
                FieldPanel("reaches_beyond"),
                FieldPanel("coverage_note"),
            ],
            heading=_("Race"),
        ),
        InlinePanel(
            "selections",
            heading=_("Candidates or answers"),
            label=_("candidate or answer"),
            help_text=_(
                "Write names as readers should see them. A feed never writes over them; "
                "its own names stand below."
            ),
            panels=[
                FieldRowPanel([FieldPanel("name"), FieldPanel("party")]),
                ReportedPanel("reported_name"),
                FieldRowPanel(
                    [FieldPanel("incumbent"), FieldPanel("status"), FieldPanel("answer")]
                ),
            ],
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("contest_type"), FieldPanel("vote_variation")]),
                FieldRowPanel(
                    [
                        FieldPanel("votes_allowed"),
                        FieldPanel("number_elected"),
                        FieldPanel("number_runoff"),
                    ]
                ),
                FieldRowPanel([FieldPanel("division"), FieldPanel("registered_voters")]),
                FieldPanel("depends_on"),
            ],
            heading=_("How it is decided"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel(
                    [
                        FieldPanel("passage_numerator"),
                        FieldPanel("passage_denominator"),
                        FieldPanel("passage_comparator"),
                    ]
                ),
                ReportedPanel("reported_threshold"),
                FieldRowPanel(
                    [
                        FieldPanel("conditional_numerator"),
                        FieldPanel("conditional_denominator"),
                        FieldPanel("conditional_comparator"),
                    ]
                ),
                FieldPanel("question"),
            ],
            heading=_("For a question put to the voters"),
            help_text=_(
                "Leave the thresholds empty for candidates. The second one is for a measure whose "
                "threshold changes if another one passes: say above which one it depends on."
            ),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("group"), FieldPanel("order")]),
                ReportedPanel("reported_note"),
            ],
            heading=_("On the ballot"),
        ),
    ]
