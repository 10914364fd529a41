"""Contests and selections of a source that has ids of its own."""

from __future__ import annotations

from elections.counting.results import ContestCount, SelectionCount


class KeyedSelection(SelectionCount, frozen=True, gc=False):
    """A selection that keeps its id when its name is corrected; "" where it has none.

    The yes and the no of a question have none: they are known by their names everywhere.
    """

    id: str = ""

    @property
    def key(self) -> str:
        """The source's id, or the name."""
        return self.id or self.name


class KeyedContest(ContestCount, frozen=True, gc=False):
    """A contest that keeps its id when its title is corrected; "" where it has none."""

    id: str = ""

    @property
    def key(self) -> str:
        """The source's id, or the title."""
        return self.id or self.title


def is_answer(name: str) -> bool:
    """Whether the name is a question's yes or no."""
    return name.casefold() in {"yes", "no"}
