"""What the judge of a document never does, whatever comes."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from elections.counting.guards import ContestVerdict, Reason, Verdict, judge_contest
from elections.counting.results import Report
from tests.elections.counting.documents import ELECTION_DAY, POLLS_CLOSE, contest, judge

moments = st.integers(-100_000, 100_000).map(lambda s: POLLS_CLOSE + timedelta(seconds=s))
documents = st.builds(
    Report,
    counted_at=moments,
    contests=st.lists(
        st.lists(st.integers(0, 3), max_size=3).map(lambda votes: contest(*votes)), max_size=12
    ).map(tuple),
    election_date=st.sampled_from([None, ELECTION_DAY, date(2024, 3, 5)]),
)
knowledge = st.fixed_dictionaries(
    {
        "now": moments,
        "latest_counted_at": st.none() | moments,
        "latest_contest_count": st.none() | st.integers(0, 12),
    }
)


class TestJudgeReportAlways:
    @given(documents, knowledge)
    def test_refuses_a_source_time_before_the_latest(self, document, known):
        latest = known["latest_counted_at"]
        if latest is not None and document.counted_at < latest:
            assert judge(document, **known).verdict not in {Verdict.ACCEPTED, Verdict.HELD}

    @given(documents, knowledge)
    def test_keeps_votes_from_before_the_polls_close_off_every_page(self, document, known):
        has_votes = any(s.votes for c in document.contests for s in c.selections)
        if has_votes and min(known["now"], document.counted_at) < POLLS_CLOSE:
            verdict = judge(document, **known).verdict
            assert verdict in {Verdict.EMBARGOED, Verdict.REJECTED}

    @given(documents, knowledge)
    def test_lets_the_strictest_reason_decide(self, document, known):
        judgement = judge(document, **known)
        order = list(Reason)
        assert list(judgement.reasons) == sorted(judgement.reasons, key=order.index)
        if judgement.reasons:
            assert judgement.verdict is judgement.reasons[0].verdict
        else:
            assert judgement.verdict is Verdict.ACCEPTED

    @given(st.lists(moments, min_size=1), st.randoms())
    def test_ends_at_the_newest_document_in_whatever_order_they_come(self, times, random):
        random.shuffle(times)
        latest = None
        for counted_at in times:
            document = Report(counted_at, (contest(0, 0),))
            judgement = judge(
                document, now=max(times), latest_counted_at=latest, latest_contest_count=1
            )
            if judgement.verdict is Verdict.ACCEPTED:
                latest = counted_at
        assert latest == max(times)


counts = st.dictionaries(st.sampled_from("ABCD"), st.integers(0, 20), max_size=4)
releases = st.lists(
    st.tuples(moments, st.dictionaries(st.sampled_from("ABCD"), st.integers(0, 20), max_size=4)),
    max_size=12,
)


class TestBothJudgesAlways:
    """Whatever a source says, in whatever order, what is shown never goes back."""

    @given(releases)
    def test_let_no_selection_lose_a_vote_and_no_time_go_back(self, said):
        latest, shown = None, None
        for counted_at, votes in said:
            document = Report(counted_at, (contest(*votes.values()),))
            verdict = judge(document, now=POLLS_CLOSE + timedelta(days=2), latest_counted_at=latest)
            if verdict.verdict is not Verdict.ACCEPTED:
                continue
            assert latest is None or counted_at >= latest
            latest = counted_at
            if judge_contest(shown, votes).verdict is not ContestVerdict.CHANGED:
                continue
            for key, before in (shown or {}).items():
                assert votes.get(key, 0) >= before
            shown = votes

    @given(counts, counts)
    def test_hold_exactly_what_takes_a_vote_away(self, before, after):
        takes = any(after.get(key, 0) < votes for key, votes in before.items())
        is_held = judge_contest(before, after).verdict is ContestVerdict.HELD
        assert is_held is takes

    @given(counts, st.fixed_dictionaries(dict.fromkeys("ABCD", st.integers(-1, 1))))
    def test_hold_the_loss_of_a_single_vote(self, before, moves):
        after = {key: max(votes + moves[key], 0) for key, votes in before.items()}
        takes = any(after[key] < votes for key, votes in before.items())
        assert (judge_contest(before, after).verdict is ContestVerdict.HELD) is takes
