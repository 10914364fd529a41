from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elections.counting.agreement import Statement, disagreements

NINE = datetime(2024, 11, 6, 5, tzinfo=UTC)


def said(minutes: float, **votes: int) -> Statement[str]:
    return Statement(NINE + timedelta(minutes=minutes), votes)


# name: (one, other, the selections they disagree about)
CASES = {
    "the same at the same time": (said(0, A=5, B=3), said(0, A=5, B=3), []),
    "another number at the same time": (said(0, A=5, B=3), said(0, A=5, B=4), ["B"]),
    "another number two minutes apart": (said(0, A=5), said(2, A=6), ["A"]),
    "the next release": (said(0, A=5, B=3), said(20, A=9, B=3), []),
    "the next release, given the other way round": (said(20, A=9, B=3), said(0, A=5, B=3), []),
    "a later source with fewer votes": (said(0, A=5, B=3), said(20, A=9, B=2), ["B"]),
    "an earlier source with more votes": (said(20, A=9, B=2), said(0, A=5, B=3), ["B"]),
    "a write-in that one leaves out": (said(0, A=5, W=1), said(0, A=5), []),
    "nobody in common": (said(0, A=5), said(0, B=5), []),
}


class TestDisagreements:
    @pytest.mark.parametrize(("one", "other", "keys"), CASES.values(), ids=CASES)
    def test_are_what_no_release_explains(self, one, other, keys):
        assert [found.key for found in disagreements(one, other)] == keys

    def test_give_both_numbers_in_the_order_asked(self):
        (found,) = disagreements(said(0, A=5), said(0, A=7))
        assert (found.one, found.other) == (5, 7)

    @given(
        st.dictionaries(st.sampled_from("ABC"), st.integers(0, 9)),
        st.dictionaries(st.sampled_from("ABC"), st.integers(0, 9)),
        st.integers(-30, 30),
    )
    def test_do_not_depend_on_who_is_asked_first(self, votes, others, minutes):
        one, other = said(0, **votes), said(minutes, **others)
        there = {found.key for found in disagreements(one, other)}
        assert there == {found.key for found in disagreements(other, one)}
