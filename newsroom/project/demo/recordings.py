"""The night of 5 November 2024 as recorded documents, made from two small files.

``ballot.json`` holds what stayed the same in every document, ``releases.csv`` one
row for each time the county's answer changed; README.md says where both come from.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent

# What the county's server sent once instead of results, byte for byte.
ERROR_BODY = b'{\n  "Message": "An error has occurred."\n}\n'


def read_sightings() -> list[dict[str, str]]:
    """Return the rows of ``releases.csv`` in the order in which they were seen."""
    with (HERE / "releases.csv").open(newline="", encoding="utf-8") as rows:
        return list(csv.DictReader(rows))


def read_release_times() -> set[datetime]:
    """Return when each release was first seen; the other sightings are news to nobody."""
    return {
        datetime.fromisoformat(sighting["seen_at"])
        for sighting in read_sightings()
        if not sighting["remark"]
    }


def read_ballot() -> dict[str, Any]:
    return json.loads((HERE / "ballot.json").read_text(encoding="utf-8"))


def build_documents() -> Iterator[tuple[str, bytes]]:
    """Yield each document's file name, such as 20241106T044031Z.json, and its bytes.

    Equal counts give equal bytes, as they did at the county's server.
    """
    ballot = read_ballot()
    for sighting in read_sightings():
        name = sighting["seen_at"].replace("-", "").replace(":", "") + ".json"
        yield name, ERROR_BODY if sighting["remark"] == "error" else _document(ballot, sighting)


def _document(ballot: dict[str, Any], sighting: Mapping[str, str]) -> bytes:
    groups: dict[str, list[dict[str, Any]]] = {}
    for contest in ballot["Contests"]:
        said = {name: words for name, words in contest.items() if name[0].isupper()}
        said["Candidates"] = [
            {**candidate, "Votes": int(sighting[f"{contest['key']}: {candidate['Name']}"])}
            for candidate in contest["Candidates"]
        ]
        groups.setdefault(contest["group"], []).append(said)
    election = ballot["Election"] | {
        "ContestGroups": [
            {"Name": group, "Contests": contests} for group, contests in groups.items()
        ]
    }
    document = {"Election": election, "Timestamp": sighting["counted_at"]}
    return json.dumps(document, ensure_ascii=False).encode()


def write_recordings(folder: Path) -> Path:
    """Write the documents that are missing or different in ``folder``, and return it.

    They are made for the ``replay`` command, which takes the time of sighting from
    the file's name.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, body in build_documents():
        path = folder / name
        if not path.exists() or path.read_bytes() != body:
            unfinished = path.with_suffix(".part")
            unfinished.write_bytes(body)
            unfinished.replace(path)
    return folder
