"""The counting room stands alone: no Django, no clock, no network."""

import ast
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

from elections import counting

FOLDER = Path(counting.__file__).parent
ROOT = FOLDER.parent.parent
MODULES = sorted(
    module.name for module in pkgutil.walk_packages(counting.__path__, "elections.counting.")
)
MAY_IMPORT = {
    "__future__",
    "collections",
    "dataclasses",
    "datetime",
    "difflib",
    "enum",
    "fractions",
    "functools",
    "hashlib",
    "itertools",
    "re",
    "unicodedata",
}
MAY_IMPORT |= {"typing", "msgspec", "elections.counting"}
CLOCKS = {"now", "utcnow", "today", "time", "monotonic"}


def run_without_django(*imports: str) -> subprocess.CompletedProcess:
    lines = ["import sys", "sys.modules['django'] = None"]
    lines += [f"import {name}" for name in imports]
    lines += ["print(sorted(name for name in sys.modules if name.startswith('django')))"]
    return subprocess.run(
        [sys.executable, "-c", "\n".join(lines)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


class TestCounting:
    def test_imports_where_django_is_blocked(self):
        assert "elections.counting.guards" in MODULES
        finished = run_without_django(*MODULES)
        assert finished.returncode == 0, finished.stderr
        assert finished.stdout.strip() == "['django']"

    def test_would_be_caught_importing_django(self):
        finished = run_without_django("elections.apps")
        assert finished.returncode != 0
        assert "django" in finished.stderr

    @pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.name)
    def test_imports_only_what_has_no_clock_and_no_network(self, path):
        tree = ast.parse(path.read_text())
        for node in ast.walk(tree):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module]
            for name in names:
                is_ours = name.startswith("elections.counting")
                assert is_ours or name.split(".")[0] in MAY_IMPORT

    @pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.name)
    def test_asks_no_clock(self, path):
        calls = [
            node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)
        ]
        asked = {node.func.attr for node in calls if isinstance(node.func, ast.Attribute)}
        assert not asked & CLOCKS
