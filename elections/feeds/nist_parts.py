"""The objects of a NIST election report that we read, and the limits of their values."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from elections.feeds.nist_terms import TYPE

MAX_VOTES: Final = 1_000_000_000
Votes = Annotated[int, Meta(ge=0, le=MAX_VOTES)] | Annotated[float, Meta(ge=0, le=MAX_VOTES)]
"""A number in the standard: ``50310.0`` is one, and a fraction of a vote is not for us."""

Seats = Annotated[int, Meta(ge=1, le=99)]
Order = Annotated[int, Meta(ge=0, le=100_000)]
Name = Annotated[str, Meta(min_length=1, max_length=255)]
Title = Annotated[str, Meta(min_length=1, max_length=500)]
Words = Annotated[str, Meta(max_length=255)]
Content = Annotated[str, Meta(max_length=20_000)]


def _as_sent(field: str) -> str:
    """``gp_unit_ids`` is ``GpUnitIds`` there, and ``at_id`` is ``@id``."""
    return "@id" if field == "at_id" else "".join(map(str.capitalize, field.split("_")))


class Part(msgspec.Struct, frozen=True, gc=False, rename=_as_sent):
    """One object of the document."""


class LanguageString(Part, frozen=True, gc=False):
    content: Content
    language: Words = "en"


class Text(Part, frozen=True, gc=False):
    text: Annotated[tuple[LanguageString, ...], Meta(min_length=1)]
    label: Words = ""

    @property
    def words(self) -> str:
        """The English words, or the first."""
        first = self.text[0]
        if first.language == "en":
            return first.content
        for one in self.text:
            if one.language.casefold().startswith("en"):
                return one.content
        return first.content


class Identifier(Part, frozen=True, gc=False):
    type: Words
    value: Words
    other_type: Words = ""


class VoteCounts(Part, frozen=True, gc=False):
    type: Words
    count: Votes
    gp_unit_id: Words = ""


class BallotCounts(Part, frozen=True, gc=False):
    """The ballots of the whole election, or of a part of it; None where it does not say."""

    type: Words = "total"
    ballots_cast: Votes | None = None
    ballots_outstanding: Votes | None = None
    gp_unit_id: Words = ""


class Unit(Part, frozen=True, gc=False):
    at_id: Name
    name: Words | Text = ""
    type: Words = ""
    composing_gp_unit_ids: tuple[Words, ...] = ()
    sub_units_reported: Order | None = None
    total_sub_units: Order | None = None

    @property
    def words(self) -> str:
        """Its name, or what the document calls it by."""
        name = self.name if isinstance(self.name, str) else self.name.words
        return name[:255] or self.at_id


class Party(Part, frozen=True, gc=False):
    at_id: Name
    name: Text


class Candidate(Part, frozen=True, gc=False):
    at_id: Name
    ballot_name: Text
    party_id: Words = ""
    external_identifier: tuple[Identifier, ...] = ()


class CandidateSelection(
    Part, frozen=True, gc=False, tag_field="@type", tag=f"{TYPE}CandidateSelection"
):
    candidate_ids: Annotated[tuple[Words, ...], Meta(min_length=1)]
    vote_counts: tuple[VoteCounts, ...] = ()
    sequence_order: Order | None = None


class PartySelection(Part, frozen=True, gc=False, tag_field="@type", tag=f"{TYPE}PartySelection"):
    party_ids: Annotated[tuple[Words, ...], Meta(min_length=1)]
    vote_counts: tuple[VoteCounts, ...] = ()
    sequence_order: Order | None = None


class MeasureSelection(
    Part, frozen=True, gc=False, tag_field="@type", tag=f"{TYPE}BallotMeasureSelection"
):
    selection: Text
    vote_counts: tuple[VoteCounts, ...] = ()
    sequence_order: Order | None = None


AnySelection = CandidateSelection | PartySelection | MeasureSelection


class Contest(Part, frozen=True, gc=False, tag_field="@type"):
    """What all kinds of contest have."""

    name: Title
    electoral_district_id: Words = ""
    external_identifier: tuple[Identifier, ...] = ()
    ballot_sub_title: Text | None = None
    sequence_order: Order | None = None
    ballot_selection: tuple[AnySelection, ...] = ()


class CandidateContest(Contest, frozen=True, gc=False, tag=f"{TYPE}CandidateContest"):
    votes_allowed: Seats = 1


class PartyContest(Contest, frozen=True, gc=False, tag=f"{TYPE}PartyContest"):
    pass


class MeasureContest(Contest, frozen=True, gc=False, tag=f"{TYPE}BallotMeasureContest"):
    type: Words = ""
    other_type: Words = ""
    summary_text: Text | None = None
    full_text: Text | None = None
    passage_threshold: Text | None = None


class RetentionContest(MeasureContest, frozen=True, gc=False, tag=f"{TYPE}RetentionContest"):
    pass


AnyContest = CandidateContest | PartyContest | MeasureContest | RetentionContest


class Election(Part, frozen=True, gc=False):
    name: Text
    start_date: date
    contest: tuple[AnyContest, ...]
    election_scope_id: Words = ""
    candidate: tuple[Candidate, ...] = ()
    external_identifier: tuple[Identifier, ...] = ()
    ballot_counts: tuple[BallotCounts, ...] = ()


class Report(Part, frozen=True, gc=False):
    generated_date: Annotated[datetime, Meta(tz=True)]
    status: Words
    election: Annotated[tuple[Election, ...], Meta(min_length=1)]
    gp_unit: tuple[Unit, ...] = ()
    party: tuple[Party, ...] = ()
    is_test: bool = False
