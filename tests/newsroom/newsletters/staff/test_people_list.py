import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from newsroom.newsletters import subscriptions
from newsroom.newsletters.models import SavedFilter, Subscriber
from newsroom.newsletters.staff import people_list
from tests.newsroom.newsletters.people import LEAVE, sign_up, subscribe

pytestmark = pytest.mark.django_db

INDEX = "newsroom_subscribers:index"
FIND = "newsroom_subscribers:find"


def html_of(response) -> str:
    assert response.status_code == 200, response
    return response.content.decode()


class TestPeopleView:
    def test_lists_people_with_their_lists(self, staff, morning, now):
        subscribe(morning, now=now)
        html = html_of(staff.get(reverse(INDEX)))
        assert "ana@example.com" in html
        assert "Confirmed" in html

    def test_says_what_will_be_here(self, staff):
        assert "Nobody has signed up yet." in html_of(staff.get(reverse(INDEX)))

    @pytest.mark.parametrize(
        ("query", "is_there"),
        [
            ({"state": "unsubscribed"}, True),
            ({"state": "confirmed"}, False),
            ({"source": "story"}, True),
            ({"source": "import"}, False),
            ({"created_at_from": "2020-01-01"}, True),
            ({"created_at_to": "2020-01-01"}, False),
        ],
    )
    def test_filters(self, staff, morning, now, query, is_there):
        subscriptions.unsubscribe(subscribe(morning, now=now), LEAVE)
        html = html_of(staff.get(reverse(INDEX), query))
        assert ("ana@example.com" in html) == is_there

    def test_looks_at_one_subscription_for_newsletter_and_state(self, staff, morning, evening, now):
        subscribe(morning, now=now)
        sign_up(evening, now=now)
        query = {"newsletter": evening.pk, "state": "confirmed"}
        assert "ana@example.com" not in html_of(staff.get(reverse(INDEX), query))

    def test_counts_to_a_cap_and_no_further(self, staff, morning, now, monkeypatch):
        monkeypatch.setattr(people_list, "COUNTED", 2)
        for number in range(4):
            sign_up(morning, email=f"{number}@example.com", now=now)
        assert "More than 10,000 subscribers" in html_of(staff.get(reverse(INDEX)))

    def test_costs_the_same_however_many(self, staff, morning, now):
        def count() -> int:
            with CaptureQueriesContext(connection) as captured:
                staff.get(reverse(INDEX))
            return len(captured)

        sign_up(morning, now=now)
        count()
        one = count()
        for number in range(10):
            sign_up(morning, email=f"{number}@example.com", now=now)
        assert count() == one

    @pytest.mark.parametrize(("ordering", "first"), [("email", "a"), ("-email", "c"), ("pk", "b")])
    def test_is_sorted(self, staff, morning, now, ordering, first):
        for name in "bca":
            sign_up(morning, email=f"{name}@example.com", now=now)
        response = staff.get(reverse(INDEX), {"ordering": ordering})
        assert response.context["object_list"][0].email == f"{first}@example.com"

    def test_is_kept_by_no_cache(self, staff):
        assert "no-store" in staff.get(reverse(INDEX))["Cache-Control"]


class TestFindView:
    def test_leads_to_the_one_person(self, staff, morning, now):
        person = sign_up(morning, now=now)
        response = staff.post(reverse(FIND), {"address": " ANA@example.com "})
        assert response.url == reverse("newsroom_subscribers:person", args=[person.pk])

    def test_lists_addresses_that_begin_like_it(self, staff, morning, now):
        for name in ("ana", "anton", "bo"):
            sign_up(morning, email=f"{name}@example.com", now=now)
        html = html_of(staff.post(reverse(FIND), {"address": "an"}))
        assert "anton@example.com" in html
        assert "bo@example.com" not in html

    @pytest.mark.parametrize("text", ["", "nobody", "%", "_"])
    def test_says_that_there_is_none(self, staff, morning, now, text):
        sign_up(morning, now=now)
        html = html_of(staff.post(reverse(FIND), {"address": text}))
        assert "No address begins like this." in html

    def test_takes_no_address_from_the_address_bar(self, staff):
        assert staff.get(reverse(FIND), {"address": "ana@example.com"}).status_code == 405

    def test_asks_the_index(self, morning):
        with CaptureQueriesContext(connection) as captured:
            list(people_list.find_people("ana"))
        assert "LIKE 'ana%'" in captured[0]["sql"]
        assert "UPPER" not in captured[0]["sql"]


class TestSavedFilters:
    def test_are_kept_for_who_made_them(self, staff, as_user):
        save = reverse("newsroom_subscribers:save_filter")
        staff.post(save, {"name": "Pending", "query": "state=pending&p=3&evil=1"})
        saved = SavedFilter.objects.get()
        assert saved.query == "state=pending"
        assert "Pending</a>" in html_of(staff.get(reverse(INDEX)))
        assert "Pending</a>" not in html_of(as_user("manager").get(reverse(INDEX)))

    def test_are_replaced_by_the_same_name(self, staff):
        save = reverse("newsroom_subscribers:save_filter")
        staff.post(save, {"name": "Mine", "query": "state=pending"})
        staff.post(save, {"name": "Mine", "query": "state=bounced"})
        assert SavedFilter.objects.get().query == "state=bounced"

    def test_need_a_condition(self, staff):
        staff.post(reverse("newsroom_subscribers:save_filter"), {"name": "All", "query": ""})
        assert not SavedFilter.objects.exists()

    def test_are_deleted_by_their_owner_alone(self, staff, as_user):
        staff.post(reverse("newsroom_subscribers:save_filter"), {"name": "M", "query": "state=x"})
        url = reverse("newsroom_subscribers:drop_filter", args=[SavedFilter.objects.get().pk])
        assert as_user("manager").post(url).status_code == 404
        assert staff.post(url).status_code == 302
        assert not SavedFilter.objects.exists()


class TestSource:
    def test_is_what_the_form_said(self, morning, now):
        person = sign_up(morning, now=now)
        assert person.subscriptions.get().source == "story"
        assert Subscriber.objects.count() == 1
