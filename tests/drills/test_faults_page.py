"""docs/faults.md names tests that exist, and leaves no row without one."""

import re
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
PAGE = (CHECKOUT / "docs" / "faults.md").read_text()
TESTS = CHECKOUT / "tests"
ROWS = re.findall(r"^\| (\d+) \| (.+?) \| (.+) \|$", PAGE, re.MULTILINE)


def test_every_row_has_a_test_or_says_later():
    assert [int(number) for number, _, _ in ROWS] == list(range(1, 61))
    for number, fault, tests in ROWS:
        assert "`" in tests or tests.startswith("Later: "), (number, fault)


def test_every_file_and_test_that_it_names_is_there():
    for pattern in re.findall(r"`([a-z_]+/[^` ]+)`", "".join(tests for _, _, tests in ROWS)):
        for name in names_of(pattern):
            assert list(TESTS.glob(name)), name
    code = "".join(path.read_text() for path in TESTS.rglob("test_*.py"))
    files = {path.stem for path in TESTS.rglob("test_*.py")}
    for name in set(re.findall(r"\bTest[A-Z]\w+|\btest_\w+\b", "".join(t for _, _, t in ROWS))):
        assert name in files or re.search(rf"(class|def) {name}\b", code), name


def names_of(pattern: str) -> list[str]:
    """Return the globs that a pattern like ``golden/*/{empty,html}.*`` stands for."""
    braces = re.search(r"\{(.+)\}", pattern)
    if braces is None:
        return [pattern]
    return [pattern.replace(braces[0], part) for part in braces[1].split(",")]
