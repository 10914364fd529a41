"""The pins in requirements/ are compiled from pyproject.toml, the one list of dependencies."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement

from tests.deploy.compose import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
EXTRAS = PROJECT["project"]["optional-dependencies"]
SITE = [*PROJECT["project"]["dependencies"], *EXTRAS["site"]]
PRODUCTION = [*SITE, *EXTRAS["production"]]
LISTS = {
    "base": SITE,
    "production": PRODUCTION,
    "dev": [*PRODUCTION, *PROJECT["dependency-groups"]["dev"]],
}


@pytest.mark.parametrize("name", LISTS)
class TestPins:
    def test_fulfil_every_dependency(self, name):
        text = (ROOT / "requirements" / f"{name}.txt").read_text()
        pins = dict(re.findall(r"^([a-z0-9._-]+)==([^ ;\\]+)", text, re.MULTILINE))
        for line in LISTS[name]:
            wanted = Requirement(line)
            assert wanted.name.lower() in pins, f"Run make requirements: {line} has no pin."
            assert wanted.specifier.contains(pins[wanted.name.lower()])

    def test_say_nothing_about_the_machine_that_compiled_them(self, name):
        text = (ROOT / "requirements" / f"{name}.txt").read_text()
        assert "make requirements" in text.splitlines()[1]
        assert not re.search(r"https?://|file:|--index|--find-links", text)
        assert not [line for line in text.splitlines() if re.match(r"\s*#.*\s/\w", line)]
