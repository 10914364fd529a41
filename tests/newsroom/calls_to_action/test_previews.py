import json
import re
from html import unescape

import pytest
from django.test import RequestFactory

from newsroom.calls_to_action.models import CallToAction, PhaseCopy
from newsroom.calls_to_action.plans import MEMORIES
from newsroom.calls_to_action.previews import READERS, play_mode

pytestmark = pytest.mark.django_db


def preview(page, mode: str) -> str:
    return page.make_preview_request(preview_mode=mode).render().content.decode()


class TestStory:
    @pytest.fixture
    def story(self, make_story, signup, phases):
        PhaseCopy.objects.create(call_to_action=signup, phase="called", heading="It is called")
        return make_story([("call_to_action", {"call_to_action": signup})])

    def test_has_a_mode_for_each_reader_and_phase(self, story):
        modes = [mode for mode, _ in story.preview_modes if mode.startswith("reader:")]
        assert len(modes) == len(READERS) * 3
        assert "reader:subscriber:called" in modes

    def test_plays_the_reader_and_the_phase(self, story):
        html = preview(story, "reader:subscriber:called")
        plan = json.loads(unescape(re.search(r'name="asks" content="([^"]*)"', html)[1]))
        assert (plan["s"], plan["u"]) == ({"s": "subscriber"}, "")
        assert "It is called" in html
        assert "Sign up now" in preview(story, "reader:donor:counting")

    def test_knows_every_reader_that_an_ask_can_be_for(self):
        assert {*READERS, "everyone"} == set(CallToAction.Audience.values)
        assert set(MEMORIES) == set(READERS)

    @pytest.mark.parametrize("mode", ["", "reader", "reader:nobody:", "phase:called"])
    def test_leaves_other_modes_alone(self, mode):
        assert not play_mode(RequestFactory().get("/"), mode)


class TestAsk:
    def test_shows_itself_in_each_phase(self, signup, phases):
        PhaseCopy.objects.create(call_to_action=signup, phase="called", heading="It is called")
        signup = CallToAction.objects.get(pk=signup.pk)
        assert "It is called" in preview(signup, "called")
        assert "Sign up now" in preview(signup, "")

    def test_shows_itself_in_each_language(self, signup, settings):
        settings.WAGTAIL_I18N_ENABLED = True
        PhaseCopy.objects.create(
            call_to_action=signup, language="es", heading="Suscríbase", button_label="Recibir"
        )
        signup = CallToAction.objects.get(pk=signup.pk)
        assert "language:es" in dict(signup.preview_modes)
        assert "Suscríbase" in preview(signup, "language:es")
