import pytest

from elections.alerts.turns import watch_counts
from elections.models import Alert, AlertKind, Selection
from elections.widgets.publish import publish
from tests.elections.documents import at
from tests.elections.widgets.races import count_votes, make_race


@pytest.fixture
def turn(source):
    """Count a race twice, and return what the desk is told of it."""

    def turn(before: dict, after: dict, **rule: object) -> list[tuple[str, str]]:
        race = make_race(source, before, **rule)
        Selection.objects.filter(name="Write-ins").update(status="write-ins")
        publish([race.pk], now=at("21:01"))
        watch_counts(at("21:02"))
        Alert.objects.all().delete()
        count_votes(source, race, after, time="21:30")
        publish([race.pk], now=at("21:31"))
        watch_counts(at("21:32"))
        return list(Alert.objects.order_by("pk").values_list("kind", "message"))

    return turn


THREE = {"Ada": 50, "Bo": 30, "Cy": 29}


class TestWatchCounts:
    def test_tells_who_goes_on_from_a_primary(self, turn):
        told = turn(THREE, THREE | {"Cy": 31}, vote_variation="top-two")
        said = "Mayor: Cy would now go on to the second round."
        assert told == [(AlertKind.CUT_LINE_CHANGED, said)]

    def test_tells_nothing_of_second_place_where_one_wins(self, turn):
        assert turn(THREE, THREE | {"Cy": 31}) == []

    def test_tells_of_a_majority(self, turn):
        told = turn(THREE, THREE | {"Ada": 90}, vote_variation="majority")
        said = "Mayor: Ada now has more than half; nobody would go on to a runoff."
        assert told == [(AlertKind.CUT_LINE_CHANGED, said)]

    def test_says_nothing_of_first_choices(self, turn):
        assert turn(THREE, THREE | {"Bo": 60}, vote_variation="rcv") == []

    def test_lets_no_pool_of_write_ins_be_ahead(self, turn):
        assert turn({"Ada": 5, "Write-ins": 3}, {"Ada": 5, "Write-ins": 9}) == []
