"""Files of the same bytes as the published rows, for a file server or a CDN.

Some contests at a time, so that no lock is held for long where a store is slow. The manifest
comes last and names only versions whose files are in place; the last chunk and the manifest
are marked together, so that whoever dies before leaves something behind to go on from.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import F

from elections.models import Election, Published

logger = logging.getLogger(__name__)

STORAGE = "elections_results"
CHUNK = 50


@dataclass(frozen=True)
class Manifest:
    """Which version of each contest of an election is the latest."""

    election_id: int
    versions: dict[int, int]
    final: list[int]

    @classmethod
    def of(cls, election_id: int) -> Manifest:
        """Return what the rows say."""
        return cls._of(election_id, "version")

    @classmethod
    def of_files(cls, election_id: int) -> Manifest:
        """Return what is in place as files; a contest without one is not in it."""
        return cls._of(election_id, "written_version")

    @classmethod
    def _of(cls, election_id: int, version: str) -> Manifest:
        rows = list(
            Published.objects.filter(contest__election=election_id, **{f"{version}__gt": 0})
            .order_by("pk")
            .values_list("pk", version, "is_final")
        )
        return cls(
            election_id=election_id,
            versions={pk: version for pk, version, _ in rows},
            final=[pk for pk, _, is_final in rows if is_final],
        )

    def as_text(self) -> str:
        content = {"election": self.election_id, "versions": self.versions, "final": self.final}
        return json.dumps(content, separators=(",", ":"))


def manifest_name(election_id: int) -> str:
    return f"election/{election_id}/manifest.json"


def fragment_name(contest_id: int, language: str = "") -> str:
    """Return contest/12.html for the site's own language, contest/12.es.html for another one."""
    return f"contest/{contest_id}{language and f'.{language}'}.html"


def payload_name(contest_id: int, language: str = "") -> str:
    return f"contest/{contest_id}{language and f'.{language}'}.json"


def write_files(election_id: int, *, everything: bool = False) -> int:
    """Copy the rows of an election whose files are behind to files, then the manifest.

    Returns how many contests were written.
    """
    rows = Published.objects.filter(contest__election=election_id)
    if not everything:
        rows = rows.filter(written_version__lt=F("version"))
    contest_ids = list(rows.order_by("pk").values_list("pk", flat=True))
    last = max(len(contest_ids) - CHUNK, 0)
    for start in range(0, last, CHUNK):
        with transaction.atomic():
            _copy(contest_ids[start : min(start + CHUNK, last)])
    with transaction.atomic():
        Election.objects.select_for_update().get(pk=election_id)
        _copy(contest_ids[last:])
        content = ContentFile(Manifest.of_files(election_id).as_text().encode())
        storages[STORAGE].save(manifest_name(election_id), content)
    return len(contest_ids)


def _copy(contest_ids: Sequence[int]) -> None:
    """Write the files of a chunk; the rows' locks keep an older version from overtaking."""
    rows = Published.objects.select_for_update(of=("self",)).filter(pk__in=contest_ids)
    storage = storages[STORAGE]
    for row in rows.order_by("pk"):
        for said in row.editions:
            html, payload = ContentFile(said.html.encode()), ContentFile(said.payload.encode())
            storage.save(fragment_name(row.pk, said.language), html)
            storage.save(payload_name(row.pk, said.language), payload)
    Published.objects.filter(pk__in=contest_ids).update(written_version=F("version"))


def write_files_behind() -> int:
    """Write the files of every election that has rows ahead of them.

    :raises OSError: after all others are done, when those of one could not be written.
    """
    behind = Published.objects.filter(written_version__lt=F("version"))
    written, failure = 0, None
    for election_id in list(behind.values_list("contest__election", flat=True).distinct()):
        try:
            written += write_files(election_id)
        except OSError as error:
            logger.exception("The files of election %s could not be written.", election_id)
            failure = error
    if failure is not None:
        raise failure
    return written
