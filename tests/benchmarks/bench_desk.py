"""The desk's screen on a night of 430 races: asked anew, and asked again with nothing new.

The floor is the same address answered by a constant view of the same bytes.
"""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client, override_settings
from django.urls import reverse

from elections.desk.roles import DESK, create_roles
from elections.models import Contest
from tests.benchmarks.bench_story import count_queries, with_constant_view
from tests.benchmarks.county import make_source
from tests.benchmarks.figures import Figure
from tests.benchmarks.turns import take_turns, with_database

ROUNDS = 20


def measure() -> list[Figure]:
    client, url = at_the_desk(), reverse("elections_desk:rows")
    contests = Contest.objects.filter(election=make_source().election)
    queries = count_queries(client, url)
    response = client.get(url, secure=True)
    marks = {"If-None-Match": response["ETag"]}

    def ask_anew() -> None:
        marks["If-None-Match"] = client.get(url, secure=True)["ETag"]

    with override_settings(ROOT_URLCONF=with_constant_view(response.content)):
        stopwatch = take_turns(
            {
                "new": ask_anew,
                "again": lambda: client.get(url, secure=True, headers=marks),
                "floor": lambda: client.get("/constant/", secure=True),
            },
            rounds=ROUNDS,
            clock=with_database(),
        )
    contests.exclude(pk__in=contests.values("pk")[:40]).update(status=Contest.Status.DRAFT)
    return [
        Figure("desk, 430 races: queries", ours=queries, unit="queries", goal=30),
        Figure(
            "desk, 430 races: queries more than for 40",
            ours=queries - count_queries(client, url),
            unit="queries",
            goal=0,
        ),
        Figure(
            "desk, 430 races: CPU of site and database",
            ours=stopwatch.median("new"),
            floor=stopwatch.median("floor"),
            goal=200,
        ),
        Figure(
            "desk, nothing new: CPU of site and database",
            ours=stopwatch.median("again"),
            floor=stopwatch.median("floor"),
            goal=200,
        ),
    ]


def at_the_desk() -> Client:
    create_roles()
    user = get_user_model().objects.create_user("desk")
    user.groups.add(Group.objects.get(name=DESK))
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    return client
