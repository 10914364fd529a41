"""The demonstration: its figures against the archive, its content, its replay."""

import json
import os
from pathlib import Path

import pytest
from django.conf import settings

from newsroom.project.demo import recordings

DATA = Path(os.environ.get("NEWSROOM_SAMPLE_DATA", settings.BASE_DIR.parent / "shared" / "data"))
ARCHIVE = DATA / "la_county" / "2024-11-05-general" / "results"


def district_3(row: dict[str, str]) -> tuple[int, int]:
    names = ("SCOTT MARK SCHMERELSON", "DAN CHANG")
    return tuple(int(row[f"lausd-3: {name}"]) for name in names)


class TestReleases:
    def test_has_every_release_and_every_step_back(self):
        rows = recordings.read_sightings()
        remarks = [row["remark"] for row in rows]
        counted = {row["counted_at"] for row in rows if row["remark"] != "error"}
        assert len(rows) == 60
        assert remarks.count("older") == 16
        assert remarks.count("error") == 1
        assert len(counted) == 1 + 31  # the one before the polls opened has no votes

    def test_marks_as_older_what_is_older_than_a_row_before_it(self):
        newest = ""
        for row in recordings.read_sightings():
            if row["remark"] == "error":
                continue
            assert (row["counted_at"] < newest) == (row["remark"] == "older"), row["seen_at"]
            newest = max(newest, row["counted_at"])

    @pytest.mark.parametrize(
        ("counted_at", "votes"),
        [
            ("2024-11-05T20:36:34.57", (61_168, 50_310)),
            ("2024-11-06T03:46:07.817", (89_674, 83_256)),
            ("2024-12-02T14:55:01.273", (124_331, 116_478)),
        ],
    )
    def test_agrees_with_the_figures_of_the_county(self, counted_at, votes):
        rows = [row for row in recordings.read_sightings() if row["counted_at"] == counted_at]
        assert {district_3(row) for row in rows} == {votes}


class TestWriteRecordings:
    def test_makes_the_documents_that_the_county_sent_less_the_other_contests(self, tmp_path):
        if not ARCHIVE.is_dir():
            pytest.skip(f"There is no archive in {ARCHIVE}. Set NEWSROOM_SAMPLE_DATA.")
        recordings.write_recordings(tmp_path)
        names = sorted(path.name for path in tmp_path.iterdir())
        assert names == sorted(path.name for path in ARCHIVE.iterdir())
        for name in names:
            ours = json.loads((tmp_path / name).read_bytes())
            assert ours == trimmed(json.loads((ARCHIVE / name).read_bytes()), like=ours), name

    def test_gives_equal_bytes_for_equal_counts(self, tmp_path):
        recordings.write_recordings(tmp_path)
        bodies = {path.read_bytes() for path in tmp_path.iterdir()}
        assert len(bodies) == 31 + 1 + 1  # releases, before the election, error

    def test_leaves_files_alone_that_are_right(self, tmp_path):
        recordings.write_recordings(tmp_path)
        before = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
        recordings.write_recordings(tmp_path)
        assert {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before


def trimmed(document: dict, *, like: dict) -> dict:
    """Return the archive's document with the contests that ``like`` has, in its order."""
    if "Election" not in document:
        return document
    kept = {
        contest["Title"]
        for group in like["Election"]["ContestGroups"]
        for contest in group["Contests"]
    }
    groups = []
    for group in document["Election"]["ContestGroups"]:
        contests = [contest for contest in group["Contests"] if contest["Title"] in kept]
        if contests:
            groups.append({**group, "Contests": contests})
    return {**document, "Election": {**document["Election"], "ContestGroups": groups}}
