import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import override
from wagtail.rich_text import RichText

from newsroom.calls_to_action.gifts import sign
from newsroom.calls_to_action.models import (
    AskCount,
    CallToAction,
    DonationPage,
    PhaseCopy,
    Placement,
    QuietTime,
    Trial,
    Variant,
)
from newsroom.calls_to_action.places import AskPlace, read_place, sign_place
from newsroom.calls_to_action.plans import find_paragraph, plan_page
from newsroom.calls_to_action.words import Copies, get_wording
from newsroom.models import Topic
from newsroom.newsletters.stamps import read_stamp
from newsroom.pages.models import StoryTopic

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def paragraphs(number: int) -> list[tuple]:
    return [("paragraph", RichText(f"<p>Paragraph {n}.</p>")) for n in range(1, number + 1)]


def place(ask: CallToAction, where: str = "end", **fields: object) -> Placement:
    return Placement.objects.create(call_to_action=ask, where=where, **fields)


def plan_of(story):
    return plan_page(story, list(story.body))


def headings(story, client) -> list[str]:
    """What a reader without scripts sees of asks and paragraphs, in order."""
    html = client.get(story.url).content.decode()
    html = re.sub(r'<section class="[^"]*ask-off.*?</section>', "", html, flags=re.S)
    return re.findall(r"<(?:h2|p class=\"ask-heading\")>(.*?)</|<p>(Paragraph \d)", html)


class TestRules:
    def test_put_an_ask_behind_a_paragraph(self, make_story, signup, client):
        place(signup, "paragraph", paragraph=2)
        found = headings(make_story(paragraphs(4)), client)
        assert ["".join(pair) for pair in found[:4]] == [
            "Paragraph 1",
            "Paragraph 2",
            "Sign up now",
            "Paragraph 3",
        ]

    def test_put_it_at_the_end_of_a_shorter_story(self, make_story, signup):
        place(signup, "paragraph", paragraph=9)
        assert [one.where for one in plan_of(make_story(paragraphs(3))).asks] == ["end"]

    def test_never_put_it_behind_a_heading_or_a_picture(self, make_story, make_image):
        body = [
            *paragraphs(1),
            ("heading", {"text": "More", "level": "h2"}),
            *paragraphs(2),
        ]
        blocks = list(make_story(body).body)
        for number in range(1, 4):
            index = find_paragraph(blocks, number)
            assert index is None or blocks[index].block_type == "paragraph"
        assert find_paragraph(blocks, 2) == 2

    def test_count_several_paragraphs_of_one_block(self, make_story):
        blocks = list(
            make_story([("paragraph", RichText("<p>A</p><p>B</p>")), *paragraphs(2)]).body
        )
        assert [find_paragraph(blocks, number) for number in (1, 2, 3, 4)] == [0, 0, 1, None]

    def test_yield_to_an_editors_ask_of_the_same_kind(self, make_story, signup, donate, client):
        place(donate)
        other = CallToAction.objects.create(
            kind="newsletter",
            newsletter=signup.newsletter,
            heading="By rule",
            button_label="Sign up",
        )
        place(other)
        story = make_story([*paragraphs(1), ("call_to_action", {"call_to_action": signup})])
        assert [one.ask for one in plan_of(story).asks] == [signup, donate]

    def test_put_a_banner_above_every_page_as_a_landmark_of_its_own(
        self, make_story, signup, home, client
    ):
        place(signup, "banner")
        for page in (home, make_story(paragraphs(2))):
            html = client.get(page.url).content.decode()
            banner = re.search(r'<section [^>]*ask-banner[^>]*role="complementary">', html)
            assert html.index("</header>") < banner.start() < html.index("<main")

    def test_hold_below_their_section_only(self, make_story, signup, home):
        place(signup, section=home.get_children().first() or make_story().get_parent())
        assert plan_of(make_story(paragraphs(1))).asks
        assert not plan_page(home).asks

    def test_end_with_the_schedule_and_the_switch(self, make_story, signup):
        rule = place(signup)
        story = make_story(paragraphs(1))
        signup.show_until = timezone.now() - HOUR
        signup.save()
        assert not plan_of(story).asks
        signup.show_until = None
        signup.save()
        rule.is_active = False
        rule.save()
        assert not plan_of(story).asks

    def test_cost_no_query_once_remembered(self, make_story, django_assert_num_queries):
        story = make_story(paragraphs(1))
        blocks = list(story.body)
        plan_page(story, blocks)
        with django_assert_num_queries(0):
            plan_page(story, blocks)


