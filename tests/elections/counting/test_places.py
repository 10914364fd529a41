import pytest
from hypothesis import given
from hypothesis import strategies as st

from elections.counting.places import Rule, cut_line

MAJORITY = Rule(seats=1, runoff=2, majority_wins=True)
TOP_TWO = Rule(seats=1, runoff=2)


class TestMajority:
    def test_short_of_it_two_go_on_and_the_line_runs_behind_the_second(self):
        line = cut_line({"a": 480, "b": 300, "c": 220}, MAJORITY)
        assert (line.places, line.is_runoff, line.majority_of) == (2, True, None)
        assert (line.lead.ahead, line.lead.behind, line.lead.margin_votes) == ("b", "c", 80)
        assert line.ahead == {"a", "b"}

    def test_wins_at_once(self):
        line = cut_line({"a": 501, "b": 300, "c": 199}, MAJORITY)
        assert (line.places, line.is_runoff, line.majority_of) == (1, False, "a")
        assert line.ahead == {"a"}

    def test_is_more_than_half(self):
        assert cut_line({"a": 500, "b": 300, "c": 200}, MAJORITY).majority_of is None

    def test_is_of_all_votes_write_ins_too(self):
        votes = {"a": 500, "b": 450, "pool": 60}
        assert cut_line(votes, MAJORITY, {"pool"}).majority_of is None
        assert cut_line({**votes, "pool": 0}, MAJORITY, {"pool"}).majority_of == "a"


class TestTopTwo:
    def test_go_on_also_when_one_has_a_majority(self):
        line = cut_line({"a": 700, "b": 200, "c": 100}, TOP_TWO)
        assert (line.is_runoff, line.majority_of, line.ahead) == (True, None, {"a", "b"})

    def test_may_be_tied_for_second(self):
        line = cut_line({"a": 700, "b": 150, "c": 150}, TOP_TWO)
        assert line.is_tied
        assert line.lead is None
        assert line.ahead == {"a"}

    def test_of_two_both_have_a_place(self):
        line = cut_line({"a": 7, "b": 3}, TOP_TWO)
        assert (line.lead, line.is_tied, line.ahead) == (None, False, {"a", "b"})


class TestPool:
    def test_holds_no_place_and_weighs_in_the_share(self):
        line = cut_line({"a": 60, "b": 20, "pool": 20}, Rule(), {"pool"})
        assert line.lead.behind == "b"
        assert line.lead.margin_share * 100 == 40

    @pytest.mark.parametrize("pool", [60, 61])
    def test_with_as_many_votes_as_the_last_place_leaves_nobody_ahead(self, pool):
        line = cut_line({"a": 60, "b": 20, "pool": pool}, Rule(), {"pool"})
        assert (line.is_pool_ahead, line.lead, line.ahead, line.is_tied) == (
            True, None, frozenset(), False,
        )  # fmt: skip

    def test_without_a_name_beside_it_leaves_nobody_ahead(self):
        assert cut_line({"pool": 5}, Rule(), {"pool"}).is_pool_ahead
        assert not cut_line({"pool": 0}, Rule(), {"pool"}).is_pool_ahead


@given(
    votes=st.dictionaries(st.integers(0, 7), st.integers(0, 50)),
    rule=st.sampled_from([Rule(), Rule(3), MAJORITY, TOP_TWO]),
)
def test_there_are_never_more_ahead_than_places(votes, rule):
    line = cut_line(votes, rule, {0})
    assert len(line.ahead) <= line.places
    assert 0 not in line.ahead
    if line.lead:
        assert line.lead.ahead in line.ahead
        assert line.lead.behind not in line.ahead
        assert not line.is_tied
