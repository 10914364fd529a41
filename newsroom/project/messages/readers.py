"""Which files speak to readers, and the catalog of each app.

What only editors see is not here: it stays English, and is read with ``everything``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from newsroom.project.messages.reading import Found, Message, in_order, read_module, read_template

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Catalog:
    """The texts of one app. ``whole`` modules speak to readers alone, ``mixed`` ones to both."""

    app: str
    templates: tuple[str, ...]
    not_templates: tuple[str, ...]
    whole: tuple[str, ...]
    mixed: tuple[str, ...]
    for_editors: tuple[str, ...]

    def path(self, language: str) -> Path:
        return ROOT / self.app / "locale" / language / "LC_MESSAGES" / "django.po"

    def messages(self, *, everything: bool = False) -> dict[Message, list[Found]]:
        """Return what readers see; with ``everything``, what editors see, too."""
        return in_order(self._everything() if everything else self._for_readers())

    def _for_readers(self) -> Iterator[Found]:
        for path in _files(self.templates, without=self.not_templates):
            yield from read_template(path, ROOT)
        for path in _files(self.whole, without=self.for_editors):
            yield from read_module(path, ROOT)
        for path in _files(self.mixed, without=self.for_editors):
            yield from read_module(path, ROOT, mixed=True)

    def _everything(self) -> Iterator[Found]:
        for path in _files(self.templates):
            yield from read_template(path, ROOT)
        for path in _files((f"{self.app}/**/*.py",), without=(f"{self.app}/project/**/*.py",)):
            yield from read_module(path, ROOT)


def _files(patterns: tuple[str, ...], without: tuple[str, ...] = ()) -> list[Path]:
    left_out = {path for pattern in without for path in ROOT.glob(pattern)}
    found = {path for pattern in patterns for path in ROOT.glob(pattern)}
    return sorted(found - left_out)


CATALOGS = (
    Catalog(
        app="newsroom",
        templates=(
            "templates/newsroom/**/*.html",
            "templates/newsroom/**/*.txt",
            "templates/*.html",
        ),
        not_templates=(
            "templates/newsroom/admin/**/*",
            "templates/newsroom/**/staff/**/*",
        ),
        whole=(
            "newsroom/style.py",
            "newsroom/chrome.py",
            "newsroom/calls_to_action/donating.py",
            "newsroom/newsletters/forms.py",
            "newsroom/newsletters/issues/letter.py",
            "newsroom/newsletters/letters.py",
            "newsroom/newsletters/views/*.py",
        ),
        mixed=("newsroom/blocks/*.py", "newsroom/frames.py", "newsroom/links.py"),
        for_editors=(
            "newsroom/blocks/groups.py",
            "newsroom/blocks/sheets.py",
            "newsroom/blocks/text.py",
        ),
    ),
    Catalog(
        app="elections",
        templates=("templates/elections/**/*.html",),
        not_templates=("templates/elections/desk/**/*",),
        whole=(
            "elections/announcing.py",
            "elections/widgets/*.py",
            "elections/pages/choices.py",
            "elections/pages/overview.py",
        ),
        mixed=(
            "elections/boards.py",
            "elections/candidates.py",
            "elections/following.py",
            "elections/subjects.py",
        ),
        for_editors=(),
    ),
)
