"""The numbers of a story that are bound to no race yet, with an offer to bind them all at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import swapper
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin import messages
from wagtail.admin.widgets.button import Button
from wagtail.models import AbstractPage

from elections.prose.binding import bind, loose_numbers
from newsroom.models import StoryMixin

swapper.set_app_prefix("wagtailcore", "wagtail")


def numbers_url(page: AbstractPage) -> str:
    return reverse("elections_untrue:numbers", args=[page.pk])


def story_numbers(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show the loose numbers of a story's latest draft, and bind those that are chosen."""
    page_model = swapper.load_model("wagtailcore", "Page")
    page = page_model.objects.filter(pk=page_id).specific().first()
    if not isinstance(page, StoryMixin):
        messages.warning(request, _("There is no such story any more."))
        return redirect("elections_untrue:index")
    rights = page.permissions_for_user(request.user)
    if not rights.can_edit():
        raise PermissionDenied
    if rights.page_locked():
        messages.warning(request, _("The story is locked. Bind its numbers once it is not."))
        return redirect("wagtailadmin_pages:edit", page.pk)
    draft = page.get_latest_revision_as_object()
    if request.method == "POST":
        return _bind_chosen(request, page, draft, may_publish=rights.can_publish())
    facts = {
        "page": page,
        "numbers": loose_numbers(draft),
        "revision": page.latest_revision_id or 0,
        "may_publish": rights.can_publish() and _is_public_as_it_is(page),
        "edit_url": reverse("wagtailadmin_pages:edit", args=[page.pk]),
        "page_title": _("Numbers of this story"),
        "page_subtitle": draft.title,
        "header_icon": "check",
    }
    return render(request, "elections/desk/story_numbers.html", facts)


def _is_public_as_it_is(page: AbstractPage) -> bool:
    """Whether readers have the latest draft, so that publishing it again changes no word."""
    return page.live and not page.has_unpublished_changes


def _bind_chosen(
    request: HttpRequest, page: AbstractPage, draft: AbstractPage, *, may_publish: bool
) -> HttpResponse:
    if request.POST.get("revision") != str(page.latest_revision_id or 0):
        messages.warning(
            request, _("Somebody has saved the story since. Look at its numbers once more.")
        )
        return redirect(numbers_url(page))
    count = bind(draft, {key: chosen for key, chosen in request.POST.items() if chosen})
    if not count:
        messages.warning(request, _("Choose what a number is to be checked against."))
        return redirect(numbers_url(page))
    was_public = _is_public_as_it_is(page)
    revision = draft.save_revision(user=request.user, log_action=True)
    if "publish" in request.POST and may_publish and was_public:
        revision.publish(user=request.user)
        said = ngettext(
            "%(count)s number is checked from now on. Readers see the same words as before.",
            "%(count)s numbers are checked from now on. Readers see the same words as before.",
            count,
        )
    else:
        said = ngettext(
            "%(count)s number is bound in the draft. It is checked once the draft is published.",
            "%(count)s numbers are bound in the draft. They are checked once it is published.",
            count,
        )
    messages.success(request, said % {"count": count})
    return redirect("wagtailadmin_pages:edit", page.pk)


def offer_numbers(request: HttpRequest, page: Any) -> None:
    """After a save, say which numbers are true of a race and bound to none."""
    # What is saved by itself while somebody writes is told nobody.
    if not request.accepts("text/html") or not isinstance(page, StoryMixin):
        return
    sure = [number for number in loose_numbers(page) if number.best]
    if not sure:
        return
    said = ngettext(
        "“%(words)s” is true of the race now, and nothing watches over it.",
        "%(count)s numbers are true of the races now, and nothing watches over them: %(words)s.",
        len(sure),
    )
    words = ", ".join(dict.fromkeys(number.words for number in sure[:5]))
    buttons = [messages.button(numbers_url(page), _("Bind these numbers"))]
    messages.info(request, said % {"count": len(sure), "words": words}, buttons=buttons)


def lead_to_numbers(
    page: AbstractPage, user: AbstractBaseUser, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    """Lead from a story's menu to its numbers."""
    is_story = issubclass(page.specific_class or type(page), StoryMixin)
    if is_story and page.pk and page.permissions_for_user(user).can_edit():
        yield Button(_("Bind its numbers"), numbers_url(page), icon_name="check", priority=32)
