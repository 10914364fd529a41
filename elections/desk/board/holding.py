"""Deciding several held counts at once, with one note to readers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from elections.desk.board.bulk import BulkView, Chosen
from elections.desk.decisions import (
    REJECT,
    RELEASE,
    ReleaseForm,
    decide_holds,
    differences,
    may_decide,
)
from elections.models import Hold
from elections.storing import release_hold


class HoldsForm(ReleaseForm):
    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[
            (RELEASE, gettext_lazy("Release: readers see the held counts")),
            (REJECT, gettext_lazy("Reject: readers keep the counts that stand")),
        ],
        widget=forms.RadioSelect,
    )
    field_order = ["decision", "public_note"]


class DecideHoldsView(BulkView):
    """Held counts of the ticked races; without a ticked race, all that are open."""

    model = Hold
    page_title = gettext_lazy("Decide held counts")
    header_icon = "warning"
    form_class = HoldsForm
    button_label = gettext_lazy("Decide these counts")
    nothing_chosen = gettext_lazy("None of these races has a count that waits for a decision.")

    def is_allowed(self, user: Any) -> bool:
        return user.has_perm("elections.change_hold")

    def choose(self, contest_ids: list[int]) -> Iterable[Chosen]:
        holds = Hold.objects.open().filter(contest__in=contest_ids)
        decision = self.request.POST.get("decision", "")
        rows = holds.select_related("contest__election", "source", "snapshot")
        rows = rows.defer("snapshot__compressed").prefetch_related("contest__selections")
        for hold in rows.order_by("opened_at", "pk"):
            lines = [line for line in differences(hold) if line.votes]
            is_allowed = may_decide(self.request.user, hold, decision)
            why_not = "" if is_allowed else _("It changes who is ahead. Ask a desk chief.")
            yield Chosen(hold.pk, hold.contest, str(hold.snapshot_id), lines, why_not)

    def foresee(self, form: HoldsForm, possible: list[Chosen]) -> None:
        now, note = timezone.now(), form.cleaned_data["public_note"]
        holds = Hold.objects.select_related("source", "snapshot", "contest")
        for hold in holds.filter(pk__in=[one.pk for one in possible]):
            if form.cleaned_data["decision"] == RELEASE:
                release_hold(hold, now=now, by=self.request.user, public_note=note)
            else:
                hold.decide(REJECT, at=now, by=self.request.user)

    def act(self, form: HoldsForm, chosen: list[Chosen]) -> dict[int, str]:
        carried = {one.pk: self.request.POST.get(f"seen-{one.pk}", "") for one in chosen}
        outcomes = decide_holds(
            [one.pk for one in chosen],
            form.cleaned_data["decision"],
            self.request.user,
            form.cleaned_data["public_note"],
            seen={pk: int(mark) if mark.isdecimal() else 0 for pk, mark in carried.items()},
        )
        return {one.hold_id: one.message for one in outcomes if not one.is_done}

    def done_text(self, count: int) -> str:
        return ngettext(
            "%(count)s held count is decided. Readers see it within a minute.",
            "%(count)s held counts are decided. Readers see it within a minute.",
            count,
        ) % {"count": count}
