"""Tells whoever publishes a page that it shows races of a test election."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.models import ReferenceIndex

from elections.models import Contest


def test_races_in(page: Any) -> list[Contest]:
    """Return the races of test elections that the published page shows."""
    ReferenceIndex.create_or_update_for_object(page)
    references = ReferenceIndex.get_references_for_object(page).filter(
        to_content_type=ContentType.objects.get_for_model(Contest)
    )
    shown = [int(pk) for pk in references.values_list("to_object_id", flat=True)]
    return list(Contest.objects.filter(pk__in=shown, election__is_test=True).order_by("pk"))


def warn_of_test_races(request: HttpRequest, page: Any) -> None:
    """Ask at once, in words, whether that was meant."""
    races = test_races_in(page)
    if races:
        names = ", ".join(race.name for race in races)
        said = _(
            "This page is public and shows races of a test election: %(races)s. Readers see a "
            "banner above each. Did you mean the real election? Then choose its race and publish "
            "again."
        )
        messages.warning(request, said % {"races": names})
