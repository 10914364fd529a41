"""In which languages results are published, and what editors' names are called in them.

Sentences come from the catalogs. Names of races, places, parties and sources come from the
editors' table of phrases; a few words that ballots everywhere have are known here. A name that
nobody has translated stays as it is.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings
from django.utils.translation import get_language, gettext, gettext_noop, override

from elections.conf import elections_settings
from elections.models import Contest, Election, Phrase, Selection
from newsroom.languages import address_in

if TYPE_CHECKING:
    from elections.widgets.facts import ContestFacts

Row = TypeVar("Row")

ANSWERS = frozenset({gettext_noop("Yes"), gettext_noop("No")})
WRITE_INS = frozenset({gettext_noop("Write-in"), gettext_noop("Write-ins")})
PARTIES = frozenset(
    {
        gettext_noop("American Independent"),
        gettext_noop("Democrat"),
        gettext_noop("Democratic"),
        gettext_noop("Green"),
        gettext_noop("Independent"),
        gettext_noop("Libertarian"),
        gettext_noop("No Party Preference"),
        gettext_noop("Nonpartisan"),
        gettext_noop("Peace and Freedom"),
        gettext_noop("Republican"),
        gettext_noop("Working Families"),
    }
)


def further_languages() -> list[str]:
    """Return the codes of the languages that results are published in besides the site's own."""
    wanted = dict.fromkeys(elections_settings.LANGUAGES)
    return [language for language in wanted if language != settings.LANGUAGE_CODE]


@dataclass(frozen=True)
class Names:
    """What names are called in one language. Without one they stay: the site's own language."""

    language: str = ""
    phrases: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def current(cls) -> Names:
        """Read the names in the language of the answer at hand; no query in the site's own."""
        language = get_language()
        if language not in further_languages():
            return cls()
        return cls(language, Phrase.objects.by_language([language])[language])

    @classmethod
    def of_all(cls) -> list[Names]:
        """Read the names in every further language, in one query; none without a language."""
        said = Phrase.objects.by_language(further_languages())
        return [cls(language, phrases) for language, phrases in said.items()]

    def of(self, text: str, known: Collection[str] = ()) -> str:
        """Return what a text is called. ``known``: words that the catalogs have, too."""
        said = self.phrases.get(text)
        if said is None and text in known and self.language:
            with override(self.language):
                return gettext(text)
        return said or text

    def election(self, election: Election) -> Election:
        return self._renamed(election, name=self.of(election.name))

    def contest(self, contest: Contest) -> Contest:
        """Return the race with its names in this language, and its election; never to be saved.

        Selections that were read beforehand are renamed with it.
        """
        if not self.language:
            return contest
        renamed = copy.copy(contest)
        for name in ("name", "division", "group", "coverage_note", "question"):
            setattr(renamed, name, self.of(getattr(contest, name)))
        renamed.election = self.election(contest.election)
        read = getattr(contest, "_prefetched_objects_cache", {})
        if "selections" in read:
            selections = copy.copy(read["selections"])
            selections._result_cache = list(self.selections(read["selections"]))
            renamed._prefetched_objects_cache = {**read, "selections": selections}
        return renamed

    def selections(self, selections: Iterable[Selection]) -> Iterable[Selection]:
        """Yield selections with their names and parties in this language."""
        for one in selections:
            words = ANSWERS if one.answer else ()
            if one.status == Selection.Status.WRITE_IN_POOL:
                words = WRITE_INS
            yield self._renamed(one, name=self.of(one.name, words), party=self.party(one.party))

    def party(self, party: str) -> str:
        return self.of(party, PARTIES)

    def facts(self, facts: ContestFacts) -> ContestFacts:
        """Return the facts behind a result with all names in this language."""
        if not self.language:
            return facts
        current, left = facts.current, facts.ballots_remaining
        changes: dict[str, Any] = {
            "contest": self.contest(facts.contest),
            "selections": tuple(self.selections(facts.selections)),
            "depends_on": facts.depends_on and self.facts(facts.depends_on),
            "url": facts.url and address_in(self.language, facts.url),
        }
        if current is not None:
            source = self.source(current.source)
            changes["current"] = self._renamed(current, source=source)
        if left is not None and left.source_name:
            name = self.of(left.source_name)
            changes["ballots_remaining"] = self._renamed(left, source_name=name)
        return replace(facts, **changes)

    def source(self, source: Any) -> Any:
        return self._renamed(source, name=self.of(source.name), coverage=self.of(source.coverage))

    @staticmethod
    def _renamed(row: Row, **said: Any) -> Row:
        """Return the row itself where nothing is called otherwise, or a copy."""
        if all(_is_same(getattr(row, name), value) for name, value in said.items()):
            return row
        renamed = copy.copy(row)
        for name, value in said.items():
            setattr(renamed, name, value)
        return renamed


def _is_same(before: Any, after: Any) -> bool:
    """Whether a text is the same, or a row the very same: two rows of one id count as equal."""
    return before == after if isinstance(after, str) else before is after