class TestQuietTime:
    @pytest.mark.parametrize("scope", ["story", "section", "site"])
    def test_silences_every_ask_until_it_ends(self, make_story, signup, donate, scope, client):
        place(donate)
        story = make_story([*paragraphs(1), ("call_to_action", {"call_to_action": signup})])
        page = {"story": story.page_ptr, "section": story.get_parent(), "site": None}[scope]
        QuietTime.objects.create(page=page, until=timezone.now() + HOUR, reason="The crash")
        assert headings(story, client) == [("", "Paragraph 1")]
        later = timezone.now() + 2 * HOUR
        assert plan_page(story, list(story.body), now=later).asks

    def test_silences_the_stories_about_a_topic(self, make_story, signup):
        place(signup)
        topic = Topic.objects.create(name="Housing", slug="housing")
        story, other = make_story(paragraphs(1)), make_story(paragraphs(1))
        StoryTopic.objects.create(page=story, topic=topic)
        QuietTime.objects.create(topic=topic, until=timezone.now() + HOUR, reason="-")
        assert not plan_of(story).asks
        assert plan_of(other).asks

    def test_is_of_a_page_or_a_topic(self, home):
        topic = Topic.objects.create(name="Housing", slug="housing")
        quiet = QuietTime(
            page=home.page_ptr, topic=topic, until=timezone.now() + HOUR, reason="Both"
        )
        with pytest.raises(ValidationError, match="not both"):
            quiet.full_clean()

    def test_leaves_other_stories_alone(self, make_story, signup):
        place(signup)
        story, other = make_story(paragraphs(1)), make_story(paragraphs(1))
        QuietTime.objects.create(page=story.page_ptr, until=timezone.now() + HOUR, reason="-")
        assert not plan_of(story).asks
        assert plan_of(other).asks


class TestWithoutScripts:
    def test_shows_the_first_of_each_kind(self, make_story, signup, donate, client):
        body = [("call_to_action", {"call_to_action": ask}) for ask in (donate, signup, donate)]
        found = headings(make_story(body), client)
        assert [heading for heading, _ in found] == ["Give now", "Sign up now"]

    def test_hides_what_is_for_subscribers_only(self, make_story, signup, client):
        signup.audience = "subscriber"
        signup.save()
        assert headings(make_story([("call_to_action", {"call_to_action": signup})]), client) == []


class TestWords:
    def test_follow_the_phase_and_go_back_with_it(self, make_story, signup, phases, client):
        PhaseCopy.objects.create(call_to_action=signup, phase="called", heading="It is called")
        body = [("call_to_action", {"call_to_action": signup})]
        assert headings(make_story(body, slug="a--called"), client) == [("It is called", "")]
        assert headings(make_story(body, slug="b--counting"), client) == [("Sign up now", "")]

    def test_of_an_arm_win_over_the_phase(self, make_story, signup, phases, client):
        Trial.objects.create(call_to_action=signup, name="?", readers_per_arm=100)
        PhaseCopy.objects.create(call_to_action=signup, phase="called", heading="It is called")
        Variant.objects.create(call_to_action=signup, name="B", heading="Arm B")
        story = make_story([("call_to_action", {"call_to_action": signup})], slug="c--called")
        arms = plan_of(story).asks[0].arms
        assert [arm.words.heading for arm in arms] == ["It is called", "It is called", "Arm B"]
        assert arms[2].words.button_label == "Sign up"

    def test_of_arms_are_shown_only_while_a_test_runs_and_they_are_live(self, make_story, signup):
        story = make_story([("call_to_action", {"call_to_action": signup})])
        arm = Variant.objects.create(call_to_action=signup, name="B", heading="Arm B")
        assert len(plan_of(story).asks[0].arms) == 1
        trial = Trial.objects.create(call_to_action=signup, name="?", readers_per_arm=100)
        assert len(plan_of(story).asks[0].arms) == 3
        Variant.objects.filter(pk=arm.pk).update(is_live=False)
        assert len(plan_of(story).asks[0].arms) == 1
        Variant.objects.filter(pk=arm.pk).update(is_live=True)
        Trial.objects.filter(pk=trial.pk).update(closed_at=timezone.now())
        assert len(plan_of(story).asks[0].arms) == 1


