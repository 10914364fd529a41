"""Choosing an election for a story."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.choosers import BaseFilterForm, SearchFilterMixin
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.generic import chooser
from wagtail.admin.viewsets.chooser import ChooserViewSet

from elections.boards import ElectionChooser
from elections.models import Election


class ElectionSearchForm(SearchFilterMixin, BaseFilterForm):
    def filter(self, objects: QuerySet[Election]) -> QuerySet[Election]:
        words = self.cleaned_data.get("q", "")
        self.is_searching, self.search_query = bool(words), words
        for word in words.split():
            objects = objects.filter(name__icontains=word)
        return objects


class ElectionChooseMixin:
    """The newest first; test elections come last, and say so."""

    filter_form_class = ElectionSearchForm

    def get_object_list(self) -> QuerySet[Election]:
        return Election.objects.order_by("is_test", "-election_date", "name", "pk")

    @property
    def columns(self) -> list[Column]:
        return [
            *super().columns,
            DateColumn("election_date", label=_("Day")),
            Column("is_test", label=_("Kind"), accessor=_kind),
        ]


def _kind(election: Election) -> str:
    return _("Test election") if election.is_test else _("Election")


class ElectionChooseView(ElectionChooseMixin, chooser.ChooseView):
    pass


class ElectionChooseResultsView(ElectionChooseMixin, chooser.ChooseResultsView):
    pass


class ElectionChooserViewSet(ChooserViewSet):
    """Forms keep their own list of elections: only blocks use this dialog."""

    model = Election
    icon = "date"
    page_title = gettext_lazy("Choose an election")
    choose_view_class = ElectionChooseView
    choose_results_view_class = ElectionChooseResultsView
    base_widget_class = ElectionChooser
    register_widget = False

    def get_urlpatterns(self) -> list:
        """Leave out the form for a new election: it asks for more than a dialog can."""
        return [pattern for pattern in super().get_urlpatterns() if pattern.name != "create"]
