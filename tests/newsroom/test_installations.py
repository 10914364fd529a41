"""The sites newsroom can be installed in, each tried in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

PROJECT = "newsroom.project.settings.test"
ALONE = "tests.newsroom.without_elections"
SWAPPED = "tests.swapped_site.settings"

CHECK_ALL = """
import django
from django.conf import settings
from django.core.management import call_command
{override}
django.setup()
call_command("check", fail_level="WARNING")
call_command("makemigrations", check_changes=True, dry_run=True)
"""

SHOW_A_STORY = """
import django
django.setup()
from django.core.management import call_command
from django.test.utils import setup_test_environment
setup_test_environment()
call_command("migrate", verbosity=0)
from django.test import Client
from wagtail.models import Site
from wagtail.rich_text import RichText
from tests.swapped_site.house.models import HousePage
from tests.swapped_site.stories.models import HouseHome, HouseSection, HouseStory
root = HousePage.get_first_root_node()
home = root.add_child(instance=HouseHome(title="The House", slug="house"))
Site.objects.update_or_create(
    is_default_site=True, defaults={"hostname": "testserver", "root_page": home}
)
section = home.add_child(instance=HouseSection(title="Politics", slug="politics"))
text = RichText(f'<p>In <a linktype="page" id="{section.pk}">Politics</a>.</p>')
story = section.add_child(
    instance=HouseStory(title="It works", slug="it-works", body=[("paragraph", text)])
)
for url in ("/", "/politics/", "/politics/it-works/"):
    response = Client().get(url)
    assert response.status_code == 200, url
    assert "It works" in response.content.decode(), url
assert 'href="/politics/"' in response.content.decode()
"""


def run(
    code: str, settings: str, tmp_path: Path, **environment: str
) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        cwd=ROOT,
        env={
            **os.environ,
            **environment,
            "DJANGO_SETTINGS_MODULE": settings,
            "NEWSROOM_TEST_DIR": str(tmp_path),
            "DATABASE_URL": f"sqlite:///{tmp_path / 'site.sqlite3'}",
            "PYTEST_XDIST_WORKER": "site",
        },
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


@pytest.mark.parametrize(
    ("settings", "override", "environment"),
    [
        pytest.param(PROJECT, "", {}, id="with the elections blocks"),
        pytest.param(PROJECT, "settings.NEWSROOM_STORY_BLOCKS = []", {}, id="with an empty slot"),
        pytest.param(
            PROJECT,
            'settings.NEWSROOM_STORY_BLOCKS = [("motto", "wagtail.blocks.CharBlock")]',
            {},
            id="with another block",
        ),
        pytest.param(ALONE, "", {}, id="without elections"),
        pytest.param(SWAPPED, "", {}, id="with a base page of its own"),
        pytest.param(
            SWAPPED, "", {"WITH_ELECTIONS": "1"}, id="with a base page of its own and elections"
        ),
    ],
)
def test_a_site_needs_no_migration_and_passes_check(settings, override, environment, tmp_path):
    done = run(CHECK_ALL.format(override=override), settings, tmp_path, **environment)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "No changes detected" in done.stdout


def test_a_wrong_slot_is_refused_with_a_sentence(tmp_path):
    override = 'settings.NEWSROOM_STORY_BLOCKS = [("result", "elections.blocks.Nothing")]'
    done = run(CHECK_ALL.format(override=override), PROJECT, tmp_path)
    assert done.returncode != 0
    assert "newsroom.E001" in done.stderr
    assert "'elections.blocks.Nothing' for 'result', which cannot be imported" in done.stderr


@pytest.mark.slow
def test_a_site_with_its_own_base_page_shows_its_stories(tmp_path):
    (tmp_path / "site").mkdir()
    done = run(SHOW_A_STORY, SWAPPED, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
