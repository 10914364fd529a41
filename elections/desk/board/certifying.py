"""Certifying several races at once: one authority, one day, one call for each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.widgets import AdminDateInput
from wagtail.log_actions import log

from elections.counting import calls
from elections.counting.calls import CallKind
from elections.desk import audit
from elections.desk.board.bulk import BulkView, Chosen
from elections.desk.publishing import publish_soon
from elections.desk.seen import Seen, lock_race, news_since, seen_now
from elections.models import Call, Contest
from elections.widgets.facts import ContestFacts, load_facts


class CertifyForm(forms.Form):
    authority = forms.CharField(
        label=gettext_lazy("Authority"),
        max_length=200,
        help_text=gettext_lazy("Who certified: the registrar, the board of supervisors."),
    )
    certified_on = forms.DateField(
        label=gettext_lazy("Certified on"), widget=AdminDateInput, initial=timezone.localdate
    )
    source_url = forms.URLField(
        label=gettext_lazy("Source link"), required=False, max_length=1000, assume_scheme="https"
    )
    note = forms.CharField(
        label=gettext_lazy("Further reason"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("The day stands in the reason of each call by itself."),
    )

    def clean_certified_on(self) -> Any:
        day = self.cleaned_data["certified_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        return day

    @property
    def facts(self) -> dict[str, str]:
        """What each of the calls says, beside its kind."""
        day = date_format(self.cleaned_data["certified_on"])
        reason = _("Certified on %(day)s.") % {"day": day}
        return {
            "authority": self.cleaned_data["authority"],
            "reason": f"{reason} {self.cleaned_data['note']}".strip(),
            "source_url": self.cleaned_data["source_url"],
        }


class CertifyView(BulkView):
    model = Contest
    page_title = gettext_lazy("Certify races")
    header_icon = "check"
    form_class = CertifyForm
    button_label = gettext_lazy("Publish these certifications")

    def is_allowed(self, user: Any) -> bool:
        return user.has_perm("elections.add_call") and user.has_perm("elections.certify_call")

    def choose(self, contest_ids: list[int]) -> Iterable[Chosen]:
        confirmed = Contest.objects.confirmed().filter(pk__in=contest_ids).values_list("pk")
        for facts in load_facts([pk for (pk,) in confirmed]):
            mark = str(seen_now(facts.contest.pk))
            yield Chosen(facts.contest.pk, facts.contest, mark, refusal=refusal(facts))

    def foresee(self, form: CertifyForm, possible: list[Chosen]) -> None:
        for one in possible:
            Call.make(contest=one.contest, kind=CallKind.CERTIFIED, **form.facts)

    def act(self, form: CertifyForm, chosen: list[Chosen]) -> dict[int, str]:
        why_not = {}
        for one in chosen:
            if sentences := self._certify(form, one):
                why_not[one.pk] = " ".join(sentences)
        publish_soon(one.contest.pk for one in chosen if one.pk not in why_not)
        return why_not

    def _certify(self, form: CertifyForm, one: Chosen) -> list[str]:
        """Make one call, in a transaction of its own; return why not, a sentence each."""
        carried = Seen.from_mark(self.request.POST.get(f"seen-{one.pk}", ""))
        try:
            with transaction.atomic():
                lock_race(one.pk)
                if news := news_since(carried, seen_now(one.pk), one.contest):
                    return news
                call = Call.make(
                    contest=one.contest,
                    kind=CallKind.CERTIFIED,
                    made_by=self.request.user,
                    **form.facts,
                )
        except ValidationError as error:
            return list(error.messages)
        facts = {"call": call.pk, "kind": str(call.get_kind_display()), "selections": []}
        log(one.contest, audit.CALLED, data={**facts, "reason": call.reason})
        return []

    def done_text(self, count: int) -> str:
        return ngettext(
            "%(count)s race is certified. Readers see it within a minute.",
            "%(count)s races are certified. Readers see it within a minute.",
            count,
        ) % {"count": count}


def refusal(facts: ContestFacts) -> str:
    """Return why a race cannot be certified in bulk; "" when nothing speaks against it."""
    made = [call.as_fact() for call in facts.calls]
    in_force = calls.standing_calls(made, seats=facts.contest.number_elected)
    if any(call.kind is CallKind.CERTIFIED for call in in_force):
        return _("It is certified already.")
    if facts.open_hold is not None:
        return _("A count of it is held. Decide that first.")
    if facts.contest.election.needs_approval(CallKind.CERTIFIED):
        return _("This election asks for a second person. Make the call for this race by itself.")
    return ""
