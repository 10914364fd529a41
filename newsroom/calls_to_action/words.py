"""In which words an ask stands: its own, those of a phase, those of an arm."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from newsroom.calls_to_action.models import CallToAction, PhaseCopy, Trial, Variant
from newsroom.calls_to_action.models.asks import CONTROL, join_words
from newsroom.languages import current_language, own_language


@dataclass(frozen=True)
class Words:
    heading: str
    text: str
    button_label: str
    note: str
    # Set where they are not in the language of the page.
    language: str = ""

    @property
    def wording(self) -> str:
        """All of it, for the record of a signup."""
        return join_words(self.heading, self.text, self.button_label, self.note)


@dataclass
class Copies:
    """The arms, phases and running tests of some asks. Three queries for all of them."""

    variants: dict[int, list[Variant]] = field(default_factory=dict)
    # By ask, phase and language; both blank where the copy holds for all.
    phases: dict[tuple[int, str, str], PhaseCopy] = field(default_factory=dict)
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
            found.phases[copy.call_to_action_id, copy.phase, copy.language] = copy
        for trial in Trial.objects.filter(call_to_action__in=ids, closed_at=None):
            found.trials[trial.call_to_action_id] = trial
        return found

    def arms(self, ask: CallToAction) -> list[tuple[str, Variant | None]]:
        """Return ``(variant, arm)``: the ask's own words first, outside of any test.

        A test is of the site's own language. While it runs, its arms follow, of which the control
        has the same words. Whoever's browser does not choose, or does not report, is not in the
        test: with the control, those readers' signups would be counted and they themselves not.
        """
        trial = self.trials.get(ask.pk)
        live = [variant for variant in self.variants.get(ask.pk, ()) if variant.is_live]
        if trial is None or not live or self._translated(ask, "", current_language()):
            return [("", None)]
        arms = [(CONTROL, None), *((variant.key, variant) for variant in live)]
        return [("", None), *((f"{trial.key}-{key}", variant) for key, variant in arms)]

    def words(
        self, ask: CallToAction, variant: Variant | None, phase: str, language: str = ""
    ) -> Words:
        """Return the words of an arm; then those of the phase; then the ask's own.

        Where an ask has words in the language of the page, it has no others: what is not
        translated is left out. ``language`` is for previews; blank is that of the page.
        """
        page_language = language or current_language()
        translated = self._translated(ask, phase, page_language)
        if translated:
            said, extra = [*translated, ask], translated
        else:
            said = [one for one in (variant, self.phases.get((ask.pk, phase, "")), ask) if one]
            extra = said

        def first(sources: list, name: str) -> str:
            return next((text for one in sources if (text := getattr(one, name, ""))), "")

        is_foreign = not translated and page_language != own_language()
        return Words(
            heading=first(said, "heading"),
            text=first(extra, "text"),
            button_label=first(said, "button_label"),
            note=first(extra, "note"),
            language=own_language() if is_foreign else "",
        )

    def _translated(self, ask: CallToAction, phase: str, language: str) -> list[PhaseCopy]:
        """Return an ask's words in another language, those of the phase first."""
        if language == own_language():
            return []
        keys = dict.fromkeys([(ask.pk, phase, language), (ask.pk, "", language)])
        return [self.phases[key] for key in keys if key in self.phases]


def get_wording(pk: int, variant: str = "", phase: str = "") -> str | None:
    """Return the words of a call to action as a form showed it; None if nobody knows it.

    ``variant`` and ``phase`` are what the form's stamp says of itself; the language is that of
    the address to which the form was sent, and so of its page.
    """
    ask = CallToAction.objects.filter(pk=pk).first()
    if ask is None:
        return None
    copies = Copies.of([ask])
    key = variant.rpartition("-")[2]
    arm = next((arm for arm in copies.variants.get(pk, ()) if arm.key == key), None)
    return copies.words(ask, arm, phase).wording
