"""What one document said: a report, its contests, their selections.

The three classes are msgspec structs and not dataclasses because a provider may
decode straight into a subclass of them: a county file of 430 contests and 1,132
selections then costs no second pass. They are frozen and compare by value.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import msgspec

from elections.counting.calls import CallKind
from elections.counting.thresholds import Threshold


class ContestType(StrEnum):
    """The kinds of contest of NIST SP 1500-100 that we tell apart."""

    CANDIDATE = "candidate"
    BALLOT_MEASURE = "ballot-measure"
    RETENTION = "retention"
    RECALL = "recall"


class ReportedCall(msgspec.Struct, frozen=True, gc=False):
    """What a source that calls races says of one; it is its own statement, and no count.

    ``kind`` is the call that it would be here; None when the source says that nobody won or that
    it takes its call back. ``selections`` are keys of the contest's selections. ``status`` is in
    the source's own words. ``called_at`` is the source's own time (aware), None if not said.
    """

    authority: str
    status: str
    kind: CallKind | None = None
    selections: tuple[str, ...] = ()
    called_at: datetime | None = None


class SelectionCount(msgspec.Struct, frozen=True, gc=False):
    """A candidate, or a measure's yes or no, with its votes so far.

    ``name`` is as the source spells it. ``votes`` is never negative.
    """

    name: str
    votes: int
    party: str = ""

    @property
    def key(self) -> str:
        """What tells the selection from its neighbours in the contest, for this provider.

        The name, unless the provider has ids; such a provider overrides this.
        """
        return self.name


class ContestCount(msgspec.Struct, frozen=True, gc=False):
    """One contest of a document.

    ``threshold`` is None when the contest has none, or one that we could not
    read; then ``threshold_text`` still holds the source's own words.
    ``order`` is the place on the source's page, from 0.

    ``ballots_cast`` are the ballots that have this contest, ``undervotes`` those of them on which
    it was left blank, ``overvotes`` those with more marks than allowed; None where the source
    does not say. All three may fall: a ballot that is looked at again changes its kind.
    ``has_rounds``: voters rank, and it is counted round by round; None where it is not said.
    """

    title: str
    selections: tuple[SelectionCount, ...]
    contest_type: ContestType = ContestType.CANDIDATE
    votes_allowed: int = 1
    threshold: Threshold | None = None
    threshold_text: str = ""
    question: str = ""
    note: str = ""
    group: str = ""
    order: int = 0
    ballots_cast: int | None = None
    overvotes: int | None = None
    undervotes: int | None = None
    reported_call: ReportedCall | None = None
    has_rounds: bool | None = None

    @property
    def key(self) -> str:
        """What tells the contest from others of the election, for this provider."""
        return self.title


class BallotsLeft(msgspec.Struct, frozen=True, gc=False):
    """What a source says is still to be counted in the whole election, as of when (aware).

    ``next_update_at`` is when it means to count on; None where it does not say.
    """

    estimate: int
    as_of: datetime
    next_update_at: datetime | None = None


class Report(msgspec.Struct, frozen=True, gc=False):
    """A whole document: never half, keys unique.

    ``counted_at`` is the source's own statement of when it counted (aware).
    ``election_date`` and ``election_key`` say which election it speaks about;
    None and "" where the source does not. ``ballots_cast`` and ``registered_voters`` are those
    of the whole election; None where the source does not say. ``ballots_left`` likewise.
    """

    counted_at: datetime
    contests: tuple[ContestCount, ...]
    election_date: date | None = None
    election_title: str = ""
    election_key: str = ""
    ballots_cast: int | None = None
    registered_voters: int | None = None
    ballots_left: BallotsLeft | None = None
