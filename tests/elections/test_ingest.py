import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from elections import ingest, releasing
from elections.models import (
    Call,
    Contest,
    ContestCount,
    CurrentCount,
    Fetch,
    Hold,
    Published,
    Selection,
    Snapshot,
    SourceState,
)
from tests.elections.conftest import Night
from tests.elections.deciding import reject
from tests.elections.documents import (
    BOARD,
    answering,
    at,
    board,
    contest,
    document,
    failing,
    measure,
)

SHOWN_FIRST = {"Scott Schmerelson": 61_168, "Dan Chang": 50_310}
SHOWN_LATER = {"Scott Schmerelson": 89_674, "Dan Chang": 83_256}


class TestNewCount:
    def test_reaches_the_reader(self, night):
        fetch = night.say(document(at("21:34"), board(89_674, 83_256)))
        assert fetch.outcome == Fetch.Outcome.ACCEPTED
        assert night.shown == SHOWN_LATER
        assert night.published.version == 2

    def test_is_kept_byte_for_byte(self, night):
        body = document(at("21:34"), board(89_674, 83_256))
        fetch = night.say(body)
        assert fetch.snapshot.body == body
        assert fetch.sha256 == Snapshot.digest(body)

    def test_can_be_traced_from_what_is_shown(self, night):
        fetch = night.say(document(at("21:34"), board(89_674, 83_256)))
        assert night.published.count.snapshot == fetch.snapshot

    def test_writes_files_of_the_same_bytes(self, night, results_folder):
        night.say(document(at("21:34"), board(89_674, 83_256)))
        folder = results_folder / "contest"
        assert (folder / f"{night.contest.pk}.html").read_text() == night.published.html
        assert (folder / f"{night.contest.pk}.json").read_text() == night.published.payload

    def test_counts_a_contest_only_where_it_changed(self, night):
        other = contest("CITY OF BELL Mayor", {"A": 5, "B": 4})
        night.say(document(at("21:34"), board(89_674, 83_256), other))
        night.say(
            document(
                at("22:00"),
                board(89_674, 83_256),
                {
                    **other,
                    "Candidates": [
                        {"Name": "A", "Party": "", "Votes": 6},
                        {"Name": "B", "Party": "", "Votes": 4},
                    ],
                },
            )
        )
        assert ContestCount.objects.filter(contest=night.contest).count() == 2

    def test_that_changes_nothing_confirms_the_count_at_its_later_time(self, night):
        night.say(document(at("22:00"), board(61_168, 50_310)))
        current = CurrentCount.objects.get(contest=night.contest)
        assert current.as_of == at("22:00")
        assert current.count.counted_at == at("20:36")


