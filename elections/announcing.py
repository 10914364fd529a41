"""Tells the followers of a race when it is called, when a call is taken back, and when it is over.

Nothing here hangs on the moment a call is made. What is told is found by looking for calls that
were committed and have no announcement yet; the announcement's key is the call's, so that two
workers, a crash, or a task that arrives twice tell nobody anything twice or not at all.

A call that was taken back before anyone was told is not told. A retraction is told to those who
were told what it takes back, and to nobody else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from elections.counting.calls import CallKind
from elections.following import PREFIX, contest_of_key, topic_key
from elections.models import Call, Contest
from elections.phases import Phase, phase_of
from elections.widgets.calls_made import SAID
from elections.widgets.languages import Names
from newsroom.conf import newsroom_settings
from newsroom.languages import own_language
from newsroom.newsletters.models import Announcement, Subscription
from newsroom.newsletters.topics import announce, close_topic
from newsroom.style import full_day_and_time

DECIDES = (
    CallKind.WINNER,
    CallKind.RUNOFF,
    CallKind.ADVANCED,
    CallKind.PASSED,
    CallKind.FAILED,
)
BATCH = 200


def tell_followers(now: datetime) -> int:
    """Announce what was called or taken back since, and end what is over; return how many mails.

    Mails are written for all followers by the newsletters' own task.
    """
    count = 0
    untold = _untold().values_list("contest", flat=True).distinct()
    for contest in _with_calls(list(untold[:BATCH])):
        count += _tell_about(contest, now)
    end_certified(now)
    return count


def event_key(call_id: int) -> str:
    return f"race-call-{call_id}"


def _untold() -> QuerySet[Call]:
    """Return the calls of real races that decide or take back, and have no announcement."""
    key = Concat(Value("race-call-"), Cast(OuterRef("pk"), CharField()), output_field=CharField())
    return Call.objects.filter(
        ~Exists(Announcement.objects.filter(event_key=key)),
        kind__in=[*DECIDES, CallKind.RETRACTED],
        contest__status=Contest.Status.CONFIRMED,
        contest__election__is_test=False,
    ).filter(Q(retracts=None) | Exists(_announcement_of(OuterRef("retracts"))))


def _announcement_of(call_id: OuterRef) -> QuerySet[Announcement]:
    key = Concat(Value("race-call-"), Cast(call_id, CharField()), output_field=CharField())
    return Announcement.objects.filter(event_key=key)


def _with_calls(contest_ids: Collection[int]) -> Iterable[Contest]:
    contests = Contest.objects.filter(pk__in=contest_ids).select_related("election", "published")
    return contests.prefetch_related("calls__selections").order_by("pk")


def _tell_about(contest: Contest, now: datetime) -> int:
    calls = sorted(contest.calls.all(), key=lambda call: (call.made_at, call.pk))
    gone = _taken_back(calls)
    keys = [event_key(call.pk) for call in calls]
    told = set(Announcement.objects.filter(event_key__in=keys).values_list("event_key", flat=True))
    count = 0
    for call in calls:
        if call.pk in gone or event_key(call.pk) in told or not _is_news(call, told):
            continue
        is_new = announce(
            topic_key(contest.pk),
            event_key(call.pk),
            **_in_language(contest, call, Names(own_language())),
            translations={one.language: _in_language(contest, call, one) for one in Names.of_all()},
            now=now,
        )
        told.add(event_key(call.pk))
        count += is_new
    return count


def _is_news(call: Call, told: Collection[str]) -> bool:
    if call.retracts_id is not None:
        return event_key(call.retracts_id) in told
    return call.kind in DECIDES


def _taken_back(calls: list[Call]) -> set[int]:
    """Return the ids of calls that do not stand; a retraction that was taken back takes none."""
    gone: set[int] = set()
    for call in reversed(calls):
        if call.pk not in gone and call.retracts_id is not None:
            gone.add(call.retracts_id)
    return gone


def _in_language(contest: Contest, call: Call, names: Names) -> dict[str, str]:
    with override(names.language):
        subject, text = _words(contest, call, names.of(contest.name))
        return {"subject": subject, "text": text, "url": _url(contest)}


def _words(contest: Contest, call: Call, race: str) -> tuple[str, str]:
    """Return the subject and the text of a mail: what was said, by whom, when."""
    by_id = {one.pk: one for one in contest.calls.all()}
    said = _sentence(call, by_id)
    made_at = full_day_and_time(localtime(call.made_at, contest.election.zone))
    source = _("Who says so: %(authority)s. %(time)s.") % {
        "authority": call.authority.rstrip("."),
        "time": made_at.rstrip("."),
    }
    if call.retracts_id is None:
        subject = _("Called: %(race)s") % {"race": race}
        end = _("If this has to be taken back, we write to you once more.")
    elif by_id[call.retracts_id].retracts_id is None:
        subject = _("Correction: %(race)s") % {"race": race}
        end = _("We are sorry. You hear from us again when the race is called.")
    else:
        subject = _("It stands: %(race)s") % {"race": race}
        end = _("We had told you that it was taken back.")
    return subject[:200], "\n\n".join([f"{race}\n{said}", source, end])


def _sentence(call: Call, by_id: dict[int, Call]) -> str:
    if call.retracts_id is None:
        names = ", ".join(selection.name for selection in call.selections.all())
        return str(SAID[CallKind(call.kind)]) % {"names": names}
    taken_back = by_id[call.retracts_id]
    if taken_back.retracts_id is not None:
        first = by_id[taken_back.retracts_id]
        return _("The call stands after all. %(call)s") % {"call": _sentence(first, by_id)}
    return _("This call is taken back: %(call)s") % {"call": _sentence(taken_back, by_id)}


def _url(contest: Contest) -> str:
    """Return the full address of the race's page; blank without a live one."""
    page = getattr(contest, "race_page", None)
    return (page.full_url or "") if page is not None and page.live else ""


def end_certified(now: datetime) -> int:
    """End the alerts about races that are certified; return how many people it ended for.

    What was announced is addressed to all followers first: whoever is not one any more would not
    get it.
    """
    open_ones = Subscription.objects.filter(
        Q(expires_at=None) | Q(expires_at__gt=now), topic_key__startswith=PREFIX
    )
    keys = set(open_ones.order_by().values_list("topic_key", flat=True).distinct())
    on_the_way = Announcement.objects.filter(topic_key__in=keys).exclude(fanned_out_to=None)
    keys -= set(on_the_way.values_list("topic_key", flat=True))
    ids = {pk: key for key in keys if (pk := contest_of_key(key)) is not None}
    contests = Contest.objects.filter(pk__in=ids).select_related("election", "published")
    return sum(
        close_topic(ids[contest.pk], invite_to=newsroom_settings.TOPIC_INVITATION, now=now)
        for contest in contests
        if phase_of(contest, now) == Phase.CERTIFIED
    )
