"""Choosing a figure of a race in the text editor: first the race, then what of it.

Two tools open it. A live figure prints what the race says; a checked fact is held against it,
and then the chooser comes with the words that the writer has marked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.modal_workflow import render_modal_workflow

from elections.counting.claims import Tolerance, read_claim
from elections.desk.contest_search import search_contests
from elections.models import Contest
from elections.prose.facts import judge, suggest
from elections.prose.figures import KINDS, OF_A_LEAD
from elections.prose.published import Told, load_told

RACES = 30
LONGEST_WORDS = 200
TOLERANCES = {
    Tolerance.ROUNDED: gettext_lazy("As rounded as it is written"),
    Tolerance.EXACT: gettext_lazy("Exact"),
    Tolerance.ABOUT: gettext_lazy("About: up to a twentieth off"),
}


@dataclass(frozen=True)
class Asked:
    """What the editor's tool asks for: the marked words, and what was chosen before."""

    is_fact: bool
    words: str

    @classmethod
    def of(cls, request: HttpRequest) -> Asked:
        words = request.GET.get("words", "").strip()[:LONGEST_WORDS]
        return cls(request.GET.get("tool") == "CHECKED-FACT", words)


def choose_race(request: HttpRequest) -> HttpResponse:
    """List the races that readers have, those of the newest election first."""
    asked = Asked.of(request)
    if asked.is_fact and not asked.words:
        return render_modal_workflow(
            request, "elections/desk/figures/no_words.html", json_data={"step": "race"}
        )
    query = request.GET.get("q", "").strip()[:100]
    races = Contest.objects.confirmed().filter(published__isnull=False).select_related("election")
    races = search_contests(races, query).order_by(
        "election__is_test", "-election__election_date", "order", "name", "pk"
    )
    facts = {"races": races[:RACES], "q": query, "asked": asked, "most": RACES}
    return render_modal_workflow(
        request, "elections/desk/figures/races.html", None, facts, {"step": "race"}
    )


def choose_figure(request: HttpRequest, contest_id: int) -> HttpResponse:
    """Offer the race's figures with what they say now, and take the one that is chosen."""
    asked = Asked.of(request)
    contest = get_object_or_404(Contest.objects.confirmed(), pk=contest_id)
    told = load_told([contest_id]).get(contest_id)
    form_class = FactForm if asked.is_fact else FigureForm
    chosen = {"figure": request.GET.get("figure"), "frozen": request.GET.get("frozen")}
    form = form_class(
        request.POST or None, initial=chosen | _first(asked, told), told=told, words=asked.words
    )
    if request.method == "POST" and form.is_valid():
        return JsonResponse({"step": "chosen", "result": form.result(contest_id)})
    facts = {"contest": contest, "form": form, "asked": asked, "told": told}
    return render_modal_workflow(
        request, "elections/desk/figures/figure.html", None, facts, {"step": "figure"}
    )


def _first(asked: Asked, told: Told | None) -> dict[str, str]:
    found = suggest(asked.words, told) if asked.is_fact and told else []
    return {"figure": found[0].kind} if found else {}


class FigureForm(forms.Form):
    figure = forms.ChoiceField(label=gettext_lazy("Figure"), widget=forms.RadioSelect)
    frozen = forms.BooleanField(
        label=gettext_lazy("Freeze it at what it says now"),
        required=False,
        help_text=gettext_lazy("Otherwise it follows the count until the race is certified."),
    )

    def __init__(self, *args: Any, told: Told | None, words: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.told, self.words = told, words
        self.fields["figure"].choices = self.offers()

    def offers(self) -> list[tuple[str, str]]:
        return [(kind, f"{label}: {text}") for kind, label, text in _figures(self.told)]

    def result(self, contest_id: int) -> dict[str, Any]:
        kind = self.cleaned_data["figure"]
        text = self.told.figure(kind)
        frozen = "true" if self.cleaned_data["frozen"] else ""
        return {
            "contest": str(contest_id), "figure": kind, "frozen": frozen, "text": text,
            "title": text,
        }  # fmt: skip


def _figures(told: Told | None) -> list[tuple[str, str, str]]:
    """Return each figure that a story may show: kind, label, and what it says now.

    Without a lead those of one are left out where there cannot be any, as in a measure that
    needs more than half, but not before the first count.
    """
    if told is None:
        return []
    payload = told.payload
    may_lead = payload["lead"] is not None or not (payload["threshold"] or payload["ranked_choice"])
    found = [
        (kind, str(label), told.figure(kind))
        for kind, label in KINDS.items()
        if may_lead or kind not in OF_A_LEAD
    ]
    for row in payload["selections"]:
        votes, share = f"votes:{row['id']}", f"share:{row['id']}"
        name = {"name": row["name"]}
        found.append((votes, _("Votes for %(name)s") % name, told.figure(votes)))
        found.append((share, _("Share of %(name)s") % name, told.figure(share)))
    return [figure for figure in found if figure[2]]


class FactForm(FigureForm):
    frozen = None
    tolerance = forms.ChoiceField(
        label=gettext_lazy("How exact"),
        choices=TOLERANCES.items(),
        initial=Tolerance.ROUNDED,
        help_text=gettext_lazy(
            "For a number without a word of its own. “About”, “nearly” or “more than” in the "
            "text come first."
        ),
    )

    def offers(self) -> list[tuple[str, str]]:
        if self.told is None:
            return []
        fitting = suggest(self.words, self.told)
        if read_claim(self.words) is None:
            return [("leader", _("Who leads: %(name)s") % {"name": self.told.figure("leader")})]
        return [(one.kind, f"{one.label}: {one.text}") for one in fitting]

    def result(self, contest_id: int) -> dict[str, Any]:
        chosen = self.cleaned_data
        verdict = judge(self.words, chosen["figure"], chosen["tolerance"], self.told)
        return {
            "contest": str(contest_id),
            "figure": chosen["figure"],
            "tolerance": chosen["tolerance"],
            "title": self.words,
            "is_true": verdict.is_true,
        }


urlpatterns = [
    path("choose/", choose_race, name="choose"),
    path("choose/<int:contest_id>/", choose_figure, name="figure"),
]
