from django.test import override_settings

from newsroom.project.checks import check_broker, check_database

PRODUCTION = {"DEBUG": False, "EMBEDDED_WORKER": False}
SQLITE = "django.db.backends.sqlite3"
POSTGRESQL = "django.db.backends.postgresql"


class TestCheckBroker:
    def test_refuses_the_memory_broker_in_production(self):
        with override_settings(**PRODUCTION, CELERY_BROKER_URL="memory://"):
            [error] = check_broker(None)
        assert error.id == "newsroom_project.E001"
        assert "REDIS_URL" in error.hint

    def test_allows_redis_in_production(self):
        with override_settings(**PRODUCTION, CELERY_BROKER_URL="redis://localhost:6379/0"):
            assert check_broker(None) == []

    def test_allows_the_memory_broker_in_one_process(self):
        settings = {"DEBUG": False, "EMBEDDED_WORKER": True, "CELERY_BROKER_URL": "memory://"}
        with override_settings(**settings):
            assert check_broker(None) == []


class TestCheckDatabase:
    def check(self, settings, monkeypatch, *, engine, embedded=False):
        settings.DEBUG, settings.EMBEDDED_WORKER = False, embedded
        monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", engine)
        return check_database(None)

    def test_refuses_sqlite_in_production(self, settings, monkeypatch):
        [error] = self.check(settings, monkeypatch, engine=SQLITE)
        assert error.id == "newsroom_project.E002"
        assert "DATABASE_URL" in error.hint

    def test_allows_postgresql_in_production(self, settings, monkeypatch):
        assert self.check(settings, monkeypatch, engine=POSTGRESQL) == []

    def test_allows_sqlite_in_one_process(self, settings, monkeypatch):
        assert self.check(settings, monkeypatch, engine=SQLITE, embedded=True) == []
