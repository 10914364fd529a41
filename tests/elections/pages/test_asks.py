"""Asks that rules put on the pages of races and elections, and their previews."""

import pytest

from newsroom.calls_to_action.models import CallToAction, PhaseCopy, Placement
from newsroom.newsletters.models import Newsletter


@pytest.fixture
def ask(night) -> CallToAction:
    newsletter = Newsletter.objects.create(
        name="Notes", slug="notes", promise="News.", frequency="Daily"
    )
    ask = CallToAction.objects.create(
        kind="newsletter", newsletter=newsletter, heading="Ask", button_label="Sign up"
    )
    PhaseCopy.objects.create(call_to_action=ask, phase="certified", heading="It is certified")
    return ask


@pytest.mark.parametrize("where", ["race", "election"])
class TestAsk:
    @pytest.fixture
    def page(self, where, race_page, election_page):
        return {"race": race_page, "election": election_page}[where]

    def test_stands_on_the_pages_of_its_rule_only(
        self, client, ask, where, page, race_page, election_page
    ):
        Placement.objects.create(call_to_action=ask, where=where)
        shown = {
            one.pk
            for one in (race_page, election_page)
            if "<h2>Ask</h2>" in client.get(one.url).content.decode()
        }
        assert shown == {page.pk}

    def test_is_previewed_as_each_reader_in_each_phase(self, ask, where, page):
        Placement.objects.create(call_to_action=ask, where=where)
        assert "reader:subscriber:certified" in dict(page.preview_modes)
        request = page.make_preview_request(preview_mode="reader:subscriber:certified")
        html = request.render().content.decode()
        assert "It is certified" in html
        assert "&quot;s&quot;:{&quot;s&quot;:&quot;subscriber&quot;}" in html
