"""The slot through which another app says what people may follow."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.module_loading import import_string

from newsroom.conf import newsroom_settings


@dataclass(frozen=True)
class Topic:
    """Something that readers may follow, such as one race.

    ``key`` is at most 100 characters, stays the same for ever and is not shown to readers;
    ``title`` is what they read. ``is_open`` says whether it takes signups now. ``expires_at`` is
    when its alerts end by themselves, or None if nobody knows yet.
    """

    key: str
    title: str
    is_open: bool
    expires_at: datetime | None = None


TopicProvider = Callable[[object], Topic | None]


def get_topic(subject: object) -> Topic | None:
    """Ask the provider for the topic of a subject; None where there is none, or no provider.

    The subject is a topic's key, as a form or a subscription names it, or whatever a template
    stands on: a page, a race.
    """
    path = newsroom_settings.TOPIC_PROVIDER
    if not path:
        return None
    provider: TopicProvider = import_string(path)
    return provider(subject)
