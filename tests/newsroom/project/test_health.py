import pytest
from django.db import OperationalError, connection

from newsroom.project import health


@pytest.mark.django_db
class TestHealth:
    @pytest.mark.parametrize("path", ["/livez", "/readyz"])
    def test_answers_under_any_host_without_a_cookie(self, client, settings, path):
        settings.ALLOWED_HOSTS = ["news.example.org"]
        settings.SECURE_SSL_REDIRECT = True
        response = client.get(path, headers={"host": "10.0.0.7:8000"})
        assert response.status_code == 200
        assert not response.cookies
        assert response["Cache-Control"] == "no-store"

    def test_is_ready_with_database_and_cache(self, client):
        assert client.get("/readyz").json() == {"database": "ok", "cache": "ok"}

    def test_is_not_ready_without_the_database(self, client, monkeypatch):
        def refuse():
            raise OperationalError

        monkeypatch.setattr(connection, "cursor", refuse)
        response = client.get("/readyz")
        assert response.status_code == 503
        assert response.json()["database"] == "unreachable"
        assert client.get("/livez").status_code == 200

    def test_is_ready_without_the_cache(self, client, monkeypatch):
        monkeypatch.setattr(health.cache, "get", lambda key: None)
        response = client.get("/readyz")
        assert response.status_code == 200
        assert response.json()["cache"] == "unreachable"
