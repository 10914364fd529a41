"""Many drafts at once: a look at their names, and one button."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.log_actions import log
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction

from elections.desk import audit
from elections.desk.contest_search import ContestFilterSet, search_contests
from elections.desk.publishing import publish_soon
from elections.models import Contest, Selection


class ConfirmBulkAction(SnippetBulkAction):
    display_name = _("Confirm")
    action_type = "confirm"
    aria_label = _("Confirm the names of the selected races")
    template_name = "elections/desk/confirm_races.html"
    action_priority = 10
    models = (Contest,)

    @classmethod
    def get_queryset(cls, model: type[Contest], object_ids: Iterable[str]) -> list[Contest]:
        contests = Contest.objects.filter(pk__in=[pk for pk in object_ids if str(pk).isdecimal()])
        return list(
            contests.select_related("election")
            .annotate(selection_count=Count("selections"))
            .order_by("election", "order", "name", "pk")
        )

    def get_all_objects_in_listing_query(self, parent_id: str | None) -> list[int]:
        """Return the races of the list as it is filtered and searched, all pages of it."""
        filters = ContestFilterSet(
            self.request.GET, queryset=Contest.objects.all(), request=self.request
        )
        contests = filters.qs if filters.is_valid() else Contest.objects.none()
        contests = search_contests(contests, self.request.GET.get("q", ""))
        if not self.request.GET.get("status"):
            contests = contests.exclude(status=Contest.Status.LEFT_OUT)
        return list(contests.values_list("pk", flat=True))

    def check_perm(self, contest: Contest) -> bool:
        return self.permission_policy.user_has_permission_for_instance(
            self.request.user, "change", contest
        )

    @classmethod
    def execute_action(cls, objects: Sequence[Contest], **_context: Any) -> tuple[int, int]:
        contest_ids = [contest.pk for contest in objects]
        drafts = [contest for contest in objects if not contest.is_confirmed]
        Contest.objects.filter(pk__in=[draft.pk for draft in drafts]).update(
            status=Contest.Status.CONFIRMED, updated_at=timezone.now()
        )
        Selection.objects.filter(contest__in=contest_ids, is_new=True).update(is_new=False)
        for draft in drafts:
            log(draft, audit.CONFIRMED)
        publish_soon(contest_ids)
        return len(objects), 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        return ngettext(
            "%(count)s race is confirmed. Readers see it within a minute.",
            "%(count)s races are confirmed. Readers see them within a minute.",
            num_parent_objects,
        ) % {"count": num_parent_objects}
