"""What a desk types to correct a number, pause a race, go back to a count, or tell readers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm, formfield_for_dbfield

from elections.counting.guards import Verdict
from elections.desk.local_times import local_time_text, read_in_zone
from elections.models import Contest, ContestCount, CorrectionNote, Freeze, Override, Pin
from elections.models.decisions import Decision
from elections.widgets.facts import ContestFacts, load_facts
from elections.widgets.figures import number


class DecisionForm(WagtailAdminModelForm):
    """One decision about ``contest``; ``facts`` are those that it is made on."""

    def __init__(self, *args: Any, contest: Contest, user: Any, **kwargs: Any):
        self.contest, self.user = contest, user
        (self.facts,) = load_facts([contest.pk])
        kwargs["instance"] = self._meta.model(contest=contest)
        super().__init__(*args, **kwargs)

    def own_facts(self) -> dict[str, Any]:
        """Return what the decision keeps of the facts it was made on."""
        return {}

    def decide(self) -> Decision:
        """Store the decision.

        :raises ValidationError: somebody was faster, or the facts speak against it.
        """
        return self._meta.model.make(
            contest=self.contest, made_by=self.user, **self.cleaned_data, **self.own_facts()
        )


class OverrideForm(DecisionForm):
    class Meta:
        model = Override
        fields = [
            "selection",
            "votes",
            "as_of",
            "said_by",
            "source_url",
            "public_note",
            "until",
            "expires_at",
            "reason",
        ]
        formfield_callback = formfield_for_dbfield
        widgets = {"selection": forms.RadioSelect, "until": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        election = self.contest.election
        where = _("In the election’s own time zone: %(zone)s.") % {"zone": election.time_zone}
        self.initial["as_of"] = timezone.now()
        read_in_zone(self, ["as_of", "expires_at"], election.zone, where)
        selections = self.contest.selections.order_by("order", "pk")
        field = self.fields["selection"]
        field.queryset, field.empty_label = selections, None
        field.label_from_instance = self._label

    def _label(self, selection: Any) -> str:
        votes = self.facts.votes.get(selection.pk)
        shown = "–" if votes is None else number(votes)
        return _("%(name)s, now %(votes)s") % {"name": selection.name, "votes": shown}

    def own_facts(self) -> dict[str, Any]:
        selection_id = self.cleaned_data["selection"].pk
        counted = self.facts.counted
        return {
            "votes_before": self.facts.votes.get(selection_id) if self.facts.current else None,
            "source": counted and counted.source,
            "source_votes": self.facts.source_votes(selection_id),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.facts.desk.pin is not None:
            raise ValidationError(_("An earlier count is pinned. Unpin it first."))
        if cleaned.get("as_of") and cleaned["as_of"] > timezone.now():
            self.add_error("as_of", _("This time has not come yet."))
        if cleaned.get("selection") is not None:
            for name, value in self.own_facts().items():
                setattr(self.instance, name, value)
            if cleaned.get("votes") is not None:
                self._check_lowering(cleaned)
        return cleaned

    def _check_lowering(self, cleaned: dict[str, Any]) -> None:
        self.instance.votes = cleaned["votes"]
        may_lower = self.user.has_perm("elections.lower_override")
        if self.instance.lowers and not may_lower and not cleaned.get("public_note"):
            message = _("Readers would see fewer votes. Tell them why, or ask a desk chief.")
            self.add_error("public_note", message)


class FreezeForm(DecisionForm):
    class Meta:
        model = Freeze
        fields = ["public_note", "reason"]
        formfield_callback = formfield_for_dbfield

    def own_facts(self) -> dict[str, Any]:
        current = self.facts.current
        return {"count": current and current.count, "as_of": current and current.as_of}


class PinForm(DecisionForm):
    """``count`` is one that was accepted, and not the one that stands."""

    class Meta:
        model = Pin
        fields = ["count", "public_note", "reason"]
        formfield_callback = formfield_for_dbfield
        widgets = {"count": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.names = {s.pk: s.name for s in self.contest.selections.all()}
        field = self.fields["count"]
        field.label = _("Which count")
        field.help_text = _("Accepted counts of the source that readers see, the newest first.")
        field.queryset, field.empty_label = earlier_counts(self.facts), None
        field.label_from_instance = self._label

    def _label(self, count: ContestCount) -> str:
        leading = sorted(count.tally.items(), key=lambda line: -line[1])[:3]
        votes = "; ".join(f"{self.names.get(pk, '?')} {number(had)}" for pk, had in leading)
        return f"{local_time_text(count.counted_at, self.contest.election)}: {votes}"


def earlier_counts(facts: ContestFacts) -> Any:
    """Return the accepted counts before the one that the source says now, newest first."""
    if facts.counted is None:
        return ContestCount.objects.none()
    counts = ContestCount.objects.filter(
        contest=facts.contest,
        snapshot__source=facts.counted.source_id,
        snapshot__verdict=Verdict.ACCEPTED.value,
    )
    earlier = counts.exclude(pk=facts.counted.count_id).order_by("-counted_at", "-pk")
    return earlier.select_related("snapshot__source").defer("snapshot__compressed")


class NoteForm(DecisionForm):
    class Meta:
        model = CorrectionNote
        fields = ["text", "reason"]
        formfield_callback = formfield_for_dbfield
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}


class EndForm(forms.Form):
    """Why a decision no longer stands."""

    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Why, in a sentence. It stays on record; readers do not see it."),
    )

    def __init__(self, *args: Any, decision: Decision, user: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.decision, self.user = decision, user

    def decide(self, at: datetime | None = None) -> Decision:
        """End the decision.

        :raises ValidationError: it has ended already.
        """
        at = at or timezone.now()
        if not self.decision.end(at=at, by=self.user, reason=self.cleaned_data["reason"]):
            raise ValidationError(_("This has ended already. Look at what stands now."))
        return self.decision
