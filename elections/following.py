"""What readers may follow: one race. Fills the newsroom's slot ``NEWSROOM_TOPIC_PROVIDER``."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from elections.models import Contest
from elections.phases import Phase, contests_of, phase_of
from elections.widgets.languages import Names
from newsroom.newsletters.topics import Topic

PREFIX = "race-"
OPEN_PHASES = {Phase.BEFORE, Phase.POLLS_CLOSED, Phase.COUNTING}
TITLE_LENGTH = 200


def get_topic(subject: object, now: datetime | None = None) -> Topic | None:
    """Return the topic of a key, a race, its page, or a story: there, of the first race in it."""
    contest = _find(subject)
    return make_topic(contest, now or timezone.now()) if contest else None


def _find(subject: object) -> Contest | None:
    if isinstance(subject, str):
        contest_id = contest_of_key(subject)
        contests = Contest.objects.confirmed().select_related("election", "published")
        return contests.filter(pk=contest_id).first() if contest_id else None
    if isinstance(subject, Contest):
        return subject if subject.is_confirmed else None
    return next(iter(contests_of(subject)), None)


def make_topic(contest: Contest, now: datetime) -> Topic:
    """Describe a race as a topic, in the language of the answer at hand.

    It takes signups until it is called; a rehearsal takes none.
    """
    return Topic(
        key=topic_key(contest.pk),
        title=Names.current().of(contest.name)[:TITLE_LENGTH],
        is_open=not contest.election.is_test and phase_of(contest, now) in OPEN_PHASES,
    )


def topic_key(contest_id: int) -> str:
    return f"{PREFIX}{contest_id}"


def contest_of_key(key: str) -> int | None:
    """Return the id in a topic's key; None where it is another kind of topic."""
    number = key.removeprefix(PREFIX)
    is_ours = key.startswith(PREFIX) and number.isascii() and number.isdecimal()
    return int(number) if is_ours and len(number) < 19 else None
