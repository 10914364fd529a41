"""What in a page does not agree with its races: numbers, and words that their states forbid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from wagtail.models import AbstractPage

from elections.counting.calls import RaceState
from elections.counting.status_words import RaceFacts, Says, wrong_words
from elections.models import Contest
from elections.prose.facts import judge
from elections.prose.published import Told, load_told
from elections.prose.reading import facts_of, not_about, passages_of, races_of


@dataclass(frozen=True)
class Remark:
    """Words of a page that are not right. ``says`` is None for a number.

    ``said`` is the number with its words, or the sentence; ``piece`` the very words in it;
    ``now`` what the race says. ``race`` is None where it is gone, ``block_id`` "" for the
    headline, the dek and captions.
    """

    block_id: str
    said: str
    piece: str
    now: str
    race: int | None
    says: Says | None = None
    figure: str = ""


def remarks_on(page: AbstractPage) -> list[Remark]:
    """Return what is not right in the page as it stands here, also unsaved."""
    races = races_of(page)
    if not races:
        return []
    told, left_out = load_told(races), not_about(page)
    about = {pk: race for pk, race in told.items() if pk not in left_out}
    return [*_untrue_numbers(page, told), *_wrong_words(page, about)]


def _untrue_numbers(page: AbstractPage, told: dict[int, Told]) -> Iterator[Remark]:
    for fact in facts_of(page):
        race = told.get(int(fact.contest)) if fact.contest.isdigit() else None
        if race is None:
            yield Remark(fact.block_id, fact.words, fact.words, _("The race is gone."), None)
            continue
        verdict = judge(fact.words, fact.figure, fact.tolerance, race)
        if not verdict.is_true:
            kind = f"{fact.figure} {fact.tolerance}"
            yield Remark(
                fact.block_id, fact.words, fact.words, verdict.now, race.contest_id, figure=kind
            )


def _wrong_words(page: AbstractPage, told: dict[int, Told]) -> Iterator[Remark]:
    facts = _race_facts(told)
    for passage in passages_of(page):
        for word, race in wrong_words(passage.text, facts):
            payload = told[race.id].payload
            now = explain(word.says, payload["title"], payload["state_label"])
            said = word.sentence[:300]
            yield Remark(passage.block_id, said, word.text, now, race.id, word.says)


def explain(says: Says, title: str, state: str) -> str:
    """Say why a word is not allowed, and what may be said."""
    facts = {"race": title, "state": state}
    if says is Says.ALL_COUNTED:
        return (
            _(
                "%(race)s: %(state)s. Precincts are not votes: ballots by mail are still counted "
                "after the last precinct is in."
            )
            % facts
        )
    if says is Says.APPARENT:
        return _("%(race)s: %(state)s. Say “apparent” only between that call and the result.") % (
            facts
        )
    return _("%(race)s: %(state)s. Nobody may be said to have won or lost yet.") % facts


def _race_facts(told: dict[int, Told]) -> list[RaceFacts]:
    dates = dict(Contest.objects.filter(pk__in=told).values_list("pk", "election__election_date"))
    return [
        RaceFacts(
            id=pk,
            state=RaceState(race.payload["state"]),
            names=tuple(row["name"] for row in race.payload["selections"]),
            year=dates[pk].year,
            is_measure=race.payload["type"] != "candidate",
        )
        for pk, race in told.items()
    ]
