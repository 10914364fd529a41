"""How long ago something was, in words short enough for a table."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def age_text(moment: datetime | None, now: datetime) -> str:
    """Return “3 min ago”; what is less than a minute old, or ahead of the clock, is “just now”."""
    if moment is None:
        return _("never")
    age = now - moment
    if age < timedelta(minutes=1):
        return _("just now")
    if age < timedelta(hours=1):
        return _("%(minutes)s min ago") % {"minutes": age // timedelta(minutes=1)}
    if age < timedelta(days=1):
        return _("%(hours)s h ago") % {"hours": age // timedelta(hours=1)}
    return ngettext("%(count)s day ago", "%(count)s days ago", age.days) % {"count": age.days}
