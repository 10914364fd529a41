"""The nginx template of deploy/, filled in for a folder and a port of this machine."""

import re
from pathlib import Path

TEMPLATE = Path(__file__).parents[2] / "deploy" / "nginx" / "newsroom.conf.template"


def render_front(*, port: int, site_port: int, files: Path, cache: Path, scheme="https") -> str:
    """Do what the nginx image does at its start: put values where ``${NAME}`` stands."""
    values = {
        "LISTEN": f"127.0.0.1:{port}",
        "APP": f"127.0.0.1:{site_port}",
        "FILES_ROOT": str(files),
        "CACHE_DIR": str(cache),
        "RESOLVER": "127.0.0.1",
        "PUBLIC_SCHEME": scheme,
    }
    return re.sub(r"\$\{(\w+)\}", lambda name: values[name[1]], TEMPLATE.read_text())
