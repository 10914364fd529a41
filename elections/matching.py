"""Which of our contests and selections a feed speaks of.

What a feed names for the first time becomes a draft with a proposed name, linked
to the feed's own name for it. What an editor has named is never written over.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from elections.counting import results
from elections.counting.places import Rule
from elections.counting.thresholds import Threshold
from elections.feeds.contract import Provider
from elections.models import Contest, ContestCount, Election, ExternalIdentifier, Selection
from elections.recognising import plain_name, recognise


@dataclass(frozen=True)
class Match:
    """One contest of a feed: which of ours it is, and what decides it.

    ``selections`` maps the feed's key to our id. ``pooled`` are the ids, as text, of lines that
    count several people together; ``yes`` is that of a measure's yes, None where there is none.
    """

    contest_id: int
    selections: Mapping[str, int]
    rule: Rule
    thresholds: tuple[Threshold, ...] = ()
    yes: str | None = None
    pooled: frozenset[str] = frozenset()


def match_report(
    report: results.Report, *, election: Election, provider: Provider
) -> dict[str, Match]:
    """Return our contest for each of the report's contest keys, adding drafts for new ones.

    What another provider has brought under the same title is linked and not drafted again.
    Run it inside the transaction that stores the counts.
    """
    identifiers = ExternalIdentifier.objects.filter(election=election, provider=provider.name)
    contest_ids: dict[str, int] = {}
    selection_ids: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for title, value, contest_id, selection_id in identifiers.order_by().values_list(
        "reported_contest", "value", "contest", "selection"
    ):
        if selection_id is None:
            contest_ids[title] = contest_id
        else:
            selection_ids[title][value] = selection_id
    new = [contest for contest in report.contests if contest.key not in contest_ids]
    recognise(new, contest_ids, selection_ids, election, provider)
    _draft_contests(report, contest_ids, election, provider)
    _draft_selections(report, contest_ids, selection_ids, election, provider)
    deciding = {contest.pk: contest for contest in _deciding(election)}
    answers, pools = _special_lines(election)
    return {
        reported.key: Match(
            pk := contest_ids[reported.key],
            selection_ids[reported.key],
            deciding[pk].rule,
            deciding[pk].possible_thresholds,
            yes=answers.get(pk),
            pooled=frozenset(pools[pk]),
        )
        for reported in report.contests
    }


def without_left_out(
    report: results.Report, matches: dict[str, Match], election: Election
) -> tuple[results.Report, dict[str, Match]]:
    """Return both without the races that an editor has left out: nobody follows their counts."""
    left_out = set(
        Contest.objects.filter(election=election, status=Contest.Status.LEFT_OUT)
        .order_by()
        .values_list("pk", flat=True)
    )
    if not left_out:
        return report, matches
    followed = {key: one for key, one in matches.items() if one.contest_id not in left_out}
    contests = tuple(contest for contest in report.contests if contest.key in followed)
    return msgspec.structs.replace(report, contests=contests), followed


def draft_again(
    reported: results.ContestCount, *, election: Election, provider: Provider
) -> tuple[int, dict[str, int]]:
    """Draft a race of a feed that nothing of ours is linked to, whoever else knows its title.

    Returns the draft's id, and its selections by the feed's keys.
    """
    report = results.Report(counted_at=election.polls_close_at, contests=(reported,))
    contest_ids: dict[str, int] = {}
    selection_ids: defaultdict[str, dict[str, int]] = defaultdict(dict)
    _draft_contests(report, contest_ids, election, provider)
    _draft_selections(report, contest_ids, selection_ids, election, provider)
    return contest_ids[reported.key], selection_ids[reported.key]


def _deciding(election: Election) -> QuerySet[Contest]:
    """Return the contests with what decides them, and nothing else: there are hundreds."""
    names = ["contest_type", "vote_variation", "number_elected", "number_runoff"]
    for kind in ("passage", "conditional"):
        names += [f"{kind}_{part}" for part in ("numerator", "denominator", "comparator")]
    return Contest.objects.filter(election=election).order_by().only(*names)


def _special_lines(election: Election) -> tuple[dict[int, str], defaultdict[int, set[str]]]:
    """Return each contest's yes, and its lines that count several people together."""
    answers: dict[int, str] = {}
    pools: defaultdict[int, set[str]] = defaultdict(set)
    pool, yes = Selection.Status.WRITE_IN_POOL, Selection.Answer.YES
    special = Selection.objects.filter(Q(answer=yes) | Q(status=pool), contest__election=election)
    for contest_id, pk, status in special.order_by().values_list("contest", "pk", "status"):
        if status == pool:
            pools[contest_id].add(str(pk))
        else:
            answers[contest_id] = str(pk)
    return answers, pools


