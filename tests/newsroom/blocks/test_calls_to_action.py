import re

import pytest

from newsroom.calls_to_action.models import CallToAction
from newsroom.newsletters.stamps import read_stamp

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(newsletter) -> CallToAction:
    return CallToAction.objects.create(
        kind="newsletter",
        heading="Start the day with us",
        button_label="Sign up for Morning",
        newsletter=newsletter,
    )


@pytest.fixture
def story(make_story, ask):
    return make_story([("call_to_action", {"call_to_action": ask})])


def html_of(story, client) -> str:
    return client.get(story.url).content.decode()


class TestCallToActionBlock:
    def test_shows_a_form_that_needs_no_script_and_no_token(self, story, client, ask):
        html = html_of(story, client)
        assert 'method="post"' in html
        assert 'action="/newsletters/subscribe/"' in html
        place = read_stamp(re.search(r'name="stamp" value="([^"]+)"', html)[1])
        assert place.page_id == story.pk
        assert place.page_revision_id == story.live_revision_id
        assert place.block_id == story.body[0].id
        assert place.call_to_action_id == ask.pk
        assert "csrfmiddlewaretoken" not in html

    def test_shows_a_link_to_donate(self, make_story, client):
        ask = CallToAction.objects.create(
            kind="donate",
            heading="Keep the count honest",
            button_label="Donate monthly",
            donate_url="https://give.example/monthly",
        )
        story = make_story([("call_to_action", {"call_to_action": ask})])
        html = html_of(story, client)
        assert 'href="https://give.example/monthly"' in html
        assert 'class="signup"' not in html

    def test_is_not_there_when_the_newsletter_is_closed(self, story, client, newsletter):
        newsletter.is_open = False
        newsletter.save()
        assert "Start the day with us" not in html_of(story, client)

    def test_is_not_there_when_it_was_deleted(self, story, client, ask):
        ask.delete()
        assert "Start the day with us" not in html_of(story, client)

    def test_costs_one_query_for_all_asks_of_a_body(self, story, ask, django_assert_num_queries):
        block = story.body.stream_block.child_blocks["call_to_action"]
        with django_assert_num_queries(1):
            values = block.bulk_to_python([{"call_to_action": ask.pk}] * 3)
            assert all(value.is_open for value in values)
