"""What Wagtail's log says of the desk's decisions."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import LogActionRegistry, LogFormatter

from elections.widgets import expiry

CALLED = "elections.call"
TAKEN_BACK = "elections.take_back"
RELEASED = "elections.release"
REJECTED = "elections.reject"
CONFIRMED = "elections.confirm"
LINKED = "elections.link"
UNLINKED = "elections.unlink"
JOINED = "elections.join"
ASKED = "elections.ask"
ACCEPTED = "elections.accept"
TYPED = "elections.type"
UNMUTED = "elections.unmute"
SENT = "elections.send"
LEFT_OUT = "elections.leave_out"
FOLLOWED = "elections.follow"
PROPOSED = "elections.propose"
APPROVED = "elections.approve"
DECLINED = "elections.decline"
WITHDRAWN = "elections.withdraw"
OVERRIDDEN = "elections.override"
OVERRIDE_ENDED = expiry.ENDED
FROZEN = "elections.freeze"
UNFROZEN = "elections.unfreeze"
PINNED = "elections.pin"
UNPINNED = "elections.unpin"
CORRECTED = "elections.correct"
CORRECTION_ENDED = "elections.take_back_correction"
SHOWN_AS_TEST = "elections.show_test"
WITHHELD = "elections.withhold_test"


class CallFormatter(LogFormatter):
    label = gettext_lazy("Make a call")

    def format_message(self, log_entry: Any) -> str:
        names = ", ".join(log_entry.data.get("selections", []))
        kind = log_entry.data.get("kind", "")
        return _("Called: %(call)s.") % {"call": f"{kind}, {names}" if names else kind}

    def format_comment(self, log_entry: Any) -> str:
        return str(log_entry.data.get("reason", ""))


class TakeBackFormatter(LogFormatter):
    label = gettext_lazy("Take back a call")

    def format_message(self, log_entry: Any) -> str:
        return _("Took back the call “%(call)s”.") % {"call": log_entry.data.get("kind", "")}

    def format_comment(self, log_entry: Any) -> str:
        return str(log_entry.data.get("reason", ""))


class ReleaseFormatter(LogFormatter):
    label = gettext_lazy("Release a held count")
    message = gettext_lazy("Released a held count.")

    def format_comment(self, log_entry: Any) -> str:
        return str(log_entry.data.get("public_note", ""))


class ProposalFormatter(LogFormatter):
    """The steps of a proposed call; ``said`` is a sentence with a place for the call."""

    said: Any = ""

    def format_message(self, log_entry: Any) -> str:
        return str(self.said) % {"call": log_entry.data.get("call_text", "")}

    def format_comment(self, log_entry: Any) -> str:
        return str(log_entry.data.get("reason", ""))


class TestFormatter(LogFormatter):
    """What became of a page with a test; ``said`` is a sentence with a place for its races."""

    said: Any = ""

    def format_message(self, log_entry: Any) -> str:
        return str(self.said) % {"tests": ", ".join(log_entry.data.get("tests", []))}


class ShowTestFormatter(TestFormatter):
    label = gettext_lazy("Show a test to readers")
    said = gettext_lazy("Said that this test is meant for readers: %(tests)s.")


class WithholdFormatter(TestFormatter):
    label = gettext_lazy("Keep a test a draft")
    said = gettext_lazy("Not published, because nobody said that this test is meant: %(tests)s.")


class DecisionFormatter(LogFormatter):
    """A decision about a race's count, or its end."""

    def format_comment(self, log_entry: Any) -> str:
        return str(log_entry.data.get("reason", ""))