class TestLanguages:
    SPANISH = {"language": "es", "heading": "Suscríbase", "button_label": "Recibir"}

    @pytest.fixture
    def placed(self, signup):
        def placed(language: str, phase: str = ""):
            with override(language):
                copies = Copies.of([signup])
                return copies.words(signup, None, phase), copies.arms(signup)

        return placed

    def test_has_its_words_in_the_language_of_the_page_and_no_others(self, signup, placed):
        signup.text = signup.note = "English only."
        PhaseCopy.objects.create(call_to_action=signup, **self.SPANISH)
        words, _arms = placed("es")
        assert (words.heading, words.button_label) == ("Suscríbase", "Recibir")
        assert (words.text, words.note, words.language) == ("", "", "")
        assert placed("en")[0].heading == "Sign up now"

    def test_has_words_for_a_phase_in_a_language(self, signup, placed):
        PhaseCopy.objects.create(call_to_action=signup, **self.SPANISH)
        PhaseCopy.objects.create(
            call_to_action=signup, language="es", phase="called", heading="Ya se decidió"
        )
        words, _arms = placed("es", "called")
        assert (words.heading, words.button_label) == ("Ya se decidió", "Recibir")

    def test_says_so_where_it_has_none(self, signup, placed):
        words, _arms = placed("es")
        assert (words.heading, words.language) == ("Sign up now", "en")

    def test_is_in_no_test_where_it_is_translated(self, signup, placed):
        Trial.objects.create(call_to_action=signup, name="?", readers_per_arm=100)
        Variant.objects.create(call_to_action=signup, name="B", heading="Arm B")
        PhaseCopy.objects.create(call_to_action=signup, **self.SPANISH)
        assert len(placed("en")[1]) == 3
        assert len(placed("es")[1]) == 1

    def test_is_what_the_ledger_keeps(self, signup):
        PhaseCopy.objects.create(call_to_action=signup, **self.SPANISH)
        with override("es"):
            assert get_wording(signup.pk) == "Suscríbase\nRecibir"

    @pytest.mark.parametrize(
        ("fields", "where"),
        [
            ({"heading": "A"}, "phase"),
            ({"language": "es", "heading": "A"}, "heading"),
            ({"language": "xx", "heading": "A", "button_label": "B"}, "language"),
            ({"phase": "won", "heading": "A"}, "phase"),
        ],
    )
    def test_refuses_words_for_nothing(self, signup, phases, settings, fields, where):
        settings.WAGTAIL_I18N_ENABLED = True
        with pytest.raises(ValidationError) as caught:
            PhaseCopy(call_to_action=signup, **fields).full_clean()
        assert where in caught.value.message_dict


class TestAttribution:
    def test_knows_block_variant_phase_and_revision(self, make_story, signup, phases, client):
        trial = Trial.objects.create(call_to_action=signup, name="?", readers_per_arm=100)
        arm = Variant.objects.create(call_to_action=signup, name="B", heading="Arm B")
        story = make_story([("call_to_action", {"call_to_action": signup})], slug="d--called")
        html = client.get(story.url).content.decode()
        tokens = re.findall(r'data-place="([^"]+)"', html)
        stamps = re.findall(r'name="stamp" value="([^"]+)"', html)
        variants = ["", f"{trial.key}-control", f"{trial.key}-{arm.key}"]
        for token, stamp, variant in zip(tokens, stamps, variants, strict=True):
            seen, signed_up = read_place(token), read_stamp(stamp)
            for found in (seen, signed_up):
                assert found.variant == variant
                assert found.phase == "called"
                assert found.block_id == story.body[0].id
                assert found.page_id == story.pk
                assert found.page_revision_id == story.live_revision_id
                assert found.call_to_action_id == signup.pk

    def test_leaves_whoever_has_no_scripts_out_of_a_test(self, make_story, signup, client):
        Trial.objects.create(call_to_action=signup, name="?", readers_per_arm=100)
        Variant.objects.create(call_to_action=signup, name="B", heading="Arm B")
        story = make_story([("call_to_action", {"call_to_action": signup})])
        html = client.get(story.url).content.decode()
        shown = re.findall(r'<div class="ask-arm" data-arm="([^"]*)"[^>]*?( hidden)?>', html)
        assert [hidden for _arm, hidden in shown] == ["", " hidden", " hidden"]
        assert shown[0][0] == ""

    def test_names_the_rule_where_no_block_stands(self, make_story, signup, client):
        place(signup, "paragraph", paragraph=1)
        html = client.get(make_story(paragraphs(2)).url).content.decode()
        assert read_place(re.search(r'data-place="([^"]+)"', html)[1]).block_id == "rule-paragraph"

    @pytest.mark.parametrize("token", ["", "x", "a:b", "e30:x", "é" * 50, "x" * 2000])
    def test_reads_no_forged_place(self, token):
        assert read_place(token) is None

    def test_reads_no_place_of_which_a_letter_was_changed(self):
        token = sign_place(AskPlace(call_to_action_id=3, page_id=7))
        forged = [
            f"{token[:at]}{'A' if token[at] != 'A' else 'B'}{token[at + 1 :]}"
            for at in range(len(token))
        ]
        assert [read_place(one) for one in forged] == [None] * len(token)

    def test_is_short_and_plain_enough_for_what_donation_pages_keep(self):
        """The strictest that is known takes 200 letters, digits, "-" and "_"."""
        token = sign_place(
            AskPlace(
                call_to_action_id=12_345,
                variant="deadbeef-0badf00d",
                block_id="a3c2b1f0-4d5e-4f6a-8b7c-9d0e1f2a3b4c",
                page_id=1_234_567,
                page_revision_id=12_345_678,
                subject="race-123456",
                phase="polls-closed",
            )
        )
        assert re.fullmatch(r"[A-Za-z0-9_-]{1,200}", token)