class TestUnchangedContent:
    def test_costs_one_row_and_nothing_else(self, night):
        body = document(at("20:36"), board(61_168, 50_310))
        counts = [m.objects.count() for m in (Snapshot, ContestCount, Published)]
        version = night.published.version
        with CaptureQueriesContext(
            connection,
        ) as queries:
            fetch = night.say(body)
        assert fetch.outcome == Fetch.Outcome.UNCHANGED
        assert counts == [m.objects.count() for m in (Snapshot, ContestCount, Published)]
        assert night.published.version == version
        written = [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
        assert [sql.split('"')[1] for sql in written] == [
            "elections_sourcestate",
            "elections_fetch",
        ]

    def test_needs_no_look_up_once_the_bytes_are_in(self, night):
        body = document(at("20:36"), board(61_168, 50_310))
        with CaptureQueriesContext(connection) as queries:
            asked_after = []

            def get(url):
                asked_after.append(len(queries))
                return answering(body)(url)

            assert night.ask(get).outcome == Fetch.Outcome.UNCHANGED
        after = [query["sql"].split('"')[1] for query in queries[asked_after[0] :]]
        assert after == ["elections_fetch"]

    def test_is_known_by_the_server_saying_so(self, night):
        night.say(document(at("21:34"), board(89_674, 83_256)), etag='"a"')
        from elections.feeds.contract import Response

        fetch = night.ask(lambda url: Response(status=304, body=b"", url=url), seen="23:05")
        assert (fetch.outcome, fetch.http_status) == (Fetch.Outcome.UNCHANGED, 304)


class TestOlderDocument:
    def test_is_never_shown(self, night):
        night.say(document(at("21:34"), board(89_674, 83_256)))
        fetch = night.say(document(at("20:56"), board(70_000, 60_000)))
        assert fetch.outcome == Fetch.Outcome.STALE
        assert night.shown == SHOWN_LATER

    def test_goes_to_the_timeline_when_it_was_never_seen(self, night):
        night.say(document(at("21:34"), board(89_674, 83_256)))
        night.say(document(at("20:56"), board(70_000, 60_000)))
        counts = ContestCount.objects.filter(contest=night.contest).order_by("counted_at")
        assert [sum(count.votes.values()) for count in counts] == [111_478, 130_000, 172_930]

    def test_costs_one_row_when_it_was_seen_before(self, night):
        night.say(document(at("21:34"), board(89_674, 83_256)))
        rows = ContestCount.objects.count()
        fetch = night.say(document(at("20:36"), board(61_168, 50_310)))
        assert fetch.outcome == Fetch.Outcome.STALE
        assert ContestCount.objects.count() == rows
        assert night.shown == SHOWN_LATER


class TestClock:
    def test_of_the_future_is_held_until_its_time_has_come(self, night):
        body = document(at("22:30"), board(89_674, 83_256))
        assert night.say(body, seen="22:00").outcome == Fetch.Outcome.HELD
        assert night.shown == SHOWN_FIRST
        assert night.say(body, seen="22:25").outcome == Fetch.Outcome.ACCEPTED
        assert night.shown == SHOWN_LATER

    def test_of_the_future_does_not_lock_out_the_present(self, night):
        night.say(document(at("20:00", day=9), board(1, 1)), seen="21:00")
        assert night.say(document(at("21:34"), board(89_674, 83_256))).outcome == "accepted"
        assert night.shown == SHOWN_LATER


class TestEmbargo:
    def test_keeps_votes_from_before_the_polls_close_from_everybody(self, source):
        night = Night(source)
        body = document(at("19:00"), board(10, 3))
        assert night.say(body, seen="19:05").outcome == Fetch.Outcome.EMBARGOED
        assert night.say(body, seen="20:30").outcome == Fetch.Outcome.EMBARGOED
        assert not ContestCount.objects.exists()

    def test_names_the_races_of_a_rehearsal_but_shows_no_vote(self, source):
        night = Night(source)
        night.say(document(at("19:00"), board(10, 3)), seen="19:05")
        assert night.contest.status == Contest.Status.DRAFT
        Contest.objects.update(status=Contest.Status.CONFIRMED)
        from elections.widgets.publish import publish_stale

        publish_stale()
        assert night.shown == {"Scott Schmerelson": 0, "Dan Chang": 0}

    def test_lets_a_ballot_without_votes_make_its_drafts(self, source):
        night = Night(source)
        night.say(document(at("12:00", day=3), board(0, 0)), seen="12:00", day=3)
        assert night.contest.status == Contest.Status.DRAFT


class TestCorrection:
    """Votes taken away under a newer time, as California did to Dahle on 22 November 2022."""

    lower = document(at("22:00"), board(61_168, 45_210))

    def test_is_held_and_readers_are_told(self, night):
        night.say(self.lower)
        assert night.shown == SHOWN_FIRST
        assert "Held for review" in night.published.html
        assert Hold.objects.open().get().votes_held == {
            str(s.pk): votes
            for s, votes in zip(Selection.objects.order_by("pk"), (61_168, 45_210), strict=True)
        }

    def test_holds_only_its_own_contest(self, night):
        other = contest("CITY OF BELL Mayor", {"A": 5, "B": 4})
        night.say(document(at("21:00"), board(61_168, 50_310), other), seen="21:01")
        grown = contest("CITY OF BELL Mayor", {"A": 50, "B": 40})
        night.say(document(at("22:00"), board(61_168, 45_210), grown))
        bell = Contest.objects.get(reported_title="CITY OF BELL Mayor")
        assert sum(CurrentCount.objects.get(contest=bell).count.votes.values()) == 90

    def test_is_released_by_itself_once_the_source_has_confirmed_it(self, night):
        night.say(self.lower, seen="22:05")
        night.say(self.lower, seen="22:10")
        assert night.shown == SHOWN_FIRST
        night.say(self.lower, seen="22:16")
        assert night.shown == {"Scott Schmerelson": 61_168, "Dan Chang": 45_210}
        assert "LA County Registrar lowered an earlier count." in night.published.html

    def test_waits_for_a_person_when_it_changes_who_leads(self, night):
        flipped = document(at("22:00"), board(40_000, 50_310))
        for minute in ("05", "10", "16", "30"):
            night.say(flipped, seen=f"22:{minute}")
        assert night.shown == SHOWN_FIRST
        assert Hold.objects.open().get().changes_winners

    def test_waits_for_a_person_where_the_election_says_so(self, night):
        type(night.source.election).objects.update(release_sightings=0)
        night.source.election.refresh_from_db()
        for minute in ("05", "10", "16", "30"):
            night.say(self.lower, seen=f"22:{minute}")
        assert night.shown == SHOWN_FIRST

    def test_is_shown_with_a_note_when_a_person_releases_it(self, night, admin_user):
        night.say(self.lower)
        hold = Hold.objects.open().get()
        assert releasing.release(
            hold, now=at("22:20"), by=admin_user, public_note="Miscounted box."
        )
        assert night.shown["Dan Chang"] == 45_210
        assert "Miscounted box." in night.published.html

    def test_is_decided_once(self, night, admin_user):
        night.say(self.lower)
        first, second = Hold.objects.get(), Hold.objects.get()
        assert releasing.release(first, now=at("22:20"), by=admin_user)
        assert not reject(second, now=at("22:21"), by=admin_user)
        assert Hold.objects.get().decision == Hold.Decision.RELEASED

    def test_stays_rejected_while_the_source_repeats_it(self, night, admin_user):
        night.say(self.lower)
        reject(Hold.objects.get(), now=at("22:20"), by=admin_user)
        night.say(document(at("22:30"), board(61_168, 45_210)))
        assert not Hold.objects.open().exists()
        assert night.shown == SHOWN_FIRST

    def test_is_withdrawn_when_the_source_takes_it_back(self, night):
        night.say(self.lower)
        night.say(document(at("22:30"), board(61_300, 50_400)))
        assert Hold.objects.get().decision == Hold.Decision.WITHDRAWN
        assert night.shown == {"Scott Schmerelson": 61_300, "Dan Chang": 50_400}
        assert "Held for review" not in night.published.html


class TestBadDocument:
    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b'{"Message": "An error has occurred."}',
            b"<!doctype html><title>Down for maintenance</title>",
            document(at("22:00"), board(89_674, 83_256))[:-40],
            document(at("22:00"), contest(BOARD, {"SCOTT SCHMERELSON": -1, "DAN CHANG": 5})),
            b"\x00" * 50,
        ],
        ids=["empty", "error body", "HTML", "cut off", "negative votes", "NUL bytes"],
    )
    def test_leaves_the_last_good_result_up(self, night, body):
        fetch = night.say(body)
        assert fetch.outcome == Fetch.Outcome.REJECTED
        assert fetch.message
        assert fetch.snapshot.body == body
        assert night.shown == SHOWN_FIRST

    def test_keeps_its_bytes_once_while_the_same_failure_lasts(self, night):
        for number in range(5):
            night.say(f"<!doctype html><p>Request {number}".encode())
        assert Snapshot.objects.filter(verdict="rejected").count() == 1

    def test_is_read_again_once_the_parser_can(self, night, monkeypatch):
        from elections.feeds import lac_json
        from elections.feeds.contract import FeedError

        body = document(at("21:34"), board(89_674, 83_256))

        def refuse(body):
            raise FeedError("Nobody can read this.", code="schema-drift")

        monkeypatch.setattr(lac_json, "parse", refuse)
        assert night.say(body).outcome == Fetch.Outcome.REJECTED
        assert night.say(body).outcome == Fetch.Outcome.REJECTED
        monkeypatch.undo()
        assert night.say(body).outcome == Fetch.Outcome.ACCEPTED
        assert night.shown == SHOWN_LATER
        assert Snapshot.objects.get(sha256=Snapshot.digest(body)).counted_at == at("21:34")

    def test_of_another_election_is_refused(self, night):
        body = document(at("22:00"), board(89_674, 83_256), date="2022-11-08")
        fetch = night.say(body)
        assert (fetch.outcome, fetch.code) == (Fetch.Outcome.REJECTED, "other-election")
        assert night.shown == SHOWN_FIRST

    def test_with_a_tenth_of_the_contests_gone_is_held(self, source):
        night = Night(source)
        contests = [contest(f"CITY {n}", {"A": 5, "B": 4}) for n in range(10)]
        night.say(document(at("20:36"), *contests), seen="20:40")
        fetch = night.say(document(at("21:00"), *contests[:8]))
        assert (fetch.outcome, fetch.code) == (Fetch.Outcome.HELD, "too-few-contests")


