"""Releasing and rejecting held counts: several in one action, or one in two posts.

The first post is to read, the second to decide.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.log_actions import log

from elections.desk import audit
from elections.desk.acting import GoesBackMixin
from elections.desk.preview import result_after
from elections.desk.publishing import publish_soon
from elections.desk.seen import Seen, lock_race, news_since, seen_now
from elections.models import Hold
from elections.storing import release_hold
from elections.widgets.figures import number
from elections.widgets.publish import publish

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Difference:
    """One selection's votes as readers see them and as they would be."""

    name: str
    shown: int
    held: int

    @property
    def votes(self) -> int:
        return self.held - self.shown

    @property
    def text(self) -> str:
        sign = "−" if self.votes < 0 else "+" if self.votes > 0 else ""
        return sign + number(abs(self.votes))


def differences(hold: Hold) -> list[Difference]:
    """Return every selection of the race; reads the prefetched selections."""
    names = {str(selection.pk): selection.name for selection in hold.contest.selections.all()}
    keys = [key for key in names if key in hold.votes_shown or key in hold.votes_held]
    return [
        Difference(names[key], hold.votes_shown.get(key, 0), hold.votes_held.get(key, 0))
        for key in keys
    ]


RELEASE = Hold.Decision.RELEASED
REJECT = Hold.Decision.REJECTED


@dataclass(frozen=True)
class HoldOutcome:
    """What became of one hold; ``message`` is a whole sentence. ``contest`` is "" if it is gone."""

    hold_id: int
    contest: str
    is_done: bool
    message: str


def may_decide(user: Any, hold: Hold, decision: str) -> bool:
    """Whether a person may decide this hold so; a change of who is ahead needs a desk chief."""
    if not user.has_perm("elections.change_hold"):
        return False
    is_grave = decision == RELEASE and hold.changes_winners
    return not is_grave or user.has_perm("elections.release_winner_hold")


def decide_holds(
    ids: Iterable[int],
    decision: str,
    by: Any,
    note: str = "",
    *,
    seen: Mapping[int, int] | None = None,
) -> list[HoldOutcome]:
    """Release or reject holds, in the order of ``ids``; one that fails harms no other.

    ``decision`` is RELEASE or REJECT; ``note`` goes to readers of every race, on a
    release only. ``seen`` maps a hold to the document that the person looked at:
    when the source has said something newer since, nothing is decided.

    :raises ValueError: another decision.
    """
    if decision not in {RELEASE, REJECT}:
        raise ValueError(f"A hold is released or rejected, not {decision!r}.")
    holds = Hold.objects.select_related("contest", "source", "snapshot")
    found = holds.defer("snapshot__compressed").in_bulk(wanted := list(dict.fromkeys(ids)))
    outcomes = [_decide(pk, found.get(pk), decision, by, note, seen or {}) for pk in wanted]
    publish_soon(found[outcome.hold_id].contest_id for outcome in outcomes if outcome.is_done)
    return outcomes


def _decide(
    pk: int, hold: Hold | None, decision: str, by: Any, note: str, seen: Mapping[int, int]
) -> HoldOutcome:
    refusal = _refusal(hold, decision, by, seen.get(pk))
    name = hold.contest.name if hold else ""
    if refusal:
        return HoldOutcome(pk, name, False, refusal)
    try:
        is_first = _store(hold, decision, by, note)
    except Exception:
        logger.exception("Hold %s could not be decided.", pk)
        return HoldOutcome(pk, name, False, _("Something failed on our side. Try it again."))
    if not is_first:
        return HoldOutcome(pk, name, False, _why_not_first(pk))
    if decision == RELEASE:
        log(hold.contest, audit.RELEASED, data={"hold": pk, "public_note": hold.public_note})
        return HoldOutcome(pk, name, True, _("Released. Readers see the new count and the note."))
    log(hold.contest, audit.REJECTED, data={"hold": pk})
    return HoldOutcome(pk, name, True, _("Rejected. Readers keep the count that stands."))


def _refusal(hold: Hold | None, decision: str, by: Any, seen: int | None) -> str:
    """Return why this hold is not decided; "" when nothing speaks against it."""
    if hold is None:
        return _("There is no such held count.")
    if hold.decision != Hold.Decision.OPEN:
        return _too_late()
    if seen is not None and seen != hold.snapshot_id:
        return _newer()
    if not by.has_perm("elections.change_hold"):
        return _("You may not decide held counts. Ask somebody of the desk.")
    if not may_decide(by, hold, decision):
        return _ask_a_chief()
    return ""


def _store(hold: Hold, decision: str, by: Any, note: str) -> bool:
    now, seen = timezone.now(), hold.snapshot_id
    if decision == RELEASE:
        return release_hold(hold, now=now, by=by, public_note=note, seen=seen)
    return hold.decide(REJECT, at=now, by=by, seen=seen)


def _ask_a_chief() -> str:
    return _("It changes who is ahead. Ask a desk chief to release it.")


def _newer() -> str:
    return _("The source has said something newer since. Look once more.")


def _why_not_first(pk: int) -> str:
    """Say what came in between the look and the decision."""
    return _newer() if Hold.objects.open().filter(pk=pk).exists() else _too_late()


def _too_late() -> str:
    return _("Somebody has decided this already. Nothing was changed.")