def _draft_contests(
    report: results.Report, contest_ids: dict[str, int], election: Election, provider: Provider
) -> None:
    new = [contest for contest in report.contests if contest.key not in contest_ids]
    drafts = Contest.objects.bulk_create(
        [_draft_contest(contest, election, provider) for contest in new]
    )
    ExternalIdentifier.objects.bulk_create(
        ExternalIdentifier(
            election=election,
            provider=provider.name,
            contest=draft,
            reported_contest=contest.key,
            value=contest.key,
        )
        for contest, draft in zip(new, drafts, strict=True)
    )
    contest_ids.update((contest.key, draft.pk) for contest, draft in zip(new, drafts, strict=True))


def _draft_contest(
    reported: results.ContestCount, election: Election, provider: Provider
) -> Contest:
    threshold = reported.threshold
    several = reported.votes_allowed > 1
    variation = Contest.Variation.N_OF_M if several else Contest.Variation.PLURALITY
    if reported.has_rounds or getattr(provider, "counts_ranked_choice", False):
        variation = Contest.Variation.RANKED_CHOICE
    return Contest(
        election=election,
        status=Contest.Status.DRAFT,
        name=_shorten(Contest, "name", provider.propose_contest_name(reported.title)),
        contest_type=reported.contest_type.value,
        vote_variation=variation,
        votes_allowed=reported.votes_allowed,
        number_elected=reported.votes_allowed,
        passage_numerator=threshold and threshold.numerator,
        passage_denominator=threshold and threshold.denominator,
        passage_comparator=(
            threshold.comparator.value
            if threshold
            else Contest._meta.get_field("passage_comparator").default
        ),
        question=reported.question,
        reported_title=_shorten(Contest, "reported_title", reported.title),
        reported_threshold=_shorten(Contest, "reported_threshold", reported.threshold_text),
        reported_note=reported.note,
        group=_shorten(Contest, "group", reported.group),
        order=reported.order,
    )


def _draft_selections(
    report: results.Report,
    contest_ids: Mapping[str, int],
    selection_ids: dict[str, dict[str, int]],
    election: Election,
    provider: Provider,
) -> None:
    new = [
        (contest, place, selection)
        for contest in report.contests
        for place, selection in enumerate(contest.selections)
        if selection.key not in selection_ids[contest.key]
    ]
    drafts = Selection.objects.bulk_create(
        [
            _draft_selection(contest, place, selection, contest_ids[contest.key], provider)
            for contest, place, selection in new
        ]
    )
    ExternalIdentifier.objects.bulk_create(
        ExternalIdentifier(
            election=election,
            provider=provider.name,
            contest_id=contest_ids[contest.key],
            selection=draft,
            reported_contest=contest.key,
            value=selection.key,
        )
        for (contest, _place, selection), draft in zip(new, drafts, strict=True)
    )
    for (contest, _place, selection), draft in zip(new, drafts, strict=True):
        selection_ids[contest.key][selection.key] = draft.pk


def _draft_selection(
    contest: results.ContestCount,
    place: int,
    reported: results.SelectionCount,
    contest_id: int,
    provider: Provider,
) -> Selection:
    answer = reported.name.casefold()
    is_answer = contest.contest_type is not results.ContestType.CANDIDATE and answer in {
        "yes",
        "no",
    }
    return Selection(
        contest_id=contest_id,
        name=_shorten(Selection, "name", provider.propose_selection_name(reported.name)),
        party=_shorten(Selection, "party", provider.propose_party(reported.party)),
        answer=answer if is_answer else "",
        reported_name=_shorten(Selection, "reported_name", reported.name),
        is_new=True,
        order=place,
    )


