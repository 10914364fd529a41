"""What the county said, and when: bytes and counts never change, “current” is a pointer."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from django.core.exceptions import ValidationError
from django.db import connections, models, router
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from elections.counting.guards import Verdict
from elections.models.contests import Contest
from elections.models.elections import Election
from elections.models.sources import Source


class Snapshot(models.Model):
    """The raw bytes of one document, once per distinct content."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="snapshots")
    sha256 = models.CharField(max_length=64)
    compressed = models.BinaryField()
    size = models.PositiveIntegerField(_("bytes"))
    first_seen_at = models.DateTimeField(_("first seen at"))
    counted_at = models.DateTimeField(
        _("counted at"), null=True, help_text=_("The source's own statement; empty if unreadable.")
    )
    contest_count = models.PositiveIntegerField(_("races"), default=0)
    ballots_cast = models.PositiveIntegerField(
        _("ballots cast"), null=True, help_text=_("In the whole election; empty if it is not said.")
    )
    verdict = models.CharField(
        _("verdict"), max_length=12, choices=[(verdict.value, verdict.value) for verdict in Verdict]
    )
    reasons = models.JSONField(_("reasons"), default=list)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(name="elections_snapshot_content", fields=["source", "sha256"])
        ]

    def __str__(self) -> str:
        return self.sha256[:12]

    @staticmethod
    def digest(body: bytes) -> str:
        return hashlib.sha256(body).hexdigest()

    @staticmethod
    def pack(body: bytes) -> bytes:
        return zlib.compress(body, 1)

    @property
    def body(self) -> bytes:
        """The document as it came, byte for byte."""
        return zlib.decompress(bytes(self.compressed))


def votes_from_json(votes: Mapping[str, int]) -> dict[int, int]:
    return {int(selection): count for selection, count in votes.items()}


class ContestCountQuerySet(models.QuerySet):
    def add(self, counts: Sequence[ContestCount]) -> None:
        """Add rows whose ids nobody needs to know: with psycopg 3 as one stream, without a query.

        They are checked by the table's constraints, as always.
        """
        connection = connections[router.db_for_write(self.model)]
        if connection.Database.__name__ != "psycopg":
            self.bulk_create(counts)
            return
        fields = [one for one in self.model._meta.concrete_fields if not one.primary_key]
        columns = ", ".join(connection.ops.quote_name(one.column) for one in fields)
        table = connection.ops.quote_name(self.model._meta.db_table)
        with (
            connection.wrap_database_errors,
            connection.cursor() as cursor,
            cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as stream,
        ):
            for count in counts:
                values = [(one, getattr(count, one.attname)) for one in fields]
                stream.write_row([one.get_db_prep_save(it, connection) for one, it in values])


class ContestCount(models.Model):
    """The votes of one contest in one release, kept where they changed.

    ``votes`` maps a selection's id (as text) to its votes. A row of a stale
    document belongs to the timeline and is never current. The three numbers of
    ballots are None where the source does not say them; they may fall.
    """

    BALLOTS = ("ballots_cast", "overvotes", "undervotes")

    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="counts")
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="counts")
    counted_at = models.DateTimeField(_("counted at"))
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now)
    votes = models.JSONField(_("votes"))
    ballots_cast = models.PositiveIntegerField(_("ballots with this race"), null=True)
    overvotes = models.PositiveIntegerField(_("marked too often"), null=True)
    undervotes = models.PositiveIntegerField(_("left blank"), null=True)

    objects = ContestCountQuerySet.as_manager()

    class Meta:
        verbose_name = _("count")
        verbose_name_plural = _("counts")
        ordering = ["-counted_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="elections_count_per_document", fields=["contest", "snapshot"]
            )
        ]
        indexes = [models.Index(fields=["contest", "counted_at"], name="elections_count_history")]

    def __str__(self) -> str:
        return f"count {self.pk}"

    @cached_property
    def tally(self) -> dict[int, int]:
        """Selection id to votes."""
        return votes_from_json(self.votes)

    @property
    def ballots(self) -> dict[str, int | None]:
        """The numbers of ballots by their names."""
        return {name: getattr(self, name) for name in self.BALLOTS}


class CurrentCount(models.Model):
    """Which count of a contest stands, per source. Rolling back is one row.

    ``as_of`` is the newest release that still said so; it may be later than the
    count's own time, because a release in which nothing changed confirms it.
    ``changed_at`` is our own clock's time of the latest move, for finding what to publish.
    """

    contest = models.ForeignKey(Contest, on_delete=models.CASCADE, related_name="current_counts")
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="current_counts")
    count = models.ForeignKey(ContestCount, on_delete=models.PROTECT, related_name="+")
    as_of = models.DateTimeField(_("as of"))
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("current count")
        verbose_name_plural = _("current counts")
        constraints = [
            models.UniqueConstraint(name="elections_current_count", fields=["contest", "source"])
        ]

    def __str__(self) -> str:
        return f"current count of contest {self.contest_id}"

    @classmethod
    def point(cls, rows: Iterable[CurrentCount]) -> None:
        """Move the pointers of ``rows`` in one statement."""
        cls.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["contest", "source"],
            update_fields=["count", "as_of", "changed_at"],
        )


class BallotsRemaining(models.Model):
    """The county's estimate of the ballots it has still to count. Append-only.

    ``contest`` is None when the estimate is for the whole election. ``snapshot`` is the document
    that says it; None when somebody at the desk wrote it down.
    """

    election = models.ForeignKey(
        Election,
        on_delete=models.CASCADE,
        related_name="ballots_remaining",
        verbose_name=_("election"),
    )
    contest = models.ForeignKey(
        Contest,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="ballots_remaining",
        verbose_name=_("race"),
        help_text=_("Leave empty when the estimate is for the whole county."),
    )
    estimate = models.PositiveIntegerField(_("ballots left to count"))
    as_of = models.DateTimeField(_("as of"))
    next_update_at = models.DateTimeField(_("next update"), null=True, blank=True)
    source_name = models.CharField(_("said by"), max_length=200)
    source_url = models.URLField(_("where"), max_length=1000, blank=True)
    snapshot = models.ForeignKey(
        Snapshot,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="ballots_remaining",
        verbose_name=_("document"),
    )
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("ballots left to count")
        verbose_name_plural = _("ballots left to count")
        ordering = ["-as_of", "-pk"]

    def __str__(self) -> str:
        return f"{self.estimate:,}"

    def clean(self) -> None:
        super().clean()
        errors: dict[str, object] = {}
        if self.contest_id and self.contest.election_id != self.election_id:
            errors["contest"] = _("This race belongs to another election.")
        if self.as_of and self.next_update_at and self.next_update_at <= self.as_of:
            errors["next_update_at"] = _("The next update must come after this one.")
        if errors:
            raise ValidationError(errors)
