"""What a service tells us by itself, through the one door."""

from __future__ import annotations

from django.utils import timezone

from newsroom.newsletters import subscriptions
from newsroom.newsletters.addresses import normalise_email
from newsroom.newsletters.models import Evidence, Method, Subscription, SyncedList
from newsroom.newsletters.reports import Outcome, Report, take_report
from newsroom.newsletters.syncing.contract import Member, Membership, News

OUTCOMES = {
    Membership.CLEANED: Outcome.HARD,
    Membership.COMPLAINED: Outcome.COMPLAINT,
}


def evidence_from(synced: SyncedList, note: str = "") -> Evidence:
    return Evidence(method=Method.PROVIDER, form=synced.service, note=note)


def take_news(service: str, items: list[News]) -> int:
    """Act on what a service says; return how many of it was about a list of ours."""
    lists = {
        synced.remote_id: synced
        for synced in SyncedList.objects.filter(service=service).select_related("newsletter")
    }
    taken = 0
    for item in items:
        synced = lists.get(item.remote_id)
        if synced is not None and "@" in item.address and len(item.address) <= 254:
            member = Member(
                address=item.address, membership=item.membership, changed_at=item.occurred_at
            )
            take_membership(synced, member, event_id=item.event_id)
            taken += 1
    return taken


def take_membership(synced: SyncedList, member: Member, *, event_id: str = "") -> None:
    """Take over that somebody left, bounced or complained there; or came, if that is wanted."""
    address = normalise_email(member.address)
    if member.membership in OUTCOMES:
        at = member.changed_at or timezone.now()
        take_report(
            Report(
                report_id=f"{synced.service}:{event_id or f'{synced.pk}:{at.isoformat()}'}",
                outcome=OUTCOMES[member.membership],
                address=address,
                occurred_at=at,
                reason=f"{synced.service}: {member.membership}",
            )
        )
    elif member.membership == Membership.UNSUBSCRIBED:
        if not _came_back_since(synced, address, member):
            _pull(synced, address, event_id, is_subscribed=False)
    elif member.membership == Membership.SUBSCRIBED and synced.takes_new:
        _pull(synced, address, event_id, is_subscribed=True)


def _pull(synced: SyncedList, address: str, event_id: str, *, is_subscribed: bool) -> None:
    subscriptions.pull(
        address,
        synced.newsletter,
        is_subscribed=is_subscribed,
        evidence=evidence_from(synced, event_id),
    )


def _came_back_since(synced: SyncedList, address: str, member: Member) -> bool:
    """Whether they confirmed here after they left there: news that comes late must not undo it."""
    if member.changed_at is None:
        return False
    rows = Subscription.objects.filter(
        subscriber__email=address, newsletter=synced.newsletter, topic_key="", state="confirmed"
    )
    return rows.filter(confirmed_at__gt=member.changed_at).exists()
