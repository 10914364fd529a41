import csv
import io
import json

import pytest
from django.urls import reverse

from newsroom.newsletters import subscriptions
from newsroom.newsletters.models import (
    ConsentEvent,
    ExportRecord,
    OutgoingMail,
    Subscriber,
    Suppression,
)
from tests.newsroom.newsletters.people import LEAVE, STAFF, sign_up, subscribe

pytestmark = pytest.mark.django_db


def url(person: Subscriber, page: str = "person", *more: str) -> str:
    return reverse(f"newsroom_subscribers:{page}", args=[person.pk, *more])


@pytest.fixture
def person(morning, now) -> Subscriber:
    return subscribe(morning, now=now).subscriber


class TestPersonView:
    def test_tells_all_that_happened(self, staff, person, morning):
        html = staff.get(url(person)).content.decode()
        for words in ("Signed up", "Confirmed", morning.promise, "Please confirm", "page 7"):
            assert words in html

    def test_offers_only_what_one_may_do(self, as_user, person):
        html = as_user("staff").get(url(person)).content.decode()
        assert "Unsubscribe from" in html
        assert "Erase" not in html
        assert "Evidence" not in html

    def test_tells_who_of_the_staff_did_it(self, staff, person):
        row = person.subscriptions.get()
        staff.post(url(person, "act", "unsubscribe"), {"subscription": row.pk})
        event = ConsentEvent.objects.get(kind="unsubscribed")
        assert event.method == "staff"
        assert "Staff, subscriber page, staff" in staff.get(url(person)).content.decode()


class TestActView:
    def test_unsubscribes(self, staff, person):
        row = person.subscriptions.get()
        staff.post(url(person, "act", "unsubscribe"), {"subscription": row.pk})
        row.refresh_from_db()
        assert row.state == "unsubscribed"
        assert Suppression.objects.get().reason == "opted_out"

    def test_unsubscribes_nobody_else(self, staff, person, morning, now):
        other = subscribe(morning, email="bo@example.com", now=now)
        response = staff.post(url(person, "act", "unsubscribe"), {"subscription": other.pk})
        assert response.status_code == 404
        other.refresh_from_db()
        assert other.state == "confirmed"

    def test_asks_to_confirm_and_adds_nobody_by_itself(self, staff, person, evening):
        staff.post(url(person, "act", "add"), {"newsletter": evening.pk})
        assert person.subscriptions.get(newsletter=evening).state == "pending"
        assert person.subscriptions.get(newsletter=evening).source == "staff"

    def test_never_adds_who_opted_out(self, staff, person, morning):
        subscriptions.unsubscribe(person.subscriptions.get(), LEAVE)
        response = staff.post(url(person, "act", "add"), {"newsletter": morning.pk}, follow=True)
        assert "Left out: opted out" in response.content.decode()
        assert person.subscriptions.get().state == "unsubscribed"

    def test_pauses_and_resumes(self, staff, person):
        staff.post(url(person, "act", "pause"))
        assert person.subscriptions.get().paused_until is not None
        assert "Paused until" in staff.get(url(person)).content.decode()
        staff.post(url(person, "act", "resume"))
        assert person.subscriptions.get().paused_until is None

    def test_mails_the_preference_link(self, staff, person):
        staff.post(url(person, "act", "link"))
        assert OutgoingMail.objects.filter(kind="preferences", state="waiting").exists()

    def test_forgives_a_complaint(self, staff, person):
        subscriptions.stop_all(person, "complained", STAFF)
        assert "at their own wish" in staff.get(url(person)).content.decode()
        staff.post(url(person, "act", "forgive"))
        assert person.subscriptions.get().state == "unsubscribed"

    def test_knows_no_other_action(self, staff, person):
        assert staff.post(url(person, "act", "confirm")).status_code == 404

    def test_does_nothing_by_a_link(self, staff, person):
        assert staff.get(url(person, "act", "pause")).status_code == 405


class TestEraseView:
    def test_deletes_after_the_box_is_ticked(self, manager, person):
        assert "cannot be undone" in manager.get(url(person, "erase")).content.decode()
        assert "Nothing was deleted" in manager.post(url(person, "erase")).content.decode()
        manager.post(url(person, "erase"), {"sure": "yes"})
        assert not Subscriber.objects.exists()
        assert Suppression.objects.get().reason == "erased"
        assert ConsentEvent.objects.filter(kind="erased", method="staff").exists()


class TestEvidenceView:
    def test_holds_the_exact_words_as_json(self, manager, person, morning):
        response = manager.post(url(person, "evidence", "json"))
        facts = json.loads(response.content)
        words = [line.get("wording") for line in facts["ledger"]]
        assert morning.promise in words
        assert len(facts["ledger"][0]["wording_sha256"]) == 64

    def test_is_a_page_to_print(self, manager, person, morning):
        html = manager.post(url(person, "evidence", "html")).content.decode()
        assert morning.promise in html
        assert "ana@example.com" in html

    def test_runs_no_formula_as_csv(self, manager, person, morning, now):
        evil = sign_up(morning, email="bo@example.com", now=now)
        subscriptions.bring_in(
            "bo@example.com", morning, STAFF, wording="=1+1", has_consent=True, now=now
        )
        body = manager.post(url(evil, "evidence", "csv")).content.decode()
        words = [line["wording"] for line in csv.DictReader(io.StringIO(body))]
        assert "'=1+1" in words

    def test_is_written_down(self, manager, person):
        manager.post(url(person, "evidence", "csv"))
        record = ExportRecord.objects.get()
        assert (record.user_name, record.rows) == ("manager", 2)
        assert "ana" not in record.what
