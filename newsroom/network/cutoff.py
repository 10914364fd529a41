"""When to stop waiting for a server.

A socket's own timeout begins anew with every byte, so that a server which sends one byte a
second is never late. The watchdog cuts the line when the whole time is up.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from types import TracebackType
from typing import Self


class Deadline:
    """A moment on the monotonic clock, ``seconds`` from now."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._at = time.monotonic() + seconds

    @property
    def is_over(self) -> bool:
        """The time is up."""
        return time.monotonic() >= self._at

    def left(self, at_most: float | None = None) -> float:
        """Seconds left, never 0: a socket would take that for "do not wait"."""
        left = max(self._at - time.monotonic(), 0.001)
        return left if at_most is None else min(left, at_most)


class Watchdog:
    """Shuts a guarded connection down when the deadline passes, whatever it is doing.

    It keeps a second handle on the connection: TLS takes the first one over.
    """

    def __init__(self, deadline: Deadline) -> None:
        self._lock = threading.Lock()
        self._handle: socket.socket | None = None
        self._has_cut = False
        self._timer = threading.Timer(deadline.left(), self._cut)
        self._timer.daemon = True

    def guard(self, connection: socket.socket) -> None:
        """Watch this connection from now on, and no other."""
        handle = socket.socket(fileno=os.dup(connection.fileno()))
        with self._lock:
            self._release()
            self._handle = handle
            if self._has_cut:
                self._shut_down()

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        with self._lock:
            self._release()

    def _cut(self) -> None:
        with self._lock:
            self._has_cut = True
            self._shut_down()

    def _shut_down(self) -> None:
        if self._handle is not None:
            try:
                self._handle.shutdown(socket.SHUT_RDWR)
            except OSError:
                # The other side was faster.
                return

    def _release(self) -> None:
        if self._handle is not None:
            self._handle.close()
            self._handle = None
