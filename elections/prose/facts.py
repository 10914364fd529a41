"""Checked facts: a writer's words about a race, held against what readers got of it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from elections.counting.claims import Claim, Tolerance, Unit, holds, read_claim
from elections.prose.figures import KINDS
from elections.prose.published import Told
from elections.widgets.figures import percent, points, vote_count

RATIO = "ratio"


@dataclass(frozen=True)
class Measure:
    """One figure of a race as a number. ``value`` is votes, points, percent, or so many to 1.

    ``name`` is whose it is, "" for a figure of the whole race.
    """

    kind: str
    label: str
    unit: Unit
    value: Fraction
    name: str = ""

    @property
    def text(self) -> str:
        if self.unit is Unit.POINTS:
            return points(self.value / 100)
        if self.unit is Unit.PERCENT:
            return percent(self.value / 100)
        if self.unit is Unit.RATIO:
            return _("%(number)s to 1") % {"number": f"{float(self.value):.1f}"}
        return vote_count(int(self.value))

    def fits(self, claim: Claim) -> bool:
        """Whether the claim speaks of such a thing; a number without a unit may mean any."""
        return claim.unit in {self.unit, Unit.NONE}


def measures_of(told: Told) -> dict[str, Measure]:
    """Return the figures of a race that words can be held against, by kind."""
    payload = told.payload
    total, lead = payload["total_votes"], payload.get("lead")
    found = [Measure("total_votes", str(KINDS["total_votes"]), Unit.VOTES, Fraction(total))]
    rows = payload["selections"] if total else []
    votes = {row["id"]: row["votes"] for row in rows}
    if lead and total:
        margin = lead["votes"]
        found += [
            Measure("margin_votes", str(KINDS["margin_votes"]), Unit.VOTES, Fraction(margin)),
            Measure(
                "margin_points", str(KINDS["margin_points"]), Unit.POINTS,
                Fraction(margin * 100, total),
            ),
        ]  # fmt: skip
        if votes[lead["behind"]]:
            ratio = Fraction(votes[lead["ahead"]], votes[lead["behind"]])
            found.append(Measure(RATIO, _("Leader’s votes to those of the one behind"),
                                 Unit.RATIO, ratio))  # fmt: skip
    for row in rows:
        name = {"name": row["name"]}
        share = Fraction(row["votes"] * 100, total)
        found += [
            Measure(
                f"votes:{row['id']}", _("Votes for %(name)s") % name, Unit.VOTES,
                Fraction(row["votes"]), row["name"],
            ),
            Measure(
                f"share:{row['id']}", _("Share of %(name)s") % name, Unit.PERCENT, share,
                row["name"],
            ),
        ]  # fmt: skip
    return {measure.kind: measure for measure in found + _outlook(payload)}


def _outlook(payload: dict) -> list[Measure]:
    found = []
    left, outlook = payload.get("ballots_left"), payload.get("catching_up")
    if left and left["estimate"] is not None:
        label = str(KINDS["ballots_left"])
        found.append(Measure("ballots_left", label, Unit.VOTES, Fraction(left["estimate"])))
    if outlook and outlook["share_needed"] is not None:
        share = Fraction(str(outlook["share_needed"])) * 100
        found.append(Measure("needed_share", str(KINDS["needed_share"]), Unit.PERCENT, share))
    return found


@dataclass(frozen=True)
class Verdict:
    """Whether words are true now. ``now`` is what the race says, in words."""

    is_true: bool
    now: str


def judge(words: str, kind: str, tolerance: str, told: Told) -> Verdict:
    """Hold the words against a race. What cannot be read, or is gone, is not called true."""
    if kind == "leader":
        return _judge_leader(words, told)
    measure, claim = measures_of(told).get(kind), read_claim(words)
    if measure is None:
        return Verdict(False, told.figure(kind) or _("Nothing is known of it now."))
    if claim is None:
        return Verdict(False, measure.text)
    known = tolerance if tolerance in set(Tolerance) else Tolerance.ROUNDED
    return Verdict(holds(claim, measure.value, Tolerance(known)), measure.text)


def _judge_leader(words: str, told: Told) -> Verdict:
    """A name is true while it is the leader's; the last name will do."""
    leader = told.figure("leader")
    names = {row["id"]: row["name"] for row in told.payload["selections"]}
    lead = told.payload.get("lead")
    name = names.get(lead["ahead"], "") if lead else ""
    last_name = name.split()[-1] if name else ""
    return Verdict(bool(last_name) and last_name.lower() in words.lower(), leader)


def suggest(words: str, told: Told) -> list[Measure]:
    """Return the figures that the words may be about: those of which they are true come first."""
    claim = read_claim(words)
    if claim is None:
        return []
    fitting = [measure for measure in measures_of(told).values() if measure.fits(claim)]
    return sorted(
        fitting,
        key=lambda measure: (
            not holds(claim, measure.value, Tolerance.ABOUT),
            abs(measure.value - claim.value) / max(measure.value, 1),
        ),
    )
