"""A door before publication, for what nobody presses "Publish" for.

The approval of a workflow, a schedule and a program publish through the page itself. Any app may
keep such a page a draft: a function registered for the Wagtail hook ``keep_page_a_draft`` takes the
draft, its revision and who publishes (None: nobody), and says whether to. It tells people itself.
"""

from __future__ import annotations

from typing import Any

from wagtail import hooks
from wagtail.models import Revision

KEEP_A_DRAFT = "keep_page_a_draft"


class DoorMixin:
    """For pages that another app may keep drafts. Put it before the base page."""

    def publish(self, revision: Revision, user: Any = None, *args: Any, **kwargs: Any) -> None:
        draft = revision.as_object()
        if any(keeps(draft, revision, user) for keeps in hooks.get_hooks(KEEP_A_DRAFT)):
            _keep_a_draft(draft, revision, user)
        else:
            super().publish(revision, user, *args, **kwargs)

    publish.alters_data = True


def _keep_a_draft(draft: Any, revision: Revision, user: Any) -> None:
    """Leave readers what they have; a schedule ends, or it would try again at every turn."""
    type(draft)._default_manager.filter(pk=draft.pk).update(has_unpublished_changes=True)
    if revision.approved_go_live_at:
        revision.approved_go_live_at = None
        revision.save(user=user, update_fields=["approved_go_live_at"])