class ReleaseForm(forms.Form):
    public_note = forms.CharField(
        label=gettext_lazy("Note to readers"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy(
            "It stands with the result, for example “The county corrected an earlier count.” "
            "Left empty, it says that the source lowered an earlier count."
        ),
    )


def get_hold(pk: int) -> Hold:
    holds = Hold.objects.select_related("contest__election", "source", "snapshot", "decided_by")
    return get_object_or_404(
        holds.defer("snapshot__compressed").prefetch_related("contest__selections"), pk=pk
    )


class DecisionView(GoesBackMixin, PermissionCheckedMixin, WagtailAdminTemplateMixin, View):
    """Two posts: the first shows what readers will see, the second decides.

    The second carries the mark of the document and of the race that the first was about: a newer
    document, a call or another count since then ask again.
    """

    model = Hold
    permission_required = "change"
    http_method_names = ["post"]
    template_name = "elections/desk/decide_hold.html"
    header_icon = "warning"
    index_url_name = None
    inspect_url_name = None
    button_label = ""
    decision = REJECT

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.hold = get_hold(kwargs["pk"])
        self.form = ReleaseForm(request.POST)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if self.hold.decision != Hold.Decision.OPEN:
            return self._tell_too_late()
        if not may_decide(request.user, self.hold, self.decision):
            messages.error(request, _ask_a_chief())
            return redirect(self.inspect_url_name, pk)
        if not self.form.is_valid():
            messages.validation_error(request, _("The note is too long."), self.form)
            return redirect(self.inspect_url_name, pk)
        if "confirmed" not in request.POST:
            return self.render_to_response(self.get_context_data())
        return self._decide_and_publish(request.POST["confirmed"])

    @property
    def mark(self) -> str:
        """What stands for the document and for all that else was decided on the race."""
        return f"{self.hold.snapshot_id}-{seen_now(self.hold.contest_id)}"

    def _decide_and_publish(self, seen: str) -> HttpResponse:
        with transaction.atomic():
            lock_race(self.hold.contest_id)
            news = self._news_since(seen)
            is_first = not news and self.decide()
        if news:
            messages.warning(self.request, f"{' '.join(news)} {_('Look once more.')}")
            return self.render_to_response(self.get_context_data())
        if not is_first:
            return self._tell_too_late()
        self._publish()
        log(self.hold.contest, self.log_action, data=self.log_data())
        messages.success(self.request, self.success_message % {"race": self.hold.contest.name})
        return self.go_back(self.index_url_name)

    def _news_since(self, seen: str) -> list[str]:
        """Return what has happened since the page was shown; nothing where all is as it was."""
        hold, contest_id = self.hold, self.hold.contest_id
        hold.refresh_from_db(fields=["snapshot", "decision"])
        if hold.decision != Hold.Decision.OPEN or seen == self.mark:
            return []
        document, _dash, race = seen.partition("-")
        if document != str(hold.snapshot_id):
            return [_("The source has said something newer since.")]
        return news_since(Seen.from_mark(race), seen_now(contest_id), hold.contest)

    def _publish(self) -> None:
        try:
            publish([self.hold.contest_id])
        except Exception:
            # The decision is stored before it is published; the next tick publishes it.
            logger.exception("Hold %s was decided, but could not be published.", self.hold.pk)

    def _tell_too_late(self) -> HttpResponse:
        messages.warning(self.request, _why_not_first(self.hold.pk))
        return redirect(self.inspect_url_name, self.hold.pk)

    def get_page_subtitle(self) -> str:
        return self.hold.contest.name

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        inspect_url = reverse(self.inspect_url_name, args=[self.hold.pk])
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": _("Holds")},
            {"url": inspect_url, "label": self.hold.contest.name},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            hold=self.hold,
            differences=differences(self.hold),
            mark=self.mark,
            after=result_after(self.hold.contest_id, lambda: self.foresee(timezone.now())),
            public_note=self.form.cleaned_data["public_note"],
            inspect_url=reverse(self.inspect_url_name, args=[self.hold.pk]),
            button_label=self.button_label,
            **kwargs,
        )


class ReleaseView(DecisionView):
    page_title = gettext_lazy("Release this count")
    button_label = gettext_lazy("Release this count")
    success_message = gettext_lazy(
        "Released. Readers of %(race)s see the new count and the note within a minute."
    )
    log_action = audit.RELEASED
    decision = RELEASE

    def decide(self) -> bool:
        return _store(self.hold, RELEASE, self.request.user, self.form.cleaned_data["public_note"])

    def foresee(self, now: Any) -> None:
        hold = Hold.objects.select_related("source", "snapshot").get(pk=self.hold.pk)
        note = self.form.cleaned_data["public_note"]
        release_hold(hold, now=now, by=self.request.user, public_note=note)

    def log_data(self) -> dict[str, Any]:
        return {"hold": self.hold.pk, "public_note": self.hold.public_note}


class RejectView(DecisionView):
    page_title = gettext_lazy("Reject this count")
    button_label = gettext_lazy("Reject this count")
    success_message = gettext_lazy("Rejected. Readers of %(race)s keep the count that stands.")
    log_action = audit.REJECTED

    def decide(self) -> bool:
        return _store(self.hold, REJECT, self.request.user, "")

    def foresee(self, now: Any) -> None:
        hold = Hold.objects.get(pk=self.hold.pk)
        hold.decide(Hold.Decision.REJECTED, at=now, by=self.request.user)

    def log_data(self) -> dict[str, Any]:
        return {"hold": self.hold.pk}
