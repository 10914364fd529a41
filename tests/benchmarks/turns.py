"""Measuring in turns: ours and its floor one after the other, many times, then the medians.

What else the machine does then falls on both alike, and a ratio means something on a busy machine.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from pathlib import Path

Clock = Callable[[], int]


def processor_of(pid: int) -> int:
    """Return the nanoseconds that a process of one thread has spent on a processor."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0])


def with_database() -> Clock:
    """Return a clock of this process's and its database connection's processor time together."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    return lambda: time.process_time_ns() + processor_of(pid)


class Stopwatch:
    """Collects how long each side takes, in milliseconds."""

    def __init__(self, clock: Clock = time.process_time_ns):
        self.clock = clock
        self.times: dict[str, list[float]] = {}

    def note(self, side: str, begun: int, ended: int, *, times: int = 1) -> None:
        self.times.setdefault(side, []).append((ended - begun) / 1e6 / times)

    def time(self, side: str, act: Callable[[], object], *, times: int = 1) -> object:
        begun = self.clock()
        result = act()
        self.note(side, begun, self.clock(), times=times)
        return result

    def median(self, side: str) -> float:
        return statistics.median(self.times[side])


def take_turns(
    sides: Mapping[str, Callable[[], object]],
    *,
    rounds: int,
    clock: Clock = time.process_time_ns,
    times: int = 1,
) -> Stopwatch:
    """Let each side run once per round; ``times`` says how many things one run does."""
    stopwatch = Stopwatch(clock)
    for act in sides.values():
        act()
    for _round in range(rounds):
        for side, act in sides.items():
            stopwatch.time(side, act, times=times)
    return stopwatch
