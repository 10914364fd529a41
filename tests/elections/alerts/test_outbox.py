import pytest
from django.contrib.auth import get_user_model

from elections.alerts.outbox import fill_outbox
from elections.models import (
    Alert,
    AlertDelivery,
    AlertKind,
    AlertSubscription,
    AlertWebhook,
    Contest,
    Mute,
    Source,
)
from elections.models.alerts import HAPPENINGS
from tests.elections.documents import at


class TestFillOutbox:
    def test_writes_one_message_for_each_receiver(self, editor, webhook, raise_alert):
        raise_alert()
        assert fill_outbox(at("21:43")) == 2
        assert fill_outbox(at("21:44")) == 0
        assert AlertDelivery.objects.count() == 2

    def test_leaves_out_kinds_that_nobody_asked_for(self, editor, raise_alert):
        raise_alert(AlertKind.TIE, lasts=False)
        assert fill_outbox(at("21:43")) == 0
        assert Alert.objects.get().told_at == at("21:43")

    def test_leaves_out_a_chat_that_wants_other_kinds_or_is_off(self, db, raise_alert):
        AlertWebhook.objects.create(name="a", address="https://a", kinds=[AlertKind.TIE])
        AlertWebhook.objects.create(name="b", address="https://b", is_active=False)
        raise_alert()
        assert fill_outbox(at("21:43")) == 0

    @pytest.mark.parametrize("loss", ["right", "address", "account"])
    def test_leaves_out_a_person_who_may_not_read_alerts_any_more(self, editor, raise_alert, loss):
        if loss == "right":
            editor.user_permissions.clear()
        else:
            changed = {"email": ""} if loss == "address" else {"is_active": False}
            get_user_model().objects.update(**changed)
        raise_alert()
        assert fill_outbox(at("21:43")) == 0

    def test_tells_the_end_once_where_it_told_the_beginning(self, editor, raise_alert):
        raise_alert()
        fill_outbox(at("21:43"))
        Alert.objects.update(closed_at=at("21:50"))
        assert fill_outbox(at("21:51")) == 1
        assert fill_outbox(at("21:52")) == 0
        assert AlertDelivery.objects.last().about == AlertDelivery.About.RECOVERED

    def test_tells_nothing_of_what_was_over_before_anybody_heard(self, editor, raise_alert):
        raise_alert(closed_at=at("21:43"))
        assert fill_outbox(at("21:44")) == 0
        assert Alert.objects.get().is_silent


class TestMuted:
    def test_happenings_are_never_told(self, editor, raise_alert):
        Mute.objects.create(kind=AlertKind.LEAD_CHANGED, until=at("22:00"))
        raise_alert(AlertKind.LEAD_CHANGED, lasts=False)
        assert fill_outbox(at("21:43")) == 0
        assert fill_outbox(at("22:01")) == 0
        assert Alert.objects.get().is_silent

    def test_trouble_is_told_when_the_mute_has_ended_and_it_goes_on(self, editor, raise_alert):
        Mute.objects.create(kind=AlertKind.ERROR_STREAK, until=at("22:00"))
        raise_alert()
        assert fill_outbox(at("21:43")) == 0
        assert fill_outbox(at("22:00")) == 1

    def test_end_is_not_told(self, editor, raise_alert, source):
        raise_alert()
        fill_outbox(at("21:43"))
        Mute.objects.create(source=source, until=at("22:00"))
        Alert.objects.update(closed_at=at("21:50"))
        assert fill_outbox(at("21:51")) == 0
        assert fill_outbox(at("22:01")) == 0


class TestEachKind:
    @pytest.fixture
    def race(self, source):
        return Contest.objects.create(election=source.election, name="Mayor")

    @pytest.mark.parametrize("kind", AlertKind)
    def test_is_told_once(self, webhook, raise_alert, race, kind):
        raise_alert(kind, lasts=kind not in HAPPENINGS, contest=race)
        assert [fill_outbox(at("21:43")), fill_outbox(at("21:44"))] == [1, 0]

    @pytest.mark.parametrize("kind", AlertKind)
    @pytest.mark.parametrize("by", ["kind", "source", "contest", "all of them"])
    def test_can_be_muted(self, webhook, raise_alert, source, race, kind, by):
        parts = {"kind": kind, "source": source, "contest": race}
        facts = parts if by == "all of them" else {by: parts[by]}
        Mute.objects.create(until=at("22:00"), **facts)
        raise_alert(kind, lasts=kind not in HAPPENINGS, contest=race)
        assert fill_outbox(at("21:43")) == 0

    @pytest.mark.parametrize("other", ["kind", "source", "contest"])
    def test_is_not_muted_where_one_part_is_another(
        self, webhook, raise_alert, source, race, other
    ):
        parts = {"kind": AlertKind.TIE, "source": source, "contest": race}
        parts[other] = {
            "kind": AlertKind.LEAD_CHANGED,
            "source": Source.objects.create(election=source.election, provider="csv", name="Other"),
            "contest": Contest.objects.create(election=source.election, name="Sheriff"),
        }[other]
        Mute.objects.create(until=at("22:00"), **parts)
        raise_alert(AlertKind.TIE, lasts=False, contest=race)
        assert fill_outbox(at("21:43")) == 1


class TestSubscription:
    def test_goes_with_its_user(self, editor):
        get_user_model().objects.all().delete()
        assert AlertSubscription.objects.count() == 0
