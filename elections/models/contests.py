"""What is decided: an office, or a question. Editors own these rows.

The machine adds drafts when a feed speaks of something new, and never changes
a row afterwards.
"""

from __future__ import annotations

from fractions import Fraction

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.search import index

from elections.counting.places import Rule
from elections.counting.results import ContestType
from elections.counting.thresholds import Comparator, Threshold
from elections.models.elections import Election, validate_time_zone  # noqa: F401, 0001 names it here

COMPARATORS = [
    (Comparator.AT_LEAST.value, _("at least this share")),
    (Comparator.MORE_THAN.value, _("more than this share")),
]


class ContestQuerySet(models.QuerySet):
    def confirmed(self) -> ContestQuerySet:
        return self.filter(status=Contest.Status.CONFIRMED)


class Contest(index.Indexed, models.Model):
    """What is decided: an office, or a question put to the voters."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft: check the name")
        CONFIRMED = "confirmed", _("Confirmed")
        LEFT_OUT = "left-out", _("Left out: not followed")

    class Type(models.TextChoices):
        CANDIDATE = ContestType.CANDIDATE.value, _("Candidates")
        BALLOT_MEASURE = ContestType.BALLOT_MEASURE.value, _("Ballot measure")
        RETENTION = ContestType.RETENTION.value, _("Retention")
        RECALL = ContestType.RECALL.value, _("Recall")

    class Variation(models.TextChoices):
        PLURALITY = "plurality", _("Most votes win")
        MAJORITY = "majority", _("A majority wins, otherwise a runoff")
        N_OF_M = "n-of-m", _("Several seats, most votes win")
        TOP_TWO = "top-two", _("A primary: the first ones go on, also with a majority")
        RANKED_CHOICE = "rcv", _("Ranked choice: voters rank, and the last are eliminated")

    election = models.ForeignKey(
        Election, on_delete=models.PROTECT, related_name="contests", verbose_name=_("election")
    )
    name = models.CharField(
        _("name"),
        max_length=255,
        help_text=_("As readers see it: what is decided, and where."),
    )
    status = models.CharField(
        _("status"), max_length=16, choices=Status.choices, default=Status.CONFIRMED
    )
    contest_type = models.CharField(
        _("type"), max_length=20, choices=Type.choices, default=Type.CANDIDATE
    )
    division = models.CharField(
        _("division"),
        max_length=200,
        blank=True,
        help_text=_("Who votes in it: a district, a city. Shown on the page of the race."),
    )
    vote_variation = models.CharField(
        _("how it is decided"),
        max_length=16,
        choices=Variation.choices,
        default=Variation.PLURALITY,
    )
    votes_allowed = models.PositiveSmallIntegerField(
        _("votes a voter has"), default=1, validators=[MinValueValidator(1)]
    )
    number_elected = models.PositiveSmallIntegerField(
        _("seats"), default=1, validators=[MinValueValidator(1)]
    )
    number_runoff = models.PositiveSmallIntegerField(
        _("candidates who go to a runoff"),
        default=0,
        help_text=_("0 for two where a majority is needed or the first go on, and none elsewhere."),
    )
    passage_numerator = models.PositiveIntegerField(
        _("threshold, numerator"),
        null=True,
        blank=True,
        help_text=_("Of the exact share of yes that a measure needs: 55 of 100, 2 of 3."),
    )
    passage_denominator = models.PositiveIntegerField(
        _("threshold, denominator"), null=True, blank=True
    )
    passage_comparator = models.CharField(
        _("threshold is reached with"),
        max_length=16,
        choices=COMPARATORS,
        default=Comparator.MORE_THAN.value,
    )
    depends_on = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="dependents",
        verbose_name=_("depends on"),
        help_text=_(
            "The question that this race hangs on: the recall of whom this race would replace, "
            "or the measure that changes this one's threshold."
        ),
    )
    conditional_numerator = models.PositiveIntegerField(
        _("threshold if that passes, numerator"), null=True, blank=True
    )
    conditional_denominator = models.PositiveIntegerField(
        _("threshold if that passes, denominator"), null=True, blank=True
    )
    conditional_comparator = models.CharField(
        _("then it is reached with"),
        max_length=16,
        choices=COMPARATORS,
        default=Comparator.AT_LEAST.value,
    )
    registered_voters = models.PositiveIntegerField(
        _("registered voters"),
        null=True,
        blank=True,
        help_text=_(
            "Of the area that votes in this race. With the election's own number it turns a "
            "county's estimate of ballots left into one for this race."
        ),
    )
    question = models.TextField(_("question on the ballot"), blank=True)
    coverage_note = models.CharField(
        _("coverage note"),
        max_length=255,
        blank=True,
        help_text=_(
            "Shown with the result. Empty: what follows from the source, for example “Votes in "
            "Los Angeles County only.”"
        ),
    )
    reaches_beyond = models.BooleanField(
        _("people elsewhere vote in it too"),
        default=False,
        help_text=_(
            "For a race that is larger than the county that counts, such as a state race. Where "
            "the source says which place it counts, the result is then labelled with it."
        ),
    )
    reported_title = models.CharField(
        _("title in the feed"), max_length=500, blank=True, editable=False
    )
    reported_threshold = models.CharField(
        _("threshold in the feed"), max_length=255, blank=True, editable=False
    )
    reported_note = models.TextField(_("note in the feed"), blank=True, editable=False)
    group = models.CharField(_("group"), max_length=200, blank=True)
    order = models.PositiveIntegerField(_("order on the ballot"), default=0)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ContestQuerySet.as_manager()

    search_fields = [
        index.SearchField("name", boost=2),
        index.AutocompleteField("name"),
        index.SearchField("reported_title"),
        index.AutocompleteField("reported_title"),
        index.FilterField("election_id"),
        index.FilterField("status"),
        index.FilterField("contest_type"),
    ]

    class Meta:
        verbose_name = _("race")
        verbose_name_plural = _("races")
        ordering = ["election", "order", "name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="elections_contest_seats",
                condition=models.Q(number_elected__gte=1, votes_allowed__gte=1),
            ),
            models.CheckConstraint(
                name="elections_contest_threshold",
                condition=models.Q(passage_numerator__isnull=True, passage_denominator__isnull=True)
                | models.Q(
                    passage_numerator__gt=0,
                    passage_denominator__gte=models.F("passage_numerator"),
                ),
            ),
            models.CheckConstraint(
                name="elections_contest_conditional",
                condition=models.Q(
                    conditional_numerator__isnull=True, conditional_denominator__isnull=True
                )
                | models.Q(
                    conditional_numerator__gt=0,
                    conditional_denominator__gte=models.F("conditional_numerator"),
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_confirmed(self) -> bool:
        return self.status == self.Status.CONFIRMED

    @property
    def is_ranked_choice(self) -> bool:
        """Whether voters rank: then more first choices than anybody else is no lead."""
        return self.vote_variation == self.Variation.RANKED_CHOICE

    @property
    def has_yes_and_no(self) -> bool:
        """Whether the voters answer a question rather than choose people."""
        return self.contest_type != self.Type.CANDIDATE

    @property
    def threshold(self) -> Threshold | None:
        """The exact passage threshold; None when the contest has none."""
        if self.passage_numerator is None or self.passage_denominator is None:
            return None
        return Threshold(
            self.passage_numerator, self.passage_denominator, Comparator(self.passage_comparator)
        )

    @property
    def conditional_threshold(self) -> Threshold | None:
        """The threshold that holds if the other question passes; None without one."""
        if self.conditional_numerator is None or self.conditional_denominator is None:
            return None
        return Threshold(
            self.conditional_numerator,
            self.conditional_denominator,
            Comparator(self.conditional_comparator),
        )

    @property
    def possible_thresholds(self) -> tuple[Threshold, ...]:
        """Its threshold, and the one that may take its place; empty without one."""
        both = (self.threshold, self.conditional_threshold)
        return tuple(threshold for threshold in both if threshold is not None)

    @property
    def rule(self) -> Rule:
        """How its places are given. Two go on where nobody has said how many."""
        if self.has_yes_and_no:
            return Rule()
        if self.vote_variation == self.Variation.TOP_TWO:
            return Rule(self.number_elected, self.number_runoff or 2)
        if self.vote_variation == self.Variation.MAJORITY or self.number_runoff:
            return Rule(self.number_elected, self.number_runoff or 2, majority_wins=True)
        return Rule(self.number_elected)

    def clean(self) -> None:
        super().clean()
        errors = {
            **self._threshold_errors("passage"),
            **self._threshold_errors("conditional"),
            **self._seat_errors(),
            **self._dependence_errors(),
        }
        if errors:
            raise ValidationError(errors)

    def _threshold_errors(self, kind: str) -> dict[str, object]:
        """Check a threshold: ``kind`` is passage, or conditional."""
        over, under = f"{kind}_numerator", f"{kind}_denominator"
        numerator, denominator = getattr(self, over), getattr(self, under)
        if numerator is None and denominator is None:
            return {}
        if numerator is None:
            return {over: _("Write the numerator too, or clear the denominator.")}
        if denominator is None:
            return {under: _("Write the denominator too, or clear the numerator.")}
        if not self.has_yes_and_no:
            return {over: _("Candidates have no passage threshold. Clear it, or change the type.")}
        if denominator == 0:
            return {under: _("The denominator cannot be 0.")}
        share = Fraction(numerator, denominator)
        comparator = getattr(self, f"{kind}_comparator")
        unreachable = share > 1 or (share == 1 and comparator == Comparator.MORE_THAN.value)
        if share == 0 or unreachable:
            return {
                over: _(
                    "No vote can decide this: the share must lie above 0 and be reachable, "
                    "for example 55 of 100 or 2 of 3."
                )
            }
        return {}

    def _dependence_errors(self) -> dict[str, object]:
        other = self.depends_on
        if other is None:
            if self.conditional_numerator is not None:
                return {"depends_on": _("Say which measure changes the threshold, or clear it.")}
            return {}
        if other.pk == self.pk or other.election_id != self.election_id:
            return {"depends_on": _("Choose another question of the same election.")}
        if not other.has_yes_and_no:
            return {"depends_on": _("Choose a question that is answered with yes or no.")}
        if self.conditional_numerator is not None and self.threshold is None:
            return {"passage_numerator": _("Write the threshold that holds otherwise, too.")}
        return {}

    def _seat_errors(self) -> dict[str, object]:
        if self.has_yes_and_no and (
            (self.number_elected or 1) > 1 or (self.votes_allowed or 1) > 1
        ):
            return {"number_elected": _("A yes-or-no question has one seat and one vote.")}
        if self.number_runoff == 1:
            return {"number_runoff": _("A runoff needs at least two candidates.")}
        return {}
