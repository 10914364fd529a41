"""Imports in the admin: a file, a look at what would happen, and the way back."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.generic.edit import FormView
from wagtail.admin import messages
from wagtail.admin.paginator import WagtailPaginator

from newsroom.newsletters.importing import batches
from newsroom.newsletters.models import ImportBatch
from newsroom.newsletters.staff.import_forms import MeaningForm, UploadForm
from newsroom.newsletters.staff.pages import StaffMixin, StaffPage, to_list
from newsroom.newsletters.subscriptions import Verdict

State = ImportBatch.State
ROWS_SHOWN = 50
WORDS = {
    **dict(Verdict.choices),
    Verdict.ADDED: gettext_lazy("New: on the list at once"),
    Verdict.ASKED: gettext_lazy("Must confirm: gets one mail"),
    Verdict.ALREADY: gettext_lazy("On the list already"),
    Verdict.OPTED_OUT: gettext_lazy("Opted out: stays out"),
    Verdict.ERASED: gettext_lazy("Erased at their wish: stays out"),
    Verdict.COMPLAINED: gettext_lazy("Complained about spam: stays out"),
    Verdict.BOUNCED: gettext_lazy("Mail comes back: stays out"),
    batches.INVALID: gettext_lazy("Not an address"),
    batches.DUPLICATE: gettext_lazy("Twice in the file"),
}
RESULTS = {
    **WORDS,
    Verdict.ADDED: gettext_lazy("Added"),
    Verdict.ASKED: gettext_lazy("Asked to confirm"),
    batches.UNDONE: gettext_lazy("Undone"),
    batches.STANDS: gettext_lazy("Left as it is: something happened since"),
}


def to_imports() -> tuple[str, str]:
    return reverse("newsroom_subscribers:imports"), _("Imports")


class ImportsView(StaffMixin, FormView):
    """Takes a file, and lists those that came before."""

    permission_required = "manage"
    page_title = gettext_lazy("Imports")
    header_icon = "upload"
    form_class = UploadForm
    template_name = "newsroom/newsletters/staff/imports.html"

    def trail(self) -> list[tuple[str, str]]:
        return [to_list()]

    def form_valid(self, form: UploadForm) -> HttpResponse:
        return redirect("newsroom_subscribers:import_meaning", form.save(self.request.user).pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = ImportBatch.objects.defer("body").select_related("newsletter", "made_by")
        return super().get_context_data(batches=found[:ROWS_SHOWN], **kwargs)


class BatchMixin(StaffMixin):
    permission_required = "manage"
    header_icon = "upload"
    batch: ImportBatch

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        found = ImportBatch.objects.defer("body").select_related("newsletter", "made_by")
        self.batch = get_object_or_404(found, pk=kwargs["pk"])

    def get_page_title(self) -> str:
        return self.batch.file_name

    def trail(self) -> list[tuple[str, str]]:
        return [to_list(), to_imports()]

    def back(self) -> HttpResponse:
        return redirect("newsroom_subscribers:import", self.batch.pk)


class MeaningView(BatchMixin, FormView):
    """Asks what the columns mean and how these people agreed."""

    form_class = MeaningForm
    template_name = "newsroom/newsletters/staff/import_meaning.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.may("manage") and self.batch.state != State.UPLOADED:
            return self.back()
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_form_kwargs(),
            "instance": self.batch,
            "may_prove": self.may("prove"),
        }

    def form_valid(self, form: MeaningForm) -> HttpResponse:
        form.instance.save(update_fields=list(form.fields))
        batches.begin(self.batch, State.UPLOADED, State.JUDGING)
        return self.back()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(batch=self.batch, **kwargs)


class BatchView(BatchMixin, StaffPage):
    """How far it is, what would happen or what happened, row by row."""

    template_name = "newsroom/newsletters/staff/import.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.batch.state == State.UPLOADED:
            return redirect("newsroom_subscribers:import_meaning", self.batch.pk)
        return super().get(request, *args, **kwargs)

    @cached_property
    def shows_results(self) -> bool:
        return self.batch.state not in (State.JUDGING, State.JUDGED, State.FAILED)

    @cached_property
    def counts(self) -> dict[str, int]:
        name = "result" if self.shows_results else "verdict"
        rows = self.batch.rows.order_by().values_list(name).annotate(count=Count("pk"))
        return dict(rows)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = RESULTS if self.shows_results else WORDS
        chosen = self.request.GET.get("only", "")
        rows = self.batch.rows.order_by("line")
        if chosen in words:
            rows = rows.filter(**{"result" if self.shows_results else "verdict": chosen})
        paginator = WagtailPaginator(rows, ROWS_SHOWN)
        page = paginator.get_page(self.request.GET.get("p"))
        for row in page:
            row.words = words.get(row.result if self.shows_results else row.verdict, _("To do"))
        return super().get_context_data(
            batch=self.batch,
            counts=[(key, words[key], count) for key, count in self.counts.items() if key],
            to_bring=sum(self.counts.get(key, 0) for key in batches.TO_BRING),
            progress=self.progress(),
            is_busy=self.batch.state in batches.BUSY,
            may_go_on=self.may_go_on,
            only=chosen if chosen in words else "",
            page_obj=page,
            elided_page_range=paginator.get_elided_page_range(page.number),
            **kwargs,
        )

    def progress(self) -> tuple[int, int]:
        """Return how many rows are done in this part, and of how many."""
        total = self.batch.rows_total
        if self.batch.state == State.JUDGING:
            return self.batch.rows_judged, total
        open_rows = [""] if self.batch.state == State.COMMITTING else batches.TO_BRING
        return total - sum(self.counts.get(key, 0) for key in open_rows), total

    @property
    def may_go_on(self) -> bool:
        return self.may("prove") if self.batch.has_consent else self.may("manage")


class BatchActView(BatchMixin, View):
    """Brings in, undoes or drops. What is not in its place for that any more stays as it is."""

    http_method_names = ["post"]
    steps = {
        "start": (State.JUDGED, State.COMMITTING),
        "undo": (State.DONE, State.UNDOING),
        "stop": (State.COMMITTING, State.UNDOING),
    }

    def post(self, request: HttpRequest, pk: int, action: str) -> HttpResponse:
        if self.batch.has_consent and not self.may("prove"):
            raise PermissionDenied
        if action == "drop":
            return self.drop()
        if action not in self.steps:
            raise Http404
        if not batches.begin(self.batch, *self.steps[action]):
            messages.warning(request, _("The import has moved on meanwhile. Look at it again."))
        return self.back()

    def drop(self) -> HttpResponse:
        states = [State.UPLOADED, State.JUDGED, State.FAILED]
        if ImportBatch.objects.filter(pk=self.batch.pk, state__in=states).delete()[0]:
            messages.success(self.request, _("The file is deleted. Nobody was added."))
        return redirect("newsroom_subscribers:imports")
