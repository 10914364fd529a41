import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from elections.boards import RacesBlock, ScoreboardBlock
from elections.models import Contest, Published
from elections.widgets.publish import publish_stale
from newsroom.headless import as_data
from tests.elections.documents import at, board, document, measure


@pytest.fixture
def two(night) -> list[int]:
    """The board race and a measure, both published."""
    night.say(document(at("21:00"), board(61_168, 50_310), measure(600, 500)), seen="21:01")
    Contest.objects.update(status=Contest.Status.CONFIRMED)
    publish_stale()
    return list(Contest.objects.order_by("pk").values_list("pk", flat=True))


class TestRaces:
    def render(self, *races: int, **facts: str) -> str:
        block = RacesBlock()
        return block.render(block.to_python({"races": list(races), **facts}))

    def test_show_each_race_as_it_was_chosen(self, two):
        html = self.render(*reversed(two), heading="On the same ballot")
        assert html.index("Measure SMC") < html.index("Scott Schmerelson")
        assert "<h2>On the same ballot</h2>" in html
        assert html.count("<live-result") == 2

    def test_leave_out_what_readers_do_not_have(self, two):
        Contest.objects.filter(pk=two[0]).update(status=Contest.Status.DRAFT)
        assert self.render(*two, 999).count("<live-result") == 1

    def test_of_nothing_are_nothing(self, db):
        assert self.render(999).strip() == ""

    def test_cost_one_query(self, two):
        with CaptureQueriesContext(connection) as queries:
            self.render(*two)
        assert len(queries) == 1

    def test_in_the_picker_are_the_newest(self, two):
        block = RacesBlock()
        assert "Scott Schmerelson" in block.render(block.get_preview_value())


class TestScoreboard:
    def render(self, election: int, **facts: str) -> str:
        block = ScoreboardBlock()
        return block.render(block.to_python({"election": election, **facts}))

    def test_counts_the_races_by_state(self, two, night):
        html = self.render(night.source.election.pk, heading="So far")
        assert "<caption>So far</caption>" in html
        assert '<tr><th scope="row">Counting</th><td>2</td></tr>' in html

    def test_says_as_of_when(self, two, night):
        Published.objects.update(published_at=at("21:05"))
        assert "As of 9:05 p.m. Nov. 5, 2024." in self.render(night.source.election.pk)

    def test_costs_two_queries(self, two, night):
        with CaptureQueriesContext(connection) as queries:
            self.render(night.source.election.pk)
        assert len(queries) == 2

    def test_of_a_body_read_their_results_together(self, two, night):
        block, election = ScoreboardBlock(), night.source.election.pk
        Contest.objects.filter(pk=two[0]).update(group="Board")
        with CaptureQueriesContext(connection) as queries:
            groups = ["", "Board", " BOARD", "Judges"]
            values = block.bulk_to_python([{"election": election, "group": g} for g in groups])
            told = [[score.number for score in value.scores] for value in values]
        assert told == [[2], [1], [1], []]
        assert len(queries) == 2

    def test_of_a_body_go_on_where_an_election_is_gone(self, two, night):
        chosen = [{"election": pk} for pk in (999, night.source.election.pk)]
        values = ScoreboardBlock().bulk_to_python(chosen)
        assert [len(value.scores) for value in values] == [0, 1]

    def test_is_whole_in_the_interface(self, two, night):
        block = ScoreboardBlock()
        told = as_data(block, block.to_python({"election": night.source.election.pk}))
        assert told["election"]["name"] == night.source.election.name
        assert told["scores"] == [{"label": "Counting", "number": 2}]

    def test_counts_a_group_alone(self, two, night):
        Contest.objects.filter(pk=two[0]).update(group="Board")
        assert "<td>1</td>" in self.render(night.source.election.pk, group=" board ")
        assert self.render(night.source.election.pk, group="Judges").strip() == ""

    def test_leaves_out_drafts(self, two, night):
        Contest.objects.filter(pk=two[0]).update(status=Contest.Status.DRAFT)
        assert "<td>1</td>" in self.render(night.source.election.pk)

    def test_of_a_test_election_says_so(self, two, night):
        night.source.election.is_test = True
        night.source.election.save()
        assert "These are not real votes." in self.render(night.source.election.pk)

    def test_of_a_deleted_election_is_nothing(self, db):
        assert self.render(999).strip() == ""

    def test_in_the_picker_is_the_newest_election(self, two):
        block = ScoreboardBlock()
        assert "Counting" in block.render(block.get_preview_value())
