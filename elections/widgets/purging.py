"""The pages that show a result, taken out of the caches in front when it changes.

Only where the site has told Wagtail of a cache (``WAGTAILFRONTENDCACHE``). Pages are
found in Wagtail's reference index, which is kept as well as it can be; a page that it
misses is fresh again when its Cache-Control runs out.
"""

from __future__ import annotations

from collections.abc import Collection

import swapper
from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q, QuerySet
from django.utils.translation import override
from wagtail.contrib.frontend_cache.utils import PurgeBatch, get_backends
from wagtail.models import ReferenceIndex

from elections.models import Contest, Election
from elections.widgets.languages import further_languages
from newsroom.models import StorySubject

swapper.set_app_prefix("wagtailcore", "wagtail")


def pages_showing(contest_ids: Collection[int]) -> QuerySet:
    """Return the live pages with a result of these contests: stories, races, elections."""
    page_model = swapper.load_model("wagtailcore", "Page")
    elections = Contest.objects.filter(pk__in=contest_ids).values_list("election", flat=True)
    references = ReferenceIndex.objects.filter(
        _leads_to(Contest, contest_ids) | _leads_to(Election, set(elections)),
        base_content_type=ContentType.objects.get_for_model(page_model),
    )
    page_ids = {int(page_id) for page_id in references.values_list("object_id", flat=True)}
    page_ids |= _pages_about(contest_ids) | _own_pages(contest_ids)
    return page_model.objects.live().filter(pk__in=page_ids)


def _leads_to(model: type[Model], ids: Collection[int]) -> Q:
    content_type = ContentType.objects.get_for_model(model)
    return Q(to_content_type=content_type, to_object_id__in=[str(pk) for pk in ids])


def _pages_about(contest_ids: Collection[int]) -> set[int]:
    """Return the ids of the live stories about these contests, whether they show one or not."""
    keys = [str(contest_id) for contest_id in contest_ids]
    return set(StorySubject.objects.filter(subject__in=keys).values_list("page_id", flat=True))


def _own_pages(contest_ids: Collection[int]) -> set[int]:
    """Return the ids of the contests' and their elections' own pages, where there are any."""
    ways = []
    if hasattr(Contest, "race_page"):
        ways.append("race_page")
    if hasattr(Election, "election_page"):
        ways.append("election__election_page")
    if not ways:
        return set()
    rows = Contest.objects.filter(pk__in=contest_ids).values_list(*ways)
    return {page_id for row in rows for page_id in row if page_id is not None}


def purge_pages_showing(contest_ids: Collection[int]) -> None:
    """Purge the pages in one batch. A cache that fails is logged by Wagtail, not raised."""
    if not apps.is_installed("wagtail.contrib.frontend_cache") or not get_backends():
        return
    batch = PurgeBatch()
    pages = list(pages_showing(contest_ids).specific(defer=True))
    for language in (settings.LANGUAGE_CODE, *further_languages()):
        with override(language):
            batch.add_pages(pages)
    batch.purge()
