import pytest
from django.db import IntegrityError, transaction

from elections.models import Alert, AlertKind, Contest, Mute
from tests.elections.documents import at


def alert(source, kind=AlertKind.ERROR_STREAK, subject="source:1", **facts):
    return Alert(
        kind=kind,
        subject=subject,
        lasts=facts.pop("lasts", True),
        message="It fails.",
        election=source.election,
        source=source,
        opened_at=at("21:00"),
        **facts,
    )


class TestOpenAll:
    def test_adds_an_alert_once_while_it_lasts(self, source):
        Alert.open_all([alert(source)])
        Alert.open_all([alert(source)])
        assert Alert.objects.count() == 1

    def test_adds_it_again_after_it_recovered(self, source):
        Alert.open_all([alert(source)])
        Alert.objects.update(closed_at=at("21:10"))
        Alert.open_all([alert(source)])
        assert Alert.objects.open().count() == 1
        assert Alert.objects.count() == 2

    def test_adds_what_happens_at_a_moment_once_for_ever(self, source):
        happened = {"kind": AlertKind.TIE, "subject": "contest:1:count:2", "lasts": False}
        Alert.open_all([alert(source, **happened)])
        Alert.open_all([alert(source, **happened)])
        assert Alert.objects.count() == 1

    def test_is_held_by_the_database(self, source):
        alert(source).save()
        with pytest.raises(IntegrityError), transaction.atomic():
            alert(source).save()


class TestMute:
    def test_covers_a_kind_until_its_time(self, source):
        Alert.open_all([alert(source)])
        Mute.objects.create(kind=AlertKind.ERROR_STREAK, until=at("22:00"))
        assert Alert.objects.muted(at("21:59")).count() == 1
        assert Alert.objects.unmuted(at("22:00")).count() == 1

    def test_covers_one_source_only(self, source):
        Alert.open_all([alert(source), alert(source, subject="contest:1")])
        Alert.objects.filter(subject="contest:1").update(source=None)
        Mute.objects.create(source=source, until=at("22:00"))
        assert [row.subject for row in Alert.objects.muted(at("21:30"))] == ["source:1"]

    def test_covers_one_race_only(self, source):
        race = Contest.objects.create(election=source.election, name="Mayor")
        Alert.open_all([alert(source), alert(source, subject="contest:1", contest=race)])
        Mute.objects.create(contest=race, until=at("22:00"))
        assert [row.subject for row in Alert.objects.muted(at("21:30"))] == ["contest:1"]

    def test_of_everything_is_refused(self, source):
        with pytest.raises(IntegrityError), transaction.atomic():
            Mute.objects.create(until=at("22:00"))
