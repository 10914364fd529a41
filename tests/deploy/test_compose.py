import importlib.util
import re

import pytest
from django.core.management import get_commands

from tests.deploy.compose import ROOT, environment_of, read_compose

SERVICES = read_compose()["services"]
OURS = ["web", "worker", "beat", "migrate"]
DOT_ENV = {
    "SECRET_KEY": "secret",
    "ALLOWED_HOSTS": "news.example.org",
    "BASE_URL": "https://news.example.org",
    "POSTGRES_PASSWORD": "password",
}


class TestServices:
    def test_are_the_site_its_helpers_and_its_stores(self):
        assert set(SERVICES) == {*OURS, "nginx", "postgres", "redis"}

    def test_only_nginx_can_be_reached_from_outside(self):
        assert [name for name, service in SERVICES.items() if "ports" in service] == ["nginx"]

    @pytest.mark.parametrize("name", sorted(set(SERVICES) - {"migrate"}))
    def test_come_back_after_a_crash_and_say_how_they_are(self, name):
        assert SERVICES[name]["restart"] == "unless-stopped"
        assert SERVICES[name]["healthcheck"]["test"]

    def test_migrate_runs_once_before_the_others(self):
        assert SERVICES["migrate"]["restart"] == "no"
        for name in ["web", "worker", "beat"]:
            migrated = SERVICES[name]["depends_on"]["migrate"]
            assert migrated == {"condition": "service_completed_successfully"}

    def test_results_are_shared_by_those_who_write_and_those_who_serve(self):
        for name in ["web", "worker"]:
            assert "results:/srv/results" in SERVICES[name]["volumes"]
        assert "results:/srv/results:ro" in SERVICES["nginx"]["volumes"]

    @pytest.mark.parametrize("name", OURS)
    def test_have_all_that_production_settings_ask_for(self, name):
        environment = environment_of(SERVICES[name], **DOT_ENV)
        settings = (ROOT / "newsroom/project/settings/production.py").read_text()
        required = settings[settings.index("REQUIRED") : settings.index("if missing")]
        for variable in re.findall(r'"([A-Z_]+)":', required):
            assert environment[variable]
            assert "$" not in environment[variable]


class TestCommands:
    def test_name_modules_that_exist(self):
        *_, config, wsgi = SERVICES["web"]["command"]
        assert (ROOT / config).is_file()
        assert importlib.util.find_spec(wsgi)
        for name in ["worker", "beat"]:
            program, option, module, subcommand, *_ = SERVICES[name]["command"]
            assert (program, option, subcommand) == ("celery", "--app", name)
            assert importlib.util.find_spec(module)

    def test_migrate_is_a_command_of_the_site(self):
        python, manage, command, *_ = SERVICES["migrate"]["command"]
        assert (python, manage) == ("python", "manage.py")
        assert command in get_commands()


class TestImages:
    TEXT = (ROOT / "Dockerfile").read_text()

    def test_have_the_stages_that_compose_builds(self):
        stages = re.findall(r"^FROM \S+ AS (\w+)$", self.TEXT, re.MULTILINE)
        built = {s["build"]["target"] for s in SERVICES.values() if "build" in s}
        assert built == {"site", "front"}
        assert built < set(stages)

    def test_do_not_run_as_root(self):
        site = self.TEXT[self.TEXT.index("AS site") : self.TEXT.index("AS front")]
        assert re.findall(r"^USER (\w+)$", site, re.MULTILINE) == ["newsroom"]
        assert "nginx-unprivileged" in self.TEXT

    def test_copy_only_what_is_there_and_not_ignored(self):
        ignored = (ROOT / ".dockerignore").read_text().splitlines()
        for source in re.findall(r"^COPY (?!--from)(\S+) ", self.TEXT, re.MULTILINE):
            assert (ROOT / source).exists()
            assert f"!{source.split('/')[0]}" in ignored

    def test_front_sets_every_value_the_template_asks_for(self):
        front = self.TEXT[self.TEXT.index("AS front") :]
        template = (ROOT / "deploy/nginx/newsroom.conf.template").read_text()
        asked = set(re.findall(r"\$\{([A-Z_]+)\}", template))
        assert asked == set(re.findall(r"\b([A-Z_]+)=", front))