class TestSameTime:
    """Two contents under one time stamp, as of a county that corrects without restamping."""

    first = document(at("21:34"), board(89_674, 83_256))
    second = document(at("21:34"), board(89_700, 83_300))

    def test_shows_the_newest_statement(self, night):
        night.say(self.first)
        fetch = night.say(self.second)
        assert (fetch.outcome, fetch.code) == ("accepted", "same-time-new-content")
        assert night.shown["Dan Chang"] == 83_300

    def test_judges_the_first_again_when_it_comes_back(self, night):
        night.say(self.first)
        night.say(self.second)
        assert night.say(self.first).outcome == Fetch.Outcome.ACCEPTED
        assert Hold.objects.open().get().votes_held != {}
        assert night.shown["Dan Chang"] == 83_300

    def test_withdraws_a_hold_when_the_first_comes_back(self, night):
        night.say(self.second)
        night.say(self.first)
        assert Hold.objects.open().exists()
        assert night.say(self.second).outcome == Fetch.Outcome.ACCEPTED
        assert Hold.objects.get().decision == Hold.Decision.WITHDRAWN
        assert night.shown["Dan Chang"] == 83_300


class TestMissingRaces:
    """A document with far fewer races than the one that stands, judged by a person."""

    @pytest.fixture
    def held(self, source) -> Snapshot:
        night = Night(source)
        contests = [contest(f"CITY {n}", {"A": 5, "B": 4}) for n in range(10)]
        night.say(document(at("20:36"), *contests), seen="20:40")
        fewer = [contest(f"CITY {n}", {"A": 50, "B": 40}) for n in range(5)]
        return night.say(document(at("21:00"), *fewer)).snapshot

    def votes(self) -> list[int]:
        return sorted(sum(row.count.votes.values()) for row in CurrentCount.objects.all())

    def test_are_accepted_on_a_persons_word(self, held):
        assert ingest.accept(held, now=at("21:10"))
        assert self.votes() == [9] * 5 + [90] * 5
        assert Fetch.objects.latest("pk").message.startswith("A person has judged")

    def test_are_not_accepted_once_something_newer_stands(self, held):
        contests = [contest(f"CITY {n}", {"A": 60, "B": 50}) for n in range(10)]
        Night(held.source).say(document(at("21:30"), *contests))
        assert not ingest.accept(held, now=at("21:40"))
        assert self.votes() == [110] * 10

    def test_are_not_accepted_once_the_source_sends_them_again(self, held):
        night = Night(held.source)
        contests = [contest(f"CITY {n}", {"A": 5, "B": 4}) for n in range(10)]
        night.say(document(at("20:36"), *contests))
        assert ingest.awaiting_person(held.source) is None
        assert not ingest.accept(held, now=at("21:40"))
        assert self.votes() == [9] * 10

    def test_wait_on_while_the_source_does_not_answer(self, held):
        Night(held.source).ask(failing("timeout"))
        assert ingest.awaiting_person(held.source) == held

    def test_are_not_accepted_twice(self, held):
        assert ingest.accept(held, now=at("21:10"))
        held.refresh_from_db()
        assert not ingest.accept(held, now=at("21:11"))


