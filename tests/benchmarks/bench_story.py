"""A story with five live results and ten internal links, as the site renders it.

The floor is a constant view of the same bytes in the same process, behind the same middleware.
"""

from __future__ import annotations

import sys
from functools import cache
from importlib import import_module
from types import ModuleType

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import path

from elections.models import Contest
from newsroom.pages.models import StoryPage
from tests.benchmarks.county import make_source
from tests.benchmarks.figures import Figure
from tests.benchmarks.turns import take_turns, with_database
from tests.elections.stories import make_section, make_story

ROUNDS = 100


@cache
def plant_stories() -> dict[str, StoryPage]:
    """Make the story, one with five results more, and one with ten links more."""
    election = make_source().election
    contests = list(Contest.objects.filter(election=election, selections__gt=1).distinct()[:10])
    section = make_section()
    linked = [make_story(section) for _ in range(20)]
    return {
        "story": make_story(section, contests=contests[:5], links=linked[:10]),
        "results": make_story(section, contests=contests, links=linked[:10]),
        "links": make_story(section, contests=contests[:5], links=linked),
    }


def measure() -> list[Figure]:
    client = Client(SERVER_NAME="localhost")
    urls = {name: story.url for name, story in plant_stories().items()}
    queries = {name: count_queries(client, url) for name, url in urls.items()}
    body = client.get(urls["story"], secure=True).content
    with override_settings(ROOT_URLCONF=with_constant_view(body)):
        stopwatch = take_turns(
            {
                "ours": lambda: client.get(urls["story"], secure=True),
                "floor": lambda: client.get("/constant/", secure=True),
            },
            rounds=ROUNDS,
            clock=with_database(),
        )
    return [
        Figure("story page: queries", ours=queries["story"], unit="queries", goal=14),
        Figure(
            "story page: queries for five further results",
            ours=queries["results"] - queries["story"],
            unit="queries",
            goal=0,
        ),
        Figure(
            "story page: queries for ten further links",
            ours=queries["links"] - queries["story"],
            unit="queries",
            goal=0,
        ),
        Figure(
            f"story page of {len(body) // 1000} KB: CPU of site and database",
            ours=stopwatch.median("ours"),
            floor=stopwatch.median("floor"),
        ),
    ]


def count_queries(client: Client, url: str) -> int:
    """Count the queries of a warm view."""
    client.get(url, secure=True)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url, secure=True).status_code == 200
    return len(queries)


def with_constant_view(body: bytes) -> str:
    """Return the name of a URL configuration: the site's, with a constant view before it."""

    def constant(request: HttpRequest) -> HttpResponse:
        return HttpResponse(body)

    module = ModuleType("tests.benchmarks.constant_urls")
    site = import_module(settings.ROOT_URLCONF).urlpatterns
    module.urlpatterns = [path("constant/", constant), *site]
    sys.modules[module.__name__] = module
    return module.__name__
