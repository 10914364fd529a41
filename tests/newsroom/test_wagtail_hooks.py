import csv
import io

import openpyxl
import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from newsroom.newsletters.models import Subscription
from tests.newsroom.newsletters.people import sign_up

pytestmark = pytest.mark.django_db

MODELS = ["author", "newsletter", "calltoaction"]


def user_with(*codenames: str):
    user = get_user_model().objects.create_user("staff", password="x")
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", *codenames]))
    assert user.user_permissions.count() == len(codenames) + 1
    return user


def index_of(name: str) -> str:
    label = {
        "author": "newsroom_author",
        "newsletter": "newsroom_newsletters_newsletter",
        "calltoaction": "newsroom_calls_to_action_calltoaction",
    }[name]
    return reverse(f"wagtailsnippets_{label}:list")


@pytest.fixture
def subscription(newsletter) -> Subscription:
    sign_up(newsletter, email="=cmd@example.com")
    return Subscription.objects.get()


class TestMenu:
    def test_has_one_entry_for_the_newsroom(self, admin_client):
        html = admin_client.get(reverse("wagtailadmin_home")).content.decode()
        for name in ("Authors", "Calls to action", "Newsletters", "Subscriptions"):
            assert f'"{name}"' in html


@pytest.mark.parametrize("name", MODELS)
class TestLists:
    def test_open_for_who_may_edit(self, client, name):
        client.force_login(user_with(f"change_{name}"))
        assert client.get(index_of(name)).status_code == 200

    def test_stay_shut_for_who_may_not(self, client, name):
        client.force_login(user_with())
        response = client.get(index_of(name))
        assert response.status_code == 302
        assert response["Location"] == reverse("wagtailadmin_home")

    def test_stay_shut_for_who_is_not_logged_in(self, client, name):
        assert client.get(index_of(name)).status_code == 302

    def test_have_a_form(self, admin_client, name):
        add = index_of(name) + "add/"
        assert admin_client.get(add).status_code == 200


class TestSubscriptions:
    INDEX = "subscription:index"

    def test_are_listed_and_searched(self, client, subscription):
        client.force_login(user_with("view_subscription"))
        assert "=cmd@example.com" in client.get(reverse(self.INDEX)).content.decode()
        found = client.get(reverse(self.INDEX), {"q": "cmd"}).content.decode()
        assert "=cmd@example.com" in found
        missed = client.get(reverse(self.INDEX), {"q": "nobody"}).content.decode()
        assert "=cmd@example.com" not in missed

    def test_are_filtered(self, client, subscription):
        client.force_login(user_with("view_subscription"))
        html = client.get(reverse(self.INDEX), {"state": "confirmed"}).content.decode()
        assert "=cmd@example.com" not in html

    def test_are_for_those_with_the_permission(self, client, subscription):
        client.force_login(user_with("change_newsletter"))
        for query in ({}, {"export": "csv"}, {"export": "xlsx"}):
            response = client.get(reverse(self.INDEX), query)
            assert response.status_code == 302
            assert response["Location"] == reverse("wagtailadmin_home")

    @pytest.mark.parametrize("view", ["add", "edit", "delete"])
    def test_are_edited_by_nobody(self, admin_client, subscription, view):
        args = [] if view == "add" else [subscription.pk]
        url = reverse(f"subscription:{view}", args=args)
        assert admin_client.get(url).status_code in (302, 404)
        assert admin_client.post(url, {"state": "confirmed"}).status_code in (302, 404)
        subscription.refresh_from_db()
        assert subscription.state == "pending"

    def test_are_exported_without_formulas_to_csv(self, admin_client, subscription):
        response = admin_client.get(reverse(self.INDEX), {"export": "csv"})
        text = b"".join(response.streaming_content).decode()
        assert list(csv.reader(io.StringIO(text)))[1][0] == "'=cmd@example.com"

    def test_are_exported_without_formulas_to_xlsx(self, admin_client, subscription):
        response = admin_client.get(reverse(self.INDEX), {"export": "xlsx"})
        book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
        cell = book.active["A2"]
        assert cell.data_type == "s"
        assert cell.value == "'=cmd@example.com"

    def test_cost_the_same_however_many(self, admin_client, newsletter, subscription):
        def count_queries() -> int:
            with CaptureQueriesContext(connection) as captured:
                admin_client.get(reverse(self.INDEX))
            return len(captured)

        count_queries()
        one = count_queries()
        for number in range(10):
            sign_up(newsletter, email=f"{number}@example.com")
        assert count_queries() == one


class TestNewsletters:
    def test_with_subscribers_are_not_deleted(self, admin_client, newsletter, subscription):
        url = reverse(
            "wagtailsnippets_newsroom_newsletters_newsletter:delete", args=[newsletter.pk]
        )
        response = admin_client.post(url, follow=True)
        assert "Close it instead" in response.content.decode()
        newsletter.refresh_from_db()