class TestNoAnswer:
    def test_is_a_row_with_a_sentence(self, night):
        fetch = night.ask(failing("timeout"))
        assert (fetch.outcome, fetch.code) == (Fetch.Outcome.FAILED, "timeout")
        assert fetch.message.endswith("stays up.")
        assert night.shown == SHOWN_FIRST

    def test_counts_the_failures_in_a_row(self, night):
        streaks = [night.ask(failing()).error_streak for _ in range(3)]
        assert streaks == [1, 2, 3]
        assert night.say(document(at("20:36"), board(61_168, 50_310))).error_streak == 0

    def test_honours_the_time_the_server_asks_for(self, night):
        fetch = night.ask(failing("http-status", status=503, retry_after=120), seen="22:00")
        assert fetch.retry_at == at("22:02")


class TestAddress:
    def test_that_changed_is_asked_without_the_old_ones_validators(self, night):
        night.say(document(at("21:34"), board(89_674, 83_256)), etag='"old"')
        latest = Fetch.objects.latest_with_validators
        assert latest(night.source, at("23:01")).etag == '"old"'
        night.source.address = "https://results.example.org/other"
        assert latest(night.source, at("23:01")) is None


class TestFailureOfOurs:
    def test_is_a_row_and_an_error(self, night, monkeypatch):
        def broken(*args, **kwargs):
            raise RuntimeError("A bug.")

        monkeypatch.setattr(ingest, "match_report", broken)
        with pytest.raises(RuntimeError):
            night.say(document(at("21:34"), board(89_674, 83_256)))
        fetch = Fetch.objects.latest("pk")
        assert (fetch.outcome, fetch.code, fetch.error_streak) == ("failed", "internal", 1)
        assert night.shown == SHOWN_FIRST

    def test_heals_with_the_next_attempt(self, night, monkeypatch):
        monkeypatch.setattr(ingest, "match_report", None)
        body = document(at("21:34"), board(89_674, 83_256))
        with pytest.raises(TypeError):
            night.say(body)
        monkeypatch.undo()
        assert night.say(body).outcome == Fetch.Outcome.ACCEPTED
        assert night.shown == SHOWN_LATER


