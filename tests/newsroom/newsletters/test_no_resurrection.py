"""Whatever happens in whatever order, an opt-out stays until its owner's own click."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import models
from django.test import override_settings
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from newsroom.newsletters import subscriptions, tending
from newsroom.newsletters.models import (
    ImportBatch,
    MailedLink,
    Newsletter,
    OutgoingMail,
    Subscriber,
    Subscription,
    Suppression,
    SyncChange,
    SyncedList,
)
from newsroom.newsletters.syncing import changes, comparing
from newsroom.newsletters.syncing.contract import Member, Membership
from newsroom.newsletters.syncing.in_memory import InMemoryService
from tests.newsroom.newsletters.importing.test_batches import bring, make_batch, undo
from tests.newsroom.newsletters.people import FORM, LEAVE, LINK, STAFF, imported, mail_out, wish

IN_MEMORY = "newsroom.newsletters.syncing.in_memory.InMemoryService"
SERVICES = {"memory": {"adapter": IN_MEMORY}}
ADDRESSES = st.sampled_from(["ana@example.com", "bo@example.com"])
LISTS = st.sampled_from(["morning", "evening"])


class Lists(RuleBasedStateMachine):
    """Remembers who said no to what, and who took it back by a click made since."""

    def __init__(self):
        super().__init__()
        self.now = datetime(2026, 11, 3, tzinfo=UTC)
        self.newsletters = {
            slug: Newsletter.objects.get_or_create(
                slug=slug, defaults={"name": slug, "promise": f"The {slug}.", "frequency": "Daily"}
            )[0]
            for slug in ("morning", "evening")
        }
        # Who said no to what, and the latest link that had been made by then.
        self.refused: dict[tuple[str, str], int] = {}
        # Far from the numbers of whole files, which the same ledger knows.
        self.batch = 10_000_000
        self.newest = 0
        InMemoryService.reset()
        self.synced = {
            slug: SyncedList.objects.get_or_create(
                newsletter=newsletter, service="memory", remote_id=slug, takes_new=True
            )[0]
            for slug, newsletter in self.newsletters.items()
        }

    def teardown(self):
        Subscriber.objects.all().delete()
        Suppression.objects.all().delete()
        OutgoingMail.objects.all().delete()
        MailedLink.objects.all().delete()
        SyncChange.objects.all().delete()
        ImportBatch.objects.all().delete()

    def found(self, address: str, slug: str) -> Subscription | None:
        return Subscription.objects.filter(subscriber__email=address, newsletter__slug=slug).first()

    def say_no(self, address: str, *slugs: str) -> None:
        newest = MailedLink.objects.aggregate(models.Max("pk"))["pk__max"] or self.newest
        self.newest = max(self.newest, newest)
        self.refused |= {(address, slug): self.newest for slug in slugs}

    @rule(address=ADDRESSES, slugs=st.sets(LISTS, min_size=1), is_mailed=st.booleans())
    def sign_up(self, address, slugs, is_mailed):
        wishes = [wish(self.newsletters[slug]) for slug in sorted(slugs)]
        subscriptions.sign_up(address, wishes, FORM, now=self.now)
        if is_mailed:
            mail_out(self.now)

    @rule(pick=st.integers(min_value=0))
    def somebody_clicks(self, pick):
        links = list(MailedLink.objects.filter(purpose="confirm").order_by("pk"))
        if not links:
            return
        link = links[pick % len(links)]
        confirmed = subscriptions.confirm(link, LINK, now=self.now) or []
        for row in confirmed:
            key = (row.subscriber.email, row.newsletter.slug)
            if link.pk > self.refused.get(key, 0):
                self.refused.pop(key, None)

    @rule(address=ADDRESSES, slug=LISTS)
    def leave(self, address, slug):
        if row := self.found(address, slug):
            subscriptions.unsubscribe(row, LEAVE, now=self.now)
            self.say_no(address, slug)

    @rule(address=ADDRESSES)
    def erase(self, address):
        if person := Subscriber.objects.filter(email=address).first():
            subscriptions.erase(person, LINK, now=self.now)
            self.say_no(address, *self.newsletters)

    @rule(address=ADDRESSES, reason=st.sampled_from(["bounced", "complained"]))
    def stop(self, address, reason):
        if person := Subscriber.objects.filter(email=address).first():
            subscriptions.stop_all(person, reason, LINK, now=self.now)
            if reason == "complained":
                self.say_no(address, *self.newsletters)

    @rule(address=ADDRESSES)
    def forgive(self, address):
        if person := Subscriber.objects.filter(email=address).first():
            subscriptions.forgive(person, STAFF, now=self.now)

    @rule(address=ADDRESSES, slug=LISTS, has_consent=st.booleans())
    def bring_in(self, address, slug, has_consent):
        self.batch += 1
        subscriptions.bring_in(
            address.upper(),
            self.newsletters[slug],
            imported(self.batch),
            has_consent=has_consent,
            now=self.now,
        )

    @rule(address=ADDRESSES, slug=LISTS, back=st.integers(min_value=0, max_value=2))
    @precondition(lambda self: self.batch)
    def take_back(self, address, slug, back):
        if row := self.found(address, slug):
            subscriptions.take_back(row, imported(max(1, self.batch - back)), now=self.now)

    @rule(address=ADDRESSES, slug=LISTS, is_subscribed=st.booleans())
    def pull(self, address, slug, is_subscribed):
        subscriptions.pull(
            address,
            self.newsletters[slug],
            is_subscribed=is_subscribed,
            evidence=STAFF,
            now=self.now,
        )
        if not is_subscribed:
            self.say_no(address, slug)

    @rule(addresses=st.sets(ADDRESSES, min_size=1), slug=LISTS, is_proven=st.booleans())
    def import_a_file(self, addresses, slug, is_proven):
        consent = "proven" if is_proven else "must_confirm"
        bring(make_batch(self.newsletters[slug], *sorted(addresses), consent=consent))

    @rule(pick=st.integers(min_value=0))
    def undo_a_file(self, pick):
        done = list(ImportBatch.objects.filter(state="done").order_by("pk"))
        if done:
            undo(done[pick % len(done)])

    @rule(address=ADDRESSES, slug=LISTS, membership=st.sampled_from(["subscribed", "unsubscribed"]))
    def the_service_has(self, address, slug, membership):
        member = Member(address=address, membership=Membership(membership))
        InMemoryService.lists.setdefault(slug, {})[address] = member

    @rule(slug=LISTS)
    def compare_with_the_service(self, slug):
        there = InMemoryService.lists.get(slug, {}).values()
        left = {member.address for member in there if member.membership == "unsubscribed"}
        assert comparing.compare(self.synced[slug], self.now + timedelta(days=9999)).is_complete
        for address in left:
            row = self.found(address, slug)
            if row is not None and row.state == "unsubscribed":
                self.say_no(address, slug)

    @rule(slug=LISTS)
    def tell_the_service(self, slug):
        changes.tell_list(self.synced[slug].pk)

    @rule(address=ADDRESSES, days=st.sampled_from([None, 3]))
    def pause(self, address, days):
        if person := Subscriber.objects.filter(email=address).first():
            until = self.now + timedelta(days=days) if days else None
            subscriptions.pause(person, until, LINK, now=self.now)

    @rule(days=st.sampled_from([1, 4, 8]))
    def time_passes(self, days):
        self.now += timedelta(days=days)
        tending.tend(self.now)

    @invariant()
    def nobody_who_said_no_gets_mail(self):
        rows = Subscription.objects.filter(state="confirmed")
        on = set(rows.values_list("subscriber__email", "newsletter__slug"))
        assert not on & set(self.refused)


class TestLists(TestCase):
    @override_settings(NEWSROOM_NEWSLETTER_SERVICES=SERVICES)
    def test_never_bring_back_who_said_no(self):
        run_state_machine_as_test(
            Lists,
            settings=settings(
                max_examples=30,
                stateful_step_count=25,
                deadline=None,
                # A story made shorter takes minutes here; the long one says enough.
                phases=[Phase.reuse, Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )


pytestmark = pytest.mark.django_db
