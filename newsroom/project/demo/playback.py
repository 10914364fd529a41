"""The night played again and again, so that a page of the demonstration is alive."""

from __future__ import annotations

import atexit
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import close_old_connections, connection

from newsroom.project.demo.races import find_source, play_opening, read_documents
from newsroom.project.demo.recordings import read_release_times

logger = logging.getLogger(__name__)

# A new release about every ten seconds: the night's minutes become seconds, and the
# days after it are shortened to the longest wait.
SPEED = 180
LONGEST_WAIT = timedelta(seconds=10)
SECONDS_AT_THE_END = 30
SECONDS_BETWEEN_TRIES = 5
SECONDS_TO_STOP = 1


class Playback(threading.Thread):
    """Plays what has not been played yet, rests at the final count, and starts again.

    It stands aside while another process plays, while the source is not active, and
    once the election is certified. It ends with the process, or with ``stop``.
    """

    def __init__(self, *, speed: float = SPEED, seconds_at_the_end: float = SECONDS_AT_THE_END):
        super().__init__(name="playback", daemon=True)
        self.speed = speed
        self.seconds_at_the_end = seconds_at_the_end
        self.stopping = threading.Event()

    def stop(self) -> None:
        """End after the document that is being played; wait for it a moment."""
        self.stopping.set()
        if self.is_alive() and threading.current_thread() is not self:
            self.join(SECONDS_TO_STOP)

    def run(self) -> None:
        try:
            while not self.stopping.is_set():
                with hold(settings.VAR_DIR / "demo" / "playing") as is_ours:
                    if is_ours:
                        self.play_while_possible()
                self.stopping.wait(SECONDS_BETWEEN_TRIES)
        finally:
            connection.close()

    def play_while_possible(self) -> None:
        """Play round after round; return when there is nothing to play for now."""
        try:
            while (source := find_playable_source()) and not self.stopping.is_set():
                if self.play_rest(source):
                    self.stopping.wait(self.seconds_at_the_end)
                    if not self.stopping.is_set() and find_playable_source():
                        start_again(source)
        except Exception:  # the site goes on, and so does the count after a while
            logger.exception("The count could not be played on. It is tried again.")
            close_old_connections()

    def play_rest(self, source: Any) -> bool:
        """Play the documents seen after the latest one. Return whether the last was reached."""
        replay = import_module("elections.replay")
        for document in self.pace(find_unplayed(source)):
            if self.stopping.is_set() or find_playable_source() is None:
                return False
            try:
                replay.play(source, document)
            except Exception:  # the next release does not need this one
                logger.exception("%s could not be played.", document.path.name)
        return True

    def pace(self, documents: list[Any]) -> Iterator[Any]:
        """Wait before each new release; what the server only repeats comes right behind it."""
        release_times = read_release_times()
        previous = None
        for document in documents:
            if document.seen_at in release_times:
                if self.speed > 0:
                    self.stopping.wait(self.find_gap(previous, document).total_seconds())
                previous = document
            yield document

    def find_gap(self, previous: Any | None, document: Any) -> timedelta:
        if previous is None:
            return LONGEST_WAIT
        return min((document.seen_at - previous.seen_at) / self.speed, LONGEST_WAIT)


def find_playable_source() -> Any | None:
    """Return the source unless an editor has switched it off or certified its election."""
    source = find_source()
    if source is None or not source.is_active or source.election.certified_at is not None:
        return None
    return source


def find_unplayed(source: Any) -> list[Any]:
    latest = source.fetches.order_by("-pk").first()
    return [
        document
        for document in read_documents()
        if latest is None or document.seen_at > latest.started_at
    ]


def start_again(source: Any) -> None:
    """Take the count back to the first release of the night."""
    import_module("elections.replay").rewind(source)
    play_opening(source)
    import_module("elections.widgets.publish").publish_stale()


@contextmanager
def hold(path: Path) -> Iterator[bool]:
    """Say whether this process is the one that plays. The right ends with the process."""
    try:
        import fcntl
    except ImportError:  # Windows: nobody stops a second demonstration there
        yield True
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
        else:
            yield True


def start_replay(stdout: Any = None, *, speed: float = SPEED) -> Playback:
    """Play the night in a thread of its own, ``speed`` times as fast as it happened."""
    playback = Playback(speed=speed)
    playback.start()
    atexit.register(playback.stop)
    if stdout is not None:
        stdout.write("    The count of Nov. 5, 2024, is played again, over and over.")
    return playback
