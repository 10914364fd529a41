import pytest
from django.core.exceptions import ValidationError

from elections.matching import link_draft
from elections.models import Contest, ContestCount, CurrentCount, Selection
from elections.widgets.publish import publish_stale
from tests.elections.documents import BOARD, at, board, document, measure


@pytest.fixture
def own_race(night) -> Contest:
    """The race as an editor made it, before the feed's draft of it was noticed."""
    race = Contest.objects.create(election=night.source.election, name="School board, District 3")
    Selection.objects.create(contest=race, name="Scott Schmerelson", incumbent="yes")
    return race


@pytest.fixture
def draft(night) -> Contest:
    Contest.objects.filter(reported_title=BOARD).update(status=Contest.Status.DRAFT)
    return night.contest


class TestLinkDraft:
    def test_brings_the_counts_along(self, draft, own_race):
        link_draft(draft, own_race)
        count = ContestCount.objects.get(contest=own_race)
        names = {str(s.pk): s.name for s in own_race.selections.all()}
        assert {names[key]: votes for key, votes in count.votes.items()} == {
            "Scott Schmerelson": 61_168,
            "Dan Chang": 50_310,
        }

    def test_keeps_what_the_editor_wrote(self, draft, own_race):
        link_draft(draft, own_race)
        assert own_race.selections.get(name="Scott Schmerelson").incumbent == "yes"
        assert own_race.selections.count() == 2

    def test_keeps_two_of_one_name_apart(self, draft, own_race):
        twins = [draft.selections.create(name="Write-in", order=n) for n in (2, 3)]
        for twin in twins:
            draft.identifiers.create(
                election=draft.election, provider="lac_json", selection=twin,
                reported_contest=BOARD, value=f"WRITE-IN {twin.pk}",
            )  # fmt: skip
        own_race.selections.create(name="Write-in")
        link_draft(draft, own_race)
        assert own_race.selections.filter(name="Write-in").count() == 2

    def test_takes_the_draft_away(self, draft, own_race):
        link_draft(draft, own_race)
        assert not Contest.objects.filter(pk=draft.pk).exists()

    def test_sends_the_next_release_to_the_race(self, night, draft, own_race):
        link_draft(draft, own_race)
        publish_stale()
        night.say(document(at("21:34"), board(89_674, 83_256)))
        assert sum(CurrentCount.objects.get(contest=own_race).count.votes.values()) == 172_930
        assert Contest.objects.count() == 1

    def test_refuses_a_confirmed_race(self, night, own_race):
        with pytest.raises(ValidationError, match="Only a draft"):
            link_draft(night.contest, own_race)

    def test_refuses_a_question_for_a_race(self, night, draft, own_race):
        night.say(document(at("21:34"), board(61_168, 50_310), measure(5, 4)))
        question = Contest.objects.get(contest_type=Contest.Type.BALLOT_MEASURE)
        with pytest.raises(ValidationError, match="a question"):
            link_draft(question, own_race)

    def test_refuses_a_race_that_the_feed_has_already(self, night, draft, own_race):
        link_draft(draft, own_race)
        other = Contest.objects.create(
            election=own_race.election, name="Other", status=Contest.Status.DRAFT
        )
        other.identifiers.create(
            election=own_race.election, provider="lac_json", reported_contest="x", value="x"
        )
        with pytest.raises(ValidationError, match="linked to that feed already"):
            link_draft(other, own_race)
