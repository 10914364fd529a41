from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from elections.alerts import watch
from elections.desk.alerts.flags import alert_flags
from elections.feeds.contract import FeedError
from elections.models import Alert, AlertKind, AlertSubscription, AlertWebhook, Contest, Mute
from elections.widgets import publish
from elections.widgets.facts import load_facts
from tests.elections.desk.conftest import POLLS_CLOSE_AT

LIST = "/admin/elections/alerts/"


@pytest.fixture
def failing(say, board):
    """A source that fails, and a race that has vanished from it."""
    publish.publish([board.pk])
    for minute in (41, 42, 43):
        say(minute, error=FeedError("The server did not answer.", code="timeout"))
    watch.look(POLLS_CLOSE_AT + timedelta(minutes=45))
    return Alert.objects.get()


class TestList:
    def test_says_what_will_be_here(self, desk):
        assert "Nothing is wrong." in desk.get(LIST).content.decode()

    def test_has_an_alert_with_its_source_and_its_time(self, desk, failing):
        text = desk.get(LIST).content.decode()
        assert "failed 3 times in a row" in text
        assert reverse("elections_sources:inspect", args=[failing.source_id]) in text
        assert "11/05/2024 8:45 p.m. PST" in text
        assert "Not yet" in text

    def test_is_filtered_by_state(self, desk, failing):
        assert "failed 3 times" in desk.get(LIST, {"state": "open"}).content.decode()
        Alert.objects.update(closed_at=timezone.now())
        assert "failed 3 times" not in desk.get(LIST, {"state": "open"}).content.decode()
        assert "failed 3 times" in desk.get(LIST, {"state": "over"}).content.decode()
        assert "failed 3 times" not in desk.get(LIST, {"state": "happened"}).content.decode()

    def test_offers_to_mute_the_kind_and_the_source(self, desk, failing):
        text = desk.get(LIST).content.decode()
        assert "mutes/new/?kind=error-streak" in text
        assert f"mutes/new/?source={failing.source_id}" in text

    def test_offers_a_viewer_no_mute(self, as_user, failing):
        assert "mutes/new" not in as_user("viewer").get(LIST).content.decode()


class TestMute:
    def test_is_made_for_a_while_with_who_did_it(self, desk, failing, people):
        url = reverse("elections_mutes:add")
        page = desk.get(url, {"kind": "error-streak"})
        assert '<option value="error-streak" selected>' in page.content.decode()
        desk.post(url, {"kind": "error-streak", "source": "", "contest": "", "hours": "8"})
        mute = Mute.objects.get()
        assert mute.muted_by == people["desk"]
        assert timedelta(hours=7.9) < mute.until - timezone.now() <= timedelta(hours=8)

    def test_of_nothing_at_all_is_refused(self, desk):
        url = reverse("elections_mutes:add")
        page = desk.post(url, {"kind": "", "source": "", "contest": "", "hours": "8"})
        assert "Choose a kind, a source or a race." in page.content.decode()
        assert not Mute.objects.exists()

    @pytest.mark.parametrize("source", ["x", "9" * 40, "-1"])
    def test_form_opens_whatever_the_address_asks(self, desk, source):
        assert desk.get(reverse("elections_mutes:add"), {"source": source}).status_code == 200

    def test_is_ended_by_a_button_and_stays_on_record(self, desk, source):
        mute = Mute.objects.create(source=source, until=timezone.now() + timedelta(hours=1))
        assert "End now" in desk.get(reverse("elections_mutes:index")).content.decode()
        desk.post(reverse("elections_mutes:end", args=[mute.pk]))
        mute.refresh_from_db()
        assert mute.until <= timezone.now()
        assert "End now" not in desk.get(reverse("elections_mutes:index")).content.decode()


class TestMailToMe:
    URL = "/admin/elections/alerts/mail/"

    def test_is_each_persons_own_choice(self, desk, people):
        AlertSubscription.objects.create(user=people["editor"], kind=AlertKind.TIE)
        desk.post(self.URL, {"kinds": ["tie", "hold-opened"]})
        desk.post(self.URL, {"kinds": ["hold-opened"]})
        mine = AlertSubscription.objects.filter(user=people["desk"])
        assert [row.kind for row in mine] == ["hold-opened"]
        assert AlertSubscription.objects.filter(user=people["editor"]).count() == 1

    def test_says_when_no_mail_can_come(self, desk):
        assert "no email address" in desk.get(self.URL).content.decode()


class TestChat:
    SECRET = "https://hooks.slack.example/services/T0/B0/topsecret"

    @pytest.fixture
    def webhook(self, db):
        return AlertWebhook.objects.create(name="Slack #desk", address=self.SECRET)

    def test_never_shows_its_address_again(self, chief, webhook):
        for page in ("edit", "history"):
            url = reverse(f"elections_alert_chats:{page}", args=[webhook.pk])
            assert "topsecret" not in chief.get(url).content.decode()
        listed = chief.get(reverse("elections_alert_chats:index")).content.decode()
        assert "topsecret" not in listed
        assert "hooks.slack.example" in listed

    def test_keeps_its_address_when_the_field_is_left_empty(self, chief, webhook, settings):
        settings.ELECTIONS_ALLOW_PRIVATE_NETWORKS = True
        url = reverse("elections_alert_chats:edit", args=[webhook.pk])
        chief.post(url, {"name": "Desk", "address": "", "is_active": "on", "kinds": ["tie"]})
        webhook.refresh_from_db()
        assert (webhook.name, webhook.address, webhook.kinds) == ("Desk", self.SECRET, ["tie"])

    @pytest.mark.parametrize(
        "address", ["", "http://hooks.example.org/x", "https://127.0.0.1/x", "ftp://x", "https://"]
    )
    def test_refuses_an_address_that_cannot_be_told(self, chief, address):
        chief.post(reverse("elections_alert_chats:add"), {"name": "Desk", "address": address})
        assert not AlertWebhook.objects.exists()


class TestFlags:
    def test_put_a_race_that_vanished_before_the_others(self, say, board):
        publish.publish([board.pk])
        Contest.objects.update(status="confirmed")
        Alert.objects.create(
            kind=AlertKind.CONTEST_VANISHED, subject="x", lasts=True, message="Ask the office.",
            election=board.election, contest=board, opened_at=POLLS_CLOSE_AT,
        )  # fmt: skip
        flags = alert_flags(list(load_facts([board.pk])), timezone.now())
        (flag,) = flags[board.pk]
        assert (flag.word, flag.sentence) == ("Race vanished from its source", "Ask the office.")

    def test_forget_what_is_over(self, board):
        Alert.objects.create(
            kind=AlertKind.CONTEST_VANISHED, subject="x", lasts=True, message="Ask the office.",
            election=board.election, contest=board, opened_at=POLLS_CLOSE_AT,
            closed_at=POLLS_CLOSE_AT,
        )  # fmt: skip
        assert not alert_flags(list(load_facts([board.pk])), timezone.now())
