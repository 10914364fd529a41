"""What is in the package that a site installs."""

import zipfile

import pytest
from hatchling.builders.wheel import WheelBuilder

from tests.deploy.compose import ROOT


@pytest.fixture(scope="module")
def names(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    [path] = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    with zipfile.ZipFile(path) as wheel:
        return wheel.namelist()


class TestWheel:
    @pytest.mark.parametrize("app", ["newsroom", "elections"])
    def test_has_code_templates_static_files_and_migrations(self, names, app):
        assert f"{app}/apps.py" in names
        assert f"{app}/migrations/0001_initial.py" in names
        assert f"{app}/pages/migrations/0001_initial.py" in names
        for source in [*ROOT.glob(f"templates/{app}/**/*"), *ROOT.glob(f"{app}/static/**/*")]:
            if source.is_file():
                inside = source.relative_to(ROOT).as_posix()
                assert (f"{app}/{inside}" if inside.startswith("templates") else inside) in names

    @pytest.mark.parametrize("app", ["newsroom", "elections"])
    def test_has_what_readers_see_in_spanish(self, names, app):
        assert f"{app}/locale/es/LC_MESSAGES/django.mo" in names

    def test_has_no_example_site_no_tests_and_nothing_else(self, names):
        tops = {name.split("/")[0] for name in names}
        assert {top for top in tops if not top.endswith(".dist-info")} == {"newsroom", "elections"}
        assert not [name for name in names if name.startswith("newsroom/project")]
        assert not [name for name in names if "test" in name.split("/") or "/tests/" in name]
        assert not [name for name in names if name.endswith((".pyc", ".map"))]
