"""Small documents to judge, on the night of Nov. 5, 2024."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from elections.counting.guards import judge_report
from elections.counting.results import ContestCount, Report, SelectionCount

PACIFIC = ZoneInfo("America/Los_Angeles")
ELECTION_DAY = date(2024, 11, 5)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PACIFIC)


POLLS_CLOSE = at("2024-11-05T20:00:00")


def contest(*votes: int, title: str = "Governor") -> ContestCount:
    selections = tuple(SelectionCount(f"Selection {n}", v) for n, v in enumerate(votes))
    return ContestCount(title=title, selections=selections)


def report(counted_at: str, *contests: ContestCount, election_date=ELECTION_DAY) -> Report:
    return Report(at(counted_at), contests, election_date=election_date)


def contests(how_many: int) -> tuple[ContestCount, ...]:
    return tuple(contest(61_168, 50_310, title=f"Contest {n}") for n in range(how_many))


def judge(subject: Report, **changes):
    """Judge with nothing counted yet on election night, but for the ``changes``."""
    known = {
        "now": at("2024-11-05T21:00:00"),
        "polls_close_at": POLLS_CLOSE,
        "latest_counted_at": None,
        "latest_contest_count": None,
        "election_date": ELECTION_DAY,
    }
    return judge_report(subject, **known | changes)
