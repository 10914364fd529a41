from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from elections import replay
from elections.models import Contest, ContestCount, Freeze, Pin, Snapshot, Source
from tests.elections.conftest import Night
from tests.elections.documents import at, board, document


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three documents of a night, the second of them a stale one."""
    folder = tmp_path / "releases"
    folder.mkdir()
    documents = {
        "20241106T044031Z.json": document(at("20:36"), board(61_168, 50_310)),
        "20241106T050416Z.json": document(at("20:56"), board(70_000, 60_000)),
        "20241106T051616Z.json": document(at("20:36"), board(61_168, 50_310)),
        "README.md": b"not a document",
    }
    for name, body in documents.items():
        (folder / name).write_bytes(body)
    return folder


@pytest.fixture
def source(source: Source) -> Source:
    source.mode = Source.Mode.REPLAY
    source.save()
    return source


class TestRecordings:
    def test_are_in_the_order_they_were_seen(self, folder):
        names = [document.path.name for document in replay.recordings(folder)]
        assert names == sorted(names)
        assert len(names) == 3

    def test_need_a_folder_with_something_in_it(self, tmp_path):
        with pytest.raises(FileNotFoundError, match="no recorded documents"):
            replay.recordings(tmp_path)
        with pytest.raises(FileNotFoundError, match="no folder"):
            replay.recordings(tmp_path / "missing")


class TestPaced:
    def waits(self, folder, **pace) -> list[float]:
        waits: list[float] = []
        list(replay.paced(replay.recordings(folder), sleep=waits.append, **pace))
        return [round(wait) for wait in waits]

    def test_keeps_the_gaps_divided_by_the_speed(self, folder):
        assert self.waits(folder, speed=60, longest_wait=timedelta(hours=1)) == [24, 12]

    def test_waits_no_longer_than_it_may(self, folder):
        assert self.waits(folder, speed=1, longest_wait=timedelta(seconds=5)) == [5, 5]

    def test_does_not_wait_at_all_at_speed_zero(self, folder):
        assert self.waits(folder, speed=0, longest_wait=timedelta(seconds=5)) == []


class TestCommand:
    def test_plays_a_folder_through_the_guards(self, source, folder, capsys):
        call_command("replay", folder, source=source.pk)
        lines = capsys.readouterr().out.splitlines()
        assert [line.split(": ")[1] for line in lines] == [
            "New count.",
            "New count.",
            "Older than what we have.",
        ]

    def test_stops_where_it_is_told(self, source, folder):
        call_command("replay", folder, source=source.pk, until="2024-11-06T04:41:00+00:00")
        assert Snapshot.objects.count() == 1

    def test_refuses_a_real_source(self, source, folder):
        Source.objects.update(mode=Source.Mode.AUTOMATIC)
        with pytest.raises(CommandError, match="asks the network by itself"):
            call_command("replay", folder, source=source.pk)

    @pytest.mark.parametrize("until", ["tomorrow", "2024-13-45T00:00"])
    def test_refuses_what_is_no_time(self, source, folder, until):
        with pytest.raises(CommandError, match="is not a time"):
            call_command("replay", folder, source=source.pk, until=until)


class TestRewind:
    @pytest.fixture
    def night(self, source, folder) -> Night:
        call_command("replay", folder, source=source.pk, verbosity=0)
        Contest.objects.update(status=Contest.Status.CONFIRMED)
        call_command("publish_results", verbosity=0)
        return Night(source)

    def test_forgets_the_count_at_once(self, night):
        replay.rewind(night.source)
        assert not ContestCount.objects.exists()
        assert night.shown == {"Scott Schmerelson": 0, "Dan Chang": 0}
        assert "The first count will be shown here." in night.published.html

    def test_is_a_newer_version_and_never_an_older_one(self, night):
        before = night.published.version
        replay.rewind(night.source)
        assert night.published.version == before + 1

    def test_forgets_what_the_desk_laid_over_the_count(self, night):
        race, count = night.contest, night.contest.counts.latest("pk")
        facts = {"contest": race, "reason": "x"}
        Freeze.make(count=count, as_of=count.counted_at, **facts)
        Pin.make(count=count, public_note="An earlier count.", **facts)
        replay.rewind(night.source)
        assert not Freeze.objects.exists()
        assert not Pin.objects.exists()

    def test_lets_the_night_be_played_again(self, night, folder):
        replay.rewind(night.source)
        call_command("replay", folder, source=night.source.pk, verbosity=0)
        assert night.shown == {"Scott Schmerelson": 70_000, "Dan Chang": 60_000}

    def test_is_refused_for_a_real_source(self, night):
        night.source.mode = Source.Mode.AUTOMATIC
        with pytest.raises(ValueError, match="recorded documents"):
            replay.rewind(night.source)
        assert ContestCount.objects.exists()


class TestPublishResults:
    def test_writes_lost_files_from_the_rows(self, source, folder, results_folder, capsys):
        import shutil

        call_command("replay", folder, source=source.pk, verbosity=0)
        Contest.objects.update(status=Contest.Status.CONFIRMED)
        call_command("publish_results")
        shutil.rmtree(results_folder)
        call_command("publish_results", files=True)
        assert capsys.readouterr().out.splitlines()[-1] == (
            "0 results changed, 1 written to files."
        )
        assert len(list((results_folder / "contest").iterdir())) == 2
