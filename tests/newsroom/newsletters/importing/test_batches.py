from datetime import timedelta

import pytest
from django.utils import timezone

from newsroom.newsletters import sending, subscriptions
from newsroom.newsletters.importing import batches
from newsroom.newsletters.importing.sheets import look_through
from newsroom.newsletters.models import (
    ConsentEvent,
    ImportBatch,
    ImportRow,
    OutgoingMail,
    Subscriber,
    Subscription,
    Suppression,
)
from tests.newsroom.newsletters.importing.files import as_csv
from tests.newsroom.newsletters.people import (
    LEAVE,
    LINK,
    STAFF,
    confirm_all,
    sign_up,
    subscribe,
)

pytestmark = pytest.mark.django_db


def make_batch(newsletter, *addresses: str, consent: str = "proven") -> ImportBatch:
    body = as_csv(*addresses)
    sheet = look_through(body)
    return ImportBatch.objects.create(
        newsletter=newsletter,
        file_name="list.csv",
        body=body,
        columns=sheet.columns,
        rows_total=sheet.row_count,
        address_column=0,
        consent=consent,
        consent_source="Fair",
        wording="I want the news." if consent == "proven" else "",
        state="judging",
    )


def bring(batch: ImportBatch) -> None:
    while batches.carry_on(batch.pk):
        pass
    batches.begin(batch, "judged", "committing")
    while batches.carry_on(batch.pk):
        pass


def undo(batch: ImportBatch) -> None:
    assert batches.begin(batch, "done", "undoing")
    while batches.carry_on(batch.pk):
        pass


def verdicts(batch: ImportBatch) -> list[str]:
    return list(batch.rows.order_by("line").values_list("verdict", flat=True))


def results(batch: ImportBatch) -> list[str]:
    return list(batch.rows.order_by("line").values_list("result", flat=True))


def world() -> dict:
    """Everything about people, without what an import may leave: the ledger's rows and numbers."""
    return {
        model.__name__: list(model.objects.order_by("pk").values())
        for model in (Subscriber, Subscription, Suppression)
    }


class TestJudge:
    def test_gives_each_row_its_verdict_and_adds_nobody(self, newsletter, now):
        subscribe(newsletter, email="on@example.com", now=now)
        left = subscribe(newsletter, email="left@example.com", now=now)
        subscriptions.unsubscribe(left, LEAVE)
        erased = subscribe(newsletter, email="erased@example.com", now=now)
        subscriptions.erase(erased.subscriber, LINK)
        angry = subscribe(newsletter, email="angry@example.com", now=now)
        subscriptions.stop_all(angry.subscriber, "complained", STAFF)
        before = world()
        batch = make_batch(
            newsletter,
            "new@example.com",
            "On@Example.com",
            "left@example.com",
            "erased@example.com",
            "angry@example.com",
            "no address",
            "NEW@example.com ",
        )
        assert not batches.carry_on(batch.pk)
        assert verdicts(batch) == [
            "added",
            "already",
            "opted_out",
            "erased",
            "complained",
            "invalid",
            "duplicate",
        ]
        assert world() == before

    def test_says_who_must_confirm(self, newsletter):
        batch = make_batch(newsletter, "new@example.com", consent="must_confirm")
        batches.carry_on(batch.pk)
        assert verdicts(batch) == ["asked"]

    def test_finds_what_is_twice_over_the_edge_of_a_chunk(self, newsletter, monkeypatch):
        monkeypatch.setattr(batches, "CHUNK", 2)
        batch = make_batch(newsletter, "a@x.com", "b@x.com", "c@x.com", "a@x.com", "c@x.com")
        batches.carry_on(batch.pk)
        assert verdicts(batch) == ["added", "added", "added", "duplicate", "duplicate"]

    def test_keeps_the_file_no_longer_than_it_needs(self, newsletter):
        batch = make_batch(newsletter, "a@x.com")
        batches.carry_on(batch.pk)
        batch.refresh_from_db()
        assert (batch.state, batch.body) == ("judged", None)

    def test_goes_on_where_the_time_was_up(self, newsletter, monkeypatch):
        monkeypatch.setattr(batches, "CHUNK", 1)
        batch = make_batch(newsletter, "a@x.com", "b@x.com", "c@x.com")
        assert batches.carry_on(batch.pk, seconds=-1)
        assert batch.rows.count() == 1
        while batches.carry_on(batch.pk, seconds=-1):
            pass
        assert verdicts(batch) == ["added"] * 3


