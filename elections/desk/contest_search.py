"""Finding races: by words, by filters, in lists, choosers and bulk actions alike."""

from __future__ import annotations

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms.choosers import BaseFilterForm, SearchFilterMixin

from elections.models import Contest, Election, Selection


def search_contests(contests: QuerySet[Contest], words: str) -> QuerySet[Contest]:
    """Return the races with every word in their name, their feed's title or a candidate's name.

    Drafts come in by the hundred past the search index, so the database is asked.
    """
    for word in words.split():
        named = Selection.objects.filter(contest=OuterRef("pk"), name__icontains=word)
        contests = contests.filter(
            Q(name__icontains=word) | Q(reported_title__icontains=word) | Exists(named)
        )
    return contests


class ContestFilterSet(WagtailFilterSet):
    election = django_filters.ModelChoiceFilter(
        queryset=Election.objects.all(), label=_("Election")
    )
    group = django_filters.AllValuesFilter(
        label=_("Group"), empty_label=_("All"), widget=forms.Select
    )
    new_names = django_filters.ChoiceFilter(
        label=_("Names"),
        choices=[("new", _("New in the feed, not checked"))],
        method="filter_new_names",
        empty_label=_("All"),
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Contest
        fields = ["election", "status", "contest_type", "group"]

    def filter_new_names(
        self, contests: QuerySet[Contest], name: str, value: str
    ) -> QuerySet[Contest]:
        new = Selection.objects.filter(contest=OuterRef("pk"), is_new=True)
        return contests.filter(Exists(new)) if value == "new" else contests


class ContestSearchForm(SearchFilterMixin, BaseFilterForm):
    def filter(self, objects: QuerySet[Contest]) -> QuerySet[Contest]:
        words = self.cleaned_data.get("q", "")
        self.is_searching, self.search_query = bool(words), words
        return search_contests(objects, words)