class TestKey:
    """A publisher that wants a key, which stands in a setting and in no row."""

    @pytest.fixture
    def sent(self, source, monkeypatch) -> list[dict]:
        source.provider, source.address = "ap", "https://api.ap.org/v3/elections/2024-11-05"
        source.save()
        sent = []

        def get(url, *, headers, **_):
            sent.append(headers)
            return failing("timeout")(url)

        monkeypatch.setattr("elections.feeds.http.get", get)
        return sent

    def test_goes_along_as_a_header(self, source, sent, settings):
        settings.ELECTIONS_AP_API_KEY = "for the tests"
        ingest.refresh(source)
        assert list(sent[0].values()) == ["for the tests"]

    def test_that_is_missing_is_a_row_that_says_so(self, source, sent):
        fetch = ingest.refresh(source)
        assert (fetch.code, sent) == ("no-key", [])


class TestLease:
    def test_lets_one_worker_ask_at_a_time(self, night):
        body = document(at("21:34"), board(89_674, 83_256))
        inner = []

        def get(url):
            inner.append(ingest.refresh(night.source, get=answering(body)))
            return answering(body)(url)

        assert night.ask(get).outcome == Fetch.Outcome.ACCEPTED
        assert inner == [None]

    def test_of_a_killed_worker_runs_out(self, night):
        lease = SourceState.claim(night.source)
        assert SourceState.claim(night.source) is None
        SourceState.objects.filter(lease=lease).update(lease_expires_at=at("20:00"))
        assert SourceState.claim(night.source) is not None

    def test_lost_on_the_way_stores_nothing(self, night):
        body = document(at("21:34"), board(89_674, 83_256))

        def get(url):
            SourceState.objects.update(lease_expires_at=at("20:00"))
            SourceState.claim(night.source)
            return answering(body)(url)

        assert night.ask(get) is None
        assert night.shown == SHOWN_FIRST
        assert not Snapshot.objects.filter(sha256=Snapshot.digest(body)).exists()


