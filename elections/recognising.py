"""Which of an election's races a second feed speaks of, when it names one for the first time.

Two documents of one county spell a title alike, letter by letter, even where one of them counts
by numbers. A race that has the title and the people of what the feed names is that race; what is
only similar is left to a person, who can link a draft.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence

from elections.counting import results
from elections.feeds.contract import Provider
from elections.models import Contest, Election, ExternalIdentifier, Selection


def recognise(
    new: Sequence[results.ContestCount],
    contest_ids: MutableMapping[str, int],
    selection_ids: Mapping[str, MutableMapping[str, int]],
    election: Election,
    provider: Provider,
) -> None:
    """Link the new contests that the election has already, and add them to the two mappings.

    Only a title that stands once on both sides counts, of a race that this provider has no name
    for yet. The kind must be the same, and all people of the one must stand in the other: the
    same words over other people are another place's race.
    """
    if not new:
        return
    ours = _unlinked_by_title(election, provider)
    titles = Counter(plain_name(reported.title) for reported in new)
    identifiers: list[ExternalIdentifier] = []
    for reported in new:
        title = plain_name(reported.title)
        contest = ours.get(title) if titles[title] == 1 else None
        people = _same_people(reported, contest) if contest else None
        if contest is None or people is None:
            continue
        contest_ids[reported.key] = contest.pk
        selection_ids[reported.key].update({key: one.pk for key, one in people.items()})
        identifiers += _identifiers(reported, contest, people, provider)
    ExternalIdentifier.objects.bulk_create(identifiers)


def plain_name(name: str) -> str:
    """Return a name for comparing: without capitals and doubled spaces."""
    return " ".join(name.casefold().split())


def _unlinked_by_title(election: Election, provider: Provider) -> dict[str, Contest]:
    contests = (
        Contest.objects.filter(election=election)
        .exclude(reported_title="")
        .exclude(identifiers__in=ExternalIdentifier.objects.filter(provider=provider.name))
        .prefetch_related("selections")
    )
    found: dict[str, list[Contest]] = {}
    for contest in contests:
        found.setdefault(plain_name(contest.reported_title), []).append(contest)
    return {title: same[0] for title, same in found.items() if len(same) == 1}


def _same_people(reported: results.ContestCount, contest: Contest) -> dict[str, Selection] | None:
    """Return our selection for each of the feed's keys that has one; None for another race."""
    is_question = reported.contest_type is not results.ContestType.CANDIDATE
    if is_question != contest.has_yes_and_no:
        return None
    ours = {plain_name(one.reported_name or one.name): one for one in contest.selections.all()}
    theirs = {plain_name(one.name): one for one in reported.selections}
    if len(theirs) < len(reported.selections) or len(ours) < len(contest.selections.all()):
        return None
    both = ours.keys() & theirs.keys()
    if both != ours.keys() and both != theirs.keys():
        return None
    if not both and (ours or theirs):
        return None
    return {theirs[name].key: ours[name] for name in both}


def _identifiers(
    reported: results.ContestCount,
    contest: Contest,
    people: Mapping[str, Selection],
    provider: Provider,
) -> Iterator[ExternalIdentifier]:
    linked: Iterable[tuple[str, Selection | None]] = [(reported.key, None), *people.items()]
    for value, selection in linked:
        yield ExternalIdentifier(
            election_id=contest.election_id,
            provider=provider.name,
            contest=contest,
            selection=selection,
            reported_contest=reported.key,
            value=value,
        )