class TestBringIn:
    def test_adds_with_proof(self, newsletter):
        batch = make_batch(newsletter, "a@x.com", "b@x.com")
        bring(batch)
        assert results(batch) == ["added", "added"]
        assert newsletter.subscriptions.filter(state="confirmed", source="import").count() == 2
        event = ConsentEvent.objects.filter(kind="imported").first()
        assert event.wording.text == "I want the news."
        assert (event.batch_id, event.note) == (batch.pk, "Fair")
        assert not OutgoingMail.objects.exists()

    def test_asks_without(self, newsletter):
        batch = make_batch(newsletter, "a@x.com", consent="must_confirm")
        bring(batch)
        assert results(batch) == ["asked"]
        assert newsletter.subscriptions.get().state == "pending"
        assert OutgoingMail.objects.get().kind == "confirm"

    def test_looks_again_at_who_left_since_the_look(self, newsletter, now):
        batch = make_batch(newsletter, "a@x.com")
        batches.carry_on(batch.pk)
        subscriptions.unsubscribe(subscribe(newsletter, email="a@x.com", now=now), LEAVE)
        batches.begin(batch, "judged", "committing")
        batches.carry_on(batch.pk)
        assert results(batch) == ["opted_out"]
        assert newsletter.subscriptions.get().state == "unsubscribed"

    def test_forgets_who_was_erased_since_the_look(self, newsletter, now):
        batch = make_batch(newsletter, "a@x.com")
        batches.carry_on(batch.pk)
        subscriptions.erase(sign_up(newsletter, email="a@x.com", now=now), LINK)
        assert batch.rows.get().address == ""
        batches.begin(batch, "judged", "committing")
        batches.carry_on(batch.pk)
        assert results(batch) == ["erased"]
        assert not Subscriber.objects.exists()

    def test_does_each_row_once_when_a_worker_is_killed(self, newsletter, monkeypatch):
        monkeypatch.setattr(batches, "CHUNK", 2)
        batch = make_batch(newsletter, *(f"{name}@x.com" for name in "abcde"))
        batches.carry_on(batch.pk)
        batches.begin(batch, "judged", "committing")
        real, calls = subscriptions.bring_in_each, []

        def dies_in_the_middle(addresses, *args, **options):
            brought = real(addresses, *args, **options)
            calls.append(addresses)
            if len(calls) == 2:
                raise SystemExit
            return brought

        monkeypatch.setattr(subscriptions, "bring_in_each", dies_in_the_middle)
        with pytest.raises(SystemExit):
            batches.carry_on(batch.pk)
        assert results(batch) == ["added", "added", "", "", ""]
        assert Subscriber.objects.count() == 2
        batches.carry_on(batch.pk)
        assert results(batch) == ["added"] * 5
        assert ConsentEvent.objects.filter(kind="imported").count() == 5

    def test_takes_as_many_queries_for_many_rows_as_for_two(
        self, newsletter, django_assert_max_num_queries
    ):
        for consent in ("proven", "must_confirm"):
            batch = make_batch(newsletter, *(f"{n}@{consent}.com" for n in range(60)))
            ImportBatch.objects.filter(pk=batch.pk).update(consent=consent)
            batches.carry_on(batch.pk)
            batches.begin(batch, "judged", "committing")
            with django_assert_max_num_queries(45):
                batches.carry_on(batch.pk)
            assert len(set(results(batch))) == 1
            batches.begin(batch, "done", "undoing")
            with django_assert_max_num_queries(45):
                batches.carry_on(batch.pk)
        assert not Subscriber.objects.exists()

    def test_stops_where_another_worker_has_taken_over(self, newsletter, monkeypatch):
        """Whoever was away for longer than the lease writes nothing any more."""
        batch = make_batch(newsletter, "a@x.com", "b@x.com")
        batches.carry_on(batch.pk)
        batches.begin(batch, "judged", "committing")
        real = batches.evidence_of

        def meanwhile(found):
            ImportBatch.objects.update(leased_until=timezone.now() + timedelta(seconds=50))
            return real(found)

        monkeypatch.setattr(batches, "evidence_of", meanwhile)
        batches.carry_on(batch.pk)
        assert results(batch) == ["", ""]
        assert not Subscriber.objects.exists()
        assert ImportBatch.objects.get().leased_until

    def test_is_stopped_between_two_parts(self, newsletter, monkeypatch):
        monkeypatch.setattr(batches, "CHUNK", 1)
        batch = make_batch(newsletter, "a@x.com", "b@x.com", "c@x.com")
        batches.carry_on(batch.pk)
        batches.begin(batch, "judged", "committing")
        real = subscriptions.bring_in_each

        def stopped_after_one(*args, **options):
            brought = real(*args, **options)
            batches.begin(batch, "committing", "undoing")
            return brought

        monkeypatch.setattr(subscriptions, "bring_in_each", stopped_after_one)
        assert batches.carry_on(batch.pk)
        assert results(batch) == ["added", "", ""]
        while batches.carry_on(batch.pk):
            pass
        assert not Subscriber.objects.exists()

    def test_lets_readers_mails_go_first(self, newsletter, settings, mailoutbox, monkeypatch):
        """An import takes half of an hour's mails at most, and stands behind who waits."""
        settings.NEWSROOM_FORM_MAILS_PER_HOUR = 6
        monkeypatch.setattr(sending, "BATCH", 1)
        bring(make_batch(newsletter, *(f"{n}@x.com" for n in range(9)), consent="must_confirm"))
        sign_up(newsletter, email="reader@x.com")
        sending.send_due()
        assert mailoutbox[0].to == ["reader@x.com"]
        assert len(mailoutbox) == 3
        sign_up(newsletter, email="another@x.com")
        sending.send_due()
        assert [mail.to for mail in mailoutbox[3:]] == [["another@x.com"]]

    def test_keeps_nothing_of_who_was_erased_behind_its_back(self, newsletter, now, monkeypatch):
        """The erasure comes between the look and the lock: no row may be left of them."""
        batch = make_batch(newsletter, "a@x.com", "b@x.com")
        batches.carry_on(batch.pk)
        batches.begin(batch, "judged", "committing")
        real = Subscriber.objects.lock_each

        def erased_meanwhile(emails):
            Suppression.objects.suppress("a@x.com", "erased")
            return real(emails)

        monkeypatch.setattr(Subscriber.objects, "lock_each", erased_meanwhile)
        batches.carry_on(batch.pk)
        assert results(batch) == ["erased", "added"]
        assert list(Subscriber.objects.values_list("email", flat=True)) == ["b@x.com"]

    def test_is_done_by_one_worker_at_a_time(self, newsletter):
        batch = make_batch(newsletter, "a@x.com")
        later = timezone.now() + timedelta(seconds=30)
        ImportBatch.objects.update(leased_until=later)
        assert not batches.carry_on(batch.pk)
        assert not batch.rows.exists()
        ImportBatch.objects.update(leased_until=timezone.now())
        batches.carry_on(batch.pk)
        assert batch.rows.exists()

    def test_is_not_begun_twice(self, newsletter):
        batch = make_batch(newsletter, "a@x.com")
        bring(batch)
        assert not batches.begin(batch, "judged", "committing")