class TestMatching:
    def test_never_writes_over_a_name_of_an_editor(self, night):
        Selection.objects.filter(reported_name="DAN CHANG").update(name="Daniel Chang")
        Contest.objects.update(name="School board, District 3")
        night.say(document(at("21:34"), board(89_674, 83_256)))
        assert set(night.shown) == {"Scott Schmerelson", "Daniel Chang"}
        assert night.contest.name == "School board, District 3"

    def test_keeps_a_new_contest_as_a_draft_with_its_votes(self, night):
        night.say(document(at("21:34"), board(89_674, 83_256), measure(54, 46)))
        draft = Contest.objects.get(status=Contest.Status.DRAFT)
        assert (draft.passage_numerator, draft.passage_denominator) == (55, 100)
        assert CurrentCount.objects.filter(contest=draft).exists()
        assert not Published.objects.filter(contest=draft).exists()

    def test_shows_a_new_candidate_so_that_shares_stay_right(self, night):
        late = contest(BOARD, {"SCOTT SCHMERELSON": 61_200, "DAN CHANG": 50_400, "WRITE IN": 40})
        night.say(document(at("21:34"), late))
        assert night.shown["Write In"] == 40


class TestOneBrokenResult:
    def test_harms_no_other_and_heals_with_the_next_tick(self, night, monkeypatch):
        from elections.widgets import publish

        night.say(document(at("21:00"), board(61_168, 50_310), measure(54, 46)), seen="21:01")
        Contest.objects.update(status=Contest.Status.CONFIRMED)
        publish.publish_stale()
        real = publish.build_result

        def broken(facts, *, version):
            if facts.contest.pk == night.contest.pk:
                raise RuntimeError("A broken template.")
            return real(facts, version=version)

        monkeypatch.setattr(publish, "build_result", broken)
        with pytest.raises(publish.PublishError):
            night.say(document(at("22:00"), board(89_674, 83_256), measure(540, 460)))
        other = Contest.objects.exclude(pk=night.contest.pk).get()
        assert '"votes":540' in Published.objects.get(contest=other).payload
        assert night.shown == SHOWN_FIRST
        monkeypatch.undo()
        publish.publish_stale()
        assert night.shown == SHOWN_LATER


def test_a_call_of_the_desk_changes_the_words(night, admin_user):
    from elections.counting.calls import CallKind
    from elections.widgets.publish import publish_stale

    Call.make(
        contest=night.contest,
        kind=CallKind.APPARENT_WINNER,
        selections=[Selection.objects.get(reported_name="SCOTT SCHMERELSON")],
        authority="Our desk",
        reason="The rest cannot change it.",
        made_by=admin_user,
        made_at=at("22:00"),
    )
    publish_stale()
    assert "is the apparent winner" in night.published.payload


class TestDocumentOfTheSameTime:
    def test_that_only_moves_things_about_is_a_silent_change(self, night):
        night.say(document(at("21:34"), board(70_000, 60_000), measure(6, 4)))
        fetch = night.say(document(at("21:34"), measure(6, 4), board(70_000, 60_000)))
        assert (fetch.outcome, fetch.code) == (Fetch.Outcome.ACCEPTED, "same-time-cosmetic")
        assert night.shown == {"Scott Schmerelson": 70_000, "Dan Chang": 60_000}

    def test_with_other_votes_is_shown_and_flagged(self, night):
        night.say(document(at("21:34"), board(70_000, 60_000)))
        fetch = night.say(document(at("21:34"), board(70_001, 60_000)))
        assert (fetch.outcome, fetch.code) == (Fetch.Outcome.ACCEPTED, "same-time-new-content")
        assert night.shown["Scott Schmerelson"] == 70_001


class TestDocumentThatComesBackUnderTheSameTime:
    @pytest.fixture
    def first(self, night) -> bytes:
        """A document that another one of its very time has replaced, and that is said again."""
        first = document(at("20:56"), board(70_000, 60_000))
        night.say(first, seen="21:00")
        night.say(document(at("20:56"), board(71_000, 60_000)), seen="21:01")
        night.say(first, seen="21:02")
        return first

    def test_is_released_by_a_person(self, night, first, admin_user):
        assert releasing.release(Hold.objects.get(), now=at("21:05"), by=admin_user)
        assert night.shown == {"Scott Schmerelson": 70_000, "Dan Chang": 60_000}

    def test_is_released_by_itself(self, night, first):
        for minute in range(3, 14):
            night.say(first, seen=f"21:{minute:02}")
        assert Hold.objects.get().decision == Hold.Decision.RELEASED_BY_ITSELF
        assert night.shown == {"Scott Schmerelson": 70_000, "Dan Chang": 60_000}
