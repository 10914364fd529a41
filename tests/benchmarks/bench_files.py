"""Copying all published rows to files, against the bare system calls for the same bytes.

Once to the folder of this run, which is in memory where the machine has such a folder, and once
to the disk, where what others do at the same time falls on both.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

from django.conf import settings
from django.test import override_settings

from elections.models import Published
from elections.widgets.files import STORAGE, write_files
from tests.benchmarks.county import make_source
from tests.benchmarks.figures import Figure
from tests.benchmarks.turns import take_turns

ROUNDS = 7


def measure() -> list[Figure]:
    election_id = make_source().election_id
    with tempfile.TemporaryDirectory(prefix="newsroom-files-") as disk:
        folders = {"where they belong": settings.VAR_DIR / "files", "on disk": Path(disk)}
        return [
            compare(f"write 861 result files, {place}: elapsed", election_id, folder)
            for place, folder in folders.items()
        ]


def compare(name: str, election_id: int, folder: Path) -> Figure:
    rows = Published.objects.filter(contest__election=election_id).values_list("html", "payload")
    bodies = [text.encode() for row in rows for text in row]
    (folder / "bare").mkdir(parents=True)
    storage = {**settings.STORAGES[STORAGE], "OPTIONS": {"location": folder / "ours"}}
    with override_settings(STORAGES={**settings.STORAGES, STORAGE: storage}):
        stopwatch = take_turns(
            {
                "ours": lambda: write_files(election_id, everything=True),
                "floor": lambda: replace_files(folder / "bare", bodies),
            },
            rounds=ROUNDS,
            clock=time.perf_counter_ns,
        )
    return Figure(name, ours=stopwatch.median("ours"), floor=stopwatch.median("floor"))


def replace_files(folder: Path, bodies: list[bytes]) -> None:
    for number, body in enumerate(bodies):
        handle = os.open(folder / "new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.write(handle, body)
        os.close(handle)
        os.replace(folder / "new", folder / str(number))
