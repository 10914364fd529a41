"""Lists, the people on them, the record of how each came to be on it, and the mail to them.

One owner per table: staff write newsletters; ``subscriptions`` writes people, subscriptions,
ledger and suppressions; ``outbox`` writes mail; ``reports`` writes bounces; ``issues``
writes issues.
"""

from newsroom.newsletters.addresses import normalise_email
from newsroom.newsletters.models.consent import (
    AppendOnlyError,
    ConsentEvent,
    Evidence,
    Method,
    Wording,
    make_event,
)
from newsroom.newsletters.models.imports import ImportBatch, ImportRow
from newsroom.newsletters.models.issues import Issue
from newsroom.newsletters.models.mails import Announcement, Bounce, MailedLink, OutgoingMail
from newsroom.newsletters.models.newsletters import Newsletter
from newsroom.newsletters.models.staff import ExportRecord, SavedFilter
from newsroom.newsletters.models.subscribers import Subscriber
from newsroom.newsletters.models.subscriptions import FormerKey, Subscription, titles_of
from newsroom.newsletters.models.suppressions import Suppression
from newsroom.newsletters.models.syncing import DriftReport, SyncChange, SyncedList

__all__ = [
    "Announcement",
    "AppendOnlyError",
    "Bounce",
    "ConsentEvent",
    "DriftReport",
    "Evidence",
    "ExportRecord",
    "FormerKey",
    "ImportBatch",
    "ImportRow",
    "Issue",
    "MailedLink",
    "Method",
    "Newsletter",
    "OutgoingMail",
    "SavedFilter",
    "Subscriber",
    "Subscription",
    "Suppression",
    "SyncChange",
    "SyncedList",
    "Wording",
    "make_event",
    "normalise_email",
    "titles_of",
]
