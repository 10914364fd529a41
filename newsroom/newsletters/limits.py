"""Counters of what happened in a window of time, for all processes together.

Redis counts through Django's cache. While it is away each process counts for itself: the limits
are then looser by the number of processes, and nothing is lost for want of a counter.
"""

import logging

from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache

logger = logging.getLogger(__name__)

_own = LocMemCache("newsroom-newsletters-limits", {"OPTIONS": {"MAX_ENTRIES": 10_000}})


def count(name: str, seconds: int) -> int:
    """Count one more and return how many there are in this window, this one included."""
    key = f"newsroom-letters-{name}"
    try:
        return _count_in(cache, key, seconds)
    except Exception as error:
        logger.warning("The cache does not count, this process counts alone: %s", error)
        return _count_in(_own, key, seconds)


def _count_in(counters: object, key: str, seconds: int) -> int:
    """:raises ValueError: the cache keeps nothing now."""
    counters.add(key, 0, seconds)
    try:
        return counters.incr(key)
    except ValueError:
        # The window ended between the two calls, or the cache is away.
        counters.add(key, 0, seconds)
        return counters.incr(key)
