"""Which races of ours a feed means: proposals for a person, and what the person decides.

A feed's races come in as drafts. Each is then linked to a race of ours, kept as a new race, or
left out. Every decision is made by itself: one that cannot be made harms no other, and is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from heapq import nlargest
from operator import itemgetter

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Prefetch, ProtectedError, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from elections.counting.likeness import pair_names, plain, title_likeness
from elections.matching import link_draft
from elections.models import Contest, ExternalIdentifier, Selection, Source

LEAST_LIKENESS = 0.5
SURE_FROM = 0.9
TITLE_WEIGHT = 0.6
NEAREST = 5
"""Races of ours whose candidates are compared with those of a draft."""


class Reason(StrEnum):
    """Why a race of ours is proposed."""

    SAME_ID = "same-id"
    SAME_TITLE = "same-title"
    ALIKE = "alike"


class Group(StrEnum):
    """How much a person has to look."""

    SURE = "sure"
    CHECK = "check"
    NEW = "new"


class Action(StrEnum):
    LINK = "link"
    NEW = "new"
    LEAVE_OUT = "leave-out"
    LATER = "later"


@dataclass(frozen=True)
class Proposal:
    """What a draft of a feed may be. ``contest`` is None when nothing of ours is like it.

    ``confidence`` is from 0 to 1. ``pairs`` maps the draft's selections to ours, with how alike
    their names are; a selection that is like nobody is not in it.
    """

    draft: Contest
    contest: Contest | None
    confidence: float
    reason: Reason | None
    pairs: Mapping[int, tuple[int, float]]

    @property
    def group(self) -> Group:
        if self.contest is None:
            return Group.NEW
        names = [likeness for _ours, likeness in self.pairs.values()]
        are_same = len(names) == len(self.draft.selections.all()) and all(n == 1 for n in names)
        has_nobody = not self.contest.selections.all()
        is_sure = self.confidence >= SURE_FROM and (are_same or has_nobody)
        return Group.SURE if is_sure else Group.CHECK


def _with_names(contests: QuerySet[Contest]) -> QuerySet[Contest]:
    selections = Selection.objects.order_by("order", "pk")
    return contests.select_related("election").prefetch_related(
        Prefetch("selections", queryset=selections)
    )


def contests_of_feed(source: Source, status: str) -> QuerySet[Contest]:
    """Return the races that this source's format has named in its election, of one status."""
    named = ExternalIdentifier.objects.filter(
        election=source.election_id, provider=source.provider, selection=None
    )
    contests = Contest.objects.filter(pk__in=named.values("contest"), status=status)
    return _with_names(contests).order_by("order", "name", "pk")


def free_contests(source: Source) -> QuerySet[Contest]:
    """Return our confirmed races that this source's format has no name for yet."""
    contests = Contest.objects.confirmed().filter(election=source.election_id)
    taken = ExternalIdentifier.objects.filter(
        election=source.election_id, provider=source.provider, selection=None
    )
    return _with_names(contests.exclude(pk__in=taken.values("contest"))).order_by("name", "pk")


def propose(source: Source) -> list[Proposal]:
    """Return a proposal for each draft of the feed: sure ones first, then those to check.

    A race of ours is proposed once, to the draft that is most like it.
    """
    drafts = list(contests_of_feed(source, Contest.Status.DRAFT))
    free = list(free_contests(source))
    ids = _ids(source, drafts, free)
    titles = {contest.pk: _titles(contest) for contest in (*drafts, *free)}
    found = [
        proposal
        for draft in drafts
        for contest in _nearest(draft, free, titles, ids)
        if (proposal := _compare(draft, contest, ids)) is not None
    ]
    found.sort(key=lambda one: (-one.confidence, one.draft.order, one.draft.pk))
    proposed: dict[int, Proposal] = {}
    taken: set[int] = set()
    for one in found:
        if one.draft.pk not in proposed and one.contest.pk not in taken:
            proposed[one.draft.pk] = one
            taken.add(one.contest.pk)
    proposals = [proposed.get(draft.pk) or Proposal(draft, None, 0, None, {}) for draft in drafts]
    order = list(Group)
    return sorted(proposals, key=lambda one: order.index(one.group))


def _nearest(
    draft: Contest,
    free: list[Contest],
    titles: Mapping[int, list[str]],
    ids: Mapping[int, set[str]],
) -> list[Contest]:
    """Return the few races of ours that are called most like the draft, and those of its id."""
    mine = ids.get(draft.pk, set())
    near: list[tuple[float, Contest]] = []
    for contest in free:
        likeness = max(
            title_likeness(one, other) for one in titles[draft.pk] for other in titles[contest.pk]
        )
        if mine & ids.get(contest.pk, set()):
            likeness += 1
        if likeness >= LEAST_LIKENESS / 2:
            near.append((likeness, contest))
    return [contest for _l, contest in nlargest(NEAREST, near, key=itemgetter(0))]


def propose_one(draft: Contest, contest: Contest) -> Proposal:
    """Return a proposal for a race that a person has chosen."""
    found = _compare(draft, contest, {})
    return found or Proposal(draft, contest, 0, Reason.ALIKE, _pair(draft, contest))