class TestUndo:
    def test_restores_the_exact_state_of_before(self, newsletter, evening, now):
        """Opted out and erased stay out; a pending one still waits, also for its first link."""
        left = subscribe(newsletter, email="left@x.com", now=now)
        subscriptions.unsubscribe(left, LEAVE, now=now)
        subscriptions.erase(subscribe(newsletter, email="gone@x.com", now=now).subscriber, LINK)
        waits = sign_up(newsletter, email="waits@x.com", now=now)
        subscribe(evening, email="other@x.com", now=now)
        before = world()
        for consent in ("proven", "must_confirm"):
            batch = make_batch(
                newsletter,
                "left@x.com",
                "gone@x.com",
                "waits@x.com",
                "other@x.com",
                "new@x.com",
                consent=consent,
            )
            bring(batch)
            assert world() != before
            undo(batch)
            assert world() == before
            assert results(batch) == ["opted_out", "erased", "undone", "undone", "undone"]
        confirm_all(waits, now)
        assert waits.subscriptions.get().state == "confirmed"

    def test_leaves_who_acted_since(self, newsletter, now):
        batch = make_batch(newsletter, "a@x.com", "b@x.com", consent="must_confirm")
        bring(batch)
        confirm_all(Subscriber.objects.get(email="a@x.com"), timezone.now())
        undo(batch)
        assert results(batch) == ["stands", "undone"]
        assert newsletter.subscriptions.get().state == "confirmed"

    def test_leaves_an_opt_out_made_since(self, newsletter):
        batch = make_batch(newsletter, "a@x.com")
        bring(batch)
        subscriptions.unsubscribe(newsletter.subscriptions.get(), LEAVE)
        undo(batch)
        assert newsletter.subscriptions.get().state == "unsubscribed"

    def test_touches_no_other_import(self, newsletter):
        first = make_batch(newsletter, "a@x.com")
        bring(first)
        second = make_batch(newsletter, "a@x.com", "b@x.com")
        bring(second)
        undo(second)
        assert list(newsletter.subscriptions.values_list("subscriber__email", flat=True)) == [
            "a@x.com"
        ]
        undo(first)
        assert not Subscriber.objects.exists()


class TestForgetAddresses:
    def test_blanks_them_after_a_month_and_can_still_undo(self, newsletter):
        batch = make_batch(newsletter, "a@x.com")
        bring(batch)
        batches.forget_addresses(timezone.now() + timedelta(days=29))
        assert ImportRow.objects.get().address
        batches.forget_addresses(timezone.now() + timedelta(days=31))
        assert not ImportRow.objects.get().address
        undo(batch)
        assert not Subscriber.objects.exists()

    def test_drops_files_that_nobody_went_on_with(self, newsletter):
        make_batch(newsletter, "a@x.com")
        ImportBatch.objects.update(state="uploaded")
        batches.forget_addresses(timezone.now() + timedelta(days=31))
        assert not ImportBatch.objects.exists()
