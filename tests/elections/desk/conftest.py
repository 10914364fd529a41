"""A small election with a feed that says what a test wants, and the people of the desk."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission, User
from django.test import Client

from elections import ingest
from elections.desk.roles import CHIEFS, DESK, EDITORS, VIEWERS, create_roles
from elections.feeds.contract import FeedError, Response
from elections.models import Contest, Election, Fetch, Source

POLLS_CLOSE_AT = datetime(2024, 11, 6, 4, tzinfo=UTC)
BOARD = "LOS ANGELES UNIFIED SCHOOL DISTRICT Member of the Board, District 3"
BOND = "LOS ANGELES UNIFIED SCHOOL DISTRICT - MEASURE US"
COUNCIL = "BURBANK CITY GENERAL MUNICIPAL ELECTION Member of the City Council"


def candidates(**votes: int) -> list[dict[str, object]]:
    return [
        {"Name": name.replace("_", " ").upper(), "Party": "Non Partisan", "Votes": count}
        for name, count in votes.items()
    ]


def contest(title: str, people: list[dict[str, object]], **facts: str) -> dict[str, object]:
    plain = {"Type": "Candidate", "AdditionalText": "", "MeasureText": "", "VoteFor": ""}
    return {"Title": title, **plain, "MeasurePassRate": "", "Candidates": people, **facts}


def document(minutes: int, *, board: dict[str, int], write_in: int | None = None) -> bytes:
    """Return a county's document, so many minutes after the polls closed."""
    council = candidates(nikki_perez=900, konstantine_anthony=800, chris_rizzotti=700)
    if write_in is not None:
        council += candidates(ana_write_in=write_in)
    contests = [
        contest(BOARD, candidates(**board)),
        contest(COUNCIL, council, VoteFor="Vote for no more than two"),
        contest(
            BOND,
            candidates(yes=600, no=400),
            Type="Measure",
            MeasurePassRate="55% of votes cast",
            MeasureText="Shall the measure be adopted?",
        ),
    ]
    wall_time = POLLS_CLOSE_AT - timedelta(hours=8) + timedelta(minutes=minutes)
    content = {
        "Election": {
            "ID": 4324,
            "Date": "2024-11-05T00:00:00-08:00",
            "Title": "General Election",
            "ContestGroups": [{"Name": "Schools", "Contests": contests}],
        },
        "Timestamp": wall_time.strftime("%Y-%m-%dT%H:%M:%S"),
    }
    return json.dumps(content).encode()


@pytest.fixture
def election(db: None) -> Election:
    return Election.objects.create(
        name="General election 2024",
        election_date=date(2024, 11, 5),
        jurisdiction="Los Angeles County",
        polls_close_at=POLLS_CLOSE_AT,
    )


@pytest.fixture
def source(election: Election) -> Source:
    return Source.objects.create(
        election=election,
        name="LA County Registrar",
        provider="lac_json",
        address="https://results.lavote.gov/electionresults/json?electionid=4324",
    )


Say = Callable[..., Fetch]


@pytest.fixture
def say(source: Source) -> Say:
    """Let the county say something: a document's bytes, or the failure to send one."""

    def say(minutes: int, body: bytes | None = None, *, error: FeedError | None = None, **board):
        body = body if body is not None else document(minutes, board=board)

        def get(url: str) -> Response:
            if error is not None:
                raise error
            return Response(200, body, url=url)

        seen_at = POLLS_CLOSE_AT + timedelta(minutes=minutes + 1)
        return ingest.refresh(source, get=get, clock=lambda: seen_at)

    return say


@pytest.fixture
def counted(say: Say) -> Fetch:
    return say(30, scott_schmerelson=1200, dan_chang=1000)


@pytest.fixture
def board(counted: Fetch) -> Contest:
    """The race for the school board, confirmed and named by an editor."""
    contest = Contest.objects.get(reported_title=BOARD)
    contest.name, contest.status = "LAUSD board, District 3", Contest.Status.CONFIRMED
    contest.save()
    contest.selections.update(is_new=False)
    return contest


@pytest.fixture
def bond(counted: Fetch) -> Contest:
    contest = Contest.objects.get(reported_title=BOND)
    contest.status = Contest.Status.CONFIRMED
    contest.save()
    return contest


@pytest.fixture
def people(db: None) -> dict[str, User]:
    """Somebody of each role by its name; ``author`` may enter the admin and nothing more."""
    create_roles()
    users = get_user_model().objects
    groups = {"viewer": VIEWERS, "editor": EDITORS, "desk": DESK, "chief": CHIEFS}
    people = {name: users.create_user(name) for name in ("author", *groups)}
    people["admin"] = users.create_superuser("admin")
    for name, group in groups.items():
        people[name].groups.add(Group.objects.get(name=group))
    people["author"].user_permissions.add(Permission.objects.get(codename="access_admin"))
    return people


@pytest.fixture
def as_user(people: dict[str, User]) -> Callable[[str], Client]:
    def as_user(name: str) -> Client:
        client = Client()
        if name != "anonymous":
            client.force_login(people[name])
        return client

    return as_user


@pytest.fixture
def editor(as_user: Callable[[str], Client]) -> Client:
    return as_user("editor")


@pytest.fixture
def desk(as_user: Callable[[str], Client]) -> Client:
    return as_user("desk")


@pytest.fixture
def chief(as_user: Callable[[str], Client]) -> Client:
    return as_user("chief")
