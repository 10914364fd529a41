"""Tells staff, once, when far more forms come in than usual."""

import logging
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from newsroom.conf import newsroom_settings
from newsroom.newsletters import limits
from newsroom.newsletters.models import OutgoingMail
from newsroom.newsletters.outbox import write_mail

logger = logging.getLogger(__name__)

WINDOW_SECONDS = 600
QUIET_HOURS = 6


def staff_addresses() -> list[str]:
    """Return who is told: the newsletter staff of the settings, or else the site's managers."""
    if newsroom_settings.NEWSLETTER_STAFF:
        return list(newsroom_settings.NEWSLETTER_STAFF)
    return [person if isinstance(person, str) else person[1] for person in settings.MANAGERS]


def watch(now: datetime) -> None:
    """Count one form; write to staff when it is the one that makes it a spike."""
    if limits.count("all-forms", WINDOW_SECONDS) < newsroom_settings.SIGNUP_SPIKE:
        return
    if limits.count("spike-told", QUIET_HOURS * 3600) == 1:
        tell(now)


def tell(now: datetime) -> None:
    """Write one mail for each stretch of hours, whoever notices it."""
    logger.warning("There are unusually many signups.")
    if not staff_addresses():
        return
    write_mail(
        OutgoingMail.Kind.STAFF,
        f"spike:{int(now.timestamp()) // (QUIET_HOURS * 3600)}",
        now=now,
        subject=_("Unusually many newsletter signups"),
        text=_(
            "More than %(count)d signup forms came in within ten minutes. It may be a good day, "
            "or somebody who types other people’s addresses.\n\n"
            "All of them are kept. At most %(mails)d mails an hour go out because of forms; what "
            "is more waits. If it is a good day, raise NEWSROOM_FORM_MAILS_PER_HOUR. If not, "
            "there is nothing to do: nobody is subscribed without their own click.\n\n"
            "You will not be told again for some hours."
        )
        % {
            "count": newsroom_settings.SIGNUP_SPIKE,
            "mails": newsroom_settings.FORM_MAILS_PER_HOUR,
        },
    )
