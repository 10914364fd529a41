"""Production settings are read once per process, so each test starts one."""

import os
import subprocess
import sys

import pytest

from tests.deploy.compose import ROOT

ENVIRONMENT = {
    "SECRET_KEY": "0123456789 abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "ALLOWED_HOSTS": "news.example.org",
    "DATABASE_URL": "postgres://newsroom:secret@localhost:5432/newsroom",
    "REDIS_URL": "redis://localhost:6379/0",
}
KEYS = {"NEWSLETTER_KEYS": "a key of its own for the newsletters"}


def manage(tmp_path, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py as in production, with changes to the environment ("" takes a name out)."""
    env = {name: value for name, value in (ENVIRONMENT | changes).items() if value}
    env |= {
        "DJANGO_SETTINGS_MODULE": "newsroom.project.settings.production",
        "NEWSROOM_VAR_DIR": str(tmp_path),
        "PATH": os.environ["PATH"],
    }
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)


class TestProduction:
    def test_has_no_deployment_warning(self, tmp_path):
        done = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **KEYS)
        assert done.returncode == 0, done.stderr
        assert "no issues" in done.stdout + done.stderr

    def test_asks_for_a_key_of_the_newsletters(self, tmp_path):
        done = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING")
        assert "newsroom_newsletters.W001" in done.stderr

    def test_takes_a_mail_provider_from_the_environment(self, tmp_path):
        provider = {"EMAIL_PROVIDER": "postmark", "ANYMAIL_POSTMARK_SERVER_TOKEN": "x"}
        words = "from django.conf import settings; print(settings.EMAIL_BACKEND, settings.ANYMAIL)"
        done = manage(tmp_path, "shell", "--no-imports", "-c", words, **provider)
        assert "anymail.backends.postmark.EmailBackend" in done.stdout, done.stderr
        assert "'POSTMARK_SERVER_TOKEN': 'x'" in done.stdout

    @pytest.mark.parametrize("name", sorted(ENVIRONMENT))
    def test_says_what_is_missing(self, tmp_path, name):
        done = manage(tmp_path, "check", **{name: ""})
        assert done.returncode != 0
        assert (
            f"ImproperlyConfigured: Production settings need these environment variables: {name}"
            in done.stderr
        )

    def test_refuses_the_memory_broker(self, tmp_path):
        done = manage(tmp_path, "check", REDIS_URL="memory://")
        assert done.returncode != 0
        assert "newsroom_project.E001" in done.stderr

    def test_refuses_sqlite(self, tmp_path):
        done = manage(tmp_path, "check", DATABASE_URL=f"sqlite:///{tmp_path}/news.sqlite3")
        assert done.returncode != 0
        assert "newsroom_project.E002" in done.stderr
