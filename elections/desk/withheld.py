"""Pages that a workflow or a schedule would have published, and that show a test nobody ticked.

They stay drafts. The page's log says so, its editor says so, and the admin's first page lists them.
"""

from __future__ import annotations

from typing import Any

import swapper
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.ui.components import Component
from wagtail.log_actions import log
from wagtail.models import AbstractPage, PageLogEntry, Revision
from wagtail.permissions import policy_registry

from elections.desk import audit
from elections.desk.rehearsals import ASK, new_tests

swapper.set_app_prefix("wagtailcore", "wagtail")
MOST = 20


def keep_a_draft(draft: AbstractPage, revision: Revision, user: Any) -> bool:
    """Whether readers would newly see a test for which nobody has given the tick; logged if so."""
    names = [name for name in new_tests(draft) if name not in _ticked(revision)]
    if names:
        log(draft, audit.WITHHELD, user=user, revision=revision, data={"tests": names})
    return bool(names)


def _ticked(revision: Revision) -> set[str]:
    ticks = PageLogEntry.objects.filter(action=audit.SHOWN_AS_TEST, revision=revision)
    return {name for tick in ticks for name in tick.data.get("tests", [])}


def withheld(pages: QuerySet) -> list[AbstractPage]:
    """Return those of some pages that wait for somebody's tick, newest first, at most 20.

    No longer once they are public or scheduled, or a newer draft shows no test.
    """
    held = PageLogEntry.objects.filter(page=OuterRef("pk"), action=audit.WITHHELD)
    held = held.order_by("-timestamp", "-pk")
    waiting = pages.annotate(
        held_at=Subquery(held.values("timestamp")[:1]),
        held_draft=Subquery(held.values("revision")[:1]),
    ).filter(
        Q(last_published_at=None) | Q(last_published_at__lt=F("held_at")), held_at__isnull=False
    )
    return [page for page in waiting.order_by("-held_at")[:MOST] if _waits(page)]


def _waits(page: AbstractPage) -> bool:
    if page.approved_schedule:
        return False
    if page.held_draft == page.latest_revision_id:
        return True
    return bool(new_tests(page.get_latest_revision_as_object()))


def _is_withheld(page: AbstractPage) -> bool:
    page_model = swapper.load_model("wagtailcore", "Page")
    return bool(withheld(page_model.objects.filter(pk=page.pk)))


def say_that_it_waits(request: HttpRequest, page: AbstractPage) -> None:
    """Tell who opens the page in the editor, as after an approval, that readers do not see it."""
    if request.method != "GET" or not request.accepts("text/html") or not _is_withheld(page):
        return
    said = _(
        "This draft was to be published, and was not: it showed a test election, whose votes are "
        "not real. Publish it by hand if it is meant for readers as it is."
    )
    buttons = []
    may_publish = page.permissions_for_user(request.user).can_publish()
    if may_publish and new_tests(page.get_latest_revision_as_object()):
        buttons = [messages.button(reverse(ASK, args=[page.pk]), _("Publish it by hand"))]
    messages.warning(request, said, buttons=buttons)


def ask_after_approving(request: HttpRequest, page: AbstractPage) -> HttpResponse | None:
    """Lead who has just approved a page to the question; None where there is none."""
    if not request.POST.get("action-workflow-action") or not _is_withheld(page):
        return None
    may_publish = page.permissions_for_user(request.user).can_publish()
    return redirect(ASK, page.pk) if may_publish else None


class WithheldPanel(Component):
    """A list on the admin's home page, for who may publish the pages; nothing where none waits."""

    name = "withheld_tests"
    template_name = "elections/desk/withheld_panel.html"
    order = 54

    def __init__(self, request: HttpRequest):
        self.request = request

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        page_model = swapper.load_model("wagtailcore", "Page")
        policy = policy_registry.get_by_type(page_model)
        pages = withheld(policy.instances_user_has_permission_for(self.request.user, "publish"))
        return {"rows": [(page.get_admin_display_title(), _next_step(page)) for page in pages]}


def _next_step(page: AbstractPage) -> str:
    """Return the address of the question; of the editor where the election is no test by now."""
    is_test = new_tests(page.get_latest_revision_as_object())
    return reverse(ASK if is_test else "wagtailadmin_pages:edit", args=[page.pk])


def add_withheld(request: HttpRequest, panels: list[Any]) -> None:
    panels.append(WithheldPanel(request))
