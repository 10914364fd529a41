"""What is on the ballot and how we name it. Editors own these rows.

The machine adds drafts when a feed speaks of something new, and never changes
a row afterwards.
"""

from __future__ import annotations

from fractions import Fraction
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.search import index

from elections.counting.results import ContestType
from elections.counting.thresholds import Comparator, Threshold


def validate_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(
            _("“%(name)s” is not a time zone. Write one such as America/Los_Angeles."),
            params={"name": name},
        )


class Election(index.Indexed, models.Model):
    """One election day of one jurisdiction."""

    name = models.CharField(_("name"), max_length=200, help_text=_("As readers see it."))
    election_date = models.DateField(_("election day"))
    jurisdiction = models.CharField(
        _("jurisdiction"), max_length=200, help_text=_("Where people vote: a county, a state.")
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        default="America/Los_Angeles",
        validators=[validate_time_zone],
        help_text=_("Times on reader pages are in this zone, for example America/Los_Angeles."),
    )
    polls_close_at = models.DateTimeField(
        _("polls close at"),
        help_text=_("No vote that a feed reports before this time is shown to anybody."),
    )
    is_test = models.BooleanField(
        _("test election"),
        default=False,
        help_text=_("A rehearsal. Its results carry a banner wherever they stand."),
    )
    certified_at = models.DateTimeField(
        _("certified at"),
        null=True,
        blank=True,
        help_text=_("When the count became official. From then on the feeds are left alone."),
    )
    release_sightings = models.PositiveSmallIntegerField(
        _("confirmations before a correction is released"),
        default=3,
        help_text=_(
            "How often the source must repeat a lower count before it is shown without a "
            "decision. 0 leaves every correction to a person."
        ),
    )
    release_minutes = models.PositiveSmallIntegerField(
        _("minutes before a correction is released"),
        default=10,
        help_text=_("The confirmations must spread over at least this many minutes."),
    )
    updated_at = models.DateTimeField(auto_now=True)

    search_fields = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.SearchField("jurisdiction"),
        index.FilterField("election_date"),
        index.FilterField("is_test"),
    ]

    class Meta:
        verbose_name = _("election")
        verbose_name_plural = _("elections")
        ordering = ["-election_date", "name", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def clean(self) -> None:
        super().clean()
        if not (self.polls_close_at and self.election_date and self.time_zone):
            return
        if self.time_zone not in available_timezones():
            return
        closing_date = self.polls_close_at.astimezone(self.zone).date()
        if abs((closing_date - self.election_date).days) > 1:
            raise ValidationError(
                {"polls_close_at": _("The polls must close on election day or the day after it.")}
            )


class ContestQuerySet(models.QuerySet):
    def confirmed(self) -> ContestQuerySet:
        return self.filter(status=Contest.Status.CONFIRMED)


class Contest(index.Indexed, models.Model):
    """What is decided: an office, or a question put to the voters."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft: check the name")
        CONFIRMED = "confirmed", _("Confirmed")

    class Type(models.TextChoices):
        CANDIDATE = ContestType.CANDIDATE.value, _("Candidates")
        BALLOT_MEASURE = ContestType.BALLOT_MEASURE.value, _("Ballot measure")
        RETENTION = ContestType.RETENTION.value, _("Retention")
        RECALL = ContestType.RECALL.value, _("Recall")

    class Variation(models.TextChoices):
        PLURALITY = "plurality", _("Most votes win")
        MAJORITY = "majority", _("A majority wins, otherwise a runoff")
        N_OF_M = "n-of-m", _("Several seats, most votes win")

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
        help_text=_("Who votes in it: a district, a city."),
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
        help_text=_("0 when there is no runoff."),
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
        choices=[
            (Comparator.AT_LEAST.value, _("at least this share")),
            (Comparator.MORE_THAN.value, _("more than this share")),
        ],
        default=Comparator.MORE_THAN.value,
    )
    question = models.TextField(_("question on the ballot"), blank=True)
    coverage_note = models.CharField(
        _("coverage note"),
        max_length=255,
        blank=True,
        help_text=_("Shown with the result, for example “Votes in Los Angeles County only.”"),
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
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_confirmed(self) -> bool:
        return self.status == self.Status.CONFIRMED

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

    def clean(self) -> None:
        super().clean()
        errors = {**self._threshold_errors(), **self._seat_errors()}
        if errors:
            raise ValidationError(errors)

    def _threshold_errors(self) -> dict[str, object]:
        numerator, denominator = self.passage_numerator, self.passage_denominator
        if numerator is None and denominator is None:
            return {}
        if numerator is None:
            return {"passage_numerator": _("Write the numerator too, or clear the denominator.")}
        if denominator is None:
            return {"passage_denominator": _("Write the denominator too, or clear the numerator.")}
        if not self.has_yes_and_no:
            return {
                "passage_numerator": _(
                    "Candidates have no passage threshold. Clear it, or change the type."
                )
            }
        if denominator == 0:
            return {"passage_denominator": _("The denominator cannot be 0.")}
        share = Fraction(numerator, denominator)
        unreachable = share > 1 or (
            share == 1 and self.passage_comparator == Comparator.MORE_THAN.value
        )
        if share == 0 or unreachable:
            return {
                "passage_numerator": _(
                    "No vote can decide this: the share must lie above 0 and be reachable, "
                    "for example 55 of 100 or 2 of 3."
                )
            }
        return {}

    def _seat_errors(self) -> dict[str, object]:
        if self.has_yes_and_no and (
            (self.number_elected or 1) > 1 or (self.votes_allowed or 1) > 1
        ):
            return {"number_elected": _("A yes-or-no question has one seat and one vote.")}
        if self.number_runoff == 1:
            return {"number_runoff": _("A runoff needs at least two candidates.")}
        return {}


class Selection(models.Model):
    """A candidate, or a measure's yes or no."""

    class Incumbent(models.TextChoices):
        UNKNOWN = "unknown", _("Unknown")
        YES = "yes", _("Yes")
        NO = "no", _("No")

    class Status(models.TextChoices):
        ON_BALLOT = "on-ballot", _("On the ballot")
        WRITE_IN = "write-in", _("Write-in")
        WITHDRAWN = "withdrawn", _("Withdrew")

    class Answer(models.TextChoices):
        YES = "yes", _("Yes")
        NO = "no", _("No")

    contest = models.ForeignKey(
        Contest, on_delete=models.CASCADE, related_name="selections", verbose_name=_("race")
    )
    name = models.CharField(_("name"), max_length=200, help_text=_("As readers see it."))
    party = models.CharField(
        _("party"), max_length=100, blank=True, help_text=_("Empty in nonpartisan races.")
    )
    answer = models.CharField(
        _("answer"),
        max_length=3,
        blank=True,
        choices=Answer.choices,
        help_text=_("For measures, retention and recall: which answer this is."),
    )
    incumbent = models.CharField(
        _("incumbent"), max_length=8, choices=Incumbent.choices, default=Incumbent.UNKNOWN
    )
    status = models.CharField(
        _("status"), max_length=12, choices=Status.choices, default=Status.ON_BALLOT
    )
    reported_name = models.CharField(
        _("name in the feed"), max_length=255, blank=True, editable=False
    )
    is_new = models.BooleanField(
        _("new in the feed"),
        default=False,
        editable=False,
        help_text=_("A feed named it, and nobody has checked the name yet."),
    )
    order = models.PositiveIntegerField(_("order on the ballot"), default=0)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("candidate or answer")
        verbose_name_plural = _("candidates and answers")
        ordering = ["contest", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="elections_selection_answer",
                fields=["contest", "answer"],
                condition=~models.Q(answer=""),
                violation_error_message=_("This race has that answer already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
