import pytest

from elections import ingest
from elections.models import Contest, CurrentCount, Election, ExternalIdentifier, Source
from tests.elections import page_documents
from tests.elections.documents import BOARD, MEASURE, answering, at, contest, document, measure
from tests.elections.feeds.samples import SAMPLES
from tests.elections.page_documents import Race, page

COUNTY = SAMPLES / "la_county" / "2024-11-05-general"


@pytest.fixture
def page_source(election) -> Source:
    return Source.objects.create(
        election=election,
        name="LA County results page",
        provider="lac_page",
        address=page_documents.ADDRESS,
    )


def ask(source: Source, get, seen: str = "23:00"):
    return ingest.refresh(source, get=get, clock=lambda: at(seen))


def told(source: Source, contest: Contest) -> dict[str, int]:
    """What the source says of the race, by our own names."""
    votes = CurrentCount.objects.get(source=source, contest=contest).count.votes
    names = {str(one.pk): one.name for one in contest.selections.all()}
    return {names[key]: count for key, count in votes.items()}


class TestASecondFeedOfOneCounty:
    def test_counts_the_race_that_is_there(self, night, page_source):
        ask(page_source, page(at("21:34"), page_documents.board(89_674, 83_256)))
        assert Contest.objects.count() == 1
        assert told(page_source, night.contest) == {
            "Scott Schmerelson": 89_674,
            "Dan Chang": 83_256,
        }
        assert told(night.source, night.contest)["Dan Chang"] == 50_310

    def test_is_linked_by_its_own_numbers(self, night, page_source):
        ask(page_source, page(at("21:34"), page_documents.board(1, 1)))
        links = ExternalIdentifier.objects.filter(provider="lac_page", contest=night.contest)
        assert set(links.values_list("reported_contest", "value")) == {
            ("9498", "9498"),
            ("9498", "94980"),
            ("9498", "94981"),
        }

    def test_finds_a_race_whatever_an_editor_has_called_it(self, night, page_source):
        night.contest.selections.filter(name="Dan Chang").update(name="Daniel Chang")
        Contest.objects.update(name="School board")
        ask(page_source, page(at("21:34"), page_documents.board(5, 4)))
        assert told(page_source, night.contest) == {"Scott Schmerelson": 5, "Daniel Chang": 4}

    def test_may_be_the_one_that_counts_by_numbers(self, page_source, source):
        ask(page_source, page(at("20:36"), page_documents.board(61_168, 50_310)))
        rows = {"SCOTT SCHMERELSON": 70_000, "DAN CHANG": 60_000}
        ask(source, answering(document(at("20:56"), contest(BOARD, rows))))
        assert Contest.objects.count() == 1

    def test_adds_who_stands_in_it_alone(self, night, page_source):
        votes = {"SCOTT SCHMERELSON": 5, "DAN CHANG": 4, "WRITE-IN": 1}
        ask(page_source, page(at("21:34"), Race(BOARD, votes)))
        assert Contest.objects.count() == 1
        assert night.contest.selections.get(reported_name="WRITE-IN").is_new

    def test_knows_a_measure_by_its_answers(self, night, page_source):
        night.say(document(at("21:00"), measure(5, 4)))
        ask(page_source, page(at("21:34"), Race(MEASURE, {"YES": 6, "NO": 5}, kind="Measure")))
        assert Contest.objects.filter(reported_title=MEASURE).count() == 1


class TestAnotherRace:
    @pytest.mark.parametrize(
        "race",
        [
            Race(BOARD + " (unexpired term)", {"SCOTT SCHMERELSON": 5, "DAN CHANG": 4}),
            Race(BOARD, {"ANA LOPEZ": 5, "SAM KIM": 4}),
            Race(BOARD, {"SCOTT SCHMERELSON": 5, "SAM KIM": 4}),
            Race(BOARD, {}),
            Race(BOARD, {"YES": 5, "NO": 4}, kind="Measure"),
        ],
        ids=["title", "people", "one-person", "nobody", "question"],
    )
    def test_stays_one_that_differs(self, night, page_source, race):
        before = night.contest.pk
        ask(page_source, page(at("21:34"), race))
        assert Contest.objects.exclude(pk=before).count() == 1
        assert not ExternalIdentifier.objects.filter(provider="lac_page", contest=before).exists()

    def test_is_not_guessed_where_a_title_stands_twice(self, night, page_source):
        twins = [page_documents.board(5, 4)._replace(number=number) for number in (1, 2)]
        ask(page_source, page(at("21:34"), *twins))
        assert Contest.objects.count() == 3

    def test_of_another_election_is_left_alone(self, night, page_source):
        other = Election.objects.create(
            name="Special election",
            election_date=night.source.election.election_date,
            polls_close_at=at("20:00"),
        )
        Contest.objects.update(election=other)
        ask(page_source, page(at("21:34"), page_documents.board(5, 4)))
        assert Contest.objects.count() == 2


class TestRealDocuments:
    def test_of_both_feeds_are_the_same_373_races(self, source, page_source):
        if not COUNTY.exists():
            pytest.skip(f"There are no documents in {COUNTY}. Set NEWSROOM_SAMPLE_DATA.")
        public = (COUNTY / "results" / "20241106T044031Z.json").read_bytes()
        documents = {
            "GetElectionData": (COUNTY / "election_data" / "20241106T115243Z.json").read_bytes(),
            "GetCounterData": (COUNTY / "counter_data" / "20241106T044031Z.json").read_bytes(),
        }

        def get(url):
            return answering(documents[url.partition("?")[0].rpartition("/")[2]])(url)

        assert ask(source, answering(public)).outcome == "accepted"
        assert ask(page_source, get).outcome == "accepted"
        assert Contest.objects.count() == 373
        counts = CurrentCount.objects.order_by("contest").values_list("contest", "count__votes")
        by_source = [list(counts.filter(source=one)) for one in (source, page_source)]
        assert by_source[0] == by_source[1]
        assert len(by_source[0]) == 373
