"""docs/faults.md and docs/acceptance.md name tests that exist, and leave no row without one."""

import re
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
TESTS = CHECKOUT / "tests"
LENGTHS = {"faults": 60, "acceptance": 20}


def rows_of(page: str) -> list[tuple[str, str, str]]:
    text = (CHECKOUT / "docs" / f"{page}.md").read_text()
    return re.findall(r"^\| (\d+) \| (.+?) \| (.+) \|$", text, re.MULTILINE)


@pytest.mark.parametrize("page", LENGTHS)
def test_every_row_has_a_test_or_says_later(page):
    rows = rows_of(page)
    assert [int(number) for number, _, _ in rows] == list(range(1, LENGTHS[page] + 1))
    for number, fault, tests in rows:
        assert "`" in tests or tests.startswith("Later: "), (number, fault)


@pytest.mark.parametrize("page", LENGTHS)
def test_every_file_and_test_that_it_names_is_there(page):
    named = "\n".join(tests for _, _, tests in rows_of(page))
    for pattern in re.findall(r"`([a-z_]+/[^` ]+)`", named):
        for name in names_of(pattern):
            assert list(TESTS.glob(name)), name
    code = "".join(path.read_text() for path in TESTS.rglob("test_*.py"))
    files = {path.stem for path in TESTS.rglob("test_*.py")}
    for name in set(re.findall(r"\bTest[A-Z]\w+|\btest_\w+\b", named)):
        assert name in files or re.search(rf"(class|def) {name}\b", code), name


def names_of(pattern: str) -> list[str]:
    """Return the globs that a pattern like ``golden/*/{empty,html}.*`` stands for."""
    braces = re.search(r"\{(.+)\}", pattern)
    if braces is None:
        return [pattern]
    return [pattern.replace(braces[0], part) for part in braces[1].split(",")]