PROPOSALS = (
    (PROPOSED, gettext_lazy("Propose a call"), gettext_lazy("Proposed: %(call)s.")),
    (APPROVED, gettext_lazy("Approve a call"), gettext_lazy("Approved: %(call)s.")),
    (DECLINED, gettext_lazy("Decline a call"), gettext_lazy("Declined: %(call)s.")),
    (WITHDRAWN, gettext_lazy("Withdraw a call"), gettext_lazy("Withdrew: %(call)s.")),
)
DECISIONS = (
    (OVERRIDDEN, gettext_lazy("Correct a number"), gettext_lazy("Corrected a number.")),
    (
        OVERRIDE_ENDED,
        gettext_lazy("End a corrected number"),
        gettext_lazy("Ended the correction of a number."),
    ),
    (FROZEN, gettext_lazy("Freeze a race"), gettext_lazy("Froze the race.")),
    (UNFROZEN, gettext_lazy("Unfreeze a race"), gettext_lazy("Unfroze the race.")),
    (PINNED, gettext_lazy("Pin a count"), gettext_lazy("Went back to an earlier count.")),
    (UNPINNED, gettext_lazy("Unpin a count"), gettext_lazy("Unpinned the earlier count.")),
    (CORRECTED, gettext_lazy("Publish a correction"), gettext_lazy("Published a correction.")),
    (
        CORRECTION_ENDED,
        gettext_lazy("Take back a correction"),
        gettext_lazy("Took back a correction."),
    ),
)


class LinkFormatter(LogFormatter):
    label = gettext_lazy("Link a race to a feed")

    def format_message(self, log_entry: Any) -> str:
        return _("Linked the feed's “%(title)s” to this race.") % {
            "title": log_entry.data.get("reported_title", "")
        }


class UnlinkFormatter(LogFormatter):
    label = gettext_lazy("Unlink a race from a feed")

    def format_message(self, log_entry: Any) -> str:
        return _("Took the feed's “%(title)s” away from this race.") % {
            "title": log_entry.data.get("reported_title", "")
        }


class JoinFormatter(LogFormatter):
    label = gettext_lazy("Join two names of a feed")

    def format_message(self, log_entry: Any) -> str:
        return _("The feed’s “%(new)s” is %(ours)s.") % {
            "new": log_entry.data.get("reported_name", ""),
            "ours": log_entry.data.get("name", ""),
        }


class TypedFormatter(LogFormatter):
    label = gettext_lazy("Type a count")

    def format_message(self, log_entry: Any) -> str:
        return _("Typed a count of %(source)s: %(outcome)s.") % {
            "source": log_entry.data.get("said_by", ""),
            "outcome": log_entry.data.get("outcome", ""),
        }


class SentFormatter(LogFormatter):
    label = gettext_lazy("Send a sheet")

    def format_message(self, log_entry: Any) -> str:
        return _("Sent the sheet “%(file)s”: %(outcome)s.") % {
            "file": log_entry.data.get("file", ""),
            "outcome": log_entry.data.get("outcome", ""),
        }


def register(actions: LogActionRegistry) -> None:
    actions.register_action(CALLED)(CallFormatter)
    actions.register_action(TAKEN_BACK)(TakeBackFormatter)
    actions.register_action(RELEASED)(ReleaseFormatter)
    actions.register_action(LINKED)(LinkFormatter)
    actions.register_action(UNLINKED)(UnlinkFormatter)
    actions.register_action(JOINED)(JoinFormatter)
    actions.register_action(TYPED)(TypedFormatter)
    for action, label, said in PROPOSALS:
        actions.register_action(action)(
            type("Formatter", (ProposalFormatter,), {"label": label, "said": said})
        )
    for action, label, message in DECISIONS:
        actions.register_action(action)(
            type("Formatter", (DecisionFormatter,), {"label": label, "message": message})
        )
    actions.register_action(SENT)(SentFormatter)
    actions.register_action(SHOWN_AS_TEST)(ShowTestFormatter)
    actions.register_action(WITHHELD)(WithholdFormatter)
    for action, label, message in (
        (REJECTED, gettext_lazy("Reject a held count"), gettext_lazy("Rejected a held count.")),
        (CONFIRMED, gettext_lazy("Confirm a race"), gettext_lazy("Confirmed the race.")),
        (LEFT_OUT, gettext_lazy("Leave out a race"), gettext_lazy("Left the race out.")),
        (FOLLOWED, gettext_lazy("Follow a race"), gettext_lazy("Followed the race again.")),
        (ASKED, gettext_lazy("Ask a source"), gettext_lazy("Asked the source for its count.")),
        (ACCEPTED, gettext_lazy("Accept a document"), gettext_lazy("Accepted a held document.")),
        (UNMUTED, gettext_lazy("End a mute"), gettext_lazy("Ended the mute.")),
    ):
        actions.register_action(action, label, message)