class TestAlert:
    def test_names_its_race_and_follows_it(self, make_story, alert, client):
        story = make_story([("call_to_action", {"call_to_action": alert})])
        html = client.get(story.url).content.decode()
        assert "Board District 3" in html
        place = read_stamp(re.search(r'name="stamp" value="([^"]+)"', html)[1])
        assert (place.topic, place.subject) == ("race-1", "race-1")

    def test_is_not_there_without_a_race(self, make_story, alert, settings, client):
        settings.NEWSROOM_TOPIC_PROVIDER = ""
        story = make_story([("call_to_action", {"call_to_action": alert})])
        assert headings(story, client) == []


class TestDonate:
    def test_builds_the_providers_addresses(self, make_story, donate, client):
        story = make_story([("call_to_action", {"call_to_action": donate})], slug="one-story")
        html = client.get(story.url).content.decode().replace("&amp;", "&")
        assert re.findall(r'href="(https://give[^"]+)"', html) == [
            "https://give.example/?a=25&f=once&c=fall&s=one-story",
            "https://give.example/?a=50&f=once&c=fall&s=one-story",
            "https://give.example/?a=5&f=monthly&c=fall&s=one-story",
        ]

    def test_says_how_often_in_the_language_of_the_page(self, make_story, donate):
        with override("es"):
            [placed] = plan_of(make_story([("call_to_action", {"call_to_action": donate})])).asks
        said = [one.frequency for one in placed.arms[0].suggestions]
        assert said == ["Una vez", "Cada mes"]

    def test_sends_each_arms_place_along_and_counts_the_gift_for_it(
        self, make_story, donate, client, settings
    ):
        settings.NEWSROOM_DONATION_KEYS = ["a key"]
        DonationPage.objects.update(address="https://give.example/?ref={place}&a={amount}")
        trial = Trial.objects.create(
            call_to_action=donate, name="?", readers_per_arm=100, judged_on="gave"
        )
        arm = Variant.objects.create(call_to_action=donate, name="B", heading="Arm B")
        story = make_story([("call_to_action", {"call_to_action": donate})])
        html = client.get(story.url).content.decode()
        _untested, control, challenger = dict.fromkeys(re.findall(r"[?]ref=([^&\"]+)", html))
        assert control != challenger
        signed = f"gift-0001.9999999999.{challenger}"
        returned = client.post("/asks/thanks/", {"return": f"{signed}.{sign('a key', signed)}"})
        assert "data-donor-until" in returned.content.decode()
        gift = AskCount.objects.get()
        assert (gift.kind, gift.number, gift.variant) == ("gift", 1, f"{trial.key}-{arm.key}")
        assert (gift.call_to_action_id, gift.page_id) == (donate.pk, story.pk)
        assert (gift.block_id, gift.page_revision_id) == (story.body[0].id, story.live_revision_id)
