"""The parts of a count stand and fall with it."""

import pytest

from elections import releasing
from elections.counting.details import Problem
from elections.models import Contest, ContestCount, CountDetails, Fetch, Hold
from elections.widgets.publish import publish_stale
from tests.elections.conftest import Night
from tests.elections.deciding import reject
from tests.elections.documents import at

Rows = list[tuple[str, str, int]]
FIRST: Rows = [("North", "A", 10), ("North", "B", 5), ("South", "A", 3), ("South", "B", 9)]
LATER: Rows = [("North", "A", 20), ("North", "B", 5), ("South", "A", 3), ("South", "B", 9)]
LOWER: Rows = [("North", "A", 8), ("North", "B", 5), ("South", "A", 3), ("South", "B", 9)]


def sheet(clock: str, rows: Rows, race: str = "Council") -> bytes:
    lines = [f"{place},{race},{who},{votes}" for place, who, votes in rows]
    head = f"# counted_at: {at(clock).isoformat()}\nprecinct,race,candidate,votes"
    return "\n".join([head, *lines]).encode()


@pytest.fixture
def night(source) -> Night:
    """A night of a sheet by precinct, whose race was confirmed after the first release."""
    source.provider = "csv"
    source.address = "https://results.example.org/sheet.csv"
    source.save()
    night = Night(source)
    night.say(sheet("20:36", FIRST), seen="20:40")
    Contest.objects.update(status=Contest.Status.CONFIRMED)
    publish_stale()
    return night


def standing() -> dict[str, tuple[int, ...]] | None:
    """Return what stands: place to votes; None where nobody may be told of any."""
    rows = CountDetails.objects.standing()
    return {unit.name: unit.votes for unit in rows.get().details.units} if rows else None


class TestNewCount:
    def test_brings_its_parts(self, night):
        night.say(sheet("21:34", LATER))
        assert standing() == {"North": (20, 5), "South": (3, 9)}

    def test_names_our_own_selections(self, night):
        night.say(sheet("21:34", LATER))
        row = CountDetails.objects.get()
        ids = {str(selection.pk) for selection in row.contest.selections.all()}
        assert set(row.details.selections) == ids

    def test_belongs_to_the_count_that_stands(self, night):
        night.say(sheet("21:34", LATER))
        row = CountDetails.objects.standing().get()
        assert row.count == night.source.current_counts.get().count
        assert row.as_of == at("21:34")

    def test_keeps_one_row_however_often(self, night):
        for clock in ("21:34", "21:45", "22:10"):
            night.say(sheet(clock, LATER))
        assert CountDetails.objects.count() == 1

    def test_is_nothing_for_a_race_that_nobody_follows(self, night):
        night.say(sheet("21:34", LATER) + b"\nNorth,Mayor,C,1\nSouth,Mayor,C,2")
        assert CountDetails.objects.get().contest.reported_title == "Council"


class TestPartsThatMoved:
    def test_are_new_although_the_count_is_not(self, night):
        moved = [("North", "A", 9), ("North", "B", 5), ("South", "A", 4), ("South", "B", 9)]
        night.say(sheet("21:34", FIRST))
        night.say(sheet("21:45", moved))
        assert ContestCount.objects.count() == 1
        assert standing() == {"North": (9, 5), "South": (4, 9)}
        assert CountDetails.objects.get().as_of == at("21:45")


class TestHeldCount:
    def test_keeps_its_parts_back_too(self, night):
        night.say(sheet("21:34", FIRST))
        night.say(sheet("21:45", LOWER))
        assert Hold.objects.open().count() == 1
        assert standing() == {"North": (10, 5), "South": (3, 9)}

    def test_keeps_them_back_under_the_same_time(self, night):
        night.say(sheet("21:34", FIRST))
        night.say(sheet("21:34", LOWER))
        assert Hold.objects.open().count() == 1
        assert standing() == {"North": (10, 5), "South": (3, 9)}

    def test_brings_them_once_it_is_released(self, night, django_user_model):
        night.say(sheet("21:34", FIRST))
        night.say(sheet("21:45", LOWER))
        person = django_user_model.objects.create(username="desk")
        assert releasing.release(Hold.objects.get(), now=at("22:00"), by=person)
        assert standing() == {"North": (8, 5), "South": (3, 9)}

    def test_leaves_them_back_once_it_is_rejected(self, night, django_user_model):
        night.say(sheet("21:34", FIRST))
        night.say(sheet("21:45", LOWER))
        person = django_user_model.objects.create(username="desk")
        reject(Hold.objects.get(), now=at("22:00"), by=person)
        night.say(sheet("22:10", LOWER))
        assert standing() == {"North": (10, 5), "South": (3, 9)}


class TestOlderDocument:
    def test_leaves_the_parts_as_they_are(self, night):
        night.say(sheet("21:34", LATER))
        night.say(sheet("20:56", FIRST))
        assert standing() == {"North": (20, 5), "South": (3, 9)}


class TestUnchangedDocument:
    def test_is_read_once_for_a_race_confirmed_after_it(self, night):
        assert standing() is None
        fetch = night.say(sheet("20:36", FIRST))
        assert fetch.outcome == Fetch.Outcome.UNCHANGED
        assert standing() == {"North": (10, 5), "South": (3, 9)}

    def test_is_not_read_again(self, night, monkeypatch):
        night.say(sheet("20:36", FIRST))
        monkeypatch.setattr("elections.feeds.csv_feed.read_details", lambda *_: 1 / 0)
        assert night.say(sheet("20:36", FIRST)).outcome == Fetch.Outcome.UNCHANGED

    def test_is_not_read_again_where_it_holds_a_count_back(self, night, monkeypatch):
        night.say(sheet("20:36", LOWER))
        night.say(sheet("20:36", LOWER))
        monkeypatch.setattr("elections.feeds.csv_feed.read_details", lambda *_: 1 / 0)
        assert night.say(sheet("20:36", LOWER)).outcome == Fetch.Outcome.UNCHANGED

    def test_without_places_is_not_read_again(self, night, monkeypatch):
        plain = sheet("21:34", FIRST).replace(b"precinct,", b"remark,")
        plain = plain.replace(b"North,Council,A,10\n", b"", 1).replace(b"North,Council,B,5\n", b"")
        night.say(plain)
        monkeypatch.setattr("elections.feeds.csv_feed.read_details", lambda *_: 1 / 0)
        assert night.say(plain).outcome == Fetch.Outcome.UNCHANGED


class TestUnreadableParts:
    def test_cost_the_parts_alone(self, night, monkeypatch):
        from elections.feeds.contract import FeedError

        def refuse(body, wanted):
            raise FeedError("A place is broken.", code="bad-value", path="line 3")
            yield

        monkeypatch.setattr("elections.feeds.csv_feed.read_details", refuse)
        fetch = night.say(sheet("21:34", LATER))
        assert fetch.outcome == Fetch.Outcome.ACCEPTED
        details = CountDetails.objects.standing().get().details
        assert (details.units, details.problem) == ((), Problem.UNREADABLE)
        assert sum(details.totals) == 37


class TestCountyWithoutParts:
    def test_pays_nothing_for_them(self, source, django_assert_num_queries):
        from elections.detailing import store_details
        from elections.models import Snapshot

        with django_assert_num_queries(0):
            assert store_details(Snapshot(source=source), b"") == []
