"""A person decides a hold in the very moment in which the source speaks again."""

import threading

import pytest
from django.db import connection

from elections import releasing, storing
from elections.models import Hold
from tests.elections.conftest import election, night, results_folder, source  # noqa: F401
from tests.elections.deciding import reject
from tests.elections.documents import at, board, document

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("decision", ["released", "rejected"])
def test_a_decision_is_not_lost(night, django_user_model, monkeypatch, decision):  # noqa: F811
    desk = django_user_model.objects.create_user("desk")
    night.say(document(at("21:00"), board(61_168, 50_000)), seen="21:01")
    hold = Hold.objects.open().get()
    inside, decided = threading.Event(), threading.Event()
    judge = storing._judge

    def slow(*args):
        if threading.current_thread().name == "refresh":
            inside.set()
            decided.wait(2)
        return judge(*args)

    monkeypatch.setattr(storing, "_judge", slow)

    def refresh():
        try:
            night.say(document(at("21:30"), board(61_168, 50_100)), seen="21:31")
        finally:
            connection.close()

    refreshing = threading.Thread(target=refresh, name="refresh")
    refreshing.start()
    assert inside.wait(20)
    decide = releasing.release if decision == "released" else reject
    assert decide(Hold.objects.get(pk=hold.pk), now=at("21:31"), by=desk)
    decided.set()
    refreshing.join(20)
    hold.refresh_from_db()
    assert (hold.decision, hold.decided_by) == (decision, desk)
