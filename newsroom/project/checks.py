"""System checks of the example site: what must not go into production by accident."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register


def is_one_process() -> bool:
    """Tell whether this is a developer's or a demo's single process."""
    return settings.DEBUG or settings.EMBEDDED_WORKER


@register
def check_broker(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The memory:// broker reaches only its own process: tasks of others would wait for ever."""
    if is_one_process() or not settings.CELERY_BROKER_URL.startswith("memory://"):
        return []
    return [
        Error(
            "Tasks would never run: the memory:// broker reaches only its own process.",
            hint="Set REDIS_URL, like redis://host:6379/0.",
            id="newsroom_project.E001",
        )
    ]


@register
def check_database(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """SQLite takes one writer at a time; a web server and its workers are several."""
    engine = settings.DATABASES["default"]["ENGINE"]
    if is_one_process() or engine != "django.db.backends.sqlite3":
        return []
    return [
        Error(
            "SQLite does not carry a web server and its workers at once.",
            hint="Set DATABASE_URL, like postgres://user:password@host:5432/name.",
            id="newsroom_project.E002",
        )
    ]
