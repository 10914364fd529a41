"""What Wagtail's log says of the desk's decisions."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import LogActionRegistry, LogFormatter

CALLED = "elections.call"
TAKEN_BACK = "elections.take_back"
RELEASED = "elections.release"
REJECTED = "elections.reject"
CONFIRMED = "elections.confirm"
LINKED = "elections.link"
ASKED = "elections.ask"
ACCEPTED = "elections.accept"
TYPED = "elections.type"
UNMUTED = "elections.unmute"
LEFT_OUT = "elections.leave_out"
FOLLOWED = "elections.follow"


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


class LinkFormatter(LogFormatter):
    label = gettext_lazy("Link a race to a feed")

    def format_message(self, log_entry: Any) -> str:
        return _("Linked the feed's “%(title)s” to this race.") % {
            "title": log_entry.data.get("reported_title", "")
        }


class TypedFormatter(LogFormatter):
    label = gettext_lazy("Type a count")

    def format_message(self, log_entry: Any) -> str:
        return _("Typed a count of %(source)s: %(outcome)s.") % {
            "source": log_entry.data.get("said_by", ""),
            "outcome": log_entry.data.get("outcome", ""),
        }


def register(actions: LogActionRegistry) -> None:
    actions.register_action(CALLED)(CallFormatter)
    actions.register_action(TAKEN_BACK)(TakeBackFormatter)
    actions.register_action(RELEASED)(ReleaseFormatter)
    actions.register_action(LINKED)(LinkFormatter)
    actions.register_action(TYPED)(TypedFormatter)
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
