from elections.models.alerts import Alert, AlertKind, Mute
from elections.models.calls import Call, Hold
from elections.models.contests import Contest
from elections.models.counts import BallotsRemaining, ContestCount, CurrentCount, Snapshot
from elections.models.decisions import CorrectionNote, Freeze, Override, Pin
from elections.models.deliveries import AlertDelivery, AlertSubscription, AlertWebhook
from elections.models.details import CountDetails
from elections.models.elections import Election
from elections.models.findings import StoryFinding
from elections.models.identifiers import ExternalIdentifier
from elections.models.phrases import Phrase
from elections.models.proposals import Proposal
from elections.models.published import Edition, Published
from elections.models.recounts import RecountRule
from elections.models.reported_calls import ReportedCall
from elections.models.selections import Selection
from elections.models.sent_sheets import SentSheet
from elections.models.sources import Fetch, Source, SourceState
from elections.models.watching import Heartbeat, WatchedCount

__all__ = [
    "Alert",
    "AlertDelivery",
    "AlertKind",
    "AlertSubscription",
    "AlertWebhook",
    "BallotsRemaining",
    "Call",
    "Contest",
    "ContestCount",
    "CorrectionNote",
    "CountDetails",
    "CurrentCount",
    "Edition",
    "Election",
    "ExternalIdentifier",
    "Fetch",
    "Freeze",
    "Heartbeat",
    "Hold",
    "Mute",
    "Override",
    "Phrase",
    "Pin",
    "Proposal",
    "Published",
    "RecountRule",
    "ReportedCall",
    "Selection",
    "SentSheet",
    "Snapshot",
    "Source",
    "SourceState",
    "StoryFinding",
    "WatchedCount",
]
