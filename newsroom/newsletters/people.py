"""Everything we hold about one person, for themselves."""

from datetime import datetime

from newsroom.newsletters.models import ConsentEvent, Subscriber, Suppression

EVENT_FIELDS = (
    "kind",
    "method",
    "occurred_at",
    "newsletter__name",
    "topic_key",
    "state_before",
    "state_after",
    "wording__text",
    "form",
    "page_id",
    "page_revision_id",
    "block_id",
    "call_to_action_id",
    "variant",
    "phase",
    "subject",
)


def describe(subscriber: Subscriber, now: datetime) -> dict:
    """Return it as plain data for JSON. Times are in UTC."""
    return {
        "made_at": now.isoformat(),
        "address": subscriber.email,
        "known_since": subscriber.created_at.isoformat(),
        "subscriptions": [
            {
                "list": row.title,
                "state": row.state,
                "since": row.state_changed_at.isoformat(),
                "confirmed_at": _time(row.confirmed_at),
                "paused_until": _time(row.paused_until),
                "ends_at": _time(row.expires_at),
            }
            for row in subscriber.subscriptions.select_related("newsletter").order_by("pk")
        ],
        "not_to_be_written_to": [
            {"list": name or "all", "reason": reason, "since": since.isoformat()}
            for name, reason, since in Suppression.objects.of(subscriber.email)
            .order_by("pk")
            .values_list("newsletter__name", "reason", "created_at")
        ],
        "history": [
            {name.replace("__", "_"): _plain(row[name]) for name in EVENT_FIELDS if row[name]}
            for row in ConsentEvent.objects.of(subscriber).values(*EVENT_FIELDS)
        ],
        "mails": [
            {"kind": kind, "state": state, "written_at": at.isoformat(), "sent_at": _time(sent)}
            for kind, state, at, sent in subscriber.mails.order_by("pk").values_list(
                "kind", "state", "created_at", "sent_at"
            )
        ],
        "bounces": [
            {"for_good": is_hard, "reason": reason, "at": at.isoformat()}
            for is_hard, reason, at in subscriber.bounces.order_by("pk").values_list(
                "is_hard", "reason", "occurred_at"
            )
        ],
    }


def _time(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
