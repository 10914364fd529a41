"""Tells whoever publishes a story what was linked by itself."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from wagtail.admin import messages

from newsroom.linking import shown_by_itself
from newsroom.subjects import get_subjects


def tell_of_links(request: HttpRequest, page: Any) -> None:
    """Name the subjects that the story is linked to only because its text shows them."""
    if not hasattr(page, "subject_links"):
        return
    keys = shown_by_itself(page)
    found = get_subjects().find(keys) if keys else {}
    if found:
        names = ", ".join(subject.title for subject in found.values())
        said = _(
            "This story is linked by itself to what its text shows: %(names)s. To give it another "
            "role, or to leave it out, choose it in the story’s form."
        )
        messages.info(request, said % {"names": names})
