import pytest
from django.db import IntegrityError, transaction

from newsroom.newsletters.models import (
    AppendOnlyError,
    Newsletter,
    Signup,
    Subscriber,
    Subscription,
    normalise_email,
)

pytestmark = pytest.mark.django_db


class TestNormaliseEmail:
    @pytest.mark.parametrize("typed", ["Ana@Example.COM", " ana@example.com ", "ana@example.com\n"])
    def test_gives_one_form(self, typed):
        assert normalise_email(typed) == "ana@example.com"


class TestSubscriber:
    def test_is_one_per_address(self):
        first = Subscriber.objects.for_email("Ana@example.com")
        assert Subscriber.objects.for_email("ana@EXAMPLE.com") == first

    def test_is_one_per_address_in_the_database_too(self):
        Subscriber.objects.for_email("ana@example.com")
        with pytest.raises(IntegrityError), transaction.atomic():
            Subscriber.objects.bulk_create([Subscriber(email="ANA@example.com")])

    def test_does_not_tell_its_address_by_accident(self):
        assert "ana" not in str(Subscriber.objects.for_email("ana@example.com"))


class TestSubscription:
    def test_is_one_per_newsletter(self, newsletter):
        subscriber = Subscriber.objects.for_email("ana@example.com")
        Subscription.objects.create(newsletter=newsletter, subscriber=subscriber)
        with pytest.raises(IntegrityError), transaction.atomic():
            Subscription.objects.create(newsletter=newsletter, subscriber=subscriber)

    def test_has_a_state_we_know(self, newsletter):
        subscriber = Subscriber.objects.for_email("ana@example.com")
        with pytest.raises(IntegrityError), transaction.atomic():
            Subscription.objects.create(
                newsletter=newsletter, subscriber=subscriber, state="perhaps"
            )


def sign_up(*newsletters: Newsletter) -> list[Signup]:
    wordings = {newsletter: newsletter.promise for newsletter in newsletters}
    return Signup.objects.record_form(email="ana@example.com", wordings=wordings, story_id=7)


class TestRecordForm:
    def test_waits_for_the_reader_to_confirm(self, newsletter):
        (signup,) = sign_up(newsletter)
        assert signup.wording == newsletter.promise
        assert signup.story_id == 7
        assert Subscription.objects.get().state == Subscription.State.PENDING

    def test_records_every_form_and_one_subscription(self, newsletter):
        sign_up(newsletter)
        sign_up(newsletter)
        assert Signup.objects.count() == 2
        assert Subscription.objects.count() == 1

    @pytest.mark.parametrize("state", ["confirmed", "unsubscribed"])
    def test_leaves_the_state_to_the_reader(self, newsletter, state):
        sign_up(newsletter)
        Subscription.objects.update(state=state)
        sign_up(newsletter)
        assert Subscription.objects.get().state == state
        assert Signup.objects.count() == 2

    def test_writes_all_or_nothing(self, newsletter):
        other = Newsletter.objects.create(name="Evening", slug="evening")
        wordings = {newsletter: "Words.", other: None}
        with pytest.raises(IntegrityError), transaction.atomic():
            Signup.objects.record_form(email="ana@example.com", wordings=wordings)
        assert not Subscriber.objects.exists()
        assert not Signup.objects.exists()


class TestSignup:
    def test_is_never_changed(self, newsletter):
        (signup,) = sign_up(newsletter)
        signup.wording = "Something else."
        with pytest.raises(AppendOnlyError):
            signup.save()
        with pytest.raises(AppendOnlyError):
            Signup.objects.update(wording="Something else.")
        with pytest.raises(AppendOnlyError):
            Signup.objects.bulk_update([signup], ["wording"])

    def test_is_never_deleted(self, newsletter):
        (signup,) = sign_up(newsletter)
        with pytest.raises(AppendOnlyError):
            signup.delete()
        with pytest.raises(AppendOnlyError):
            Signup.objects.filter(pk=signup.pk).delete()
