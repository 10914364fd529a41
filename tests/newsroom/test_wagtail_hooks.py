import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
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
        for name in ("Authors", "Calls to action", "Newsletters", "Subscribers"):
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


class TestNewsletters:
    def test_with_subscribers_are_not_deleted(self, admin_client, newsletter, subscription):
        url = reverse(
            "wagtailsnippets_newsroom_newsletters_newsletter:delete", args=[newsletter.pk]
        )
        response = admin_client.post(url, follow=True)
        assert "Close it instead" in response.content.decode()
        newsletter.refresh_from_db()