def _shorten(model: type, field: str, text: str) -> str:
    return Truncator(text).chars(model._meta.get_field(field).max_length)


@transaction.atomic
def link_draft(
    draft: Contest, contest: Contest, pairs: Mapping[int, int | None] | None = None
) -> None:
    """Make ``contest`` the one that the feed means, and take the draft away.

    Candidates are matched by name, whatever the capitals; those that the race
    lacks are added to it. ``pairs`` says instead which of the race's selections each of the
    draft's is; None, or one that is not there, adds it. The draft's counts come along.

    :raises ValidationError: the two cannot be one; the reason is for the editor.
    """
    _check_link(draft, contest)
    twins = _twins_by_name(draft, contest) if pairs is None else _twins(draft, contest, pairs)
    selection_ids = _matching_selections(draft, contest, twins)
    for identifier in draft.identifiers.all():
        identifier.contest = contest
        if identifier.selection_id is not None:
            identifier.selection_id = selection_ids[identifier.selection_id]
        identifier.save(update_fields=["contest", "selection"])
    counts = list(ContestCount.objects.filter(contest=draft))
    for count in counts:
        count.contest = contest
        count.votes = {str(selection_ids[int(key)]): votes for key, votes in count.votes.items()}
    ContestCount.objects.bulk_update(counts, ["contest", "votes"], batch_size=500)
    draft.current_counts.update(contest=contest)
    for told in draft.reported_calls.all():
        told.contest = contest
        told.selections = [selection_ids[pk] for pk in told.selections]
        told.save(update_fields=["contest", "selections"])
    draft.delete()
    contest.save(update_fields=["updated_at"])


def _check_link(draft: Contest, contest: Contest) -> None:
    if draft.is_confirmed:
        raise ValidationError(_("Only a draft can be linked to another race."))
    if draft.pk == contest.pk or draft.election_id != contest.election_id:
        raise ValidationError(_("Choose another race of the same election."))
    if draft.has_yes_and_no != contest.has_yes_and_no:
        raise ValidationError(_("One of the two has candidates, the other a question."))
    if draft.calls.exists() or draft.holds.exists():
        raise ValidationError(_("The draft has calls or holds of its own. Decide them first."))
    providers = draft.identifiers.values("provider")
    if contest.identifiers.filter(provider__in=providers).exists():
        raise ValidationError(_("This race is linked to that feed already."))


def _twins_by_name(draft: Contest, contest: Contest) -> dict[int, Selection]:
    by_name = {plain_name(selection.name): selection for selection in contest.selections.all()}
    twins: dict[int, Selection] = {}
    for selection in draft.selections.all():
        names = (plain_name(selection.name), plain_name(selection.reported_name))
        twin = next((by_name.pop(name) for name in names if name in by_name), None)
        if twin is not None:
            twins[selection.pk] = twin
    return twins


def _twins(
    draft: Contest, contest: Contest, pairs: Mapping[int, int | None]
) -> dict[int, Selection]:
    ours = {selection.pk: selection for selection in contest.selections.all()}
    drafted = set(draft.selections.values_list("pk", flat=True))
    twins = {their: ours[our] for their, our in pairs.items() if our in ours and their in drafted}
    if len({twin.pk for twin in twins.values()}) < len(twins):
        raise ValidationError(
            _("Two names of the feed cannot be the same candidate of ours. Choose one of them.")
        )
    return twins


def _matching_selections(
    draft: Contest, contest: Contest, twins: Mapping[int, Selection]
) -> dict[int, int]:
    """Return the race's selection for each of the draft's, adding those it lacks."""
    matches: dict[int, int] = {}
    left: Sequence[Selection] = list(draft.selections.all())
    for selection in left:
        twin = twins.get(selection.pk)
        if twin is None:
            twin = Selection.objects.create(
                contest=contest,
                name=selection.name,
                party=selection.party,
                answer=selection.answer,
                reported_name=selection.reported_name,
                is_new=selection.is_new,
                order=selection.order,
            )
        matches[selection.pk] = twin.pk
    return matches
