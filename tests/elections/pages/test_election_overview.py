import pytest

from elections.counting.calls import CallKind
from elections.models import BallotsRemaining, Contest, Election, Published
from elections.pages.models import ElectionPage
from elections.widgets.publish import publish_stale
from tests.elections.documents import at
from tests.elections.widgets.races import call, make_race


@pytest.fixture
def races(night, source) -> dict[str, Contest]:
    """Besides the school board: a mayor with places, a clerk who is called."""
    made = {
        "mayor": make_race(source, {"Ada": 6, "Bo": 5}, name="Mayor", division="Bell"),
        "clerk": make_race(source, {"Cy": 6, "Dee": 5}, name="Clerk", division="Vernon"),
    }
    call(made["clerk"], CallKind.WINNER, "Cy")
    publish_stale()
    return made


@pytest.fixture
def read(client, election_page: ElectionPage):
    return lambda **query: client.get(election_page.url, query).content.decode()


class TestStates:
    def test_are_counted_and_lead_to_their_races(self, read, races):
        html = read()
        assert '<a href="?state=counting">Counting <b>2</b></a>' in html
        assert '<a href="?state=called">Called <b>1</b></a>' in html

    def test_choose_the_races_in_them(self, read, races):
        html = read(state="called")
        assert html.count("<live-result") == 1
        assert "Clerk" in html
        assert '<a href="?" aria-current="true">Called <b>1</b></a>' in html

    def test_that_share_a_label_are_chosen_together(self, read, races):
        assert read(state="leading").count("<live-result") == 2

    def test_that_nobody_is_in_say_so(self, read, races):
        assert "No race is in this state now." in read(state="tied")

    def test_that_do_not_exist_show_nothing_and_do_no_harm(self, read, races):
        assert "No race is in this state now." in read(state="<b>")


class TestPlaces:
    def test_are_offered_and_chosen(self, read, races):
        assert '<option value="Bell">Bell</option>' in read()
        html = read(place="Bell")
        assert html.count("<live-result") == 1
        assert '<option value="Bell" selected>' in html

    def test_without_a_race_say_so(self, read, races):
        assert "There is no race in this place." in read(place="Atlantis")

    def test_are_found_by_the_search(self, read, races):
        assert read(q="vernon").count("<live-result") == 1


class TestKeptRaces:
    def test_stand_in_the_address(self, read, races):
        kept = ",".join(str(race.pk) for race in races.values())
        assert read(races=kept).count("<live-result") == 2

    @pytest.mark.parametrize("nonsense", ["x", "1e9,,-4", "9" * 500, "²"])
    def test_take_no_harm_from_nonsense(self, read, races, nonsense):
        assert "<h1>" in read(races=nonsense)

    def test_go_with_the_other_choices(self, read, races):
        html = read(races=f"{races['mayor'].pk}", sort="closest")
        assert f"?state=counting&amp;sort=closest&amp;races={races['mayor'].pk}" in html


class TestPhase:
    def test_before_the_polls_close_says_when(self, read, races):
        Published.objects.all().delete()
        Election.objects.update(polls_close_at=at("20:00").replace(year=2099))
        html = read()
        assert "The polls close at 8 p.m. Nov. 5" in html
        assert "The races will stand here as soon as" in html

    def test_after_they_closed_waits_for_the_first_counts(self, read, races):
        Published.objects.all().delete()
        assert "The polls have closed." in read()

    def test_at_the_end_says_certified(self, read, races):
        for race in Contest.objects.all():
            call(race, CallKind.CERTIFIED)
        publish_stale()
        assert "All these results are certified." in read()

    def test_while_counting_says_what_is_left_and_what_comes(self, read, races):
        BallotsRemaining.objects.create(
            election=races["mayor"].election, estimate=780_000, as_of=at("21:00"),
            next_update_at=at("23:30"), source_name="County",
        )  # fmt: skip
        html = read()
        assert "An estimated 780,000 ballots were left" in html
        assert "the next update is expected about" in html

    def test_of_a_test_says_so_first(self, read, races):
        Election.objects.update(is_test=True)
        html = read()
        assert html.index("These are not real votes.") < html.index("Find a race")
