"""The form of a call, for one race: only its own people, only words that fit it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm, formfield_for_dbfield
from wagtail.snippets.widgets import AdminSnippetChooser

from elections.counting.calls import CallKind
from elections.models import Call, Contest, Proposal
from elections.models.calls import KINDS_OF_MEASURES, KINDS_OF_PEOPLE, check_call
from elections.widgets.facts import load_facts
from elections.widgets.result import leaders


def newsroom_name() -> str:
    return getattr(settings, "WAGTAIL_SITE_NAME", "")


class RaceForm(forms.Form):
    """Which race the call is about; its people are known only then."""

    contest = forms.ModelChoiceField(
        label=_("Race"),
        queryset=Contest.objects.confirmed(),
        error_messages={
            "invalid_choice": _("Choose a confirmed race. Confirm a draft under Races first.")
        },
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["contest"].widget = AdminSnippetChooser(model=Contest)


class CallForm(WagtailAdminModelForm):
    class Meta:
        model = Call
        fields = ["kind", "selections", "authority", "reason", "source_url"]
        formfield_callback = formfield_for_dbfield
        widgets = {"selections": forms.CheckboxSelectMultiple, "kind": forms.RadioSelect}

    def __init__(self, *args: Any, contest: Contest, user: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.contest = contest
        self.user = user
        left_out = set(KINDS_OF_PEOPLE if contest.has_yes_and_no else KINDS_OF_MEASURES)
        if not user.has_perm("elections.certify_call"):
            left_out.add(CallKind.CERTIFIED)
        self.fields["kind"].choices = [
            (kind.value, kind.label)
            for kind in Call.Kind
            if kind != Call.Kind.RETRACTED and CallKind(kind.value) not in left_out
        ]
        self.fields["selections"].queryset = contest.selections.order_by("order", "pk")
        self.fields["selections"].help_text = _(
            "Who won, advanced or conceded. Leave empty when the call is about the whole race."
        )
        self.fields["authority"].initial = newsroom_name()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "kind" in cleaned and "selections" in cleaned:
            check_call(
                self.contest, CallKind(cleaned["kind"]), cleaned["selections"], retracts=None
            )
        return cleaned

    @property
    def needs_approval(self) -> bool:
        """Whether the call, once it is valid, is proposed to a second person."""
        return self.contest.election.needs_approval(self.cleaned_data["kind"])

    def make(self, user: Any) -> Call:
        """Make the call.

        :raises ValidationError: it needs a second person.
        """
        return Call.make(**self._facts(user))

    def foresee(self, user: Any) -> Call:
        """Make the call as if it were approved already, for a look at what readers would see."""
        return Call.make(**self._facts(user), is_approved=True)

    def propose(self, user: Any) -> Proposal:
        """Leave the call to a second person.

        :raises ValidationError: the same call is proposed already.
        """
        return Proposal.make(**self._facts(user), grounds=grounds_of(self.contest.pk))

    def _facts(self, user: Any) -> dict[str, Any]:
        facts = dict(self.cleaned_data)
        return {
            "contest": self.contest,
            "kind": CallKind(facts.pop("kind")),
            "selections": list(facts.pop("selections")),
            "made_by": user,
            **facts,
        }


def grounds_of(contest_id: int) -> dict[str, Any]:
    """Return the facts that a call is made on: who is ahead, and the latest call."""
    (facts,) = load_facts([contest_id])
    return {
        "leaders": leaders(facts),
        "call": max((call.pk for call in facts.calls), default=None),
    }


class TakeBackForm(WagtailAdminModelForm):
    class Meta:
        model = Call
        fields = ["authority", "reason", "source_url"]
        formfield_callback = formfield_for_dbfield

    def __init__(self, *args: Any, call: Call, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.call = call
        self.fields["authority"].initial = newsroom_name()

    def make(self, user: Any) -> Call:
        return take_back(self.call, made_by=user, **self.cleaned_data)


def take_back(call: Call, **facts: Any) -> Call:
    return Call.make(contest=call.contest, kind=CallKind.RETRACTED, retracts=call, **facts)
