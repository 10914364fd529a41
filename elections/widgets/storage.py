"""A folder of result files that a web server may read at any moment."""

from __future__ import annotations

import os
import uuid

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage


class AtomicFileSystemStorage(FileSystemStorage):
    """Replace a file in one step, so that no reader ever meets half of it.

    The new bytes go to a temporary name in the same folder and are renamed. There
    is no fsync: the database row is the truth, and ``publish_results --files``
    writes a lost folder again.
    """

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    def _save(self, name: str, content: File) -> str:
        path = self.path(name)
        body = b"".join(content.chunks())
        try:
            temporary = self._write_beside(path, body)
        except FileNotFoundError:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            temporary = self._write_beside(path, body)
        os.replace(temporary, path)
        return name

    def _write_beside(self, path: str, body: bytes) -> str:
        """Write a file of a name that nobody asks for, next to ``path``, in few system calls."""
        temporary = os.path.join(os.path.dirname(path), f".{uuid.uuid4().hex}.part")
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                os.fchmod(handle, self.file_permissions_mode or 0o644)
                file.write(body)
        except BaseException:
            os.unlink(temporary)
            raise
        return temporary