def _ids(source: Source, drafts: list[Contest], free: list[Contest]) -> dict[int, set[str]]:
    """Return what each race is called by any format, letter by letter."""
    wanted = {contest.pk for contest in (*drafts, *free)}
    rows = ExternalIdentifier.objects.filter(election=source.election_id, selection=None)
    ids: dict[int, set[str]] = {}
    for contest_id, value in rows.order_by().values_list("contest", "value"):
        if contest_id in wanted:
            ids.setdefault(contest_id, set()).add(value)
    return ids


def _compare(draft: Contest, contest: Contest, ids: Mapping[int, set[str]]) -> Proposal | None:
    """Compare two races; None when they have too little in common."""
    if draft.has_yes_and_no != contest.has_yes_and_no:
        return None
    title, is_same_title = _compare_titles(draft, contest)
    has_same_id = bool(ids.get(draft.pk, set()) & ids.get(contest.pk, set()))
    if title < LEAST_LIKENESS / 2 and not has_same_id:
        return None
    pairs = _pair(draft, contest)
    sizes = (len(draft.selections.all()), len(contest.selections.all()))
    people = sum(likeness for _our, likeness in pairs.values()) / max(*sizes, 1)
    if not all(sizes):
        confidence = title
    elif is_same_title or (has_same_id and (title >= LEAST_LIKENESS or people >= LEAST_LIKENESS)):
        confidence = 0.5 + 0.5 * people
    else:
        confidence = TITLE_WEIGHT * title + (1 - TITLE_WEIGHT) * people
    if confidence < LEAST_LIKENESS:
        return None
    reason = Reason.SAME_ID if has_same_id else Reason.SAME_TITLE if is_same_title else Reason.ALIKE
    return Proposal(draft, contest, confidence, reason, pairs)


def _titles(contest: Contest) -> list[str]:
    """Return what a race is called by us and by its feed, the same words once."""
    return list({plain(text) for text in (contest.name, contest.reported_title) if text})


def _compare_titles(draft: Contest, contest: Contest) -> tuple[float, bool]:
    mine, theirs = _titles(draft), _titles(contest)
    likeness = max(title_likeness(one, other) for one in mine for other in theirs)
    return likeness, bool(set(mine) & set(theirs))


def _pair(draft: Contest, contest: Contest) -> dict[int, tuple[int, float]]:
    ours = {one.pk: one.name for one in contest.selections.all()}
    return pair_names(ours, {one.pk: one.name for one in draft.selections.all()})


@dataclass(frozen=True)
class Decision:
    """What a person wants done with a draft.

    ``seen`` is the draft's ``updated_at`` when the person looked, as text. ``contest`` and
    ``pairs`` (the draft's selections to ours; None adds the name to the race) are for LINK.
    """

    draft_id: int
    seen: str
    action: Action
    contest: Contest | None = None
    pairs: Mapping[int, int | None] | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of a decision. ``problem`` is a sentence for the person, "" when it was done.

    ``contest`` is the race that readers may now see; None when there is none.
    """

    decision: Decision
    title: str
    problem: str = ""
    contest: Contest | None = None


def decide(source: Source, decisions: Iterable[Decision]) -> list[Outcome]:
    """Carry out what a person has decided; safe to repeat."""
    return [
        _decide(source, decision) for decision in decisions if decision.action is not Action.LATER
    ]


def _decide(source: Source, decision: Decision) -> Outcome:
    try:
        with transaction.atomic():
            return _carry_out(source, decision)
    except ValidationError as error:
        return Outcome(decision, _title(decision), " ".join(error.messages))
    except ProtectedError:
        reason = _("Something else shows or needs the draft. Take it out there first.")
        return Outcome(decision, _title(decision), reason)


def _title(decision: Decision) -> str:
    draft = Contest.objects.filter(pk=decision.draft_id).first()
    return draft.name if draft else ""


def _carry_out(source: Source, decision: Decision) -> Outcome:
    drafts = Contest.objects.select_for_update().filter(election=source.election_id)
    draft = drafts.filter(pk=decision.draft_id).first()
    if draft is None:
        reason = _("Somebody else has linked this race meanwhile. Nothing was changed.")
        return Outcome(decision, "", reason)
    if draft.status != Contest.Status.DRAFT or draft.updated_at.isoformat() != decision.seen:
        reason = _("Somebody else has changed this race meanwhile. Look at it once more.")
        return Outcome(decision, draft.name, reason)
    title = draft.reported_title or draft.name
    if decision.action is Action.LINK:
        contest = Contest.objects.select_for_update().get(pk=decision.contest.pk)
        link_draft(draft, contest, decision.pairs)
        return Outcome(decision, title, contest=contest)
    if decision.action is Action.LEAVE_OUT:
        draft.status = Contest.Status.LEFT_OUT
        draft.save(update_fields=["status", "updated_at"])
        return Outcome(decision, title)
    draft.status = Contest.Status.CONFIRMED
    draft.save(update_fields=["status", "updated_at"])
    draft.selections.filter(is_new=True).update(is_new=False)
    return Outcome(decision, title, contest=draft)


def follow_again(source: Source, contest_ids: Iterable[int]) -> list[Contest]:
    """Make drafts of races that were left out; return those that were."""
    left_out = contests_of_feed(source, Contest.Status.LEFT_OUT).filter(pk__in=contest_ids)
    contests = list(left_out)
    Contest.objects.filter(pk__in=[contest.pk for contest in contests]).update(
        status=Contest.Status.DRAFT, updated_at=timezone.now()
    )
    return contests
