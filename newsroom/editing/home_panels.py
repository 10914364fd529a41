"""What waits for an editor, on the admin's first page: drafts that are due, and one's own.

Stories that wait for a review are shown by Wagtail itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Least
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.ui.components import Component
from wagtail.models import AbstractPage
from wagtail.permissions import page_permission_policy
from wagtail.query import PageQuerySet

from newsroom.finding.related import story_model

MOST = 8


@dataclass(frozen=True)
class Draft:
    """``due_at`` is when it is promised or goes live by itself; None for neither."""

    title: str
    url: str
    due_at: datetime | None
    is_scheduled: bool
    is_late: bool

    @classmethod
    def of(cls, page: AbstractPage, now: datetime) -> Draft:
        scheduled = page.approved_schedule and page.go_live_at is not None
        due_at = page.go_live_at if scheduled else page.due_at
        return cls(
            title=page.draft_title or page.title,
            url=reverse("wagtailadmin_pages:edit", args=[page.pk]),
            due_at=due_at,
            is_scheduled=scheduled,
            is_late=due_at is not None and due_at < now,
        )


def drafts(user: AbstractBaseUser) -> PageQuerySet:
    """Return the stories with something unpublished that this person may edit."""
    stories = story_model().objects.filter(has_unpublished_changes=True).defer_streamfields()
    return stories.filter(
        pk__in=page_permission_policy.instances_user_has_permission_for(user, "change").values("pk")
    )


class DueDrafts(Component):
    name = "due_drafts"
    template_name = "newsroom/admin/due_drafts.html"
    order = 60

    def __init__(self, user: AbstractBaseUser):
        self.user = user

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        dated = Q(due_at__isnull=False) | Q(go_live_at__isnull=False)
        found = (
            drafts(self.user)
            .filter(dated)
            .annotate(
                first_due=Least(
                    Coalesce("due_at", F("go_live_at")), Coalesce("go_live_at", F("due_at"))
                )
            )
            .order_by("first_due", "pk")
        )
        now = timezone.now()
        return {"drafts": [Draft.of(page, now) for page in found[:MOST]], "total": found.count()}


class MyDrafts(Component):
    name = "my_drafts"
    template_name = "newsroom/admin/my_drafts.html"
    order = 70

    def __init__(self, user: AbstractBaseUser):
        self.user = user

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        mine = Q(owner=self.user) | Q(latest_revision__user=self.user)
        found = drafts(self.user).filter(mine).order_by("-latest_revision_created_at", "-pk")
        now = timezone.now()
        return {"drafts": [Draft.of(page, now) for page in found[:MOST]], "total": found.count()}


def add_panels(request: HttpRequest, panels: list[Any]) -> None:
    """Add both for whoever may edit a page; each is silent while it has nothing."""
    if story_model() is not None:
        panels += [DueDrafts(request.user), MyDrafts(request.user)]
