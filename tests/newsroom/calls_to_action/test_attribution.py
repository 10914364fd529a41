from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.core.exceptions import ValidationError

from newsroom.calls_to_action.attribution import Outcome, outcome_of_page
from newsroom.calls_to_action.judging import judge_trial
from newsroom.calls_to_action.models import AskCount, Placement, QuietTime, Trial, Variant
from newsroom.calls_to_action.reports import (
    ask_report,
    horizon_sentence,
    sentence,
    verdict_sentence,
)
from newsroom.calls_to_action.verdicts import Finding
from newsroom.newsletters import subscriptions
from newsroom.newsletters.models import Evidence, Method, Subscriber
from tests.newsroom.newsletters.people import LEAVE, confirm_all, wish

pytestmark = pytest.mark.django_db

START = datetime(2026, 9, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
NOW = START + 60 * DAY


def come(ask, email: str, *, confirm=True, leave_after=None, at=START, **place) -> None:
    """Somebody signs up by an ask on page 7, and perhaps confirms, and perhaps leaves."""
    facts = {"page_id": 7, "call_to_action_id": ask.pk, "block_id": "b1", **place}
    evidence = Evidence(method=Method.FORM, **facts)
    subscriptions.sign_up(email, [wish(ask.newsletter)], evidence, now=at)
    subscriber = Subscriber.objects.get(email=email)
    if confirm:
        confirm_all(subscriber, at + timedelta(hours=1))
    if leave_after:
        row = subscriber.subscriptions.get()
        subscriptions.unsubscribe(row, LEAVE, now=at + leave_after)


class TestOutcomeOfPage:
    def test_tells_signups_confirmed_and_who_stayed_apart(self, signup):
        come(signup, "a@example.com")
        come(signup, "b@example.com", leave_after=10 * DAY)
        come(signup, "c@example.com", leave_after=40 * DAY)
        come(signup, "d@example.com", confirm=False)
        come(signup, "e@example.com", at=NOW - DAY)
        outcome = outcome_of_page(7, NOW)[signup.pk]
        assert (outcome.signups, outcome.confirmed) == (5, 4)
        assert (outcome.stayed, outcome.old_enough) == (2, 3)
        assert outcome_of_page(8, NOW) == {}

    def test_counts_a_person_once_however_often_they_send_the_form(self, signup):
        come(signup, "a@example.com", confirm=False)
        come(signup, "a@example.com", at=START + DAY)
        outcome = outcome_of_page(7, NOW)[signup.pk]
        assert (outcome.signups, outcome.confirmed) == (1, 1)

    def test_reports_two_asks_of_a_page_each_by_itself(self, signup, donate):
        come(signup, "a@example.com")
        for kind, number in (("click", 5), ("gift", 2)):
            AskCount.objects.create(
                day=START, kind=kind, call_to_action_id=donate.pk, page_id=7, number=number
            )
        found = outcome_of_page(7, NOW)
        assert (found[signup.pk].signups, found[signup.pk].gifts) == (1, 0)
        assert (found[donate.pk].clicks, found[donate.pk].gifts) == (5, 2)


class TestSentence:
    def test_says_it_as_editors_do(self):
        outcome = Outcome(signups=41, confirmed=33, stayed=29, old_enough=33)
        assert sentence(outcome) == "41 signups, 33 confirmed, 29 still subscribed at 30 days"

    def test_says_of_how_many_it_is_known(self):
        outcome = Outcome(signups=5, confirmed=4, stayed=2, old_enough=3)
        assert sentence(outcome).endswith("2 of 3 still subscribed at 30 days")
        assert sentence(Outcome(signups=1)) == "1 signup, 0 confirmed"
        assert sentence(Outcome(gifts=1)) == "1 gift"


class TestAskReport:
    def test_has_tables_by_place_phase_and_race(self, signup):
        come(signup, "a@example.com", phase="called", subject="race-1")
        come(signup, "b@example.com", phase="counting", subject="race-1")
        tables = ask_report(signup, NOW)["tables"]
        assert [len(table.rows) for table in tables] == [1, 2, 1]
        assert tables[0].rows[0].outcome.signups == 2

    def test_is_empty_for_an_ask_that_nobody_saw(self, signup):
        report = ask_report(signup, NOW)
        assert (report["tables"], report["days"]) == ([], [])


class TestJudgeTrial:
    @pytest.fixture
    def trial(self, signup) -> Trial:
        self.arm = Variant.objects.create(call_to_action=signup, name="Short", heading="B")
        return Trial.objects.create(call_to_action=signup, name="?", readers_per_arm=200)

    def see(self, trial, key: str, readers: int, *, day=START) -> None:
        AskCount.objects.create(
            day=day,
            kind="reader",
            call_to_action_id=trial.call_to_action_id,
            variant=f"{trial.key}-{key}",
            number=readers,
        )

    def sign_up(self, trial, key: str, number: int, *, at=START) -> None:
        for person in range(number):
            variant = f"{trial.key}-{key}"
            come(trial.call_to_action, f"{key}{person}-{at:%d}@example.com", at=at, variant=variant)

    def test_waits_for_the_horizon_and_then_judges_on_confirmed(self, trial):
        self.sign_up(trial, "control", 2)
        self.sign_up(trial, self.arm.key, 23)
        self.see(trial, "control", 250)
        assert judge_trial(trial, NOW).verdict.finding == Finding.RUNNING
        self.see(trial, self.arm.key, 250)
        judged = judge_trial(trial, NOW)
        assert [arm.outcomes for arm in judged.arms] == [2, 23]
        assert judged.verdict.best == self.arm.key
        assert verdict_sentence(judged).startswith("Better: Short.")

    def test_does_not_change_by_what_happens_after_the_horizon(self, trial):
        for key in ("control", self.arm.key):
            self.see(trial, key, 250)
            self.see(trial, key, 250, day=START + 3 * DAY)
            self.sign_up(trial, key, 12)
        before = judge_trial(trial, NOW)
        self.sign_up(trial, self.arm.key, 30, at=START + 3 * DAY)
        after = judge_trial(trial, NOW)
        assert [(arm.readers, arm.outcomes) for arm in after.arms] == [(250, 12)] * 2
        assert before.verdict.finding == after.verdict.finding == Finding.NO_DIFFERENCE

    def test_gives_everyone_the_time_to_confirm(self, trial, settings):
        settings.NEWSROOM_CONFIRM_DAYS = 7
        for key in ("control", self.arm.key):
            self.see(trial, key, 250)
            self.sign_up(trial, key, 12)
        assert judge_trial(trial, START + 7 * DAY).verdict.finding == Finding.RUNNING
        assert judge_trial(trial, START + 9 * DAY).verdict.finding == Finding.NO_DIFFERENCE

    def test_is_judged_on_who_stayed_where_that_was_asked(self, trial):
        trial.judged_on = "stayed"
        self.see(trial, "control", 250)
        self.see(trial, self.arm.key, 250)
        self.sign_up(trial, "control", 20)
        for person in range(24):
            variant = f"{trial.key}-{self.arm.key}"
            leave = 3 * DAY if person < 20 else None
            email = f"left{person}@example.com"
            come(trial.call_to_action, email, variant=variant, leave_after=leave)
        assert judge_trial(trial, START + 29 * DAY).verdict.finding == Finding.RUNNING
        judged = judge_trial(trial, NOW)
        assert [arm.outcomes for arm in judged.arms] == [20, 4]
        assert judged.verdict.best == "control"

    def test_does_not_wait_for_an_arm_that_nobody_was_shown(self, trial, signup):
        Variant.objects.create(call_to_action=signup, name="Later", heading="C", is_live=False)
        for key in ("control", self.arm.key):
            self.see(trial, key, 250)
        assert judge_trial(trial, NOW).verdict.finding == Finding.TOO_FEW

    def test_has_no_verdict_when_it_was_closed_before_its_end(self, trial):
        trial.closed_at = START + DAY
        self.see(trial, "control", 250)
        judged = judge_trial(trial, NOW)
        assert judged.verdict.finding == Finding.CLOSED
        assert "closed before its end" in verdict_sentence(judged)
        trial.readers_per_arm, trial.ends_at, trial.closed_at = None, NOW, NOW - DAY
        assert judge_trial(trial, NOW + DAY).verdict.finding == Finding.CLOSED

    @pytest.mark.parametrize("facts", [{"readers_per_arm": 200}, {"ends_at": NOW}])
    def test_says_what_it_is_judged_on_and_when(self, trial, facts):
        trial.readers_per_arm, trial.ends_at = facts.get("readers_per_arm"), facts.get("ends_at")
        said = horizon_sentence(trial)
        assert said.startswith("Judged on confirmed signups, ")
        assert said.endswith("The verdict comes 7 days later, when everyone has had the time.")
        assert ("200 readers" if "readers_per_arm" in facts else "Oct. 31, 2026") in said

    def test_of_gifts_needs_a_page_that_hands_the_place_back(self, donate):
        Variant.objects.create(call_to_action=donate, name="B", heading="B")
        trial = Trial(call_to_action=donate, name="?", readers_per_arm=100, judged_on="gave")
        with pytest.raises(ValidationError) as caught:
            trial.full_clean()
        assert list(caught.value.message_dict) == ["call_to_action"]
        donate.donation_page.address = "https://give.example/?ref={place}"
        trial.full_clean()

    def test_needs_something_to_compare(self, trial, signup):
        Trial.objects.all().delete()
        Variant.objects.update(is_live=False)
        with pytest.raises(ValidationError, match="nothing to compare"):
            Trial(call_to_action=signup, name="?", readers_per_arm=100).full_clean()

    def test_keeps_the_words_that_it_tests(self, trial, signup):
        self.arm.name = "Very short"
        self.arm.full_clean()
        for row in (signup, self.arm):
            row.heading = "Other words"
            with pytest.raises(ValidationError) as caught:
                row.full_clean()
            assert list(caught.value.message_dict) == ["heading"]
        Trial.objects.update(closed_at=NOW)
        self.arm.full_clean()

    def test_keeps_its_horizon(self, trial):
        trial.readers_per_arm = 50
        with pytest.raises(Exception, match="fixed at the start"):
            trial.save()


class TestViews:
    @pytest.fixture
    def trial(self, signup) -> Trial:
        return Trial.objects.create(call_to_action=signup, name="Which", readers_per_arm=200)

    def test_show_their_numbers_to_staff(self, admin_client, signup, trial):
        come(signup, "a@example.com")
        html = admin_client.get(f"/admin/newsroom/asks/ask/{signup.pk}/").content.decode()
        assert "1 signup, 1 confirmed" in html
        html = admin_client.get(f"/admin/newsroom/asks/test/{trial.pk}/").content.decode()
        assert "No verdict yet" in html

    def test_are_shut_to_people_without_a_permission(
        self, client, signup, trial, django_user_model
    ):

        user = User.objects.create_user("ana", password="x")
        user.user_permissions.add(Permission.objects.get(codename="access_admin"))
        client.force_login(user)
        for path in (f"ask/{signup.pk}", f"test/{trial.pk}"):
            assert client.get(f"/admin/newsroom/asks/{path}/").status_code in (302, 403)
        user.user_permissions.add(Permission.objects.get(codename="change_calltoaction"))
        client.force_login(User.objects.get(pk=user.pk))
        assert client.get(f"/admin/newsroom/asks/ask/{signup.pk}/").status_code == 200

    def test_stand_in_the_editor_of_a_story(self, admin_client, make_story, signup):
        story = make_story()
        come(signup, "a@example.com", page_id=story.pk)
        html = admin_client.get(f"/admin/pages/{story.pk}/edit/").content.decode()
        assert "1 signup, 1 confirmed" in html

    @pytest.mark.parametrize(
        "name", ["calltoaction", "placement", "quiettime", "trial", "donationpage"]
    )
    def test_lists_and_forms_open(self, admin_client, signup, donate, trial, name):
        for page in ("", "add/"):
            path = f"/admin/snippets/newsroom_calls_to_action/{name}/{page}"
            assert admin_client.get(path).status_code == 200

    def test_lists_say_where_and_how_long(self, admin_client, signup, section):
        Placement.objects.create(call_to_action=signup, where="paragraph", paragraph=3)
        Placement.objects.create(call_to_action=signup, where="race", section=section.page_ptr)
        html = admin_client.get("/admin/snippets/newsroom_calls_to_action/placement/")
        said = html.content.decode()
        assert "In a story, after paragraph 3" in said
        assert "The whole site" in said
        assert section.title in said
        QuietTime.objects.create(reason="A crash", until=datetime(2100, 6, 1, 19, tzinfo=UTC))
        QuietTime.objects.create(reason="A storm", until=START - 400 * DAY)
        html = admin_client.get("/admin/snippets/newsroom_calls_to_action/quiettime/")
        said = html.content.decode()
        assert "June 1, 2100" in said
        assert "It is over." in said
