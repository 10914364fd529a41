"""The site with production's settings on a PostgreSQL and a Redis of its own, thrown away after."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator

from tests.servers import postgres, redis_server

MEMORY = "/dev/shm"


@contextlib.contextmanager
def running_site() -> Iterator[None]:
    """Set Django up in this process, with an empty database and collected static files.

    Files, the result files among them, are written to memory where the machine has such a folder:
    a disk that others use would be all that is seen of publishing.
    The environment then names the same database and folders for processes started from here.
    """
    with (
        tempfile.TemporaryDirectory(
            prefix="newsroom-bench-", dir=MEMORY if os.path.isdir(MEMORY) else None
        ) as folder,
        postgres(own=True, durable=True) as database,
        redis_server(own=True) as redis,
    ):
        os.environ.update(
            DJANGO_SETTINGS_MODULE="newsroom.project.settings.production",
            SECRET_KEY="a key for measurements, as long as one for readers has to be",
            ALLOWED_HOSTS="localhost,127.0.0.1",
            DATABASE_URL=database.url,
            REDIS_URL=redis.url,
            NEWSROOM_VAR_DIR=folder,
            LOG_LEVEL="ERROR",
        )
        _set_up()
        yield


def _set_up() -> None:
    import django

    django.setup()

    from django.core.management import call_command
    from django.db import connection

    from tests.conftest import plant_site_tree

    url, _, _name = os.environ["DATABASE_URL"].rpartition("/")
    connection.settings_dict["TEST"]["MIGRATE"] = False
    connection.creation.create_test_db(verbosity=0, serialize=False)
    os.environ["DATABASE_URL"] = f"{url}/{connection.settings_dict['NAME']}"
    plant_site_tree()
    call_command("collectstatic", interactive=False, verbosity=0)
