import datetime

import pytest
import time_machine

from elections import tasks
from elections.models import BallotsRemaining, Fetch, Published, Selection, Source
from elections.widgets import publish
from tests.elections.documents import answering, at, board, document, failing


def minutes(number: float) -> datetime.timedelta:
    return datetime.timedelta(minutes=number)


class TestDue:
    def due(self, now):
        return Source.objects.due(now)

    def test_has_a_source_that_was_never_asked(self, source):
        assert self.due(at("21:00")) == [source]

    def test_leaves_a_source_alone_for_its_interval(self, night):
        assert self.due(at("20:40")) == []
        assert self.due(at("20:40") + minutes(0.5)) == [night.source]

    def test_leaves_out_what_only_plays_recordings(self, source):
        Source.objects.update(mode=Source.Mode.REPLAY)
        assert self.due(at("21:00")) == []

    def test_leaves_out_what_is_switched_off(self, source):
        Source.objects.update(is_active=False)
        assert self.due(at("21:00")) == []

    def test_leaves_a_certified_election_alone(self, source, election):
        type(election).objects.update(certified_at=at("12:00", day=30))
        assert self.due(at("12:01", day=30)) == []

    def test_waits_longer_after_each_failure(self, night):
        for number in range(3):
            night.ask(failing(), seen=f"21:0{number}")
        assert self.due(at("21:02") + minutes(3)) == []
        assert self.due(at("21:02") + minutes(4)) == [night.source]

    def test_asks_more_often_around_an_announced_update(self, night):
        BallotsRemaining.objects.create(
            election=night.source.election, estimate=780_000, as_of=at("16:30", day=6),
            next_update_at=at("16:30", day=7), source_name="County",
        )  # fmt: skip
        night.say(document(at("21:34"), board(89_674, 83_256)), seen="16:20", day=7)
        assert self.due(at("16:22", day=7)) == [night.source]

    def test_waits_as_long_as_the_server_asks(self, night):
        night.ask(failing("http-status", status=503, retry_after=1800), seen="21:00")
        assert self.due(at("21:29")) == []
        assert self.due(at("21:31")) == [night.source]

    def test_leaves_a_missing_document_for_an_hour_once_the_night_is_over(self, night):
        for number in range(6):
            night.ask(failing("http-status", status=404), seen=f"12:0{number}", day=7)
        assert self.due(at("13:04", day=7)) == []
        assert self.due(at("13:05", day=7)) == [night.source]

    def test_has_a_source_whose_address_was_corrected_at_once(self, night):
        for number in range(6):
            night.ask(failing("http-status", status=404), seen=f"12:0{number}", day=7)
        Source.objects.update(address="https://results.example.org/new.json")
        assert [source.pk for source in self.due(at("12:06", day=7))] == [night.source.pk]


@pytest.mark.django_db
class TestRefreshSource:
    @pytest.fixture
    def asked(self, monkeypatch):
        """Count the requests to the network, all answered with the first release."""
        requests = []

        def get(url, **_):
            requests.append(url)
            return answering(document(at("20:36"), board(61_168, 50_310)))(url)

        monkeypatch.setattr("elections.feeds.http.get", get)
        return requests

    def test_asks_once_when_the_task_is_delivered_twice(self, source, asked):
        with time_machine.travel(at("21:00"), tick=False):
            tasks.refresh_source(source_id=source.pk)
            tasks.refresh_source(source_id=source.pk)
        assert asked == [source.address]
        assert Fetch.objects.count() == 1

    def test_asks_again_in_its_time(self, source, asked):
        for moment in (at("21:00"), at("21:01")):
            with time_machine.travel(moment, tick=False):
                tasks.refresh_source(source_id=source.pk)
        assert len(asked) == 2

    def test_asks_out_of_turn_when_a_person_wishes(self, source, asked):
        with time_machine.travel(at("21:00"), tick=False):
            tasks.refresh_source(source_id=source.pk)
            tasks.refresh_source(source_id=source.pk, out_of_turn=True)
        assert len(asked) == 2

    def test_survives_a_source_that_is_gone(self, asked):
        tasks.refresh_source(source_id=999)
        assert asked == []

    def test_takes_the_arguments_of_a_newer_caller(self, source, asked):
        tasks.refresh_source(source_id=source.pk, priority="high")
        assert len(asked) == 1


class TestPublishDue:
    def test_publishes_a_name_that_an_editor_changed(self, night):
        selection = Selection.objects.get(reported_name="DAN CHANG")
        selection.name = "Daniel Chang"
        selection.save()
        tasks.publish_due()
        assert "Daniel Chang" in Published.objects.get().html
        assert Published.objects.get().version == 2

    def test_publishes_nothing_when_nothing_changed(self, night):
        tasks.publish_due()
        tasks.publish_due()
        assert Published.objects.get().version == 1

    def test_writes_files_although_a_result_cannot_be_rendered(
        self, night, results_folder, monkeypatch
    ):
        path = results_folder / "contest" / f"{night.contest.pk}.html"
        path.write_text("half")
        Published.objects.update(written_version=0)

        def broken(*args):
            raise publish.PublishError([1])

        monkeypatch.setattr(publish, "publish_stale", broken)
        with pytest.raises(publish.PublishError):
            tasks.publish_due()
        assert path.read_text() == night.published.html

    def test_ends_and_holds_what_is_due_although_no_file_can_be_written(self, night, monkeypatch):
        done = []
        monkeypatch.setattr(tasks, "end_overrides", lambda now: done.append("overrides"))
        monkeypatch.setattr(
            tasks.reconciling, "hold_switches_due", lambda now: done.append("switches")
        )

        def full() -> None:
            raise OSError("No space left on device")

        monkeypatch.setattr(tasks.files, "write_files_behind", full)
        with pytest.raises(OSError, match="No space"):
            tasks.publish_due()
        assert done == ["overrides", "switches"]

    def test_writes_files_that_a_crash_left_behind(self, night, results_folder):
        path = results_folder / "contest" / f"{night.contest.pk}.html"
        path.write_text("half")
        Published.objects.update(written_version=0)
        tasks.publish_due()
        assert path.read_text() == night.published.html
