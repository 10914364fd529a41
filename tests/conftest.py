"""What every test may ask for. Rooms keep their own fixtures in their own conftest.py."""

import os
import shutil
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db import connection
from hypothesis import HealthCheck, settings

REQUIRE_ALL = os.environ.get("NEWSROOM_REQUIRE_ALL") == "1"
# The same examples each time, however busy the machine: a run must not fail by chance.
# ``--hypothesis-profile=default`` looks for new ones.
settings.register_profile(
    "steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("steady")

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def has_services() -> bool:
    is_postgres = os.environ.get("DATABASE_URL", "").startswith("postgres")
    return is_postgres and bool(os.environ.get("REDIS_URL"))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip tests marked ``services`` where there is no PostgreSQL and Redis.

    What drives a browser or several processes gets a second try: on a busy machine one of them
    may not answer within the time of the test. The report counts such tries.
    """
    for item in items:
        if item.get_closest_marker("browser") or item.get_closest_marker("services"):
            item.add_marker(pytest.mark.flaky(reruns=1))
    if has_services():
        return
    missing = os.environ.get("NEWSROOM_MISSING_SERVICE", "Run it with -p tests.with_services.")
    skip = pytest.mark.skip(reason=f"Needs real PostgreSQL and Redis. {missing}")
    for item in items:
        if item.get_closest_marker("services"):
            item.add_marker(skip)


def plant_site_tree() -> None:
    """Make what Wagtail's data migrations make: locale, root page, home page, site, collection.

    Tests run without migrations (--no-migrations), and a test with real transactions empties
    the tables behind itself.
    """
    from wagtail.models import (
        Collection,
        Locale,
        Page,
        Site,
        get_default_page_content_type,
    )

    locale, _ = Locale.objects.get_or_create(language_code="en")
    if not Collection.objects.exists():
        Collection.add_root(name="Root")
    if Site.objects.exists():
        return
    root = Page.get_first_root_node() or Page.add_root(
        instance=Page(
            title="Root", slug="root", locale=locale, content_type=get_default_page_content_type()
        )
    )
    home = root.get_first_child() or root.add_child(
        instance=Page(title="Home", slug="home", locale=locale)
    )
    Site.objects.create(hostname="localhost", root_page=home, is_default_site=True)


def plant_search_index() -> None:
    """Make SQLite's full-text table as Wagtail's migration does; without it nothing is found."""
    from wagtail.search.models import IndexEntry

    entries = IndexEntry._meta.db_table
    with connection.cursor() as cursor:
        kind = "SELECT sql FROM sqlite_master WHERE name = %s"
        if "VIRTUAL" in cursor.execute(kind, [f"{entries}_fts"]).fetchone()[0]:
            return
        cursor.execute(f"DROP TABLE {entries}_fts")
        cursor.execute(f"CREATE VIRTUAL TABLE {entries}_fts USING fts5(autocomplete, body, title)")
        cursor.execute(
            f"CREATE TRIGGER insert_fts AFTER INSERT ON {entries} BEGIN "
            f"INSERT INTO {entries}_fts(title, body, autocomplete, rowid) "
            "VALUES (NEW.title, NEW.body, NEW.autocomplete, NEW.id); END"
        )
        cursor.execute(
            f"CREATE TRIGGER update_fts AFTER UPDATE ON {entries} BEGIN "
            f"UPDATE {entries}_fts SET title=NEW.title, body=NEW.body, "
            "autocomplete=NEW.autocomplete WHERE rowid=NEW.id; END"
        )
        cursor.execute(
            f"CREATE TRIGGER delete_fts AFTER DELETE ON {entries} BEGIN "
            f"DELETE FROM {entries}_fts WHERE rowid=OLD.id; END"
        )


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker) -> None:
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            plant_search_index()
        plant_site_tree()


@pytest.fixture
def transactional_db(transactional_db: None) -> None:
    plant_site_tree()


@pytest.fixture(autouse=True)
def _fresh_world(request: pytest.FixtureRequest) -> None:
    """Start each test with an empty cache, and with a site tree where transactions are real."""
    cache.clear()
    marker = request.node.get_closest_marker("django_db")
    is_transactional = marker is not None and marker.kwargs.get("transaction")
    if is_transactional or "live_server" in request.fixturenames:
        request.getfixturevalue("transactional_db")


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """A headless Chromium of this machine, driven by Playwright's synchronous API."""
    path = os.environ.get("NEWSROOM_CHROMIUM") or next(
        (found for name in CHROMIUM_NAMES if (found := shutil.which(name))), None
    )
    if path is None:
        sentence = "No Chromium on PATH. Install chromium, or name one in NEWSROOM_CHROMIUM."
        (pytest.fail if REQUIRE_ALL else pytest.skip)(sentence)
    from playwright.sync_api import sync_playwright

    # Playwright runs an event loop in this thread; Django would refuse database calls beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=arguments)
        yield chromium
        chromium.close()
