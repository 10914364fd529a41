"""What a message about alerts says, as mail and as a line in a chat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from elections.models import Alert, AlertDelivery, AlertKind

LONGEST = 50
"""So many lines are written out; the list in the admin has the rest."""

News = Sequence[AlertDelivery]
"""Messages to one receiver, with their ``alert`` and its election loaded."""


def subject(news: News) -> str:
    """Return one line: the alert itself, or how many of each kind."""
    if len(news) == 1:
        return " ".join(_headline(news[0]).split())[:200]
    opened = Counter(row.alert.kind for row in news if row.about == AlertDelivery.About.OPENED)
    parts = [f"{count} × {AlertKind(kind).label}" for kind, count in opened.most_common(4)]
    over = len(news) - sum(opened.values())
    if over:
        parts.append(_("%(count)s over") % {"count": over})
    said = ngettext("%(count)s alert", "%(count)s alerts", len(news)) % {"count": len(news)}
    return f"{said}: {', '.join(parts)}"[:200]


def _headline(row: AlertDelivery) -> str:
    alert = row.alert
    about = alert.contest or alert.source or alert.election
    what = alert.get_kind_display()
    if row.about == AlertDelivery.About.RECOVERED:
        what = _("Over: %(what)s") % {"what": what}
    return f"{_test_mark(alert)}{what}: {about}"


def body(news: News) -> str:
    """Return the lines, one an alert, the newest last, and where to read on."""
    lines = [line(row) for row in news[:LONGEST]]
    rest = len(news) - len(lines)
    if rest > 0:
        lines.append(ngettext("And %(count)s more.", "And %(count)s more.", rest) % {"count": rest})
    return "\n\n".join(
        [*lines, _("All alerts, and how to mute them: %(url)s") % {"url": list_url()}]
    )


def line(row: AlertDelivery) -> str:
    """Return one alert as sentences with its time in the election's zone."""
    alert = row.alert
    if row.about == AlertDelivery.About.RECOVERED:
        said = _("Over since %(at)s: %(message)s") % {
            "at": _clock(alert, alert.closed_at),
            "message": alert.message,
        }
    else:
        said = f"{_clock(alert, alert.opened_at)}: {alert.message}"
    return f"{_test_mark(alert)}{' '.join(said.split())}"


def _test_mark(alert: Alert) -> str:
    return _("[Test election] ") if alert.election.is_test else ""


def _clock(alert: Alert, moment: object) -> str:
    return date_format(moment.astimezone(alert.election.zone), "TIME_FORMAT")


def list_url() -> str:
    """Return the full address of the list of alerts in the admin."""
    return settings.WAGTAILADMIN_BASE_URL.rstrip("/") + reverse("elections_alerts:index")


def for_chat(text: str) -> str:
    """Return text in which a feed's names can neither link nor call people."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
