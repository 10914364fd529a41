"""What Wagtail's log says of issues."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import LogActionRegistry, LogFormatter

MADE = "newsroom_newsletters.make_issue"
SAVED = "newsroom_newsletters.save_issue"
SENT = "newsroom_newsletters.send_issue"
FAILED = "newsroom_newsletters.fail_issue"


class FailureFormatter(LogFormatter):
    label = _("Not save or not send an issue")
    message = _("The issue was not saved or not sent.")

    def format_comment(self, log_entry: Any) -> str:
        return str(log_entry.data.get("why", ""))


def register(actions: LogActionRegistry) -> None:
    actions.register_action(MADE, _("Make an issue"), _("Made the issue."))
    actions.register_action(SAVED, _("Save an issue"), _("Saved the issue at the service."))
    actions.register_action(SENT, _("Send an issue"), _("The service sends the issue."))
    actions.register_action(FAILED)(FailureFormatter)
