import json
from datetime import UTC

import pytest

from elections import ingest
from elections.models import BallotsRemaining, Contest, Published, Snapshot, Source
from elections.widgets.publish import publish_stale
from tests.elections.documents import answering, at


class SheetNight:
    """A sheet whose first lines say what is left, one release after the other."""

    def __init__(self, source: Source):
        self.source = source

    def say(self, clock: str, ada: int, *remarks: str, seen: str = "23:30"):
        lines = [f"# counted_at: {at(clock).isoformat()}", *remarks, "race,candidate,votes"]
        rows = [f"Mayor,Ada,{ada}", f"Mayor,Bo,{ada - 100}"]
        body = "\n".join([*lines, *rows]).encode()
        return ingest.refresh(self.source, get=answering(body), clock=lambda: at(seen))

    @property
    def left(self) -> dict:
        publish_stale()
        return json.loads(Published.objects.get().payload)["ballots_left"]


@pytest.fixture
def sheets(election) -> SheetNight:
    source = Source.objects.create(
        election=election, name="City Clerk", provider="csv", address="https://c.example.org/a.csv"
    )
    sheets = SheetNight(source)
    sheets.say("20:30", 5_000, "# ballots_left: 9,000")
    Contest.objects.update(status=Contest.Status.CONFIRMED)
    return sheets


def utc(clock: str) -> str:
    return at(clock).astimezone(UTC).isoformat()


def write_down(election, estimate: int, clock: str) -> BallotsRemaining:
    return BallotsRemaining.objects.create(
        election=election, estimate=estimate, as_of=at(clock), source_name="Clerk, by phone"
    )


class TestStoreBallotsLeft:
    def test_reaches_the_reader_with_its_source(self, sheets):
        assert sheets.left == {
            "estimate": 9_000,
            "as_of": utc("20:30"),
            "next_update_at": None,
            "source": "City Clerk",
        }
        assert BallotsRemaining.objects.get().snapshot == Snapshot.objects.get()

    def test_lets_the_newer_statement_win(self, sheets, election):
        by_desk = write_down(election, 8_000, "21:00")
        assert (sheets.left["estimate"], sheets.left["source"]) == (8_000, "Clerk, by phone")
        sheets.say(
            "21:30", 5_100, "# ballots_left: 7000", "# ballots_left_as_of: 2024-11-05T20:45-08:00"
        )
        assert sheets.left["estimate"] == 8_000
        sheets.say("22:00", 5_200, "# ballots_left: 6000")
        assert (sheets.left["estimate"], sheets.left["source"]) == (6_000, "City Clerk")
        by_desk.refresh_from_db()
        assert by_desk.estimate == 8_000

    def test_keeps_what_is_repeated_once(self, sheets):
        same = ("# ballots_left: 9,000", f"# ballots_left_as_of: {at('20:30').isoformat()}")
        sheets.say("21:00", 5_100, *same)
        assert BallotsRemaining.objects.count() == 1

    def test_keeps_the_next_update_where_it_comes_after(self, sheets):
        sheets.say(
            "21:00", 5_100, "# ballots_left: 8,000", f"# next_update_at: {at('22:00').isoformat()}"
        )
        assert sheets.left["next_update_at"] == utc("22:00")
        sheets.say(
            "21:30", 5_200, "# ballots_left: 7,000", f"# next_update_at: {at('21:00').isoformat()}"
        )
        assert sheets.left["next_update_at"] is None

    def test_leaves_out_a_statement_from_the_future(self, sheets):
        ahead = f"# ballots_left_as_of: {at('23:59').isoformat()}"
        sheets.say("21:00", 5_100, "# ballots_left: 1", ahead, seen="23:30")
        assert sheets.left["estimate"] == 9_000

    def test_takes_nothing_from_a_late_document(self, sheets):
        sheets.say("20:10", 4_000, "# ballots_left: 20,000")
        assert BallotsRemaining.objects.count() == 1

    def test_keeps_what_is_left_before_the_polls_close_to_itself(self, election):
        source = Source.objects.create(
            election=election, name="X", provider="csv", address="https://c.example.org/b.csv"
        )
        SheetNight(source).say("19:00", 500, "# ballots_left: 3", seen="19:01")
        assert not BallotsRemaining.objects.exists()
