from __future__ import annotations

from collections.abc import Iterator

from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.models import AbstractPage
from wagtail.snippets.models import register_snippet

from newsroom.pages.entries import EntryViewSet, add_entry_url
from newsroom.pages.models import LiveCoveragePage

register_snippet(EntryViewSet)


@hooks.register("register_page_header_buttons")
def offer_an_entry(
    page: AbstractPage, user: AbstractBaseUser, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    """Lead from live coverage to the form of its next entry."""
    is_live = page.specific_class is LiveCoveragePage
    if is_live and user.has_perm("newsroom_pages.add_liveentry"):
        yield Button(_("Post an entry"), add_entry_url(page.pk), icon_name="plus", priority=5)
