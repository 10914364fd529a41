"""What the desk asks of a source on the night: one more attempt, and a word for a document."""

from __future__ import annotations

import logging
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View
from kombu.exceptions import OperationalError
from wagtail.admin import messages
from wagtail.log_actions import log
from wagtail.permissions import policy_registry

from elections import ingest
from elections.counting.guards import Verdict
from elections.desk import audit
from elections.desk.documents import message_text
from elections.models import Fetch, Hold, Snapshot, Source
from elections.tasks import refresh_source

logger = logging.getLogger(__name__)


def may_ask(user: Any) -> bool:
    """Whether a person keeps the sources, or decides on the night what they may show."""
    return any(
        policy_registry.get_by_type(model).user_has_permission(user, "change")
        for model in (Source, Hold)
    )


class AskerMixin:
    """For those who may ask a source; everybody else is refused."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_ask(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class AskingView(AskerMixin, View):
    http_method_names = ["post"]
    inspect_url_name = None

    def back_to(self, source_id: int) -> HttpResponse:
        return redirect(reverse(self.inspect_url_name, args=[source_id]))


class AskNowView(AskingView):
    """One attempt out of turn: by the worker, or right here when the queue is away."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        source = get_object_or_404(Source.objects.select_related("election"), pk=pk)
        if not source.is_active or source.mode != Source.Mode.AUTOMATIC:
            messages.error(
                request, _("This source is not asked. Make it active and automatic first.")
            )
        else:
            log(source, audit.ASKED)
            self._ask(source)
        return self.back_to(source.pk)

    def _ask(self, source: Source) -> None:
        try:
            refresh_source.apply_async(
                kwargs={"source_id": source.pk, "out_of_turn": True}, retry=False
            )
        except OperationalError:
            logger.warning("No task queue; source %s is asked in the request.", source.pk)
        else:
            messages.success(
                self.request,
                _("The task worker will ask the source now. Load this page again in a moment."),
            )
            return
        self._ask_here(source)

    def _ask_here(self, source: Source) -> None:
        try:
            fetch = ingest.refresh(source)
        except Exception:
            # What was stored is on record; the next tick publishes it.
            logger.exception("Source %s was asked from the desk, and something failed.", source.pk)
            messages.error(
                self.request,
                _(
                    "The source was asked from here, and something failed on our side. Read the "
                    "latest attempt below, and tell your developers."
                ),
            )
            return
        if fetch is None:
            messages.warning(
                self.request, _("Somebody else is asking this source. Load this page again.")
            )
            return
        tell = messages.error if fetch.outcome in Fetch.ERRORS else messages.success
        tell(
            self.request,
            _("The task queue is away, so the source was asked from here: %(outcome)s. %(message)s")
            % {"outcome": fetch.get_outcome_display(), "message": message_text(fetch)},
        )


class AcceptView(AskingView):
    """A person's word for a document that was held because races are missing."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        snapshots = Snapshot.objects.select_related("source__election")
        snapshot = get_object_or_404(snapshots, pk=pk)
        if self._accept(snapshot):
            log(snapshot.source, audit.ACCEPTED, data={"document": snapshot.sha256})
            messages.success(
                request, _("Accepted. Readers see what the document says within a minute.")
            )
        else:
            messages.warning(
                request,
                _("Nothing was changed: the source has said something newer, or is being asked."),
            )
        return self.back_to(snapshot.source_id)

    def _accept(self, snapshot: Snapshot) -> bool:
        try:
            return ingest.accept(snapshot, now=timezone.now())
        except Exception:
            # The document is stored before it is published; the next tick publishes it.
            snapshot.refresh_from_db(fields=["verdict"])
            if snapshot.verdict != Verdict.ACCEPTED:
                raise
            logger.exception("Document %s was accepted, but not published.", snapshot.sha256)
            return True
