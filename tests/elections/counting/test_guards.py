"""The judge of a document, with accidents that happened."""

from datetime import UTC, date, datetime

import pytest

from elections.counting.fingerprints import fingerprint
from elections.counting.guards import Reason, Verdict
from elections.counting.results import Report
from tests.elections.counting.documents import ELECTION_DAY, at, contest, contests, judge, report

ACCEPTED, STALE, HELD, EMBARGOED, REJECTED = Verdict
POLLS_CLOSE_2022 = at("2022-11-08T20:00:00")
GOVERNOR = contest(6_317_310, 4_320_169)
NIGHT = {"now": at("2024-11-06T00:30:00")}
OCTOBER_2022 = {
    "now": at("2022-10-26T10:00:00"),
    "polls_close_at": POLLS_CLOSE_2022,
    "election_date": date(2022, 11, 8),
}

EMPTY, OTHER, EARLY, BACK, FEW, AHEAD, SAME, COSMETIC = Reason

# name: (document, what differs from election night, verdict, reasons)
CASES = {
    "first release of the night": (report("2024-11-05T20:36:34", GOVERNOR), {}, ACCEPTED, ()),
    "the file with no votes, a week before": (
        report("2024-10-29T09:16:49", contest(0, 0)),
        {"now": at("2024-11-03T12:51:37")},
        ACCEPTED,
        (),
    ),
    "stale read: 20:56, then 20:36 again": (
        report("2024-11-05T20:36:34", GOVERNOR),
        {"latest_counted_at": at("2024-11-05T20:56:08"), "latest_contest_count": 1},
        STALE,
        (BACK,),
    ),
    "stale read of three releases: 00:23, then 22:50": (
        report("2024-11-05T22:50:00", GOVERNOR),
        NIGHT | {"latest_counted_at": at("2024-11-06T00:23:00")},
        STALE,
        (BACK,),
    ),
    "stale and first seen after a newer one: 01:32:30, then 00:55:40": (
        report("2024-11-06T00:55:40", GOVERNOR),
        {"now": at("2024-11-06T01:45:00"), "latest_counted_at": at("2024-11-06T01:32:30")},
        STALE,
        (BACK,),
    ),
    "stale by a week": (
        report("2022-11-11T16:00:00", GOVERNOR, election_date=date(2022, 11, 8)),
        {
            "now": at("2022-11-18T16:30:00"),
            "polls_close_at": POLLS_CLOSE_2022,
            "election_date": date(2022, 11, 8),
            "latest_counted_at": at("2022-11-18T15:39:00"),
        },
        STALE,
        (BACK,),
    ),
    "back by a fraction of a second": (
        report("2024-11-05T20:36:34.570", GOVERNOR),
        {"latest_counted_at": at("2024-11-05T20:36:34.571")},
        STALE,
        (BACK,),
    ),
    "exactly ten minutes ahead of the clock": (
        report("2024-11-05T21:10:00", GOVERNOR),
        {},
        ACCEPTED,
        (),
    ),
    "ten minutes and a second ahead": (report("2024-11-05T21:10:01", GOVERNOR), {}, HELD, (AHEAD,)),
    "a stamp of next year": (
        report("2025-11-05T21:00:00", GOVERNOR),
        {"latest_counted_at": at("2024-11-05T20:36:34")},
        HELD,
        (AHEAD,),
    ),
    "test votes, all precincts, on Oct. 24, 2022": (
        report("2022-10-24T11:57:00", contest(12_391_450, 4_505_951), election_date=None),
        OCTOBER_2022,
        EMBARGOED,
        (EARLY,),
    ),
    "stray votes on Oct. 27, 2022": (
        report("2022-10-27T09:20:00", contest(23, 14), contest(0, 0), election_date=None),
        OCTOBER_2022 | {"now": at("2022-10-27T09:30:00")},
        EMBARGOED,
        (EARLY,),
    ),
    "test votes under an older stamp": (
        report("2022-10-24T11:57:00", contest(12_391_450, 4_505_951), election_date=None),
        OCTOBER_2022 | {"latest_counted_at": at("2022-10-26T09:00:00")},
        EMBARGOED,
        (EARLY, BACK),
    ),
    "test votes under a stamp of election night": (
        report("2022-11-08T20:30:00", contest(12_391_450, 4_505_951), election_date=None),
        OCTOBER_2022,
        EMBARGOED,
        (EARLY, AHEAD),
    ),
    "the clock of the zero file set back to Oct. 18, 2022": (
        report("2022-10-18T18:00:00", contest(0, 0), election_date=None),
        OCTOBER_2022 | {"latest_counted_at": at("2022-10-25T18:00:00")},
        STALE,
        (BACK,),
    ),
    "the afternoon's test votes from a lagging server in the evening": (
        report("2024-11-05T15:00:00", GOVERNOR),
        {},
        EMBARGOED,
        (EARLY,),
    ),
    "one second before the polls close": (
        report("2024-11-05T19:59:59", contest(0, 1)),
        {"now": at("2024-11-05T19:59:59")},
        EMBARGOED,
        (EARLY,),
    ),
    "the second the polls close": (
        report("2024-11-05T20:00:00", contest(0, 1)),
        {"now": at("2024-11-05T20:00:00")},
        ACCEPTED,
        (),
    ),
    "no contests": (report("2024-11-05T20:36:34"), {}, REJECTED, (EMPTY,)),
    "no contests after 373": (
        report("2024-11-05T20:36:34"),
        {"latest_contest_count": 373},
        REJECTED,
        (EMPTY,),
    ),
    "fewer than 90 % of 430 contests": (
        report("2024-11-05T20:36:34", *contests(386)),
        {"latest_contest_count": 430},
        HELD,
        (FEW,),
    ),
    "exactly 90 % of 430 contests": (
        report("2024-11-05T20:36:34", *contests(387)),
        {"latest_contest_count": 430},
        ACCEPTED,
        (),
    ),
    "one contest more than before": (
        report("2024-11-05T20:36:34", *contests(431)),
        {"latest_contest_count": 430},
        ACCEPTED,
        (),
    ),
    "too few contests under an older stamp": (
        report("2024-11-05T20:36:34", *contests(2)),
        {"latest_contest_count": 430, "latest_counted_at": at("2024-11-05T20:56:08")},
        STALE,
        (BACK, FEW),
    ),
    "the primary's document": (
        report("2024-11-05T20:36:34", GOVERNOR, election_date=date(2024, 3, 5)),
        {},
        REJECTED,
        (OTHER,),
    ),
    "the primary's document, with the primary's time": (
        report("2024-03-29T15:00:00", GOVERNOR, election_date=date(2024, 3, 5)),
        {"latest_counted_at": at("2024-11-05T20:36:34")},
        REJECTED,
        (OTHER, EARLY, BACK),
    ),
    "a document that names no election": (
        report("2024-11-05T20:36:34", GOVERNOR, election_date=None),
        {},
        ACCEPTED,
        (),
    ),
    "an election whose date we do not know": (
        report("2024-11-05T20:36:34", GOVERNOR),
        {"election_date": None},
        ACCEPTED,
        (),
    ),
    "same time, new content, fetched again in 2026": (
        report("2022-12-05T15:00:00", *contests(431), election_date=date(2022, 11, 8)),
        {
            "now": at("2026-04-09T12:00:00"),
            "polls_close_at": POLLS_CLOSE_2022,
            "election_date": date(2022, 11, 8),
            "latest_counted_at": at("2022-12-05T15:00:00"),
            "latest_contest_count": 430,
        },
        ACCEPTED,
        (SAME,),
    ),
    "same time, and half of the contests gone": (
        report("2024-11-05T20:36:34", *contests(200)),
        {"latest_counted_at": at("2024-11-05T20:36:34"), "latest_contest_count": 430},
        HELD,
        (FEW, SAME),
    ),
    "same time, the contests in another order": (
        report("2024-11-05T20:36:34", contest(5, title="Mayor"), GOVERNOR),
        {
            "latest_counted_at": at("2024-11-05T20:36:34"),
            "latest_contest_count": 2,
            "latest_fingerprint": fingerprint(
                report("2024-11-05T20:36:34", GOVERNOR, contest(5, title="Mayor"))
            ),
        },
        ACCEPTED,
        (COSMETIC,),
    ),
    "same time, one vote more": (
        report("2024-11-05T20:36:34", contest(6)),
        {
            "latest_counted_at": at("2024-11-05T20:36:34"),
            "latest_fingerprint": fingerprint(report("2024-11-05T20:36:34", contest(5))),
        },
        ACCEPTED,
        (SAME,),
    ),
    "another time is never cosmetic": (
        report("2024-11-05T20:56:08", GOVERNOR),
        {
            "latest_counted_at": at("2024-11-05T20:36:34"),
            "latest_fingerprint": fingerprint(report("2024-11-05T20:56:08", GOVERNOR)),
        },
        ACCEPTED,
        (),
    ),
    "the same moment in another zone": (
        Report(datetime(2024, 11, 6, 4, 36, 34, tzinfo=UTC), (GOVERNOR,), ELECTION_DAY),
        {"latest_counted_at": at("2024-11-05T20:36:34")},
        ACCEPTED,
        (SAME,),
    ),
}


class TestJudgeReport:
    @pytest.mark.parametrize(
        ("subject", "changes", "verdict", "reasons"), CASES.values(), ids=CASES.keys()
    )
    def test_judges(self, subject, changes, verdict, reasons):
        judgement = judge(subject, **changes)
        assert (judgement.verdict, judgement.reasons) == (verdict, reasons)

    def test_has_a_case_for_every_reason_and_verdict(self):
        assert {case[2] for case in CASES.values()} == set(Verdict)
        assert {reason for case in CASES.values() for reason in case[3]} == set(Reason)

    def test_keeps_the_codes_that_are_stored(self):
        assert [str(reason) for reason in Reason] == [
            "no-contests",
            "other-election",
            "before-polls-close",
            "source-time-went-back",
            "too-few-contests",
            "source-time-ahead",
            "same-time-new-content",
            "same-time-cosmetic",
        ]

    def test_accepts_an_old_document_once_a_wrong_future_stamp_was_held(self):
        held = judge(report("2025-11-05T20:00:00", GOVERNOR))
        assert held.verdict is Verdict.HELD
        assert judge(report("2024-11-05T20:56:08", GOVERNOR)).verdict is Verdict.ACCEPTED
