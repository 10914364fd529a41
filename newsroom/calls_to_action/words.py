"""In which words an ask stands: its own, those of a phase, those of an arm."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from newsroom.calls_to_action.models import CallToAction, PhaseCopy, Trial, Variant
from newsroom.calls_to_action.models.asks import CONTROL, join_words


@dataclass(frozen=True)
class Words:
    heading: str
    text: str
    button_label: str
    note: str

    @property
    def wording(self) -> str:
        """All of it, for the record of a signup."""
        return join_words(self.heading, self.text, self.button_label, self.note)


@dataclass
class Copies:
    """The arms, phases and running tests of some asks. Three queries for all of them."""

    variants: dict[int, list[Variant]] = field(default_factory=dict)
    phases: dict[tuple[int, str], PhaseCopy] = field(default_factory=dict)
    trials: dict[int, Trial] = field(default_factory=dict)

    @classmethod
    def of(cls, asks: Collection[CallToAction]) -> Copies:
        found = cls()
        ids = {ask.pk for ask in asks if ask.pk}
        if not ids:
            return found
        for variant in Variant.objects.filter(call_to_action__in=ids).order_by("sort_order", "pk"):
            found.variants.setdefault(variant.call_to_action_id, []).append(variant)
        for copy in PhaseCopy.objects.filter(call_to_action__in=ids):
            found.phases[copy.call_to_action_id, copy.phase] = copy
        for trial in Trial.objects.filter(call_to_action__in=ids, closed_at=None):
            found.trials[trial.call_to_action_id] = trial
        return found

    def arms(self, ask: CallToAction) -> list[tuple[str, Variant | None]]:
        """Return ``(variant, arm)``: the ask's own words first, outside of any test.

        While a test runs, its arms follow, of which the control has the same words. Whoever's
        browser does not choose, or does not report, is not in the test: with the control, those
        readers' signups would be counted and they themselves would not.
        """
        trial = self.trials.get(ask.pk)
        live = [variant for variant in self.variants.get(ask.pk, ()) if variant.is_live]
        if trial is None or not live:
            return [("", None)]
        arms = [(CONTROL, None), *((variant.key, variant) for variant in live)]
        return [("", None), *((f"{trial.key}-{key}", variant) for key, variant in arms)]

    def words(self, ask: CallToAction, variant: Variant | None, phase: str) -> Words:
        """Return the words of an arm; then those of the phase; then the ask's own."""
        sources = (variant, self.phases.get((ask.pk, phase)), ask)

        def first(name: str) -> str:
            return next(
                (text for source in sources if source and (text := getattr(source, name))), ""
            )

        return Words(first("heading"), first("text"), first("button_label"), ask.note)


def get_wording(pk: int, variant: str = "", phase: str = "") -> str | None:
    """Return the words of a call to action as a form showed it; None if nobody knows it.

    ``variant`` and ``phase`` are what the form's stamp says of itself.
    """
    ask = CallToAction.objects.filter(pk=pk).first()
    if ask is None:
        return None
    copies = Copies.of([ask])
    key = variant.rpartition("-")[2]
    arm = next((arm for arm in copies.variants.get(pk, ()) if arm.key == key), None)
    return copies.words(ask, arm, phase).wording
