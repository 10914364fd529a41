"""Where the entries of live coverage are written: one form for one entry.

Several people write at once. Whoever saves an entry that somebody else has saved meanwhile is
told so, keeps what they typed, and sees what the other wrote.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn
from wagtail.snippets.views import snippets
from wagtail.snippets.views.snippets import SnippetViewSet

from newsroom.pages.models import LiveCoveragePage, LiveEntry


class EntryForm(WagtailAdminModelForm):
    """Remembers which save of the entry it was opened at."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.initial["seen_version"] = self.instance.version

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        coverage = cleaned.get("coverage")
        if coverage is not None and not self._may_publish(coverage):
            self.add_error("coverage", _("You may not publish in this coverage. Ask an editor."))
        if self.instance.pk:
            self._compare(cleaned.get("seen_version"))
        return cleaned

    def _may_publish(self, coverage: LiveCoveragePage) -> bool:
        if self.for_user is None:
            return True
        return coverage.permissions_for_user(self.for_user).can_publish()

    def _compare(self, seen: int | None) -> None:
        stored = LiveEntry.objects.get(pk=self.instance.pk)
        if seen == stored.version:
            self.instance.version = stored.version
            return
        # The next save is one that has seen what the other wrote.
        self.data = self.data.copy()
        self.data[self.add_prefix("seen_version")] = str(stored.version)
        said = _(
            "Somebody has saved this entry since you opened it. Nothing of yours is stored yet, "
            "and all of it is still in the form. Theirs reads: “%(text)s” Save again to put yours "
            "in its place."
        )
        text = ". ".join(part for part in (stored.title, strip_tags(stored.text)) if part)
        raise ValidationError(said % {"text": text[:1500]})


class EntryCreateView(snippets.CreateView):
    def get_initial_form_instance(self) -> LiveEntry:
        """Begin an entry of the coverage that the button was pressed in."""
        entry = super().get_initial_form_instance() or LiveEntry()
        asked = self.request.GET.get("coverage", "")
        coverages = _open_coverages()
        if asked.isdecimal():
            coverages = coverages.filter(pk=int(asked))
        entry.coverage = coverages.order_by("-first_published_at", "-pk").first()
        return entry


def _open_coverages() -> QuerySet:
    return LiveCoveragePage.objects.exclude(ended_at__lte=timezone.now())


class EntryViewSet(SnippetViewSet):
    model = LiveEntry
    icon = "history"
    menu_label = gettext_lazy("Live entries")
    list_display = [
        "__str__",
        DateColumn("posted_at", label=gettext_lazy("Time"), sort_key="posted_at"),
        Column("author", label=gettext_lazy("Author")),
        BooleanColumn("is_public", label=gettext_lazy("Readers see it")),
        BooleanColumn("is_pinned", label=gettext_lazy("Pinned")),
        Column("coverage", label=gettext_lazy("Live coverage")),
    ]
    list_filter = ["coverage", "is_public", "is_key"]
    ordering = ["-posted_at", "-pk"]
    list_per_page = 50
    add_view_class = EntryCreateView
    copy_view_enabled = False
    menu_order = 240
    add_to_admin_menu = True

    edit_handler = ObjectList(LiveEntry.panels, base_form_class=EntryForm)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return LiveEntry.objects.select_related("author", "coverage").defer("coverage__body")


def add_entry_url(coverage_id: int) -> str:
    return f"{reverse(EntryViewSet().get_url_name('add'))}?coverage={coverage_id}"
