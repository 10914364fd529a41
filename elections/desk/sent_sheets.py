"""A sheet that somebody uploads or pastes: name its columns, look at what would be read, take it.

The sheet is kept as it was sent. The document that is made of it is the sheet in plain form,
with the time of the count, the sheet's hash and who sent it in its first lines.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from django.views.generic.edit import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.log_actions import log

from elections import ingest
from elections.counting.guards import Judgement, Reason, Verdict
from elections.counting.results import ContestCount
from elections.desk import audit
from elections.desk.asking import AskerMixin
from elections.desk.documents import message_text
from elections.desk.sheet_forms import PASTED, ReadForm, SendForm
from elections.explanations import explain
from elections.feeds import csv_feed, readings
from elections.feeds.contract import FeedError
from elections.feeds.readings import Problem, Reading
from elections.feeds.tables import Table, read_table
from elections.models import Contest, ExternalIdentifier, Fetch, SentSheet, Source
from elections.trial import judge
from elections.widgets.figures import number

logger = logging.getLogger(__name__)

RACES_SHOWN = 20


@dataclass(frozen=True)
class RaceRead:
    """One race of the sheet: its title, its names with votes, and which race of ours it is."""

    title: str
    lines: list[tuple[str, str, str]]
    total: str
    ours: str


@dataclass(frozen=True)
class Preview:
    """What would be read. ``may_take`` is false while a row is wrong."""

    race_count: str
    races: list[RaceRead]
    further: int
    problems: tuple[Problem, ...]
    has_more: bool
    warning: str
    lacks_races: bool
    may_take: bool


class SheetView(AskerMixin, WagtailAdminTemplateMixin, FormView):
    header_icon = "table"
    source: Source

    def get_page_subtitle(self) -> str:
        return self.source.name

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        inspect_url = reverse("elections_sources:inspect", args=[self.source.pk])
        return [
            *self.breadcrumbs_items,
            {"url": reverse("elections_sources:index"), "label": _("Sources")},
            {"url": inspect_url, "label": str(self.source)},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(source=self.source, **kwargs)


class SendSheetView(SheetView):
    """Keeps what is sent for a look; nothing counts yet."""

    form_class = SendForm
    template_name = "elections/desk/send_sheet.html"
    page_title = gettext_lazy("Upload or paste a sheet")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        sources = Source.objects.select_related("election")
        self.source = get_object_or_404(sources, pk=kwargs["pk"], provider=csv_feed.name)

    def form_valid(self, form: SendForm) -> HttpResponse:
        sheet = SentSheet.receive(
            source=self.source,
            body=form.body,
            file_name=form.file_name,
            sent_by=self.request.user,
            now=timezone.now(),
        )
        return redirect("elections_sheets:read", sheet.pk)


class ReadSheetView(SheetView):
    """Two posts: the first shows what would be read, the second takes it in."""

    form_class = ReadForm
    template_name = "elections/desk/read_sheet.html"
    page_title = gettext_lazy("Read the sheet")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        sheets = SentSheet.objects.select_related("source__election")
        self.sheet = get_object_or_404(sheets, pk=kwargs["pk"])
        self.source = self.sheet.source

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.sheet.snapshot_id:
            return self._tell_taken()
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.sheet.snapshot_id:
            return self._tell_taken()
        return super().post(request, *args, **kwargs)

    def _tell_taken(self) -> HttpResponse:
        messages.warning(self.request, _("This sheet has been taken in already."))
        return self._back()

    def _back(self) -> HttpResponse:
        return redirect("elections_sources:inspect", self.source.pk)

    @cached_property
    def table(self) -> Table:
        wanted = self.request.POST.get("worksheet", "")
        try:
            return read_table(self.sheet.body, wanted)
        except FeedError as error:  # Another worksheet than the one that was looked at.
            messages.error(self.request, error.message)
            return read_table(self.sheet.body)

    def get_form_kwargs(self) -> dict[str, Any]:
        election = self.source.election
        return {**super().get_form_kwargs(), "table": self.table, "election": election}

    def get_initial(self) -> dict[str, Any]:
        return {"counted_at": self.table.said_at.replace("T", " ")[:16]}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            sheet=self.sheet,
            table=self.table,
            sample=[row for _line, row in self.table.rows[:5]],
            row_count=number(len(self.table.rows)),
            is_pasted=self.sheet.file_name == PASTED,
            **kwargs,
        )

    def form_valid(self, form: ReadForm) -> HttpResponse:
        reading = readings.read(
            self.table,
            form.roles,
            counted_at=form.cleaned_data["counted_at"].astimezone(self.source.election.zone),
            remarks=self._remarks(form),
        )
        preview = self._preview(reading)
        is_sure = self.request.POST.get("confirmed") == form.fingerprint
        lacks = preview.lacks_races and "races_missing" not in self.request.POST
        if not is_sure or lacks or not preview.may_take:
            return self.render_to_response(self.get_context_data(form=form, preview=preview))
        return self._take_in(form, reading)

    def _remarks(self, form: ReadForm) -> dict[str, str]:
        remarks = {
            "sheet": self.sheet.file_name,
            "sheet_sha256": self.sheet.sha256,
            "columns": ", ".join(
                f"{role} = {self.table.head[at]}" for role, at in form.roles.items()
            ),
            "sent_by": self.sheet.sent_by.get_username() if self.sheet.sent_by else "",
        }
        if self.table.worksheet:
            remarks["worksheet"] = self.table.worksheet
        return remarks

    def _preview(self, reading: Reading) -> Preview:
        report = reading.report
        contests = report.contests if report else ()
        judgement = (
            judge(report, self.source, timezone.now()) if report else Judgement(Verdict.REJECTED)
        )
        known = self._known(contests)
        return Preview(
            race_count=number(len(contests)),
            races=[_race(contest, known.get(contest.key)) for contest in contests[:RACES_SHOWN]],
            further=max(0, len(contests) - RACES_SHOWN),
            problems=reading.problems,
            has_more=reading.has_more,
            warning=explain(judgement),
            lacks_races=judgement.reasons[:1] == (Reason.TOO_FEW_CONTESTS,),
            may_take=bool(contests) and not reading.problems,
        )

    def _known(self, contests: Any) -> dict[str, Contest]:
        rows = ExternalIdentifier.objects.filter(
            election=self.source.election_id,
            provider=self.source.provider,
            selection=None,
            reported_contest__in=[contest.key for contest in contests[:RACES_SHOWN]],
        )
        return {row.reported_contest: row.contest for row in rows.select_related("contest")}

    def _take_in(self, form: ReadForm, reading: Reading) -> HttpResponse:
        waived = {Reason.TOO_FEW_CONTESTS} if "races_missing" in self.request.POST else set()
        now, user = timezone.now(), self.request.user
        try:
            fetch = ingest.take_in(self.source, reading.body, now=now, sent_by=user, waived=waived)
        except Exception:
            # What was stored is on record; the next tick publishes it.
            logger.exception("Sheet %s was not taken in whole.", self.sheet.pk)
            fetch = Fetch.objects.filter(source=self.source).first()
            if fetch is None or fetch.outcome in Fetch.ERRORS:
                raise
        if fetch is None:
            messages.error(
                self.request, _("Somebody else is sending to this source right now. Try again.")
            )
            return self.render_to_response(
                self.get_context_data(form=form, preview=self._preview(reading))
            )
        self._record(form, fetch)
        self._tell(fetch)
        return self._back()

    @transaction.atomic
    def _record(self, form: ReadForm, fetch: Fetch) -> None:
        sheet = SentSheet.objects.select_for_update().get(pk=self.sheet.pk)
        sheet.roles, sheet.worksheet = form.roles, self.table.worksheet
        sheet.counted_at = form.cleaned_data["counted_at"]
        if fetch.snapshot and not SentSheet.objects.filter(snapshot=fetch.snapshot).exists():
            sheet.snapshot = fetch.snapshot
        sheet.save()
        facts = {"file": sheet.file_name, "sheet": sheet.sha256, "document": fetch.sha256}
        outcome = str(fetch.get_outcome_display())
        log(self.source, audit.SENT, data={**facts, "outcome": outcome})

    def _tell(self, fetch: Fetch) -> None:
        if fetch.outcome == Fetch.Outcome.ACCEPTED:
            messages.success(
                self.request,
                _(
                    "The counts were taken in. Readers see those of confirmed races within a "
                    "minute; new races wait under “Map its races”."
                ),
            )
        else:
            messages.warning(
                self.request, f"{fetch.get_outcome_display()}. {message_text(fetch)}".strip()
            )


def _race(contest: ContestCount, ours: Contest | None) -> RaceRead:
    if ours is None:
        known = _("New: it will come in as a draft.")
    elif ours.is_confirmed:
        known = _("Our race: %(race)s.") % {"race": ours.name}
    elif ours.status == Contest.Status.LEFT_OUT:
        known = _("Left out: its counts are not followed.")
    else:
        known = _("A draft already: %(race)s.") % {"race": ours.name}
    votes = sum(selection.votes for selection in contest.selections)
    return RaceRead(
        contest.title,
        [(one.name, one.party, number(one.votes)) for one in contest.selections],
        number(votes),
        known,
    )


class OriginalView(PermissionCheckedMixin, View):
    """The sheet as it was sent, as a file to save: a browser must not run it."""

    model = Source
    any_permission_required = ["add", "change", "delete", "view"]
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        sheet = get_object_or_404(SentSheet, pk=pk)
        name = get_valid_filename(sheet.file_name or "sheet") or "sheet"
        return HttpResponse(
            sheet.body,
            content_type="application/octet-stream",
            headers={
                "Content-Disposition": f'attachment; filename="{name}"',
                "X-Content-Type-Options": "nosniff",
                "Content-Security-Policy": "default-src 'none'; sandbox",
            },
        )
