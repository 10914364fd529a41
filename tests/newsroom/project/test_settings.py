import pytest
from django.conf import settings

from newsroom.project.settings.base import next_redis_database


class TestNextRedisDatabase:
    @pytest.mark.parametrize(
        ("url", "expected"),
        [
            ("redis://localhost:6379/0", "redis://localhost:6379/1"),
            ("redis://localhost:6379", "redis://localhost:6379/1"),
            ("redis://localhost:6379/", "redis://localhost:6379/1"),
            (
                "rediss://user:secret@cache.example.org:6380/4",
                "rediss://user:secret@cache.example.org:6380/5",
            ),
        ],
    )
    def test_is_not_the_database_of_the_tasks(self, url, expected):
        assert next_redis_database(url) == expected


class TestTaskTimes:
    def test_a_task_ends_before_redis_hands_it_on(self):
        assert settings.CELERY_TASK_SOFT_TIME_LIMIT < settings.CELERY_TASK_TIME_LIMIT < 30

    def test_a_tick_does_not_outlive_the_next(self):
        for tick in settings.CELERY_BEAT_SCHEDULE.values():
            assert tick["options"]["expires"] <= tick["schedule"]


@pytest.mark.django_db
class TestPublicHeaders:
    """Of a page that does not exist, which every site has."""

    @pytest.fixture
    def response(self, client):
        return client.get("/no-such-page/")

    def test_allow_nothing_inline_and_nothing_from_elsewhere(self, response):
        policy = dict(
            directive.split(" ", 1) for directive in response["Content-Security-Policy"].split("; ")
        )
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
        assert "unsafe" not in response["Content-Security-Policy"]

    def test_let_everyone_share_the_page(self, response):
        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")

    def test_keep_browsers_from_features_nobody_uses(self, response):
        assert "camera=()" in response["Permissions-Policy"]
        assert response["X-Frame-Options"] == "DENY"
        assert response["Referrer-Policy"] == "strict-origin-when-cross-origin"

    def test_leave_the_admin_its_own_policy(self, client):
        assert "Content-Security-Policy" not in client.get("/admin/login/")
