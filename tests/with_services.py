"""A pytest plugin: runs the suite on a real PostgreSQL and a real Redis.

    python -m pytest -p tests.with_services -m services

The servers start before Django's settings are read, and end with the run. With pytest-xdist
every worker has its own PostgreSQL databases, and they share the Redis.
"""

import contextlib
import os

import pytest

from tests.servers import MissingServiceError, postgres, redis_server

_servers = contextlib.ExitStack()


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    try:
        database = _servers.enter_context(postgres())
        redis = _servers.enter_context(redis_server())
    except MissingServiceError as error:
        _servers.close()
        if os.environ.get("NEWSROOM_REQUIRE_ALL") == "1":
            raise pytest.UsageError(str(error)) from error
        os.environ["NEWSROOM_MISSING_SERVICE"] = str(error)
        return
    os.environ["DATABASE_URL"] = database.url
    os.environ["REDIS_URL"] = redis.url


def pytest_unconfigure() -> None:
    _servers.close()
