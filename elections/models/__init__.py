from elections.models.calls import Call, Hold
from elections.models.contests import Contest
from elections.models.counts import BallotsRemaining, ContestCount, CurrentCount, Snapshot
from elections.models.elections import Election
from elections.models.identifiers import ExternalIdentifier
from elections.models.published import Published
from elections.models.selections import Selection
from elections.models.sources import Fetch, Source, SourceState

__all__ = [
    "BallotsRemaining",
    "Call",
    "Contest",
    "ContestCount",
    "CurrentCount",
    "Election",
    "ExternalIdentifier",
    "Fetch",
    "Hold",
    "Published",
    "Selection",
    "Snapshot",
    "Source",
    "SourceState",
]
