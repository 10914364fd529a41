"""Follows the README's five steps, word by word, in an empty Wagtail site."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.compose import ROOT

pytestmark = pytest.mark.slow

BIN = Path(sys.executable).parent


def read_steps() -> dict[int, list[str]]:
    """Return the blocks of code of each numbered step."""
    text = (ROOT / "README.md").read_text()
    section = text[text.index("## Install it") : text.index("## Settings")]
    steps = re.split(r"^### (\d)\. .*$", section, flags=re.MULTILINE)[1:]
    return {
        int(number): re.findall(r"^```\w+\n(.*?)^```$", step, re.MULTILINE | re.DOTALL)
        for number, step in zip(steps[::2], steps[1::2], strict=True)
    }


class EmptySite:
    """A folder with `wagtail start` in it and an environment of its own beside it."""

    def __init__(self, folder: Path):
        self.folder = folder / "site"
        self.bin = folder / "venv" / "bin"
        self.folder.mkdir()
        self.run([BIN / "uv", "venv", "--quiet", "--python", sys.executable, folder / "venv"])

    def run(self, command: list[str | Path], **options) -> str:
        ours = ("DJANGO_", "NEWSROOM_", "DATABASE_", "REDIS_", "PYTHON")
        env = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        env |= {"PATH": f"{self.bin}:{env['PATH']}", "VIRTUAL_ENV": str(self.bin.parent)}
        done = subprocess.run(
            command, cwd=self.folder, env=env, capture_output=True, text=True, **options
        )
        assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
        return done.stdout + done.stderr

    def manage(self, *arguments: str, **options) -> str:
        return self.run([self.bin / "python", "manage.py", *arguments], **options)

    def append(self, path: str, code: str) -> None:
        file = self.folder / path
        file.write_text((file.read_text() if file.exists() else "") + "\n" + code)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    dist = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", dist, ROOT]
    subprocess.run(command, check=True, capture_output=True)
    [path] = dist.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def site(tmp_path_factory, wheel) -> EmptySite:
    steps = read_steps()
    site = EmptySite(tmp_path_factory.mktemp("empty"))
    [install] = steps[1]
    assert wheel.name in install
    site.run([BIN / "uv", "pip", "install", "--quiet", wheel, "-c", ROOT / "requirements/dev.txt"])
    site.run([site.bin / "wagtail", "start", "mysite", "."])
    [settings] = steps[2]
    site.append("mysite/settings/base.py", settings)
    [urls] = steps[3]
    site.append("mysite/urls.py", urls)
    application, package = steps[4]
    site.append("mysite/celery.py", application)
    site.append("mysite/__init__.py", package)
    return site


class TestReadme:
    def test_has_five_steps(self):
        assert sorted(read_steps()) == [1, 2, 3, 4, 5]


class TestEmptySite:
    def test_runs_with_the_package(self, site):
        assert "no issues" in site.manage("check")
        assert "No changes detected" in site.manage("makemigrations", "--check", "--dry-run")
        [start] = read_steps()[5]
        for line in start.splitlines():
            if line.startswith("python manage.py"):
                site.manage(*line.split()[2:])
        site.manage("shell", input=(ROOT / "tests/deploy/a_story.py").read_text())

    @pytest.mark.parametrize("program", ["worker", "beat"])
    def test_its_celery_finds_the_tasks(self, site, program):
        [start] = read_steps()[5]
        assert f"celery --app mysite {program}" in start
        tasks = "from mysite import celery_app as a; a.loader.import_default_modules();"
        tasks += "print({t['task'] for t in a.conf.beat_schedule.values()} <= set(a.tasks))"
        assert "True" in site.run([site.bin / "python", "-c", tasks])
