"""An election day: who votes, when polls close, when a count is final. Editors own these rows."""

from __future__ import annotations

from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.search import index

from elections.counting.calls import CallKind


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
    registered_voters = models.PositiveIntegerField(
        _("registered voters"),
        null=True,
        blank=True,
        help_text=_("Of the whole jurisdiction, as its elections office published them."),
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
    approval_kinds = models.JSONField(
        _("calls that need a second person"),
        default=list,
        blank=True,
        help_text=_("One person proposes such a call, another one approves it."),
    )
    maker_may_approve = models.BooleanField(
        _("one person may do both"),
        default=False,
        help_text=_("For a desk of one: whoever proposed a call may also approve it."),
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

    def needs_approval(self, kind: str) -> bool:
        """Whether a call of this kind needs a second person; taking one back never does."""
        return kind in self.approval_kinds and kind != CallKind.RETRACTED

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
