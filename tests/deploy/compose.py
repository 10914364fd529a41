"""What docker-compose.yml says, for tests that check it and tests that run it without Docker."""

import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]


def read_compose() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def environment_of(service: dict[str, Any], **dot_env: str) -> dict[str, str]:
    """Return a service's environment with ``${NAME}`` filled in as compose does it."""

    def fill(found: re.Match[str]) -> str:
        name, default = found["name"], found["default"]
        return dot_env.get(name, default or "")

    reference = re.compile(r"\$\{(?P<name>\w+)(?::-(?P<default>[^}]*)|:\?[^}]*)?\}")
    return {name: reference.sub(fill, value) for name, value in service["environment"].items()}
