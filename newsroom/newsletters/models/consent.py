"""The consent ledger: who agreed to what, in which words, where; and how it ended.

Rows are added and never changed: the database itself refuses anything else, by triggers that
the migrations make (``newsroom.newsletters.append_only``). No address stands here. A person is a
random number and the keyed hash of the address, so that a row may outlive both.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.newsletters.addresses import address_hash, address_hashes
from newsroom.newsletters.models.newsletters import Newsletter
from newsroom.newsletters.models.subscribers import Subscriber
from newsroom.newsletters.models.subscriptions import Subscription


class AppendOnlyError(Exception):
    """A record that stands for what happened cannot be changed or taken back."""


class AppendOnlyQuerySet(models.QuerySet):
    def update(self, **kwargs: object) -> int:
        raise AppendOnlyError("This is a record of what happened. It cannot be changed.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise AppendOnlyError("This is a record of what happened. It cannot be deleted.")

    def bulk_update(self, *args: object, **kwargs: object) -> int:
        raise AppendOnlyError("This is a record of what happened. It cannot be changed.")


class AppendOnlyModel(models.Model):
    class Meta:
        abstract = True

    def save(self, *args: object, **kwargs: object) -> None:
        if not self._state.adding:
            raise AppendOnlyError("This is a record of what happened. It cannot be changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        raise AppendOnlyError("This is a record of what happened. It cannot be deleted.")


class WordingQuerySet(AppendOnlyQuerySet):
    def for_texts(self, texts: Iterable[str]) -> "dict[str, Wording]":
        """Return the wording of each text, written down now where it is new. Two queries."""
        by_digest = {hashlib.sha256(text.encode()).hexdigest(): text for text in texts}
        self.bulk_create(
            [Wording(digest=digest, text=text) for digest, text in sorted(by_digest.items())],
            ignore_conflicts=True,
        )
        found = self.filter(digest__in=by_digest)
        return {by_digest[wording.digest]: wording for wording in found}


class Wording(AppendOnlyModel):
    """Words that a reader agreed to, once for everyone who did."""

    digest = models.CharField(max_length=64, unique=True)
    text = models.TextField(_("text"))

    objects = WordingQuerySet.as_manager()

    class Meta:
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")
        default_permissions = ["view"]

    def __str__(self) -> str:
        return f"Wording {self.digest[:12]}"


class Method(models.TextChoices):
    FORM = "form", _("Form")
    LINK = "link", _("Link in a mail")
    PREFERENCES = "preferences", _("Preference page")
    ONE_CLICK = "one_click", _("One click")
    IMPORT = "import", _("Import")
    STAFF = "staff", _("Staff")
    PROVIDER = "provider", _("Newsletter service")
    BOUNCE = "bounce", _("Bounce")
    COMPLAINT = "complaint", _("Complaint")
    ERASURE = "erasure", _("Erasure")
    SCHEDULE = "schedule", _("Schedule")


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """How something came about: what the ledger keeps beside what it was.

    Ids are plain numbers, since the record outlives what they point at and this app does not know
    the apps that own them. ``variant``, ``phase`` and ``subject`` are words of whoever showed the
    form: the variant of an ask, the phase of a race, the race. ``network_hash`` is keyed, and
    another one every day. ``actor_id`` is the member of staff, ``batch_id`` the import.
    """

    method: str
    form: str = ""
    page_id: int | None = None
    page_revision_id: int | None = None
    block_id: str = ""
    call_to_action_id: int | None = None
    variant: str = ""
    phase: str = ""
    subject: str = ""
    network_hash: str = ""
    actor_id: int | None = None
    batch_id: int | None = None
    note: str = ""


class ConsentEventQuerySet(AppendOnlyQuerySet):
    def of(self, subscriber: Subscriber) -> "ConsentEventQuerySet":
        """Everything about a person, also from before an erasure or under an earlier address."""
        people = [subscriber.person]
        earlier = self.filter(other_person=subscriber.person).values("person")
        return self.filter(
            Q(person__in=people)
            | Q(person__in=earlier)
            | Q(address_hash__in=address_hashes(subscriber.email))
        ).order_by("occurred_at", "pk")


class ConsentEvent(AppendOnlyModel):
    class Kind(models.TextChoices):
        SIGNED_UP = "signed_up", _("Signed up")
        CONFIRMED = "confirmed", _("Confirmed")
        REMINDED = "reminded", _("Reminded")
        LAPSED = "lapsed", _("Deleted, never confirmed")
        UNSUBSCRIBED = "unsubscribed", _("Unsubscribed")
        PAUSED = "paused", _("Paused")
        RESUMED = "resumed", _("Resumed")
        EXPIRED = "expired", _("Ended with its topic")
        BOUNCED = "bounced", _("Bounced")
        COMPLAINED = "complained", _("Complained")
        FORGIVEN = "forgiven", _("May sign up again")
        IMPORTED = "imported", _("Imported")
        REFUSED = "refused", _("Refused")
        UNDONE = "undone", _("Import undone")
        ADDRESS_CHANGED = "address_changed", _("Address changed")
        DOWNLOADED = "downloaded", _("Downloaded their data")
        ERASED = "erased", _("Erased")

    kind = models.CharField(_("what"), max_length=16, choices=Kind.choices)
    method = models.CharField(_("how"), max_length=12, choices=Method.choices)
    occurred_at = models.DateTimeField(_("when"), default=timezone.now)
    person = models.UUIDField(db_index=True)
    other_person = models.UUIDField(null=True, db_index=True)
    address_hash = models.CharField(max_length=64, db_index=True)
    # None: it was about the person, not about one list.
    newsletter = models.ForeignKey(
        Newsletter,
        verbose_name=_("newsletter"),
        null=True,
        on_delete=models.PROTECT,
        related_name="consent_events",
    )
    topic_key = models.CharField(_("topic"), max_length=100, blank=True)
    # Blank: there was no subscription before, or is none after.
    state_before = models.CharField(_("state before"), max_length=12, blank=True)
    state_after = models.CharField(_("state after"), max_length=12, blank=True)
    wording = models.ForeignKey(
        Wording, verbose_name=_("wording shown"), null=True, on_delete=models.PROTECT
    )
    form = models.CharField(_("form"), max_length=40, blank=True)
    page_id = models.PositiveBigIntegerField(_("page"), null=True)
    page_revision_id = models.PositiveBigIntegerField(_("revision of the page"), null=True)
    block_id = models.CharField(_("block"), max_length=36, blank=True)
    call_to_action_id = models.PositiveBigIntegerField(_("call to action"), null=True)
    variant = models.CharField(_("variant"), max_length=40, blank=True)
    phase = models.CharField(_("phase"), max_length=40, blank=True)
    subject = models.CharField(_("subject"), max_length=100, blank=True)
    network_hash = models.CharField(max_length=32, blank=True)
    actor_id = models.PositiveBigIntegerField(_("member of staff"), null=True)
    batch_id = models.PositiveBigIntegerField(_("batch"), null=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = ConsentEventQuerySet.as_manager()

    class Meta:
        ordering = ["-occurred_at", "-pk"]
        verbose_name = _("consent event")
        verbose_name_plural = _("consent ledger")
        default_permissions = ["view"]
        indexes = [
            models.Index(
                fields=["newsletter", "kind", "occurred_at"], name="newsroom_newsletters_numbers"
            ),
            models.Index(
                fields=["call_to_action_id", "kind", "occurred_at"],
                name="newsroom_newsletters_by_ask",
                condition=Q(call_to_action_id__isnull=False),
            ),
            models.Index(
                fields=["page_id", "kind"],
                name="newsroom_newsletters_by_page",
                condition=Q(page_id__isnull=False),
            ),
            models.Index(
                fields=["batch_id"],
                name="newsroom_newsletters_by_batch",
                condition=Q(batch_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Consent event {self.pk}: {self.kind}"


def make_event(
    kind: str,
    subscriber: Subscriber,
    evidence: Evidence,
    *,
    at: datetime,
    subscription: Subscription | None = None,
    before: str = "",
    after: str | None = None,
    wording: Wording | None = None,
    other_person: object = None,
    newsletter: Newsletter | None = None,
) -> ConsentEvent:
    """Return an unsaved row of the ledger. ``after`` is the subscription's state if not given.

    ``newsletter`` is for what happened to an address without a subscription.
    """
    facts = asdict(evidence)
    facts["note"] = facts["note"][:200]
    if after is None:
        after = subscription.state if subscription else ""
    return ConsentEvent(
        kind=kind,
        occurred_at=at,
        person=subscriber.person,
        other_person=other_person,
        address_hash=address_hash(subscriber.email),
        newsletter=subscription.newsletter if subscription else newsletter,
        topic_key=subscription.topic_key if subscription else "",
        state_before=before,
        state_after=after,
        wording=wording,
        **facts,
    )
