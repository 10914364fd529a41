import uuid

import pytest
from django.db import IntegrityError, transaction

from newsroom.newsletters.models import ConsentEvent, Subscriber, Subscription
from tests.newsroom.newsletters.people import EMAIL, sign_up

pytestmark = pytest.mark.django_db


class TestSubscriber:
    def test_is_one_per_address(self):
        first = Subscriber.objects.for_email("Ana@example.com")
        assert Subscriber.objects.for_email("ana@EXAMPLE.com") == first

    def test_is_one_per_address_in_the_database_too(self):
        Subscriber.objects.for_email(EMAIL)
        with pytest.raises(IntegrityError), transaction.atomic():
            Subscriber.objects.bulk_create([Subscriber(email="ANA@example.com")])

    def test_does_not_tell_its_address_by_accident(self):
        assert "ana" not in str(Subscriber.objects.for_email(EMAIL))

    def test_shows_its_owner_enough_of_it(self):
        assert Subscriber(email=EMAIL).masked_email == "a…@example.com"


class TestSubscription:
    @pytest.mark.parametrize(
        "facts",
        [
            {"state": "perhaps"},
            {"state": "confirmed"},
            {"topic_key": "race-1"},
            {"topic_title": "The race"},
        ],
    )
    def test_is_refused_by_the_database_where_it_makes_no_sense(self, newsletter, facts):
        with pytest.raises(IntegrityError), transaction.atomic():
            Subscription.objects.create(
                newsletter=newsletter,
                subscriber=Subscriber.objects.for_email(EMAIL),
                key=uuid.uuid4(),
                **facts,
            )

    def test_is_one_per_newsletter(self, newsletter):
        subscriber = sign_up(newsletter)
        with pytest.raises(IntegrityError), transaction.atomic():
            Subscription.objects.create(
                newsletter=newsletter, subscriber=subscriber, key=uuid.uuid4()
            )


class TestLedger:
    def test_finds_all_of_a_person(self, newsletter):
        subscriber = sign_up(newsletter)
        sign_up(newsletter, email="bo@example.com")
        assert ConsentEvent.objects.of(subscriber).count() == 1

    def test_finds_what_was_before_an_erasure(self, newsletter):
        sign_up(newsletter).delete()
        assert ConsentEvent.objects.of(sign_up(newsletter)).count() == 2

    def test_holds_no_address(self, newsletter):
        sign_up(newsletter)
        row = ConsentEvent.objects.values().get()
        assert not any("ana" in str(value) for value in row.values())
