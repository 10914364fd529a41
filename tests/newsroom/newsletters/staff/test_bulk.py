import csv
import io

import openpyxl
import pytest
from django.urls import reverse, reverse_lazy

from newsroom.newsletters import subscriptions
from newsroom.newsletters.importing import batches
from newsroom.newsletters.models import ExportRecord, ImportBatch, Subscriber
from newsroom.newsletters.staff.people_list import PER_PAGE
from tests.newsroom.newsletters.people import LEAVE, sign_up, subscribe

pytestmark = pytest.mark.django_db

EXPORT = "newsroom_subscribers:export"


def bulk(action: str) -> str:
    return reverse("newsroom_subscribers:bulk", args=[action])


def body_of(response) -> bytes:
    return b"".join(response.streaming_content)


class TestBulkView:
    def test_asks_before_it_does_anything(self, staff, morning, now):
        row = subscribe(morning, now=now)
        html = staff.post(bulk("unsubscribe"), {"person": [row.subscriber_id]}).content.decode()
        assert "ana@example.com" in html
        row.refresh_from_db()
        assert row.state == "confirmed"

    def test_unsubscribes_the_ticked(self, staff, morning, now):
        rows = [subscribe(morning, email=f"{name}@example.com", now=now) for name in "abc"]
        people = [row.subscriber_id for row in rows[:2]]
        staff.post(bulk("unsubscribe"), {"person": people, "newsletter": morning.pk})
        states = [row.state for row in morning.subscriptions.order_by("pk")]
        assert states == ["unsubscribed", "unsubscribed", "confirmed"]

    def test_asks_the_ticked_and_not_who_opted_out(self, staff, morning, evening, now):
        stays = subscribe(morning, email="a@example.com", now=now)
        left = subscribe(evening, email="b@example.com", now=now)
        subscriptions.unsubscribe(left, LEAVE)
        people = [stays.subscriber_id, left.subscriber_id]
        staff.post(bulk("add"), {"person": people, "newsletter": evening.pk})
        states = dict(evening.subscriptions.values_list("subscriber__email", "state"))
        assert states == {"a@example.com": "pending", "b@example.com": "unsubscribed"}

    def test_wants_somebody_ticked(self, staff):
        response = staff.post(bulk("add"), follow=True)
        assert "Tick the people first" in response.content.decode()

    @pytest.mark.parametrize("ticked", [["x"], ["-1"], ["9" * 30], ["1"] * (PER_PAGE + 1)])
    def test_refuses_what_is_no_row(self, staff, ticked):
        assert staff.post(bulk("add"), {"person": ticked}).status_code == 400


class TestAskFilterView:
    URL = reverse_lazy("newsroom_subscribers:ask_filter")

    @pytest.fixture
    def query(self, morning, now) -> str:
        for name in "abc":
            subscribe(morning, email=f"{name}@example.com", now=now)
        sign_up(morning, email="waits@example.com", now=now)
        return f"newsletter={morning.pk}&state=confirmed"

    def test_is_offered_for_a_filter_only(self, staff, query):
        index = reverse("newsroom_subscribers:index")
        words = "Ask all of them to confirm a list"
        assert words not in staff.get(index).content.decode()
        assert words in staff.get(f"{index}?{query}").content.decode()

    def test_says_of_whom_before_it_does_anything(self, staff, query):
        html = staff.post(self.URL, {"query": query}).content.decode()
        assert "3 people" in html
        assert "State: Confirmed" in html
        assert not ImportBatch.objects.exists()

    def test_asks_everybody_in_it_once_it_was_looked_at(self, staff, query, evening, now):
        left = subscribe(evening, email="c@example.com", now=now)
        subscriptions.unsubscribe(left, LEAVE)
        staff.post(self.URL, {"query": query, "newsletter": evening.pk})
        batch = ImportBatch.objects.get()
        batches.carry_on(batch.pk)
        assert list(batch.rows.values_list("verdict", flat=True).order_by("line")) == [
            "asked",
            "asked",
            "opted_out",
        ]
        assert evening.subscriptions.count() == 1
        batches.begin(batch, "judged", "committing")
        batches.carry_on(batch.pk)
        assert evening.subscriptions.filter(state="pending").count() == 2

    def test_never_means_everybody_by_mistake(self, staff, query, evening):
        for wrong in ("", "x=1", "state=odd"):
            staff.post(self.URL, {"query": wrong, "newsletter": evening.pk})
        assert not ImportBatch.objects.exists()


class TestExportView:
    @pytest.fixture
    def person(self, morning, now) -> Subscriber:
        return sign_up(morning, email="=cmd@example.com", now=now)

    def test_says_what_the_file_holds(self, manager, person):
        html = manager.get(reverse(EXPORT), {"state": "pending"}).content.decode()
        assert "1 person" in html
        assert "State: Pending" in html

    def test_runs_nothing_as_csv(self, manager, person):
        response = manager.post(reverse(EXPORT), {"file_format": "csv"})
        lines = list(csv.reader(io.StringIO(body_of(response).decode("utf-8-sig"))))
        assert lines[1][0] == "'=cmd@example.com"

    def test_runs_nothing_as_xlsx(self, manager, person):
        response = manager.post(reverse(EXPORT), {"file_format": "xlsx"})
        cell = openpyxl.load_workbook(io.BytesIO(body_of(response))).active["A2"]
        assert (cell.data_type, cell.value) == ("s", "'=cmd@example.com")

    def test_holds_the_filter_alone(self, manager, person, evening, now):
        subscribe(evening, email="bo@example.com", now=now)
        response = manager.post(reverse(EXPORT), {"file_format": "csv", "query": "state=confirmed"})
        text = body_of(response).decode()
        assert "bo@example.com" in text
        assert "cmd" not in text

    def test_holds_nobody_when_the_filter_cannot_be_read(self, manager, person):
        response = manager.post(reverse(EXPORT), {"file_format": "csv", "query": "newsletter=x"})
        assert "cmd" not in body_of(response).decode()

    def test_is_written_down(self, manager, person):
        manager.post(reverse(EXPORT), {"file_format": "csv", "query": "state=pending"})
        record = ExportRecord.objects.get()
        assert (record.user_name, record.rows, record.file_format) == ("manager", 1, "csv")
        assert record.what == "State: Pending"

    def test_makes_no_file_by_a_link(self, manager, person):
        response = manager.get(reverse(EXPORT), {"file_format": "csv", "export": "csv"})
        assert response["Content-Type"].startswith("text/html")
        assert not ExportRecord.objects.exists()
