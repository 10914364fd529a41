import pytest
from django.urls import reverse
from django.utils import timezone

from newsroom.newsletters.models import DriftReport, SyncChange, SyncedList
from newsroom.newsletters.staff.sync import say_drift

pytestmark = pytest.mark.django_db

SYNC = "newsroom_subscribers:sync"
SERVICES = {"mailchimp": {"adapter": "x.Y"}}


@pytest.fixture
def synced(morning) -> SyncedList:
    return SyncedList.objects.create(newsletter=morning, service="mailchimp", remote_id="a1")


class TestSayDrift:
    def test_says_both_ways(self):
        report = DriftReport(is_complete=True, missing_there=12, left_there=3)
        assert say_drift(report) == [
            "12 people here were not there, and are told again.",
            "3 people had left there, and are off our list.",
        ]

    def test_says_that_a_failed_read_changed_nothing(self):
        report = DriftReport(is_complete=False, message="It is down.")
        expected = "The list could not be read: It is down. Nothing was changed."
        assert say_drift(report) == [expected]

    def test_says_that_there_is_none(self):
        assert say_drift(DriftReport(is_complete=True)) == ["Both lists are the same."]


class TestSyncView:
    def test_says_what_is_missing(self, staff):
        assert "No newsletter service is set up." in staff.get(reverse(SYNC)).content.decode()

    def test_tells_what_waits_and_what_fails(self, staff, synced):
        SyncChange.objects.create(synced_list=synced, address="ana@example.com")
        synced.note_failure("It is down.", timezone.now())
        DriftReport.objects.create(
            synced_list=synced, made_at=timezone.now(), is_complete=True, missing_there=12
        )
        html = staff.get(reverse(SYNC)).content.decode()
        assert "It is down. Nothing is lost; it is tried again." in html
        assert "12 people here were not there" in html
        assert "ana@example.com" not in html


class TestConnectView:
    def test_joins_a_newsletter_with_a_list(self, manager, morning, settings):
        settings.NEWSROOM_NEWSLETTER_SERVICES = SERVICES
        facts = {"newsletter": morning.pk, "service": "mailchimp", "remote_id": "a1"}
        manager.post(reverse("newsroom_subscribers:connect"), {**facts, "is_active": "on"})
        assert SyncedList.objects.get().remote_id == "a1"

    def test_knows_only_what_the_settings_name(self, manager, morning):
        facts = {"newsletter": morning.pk, "service": "mailchimp", "remote_id": "a1"}
        manager.post(reverse("newsroom_subscribers:connect"), facts)
        assert not SyncedList.objects.exists()
