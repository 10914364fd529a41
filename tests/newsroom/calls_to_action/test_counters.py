from collections.abc import Callable

import pytest
import redis

from newsroom.calls_to_action import counters
from newsroom.calls_to_action.models import AskCount, CountBatch
from newsroom.calls_to_action.places import AskPlace, sign_place
from newsroom.calls_to_action.tasks import flush_counts
from tests.servers import Server as OwnServer
from tests.servers import redis_server

pytestmark = pytest.mark.django_db

PLACE = AskPlace(call_to_action_id=3, page_id=7)


class Server:
    """As much of Redis as counting needs. ``breaks`` names the command that fails once."""

    def __init__(self) -> None:
        self.hashes: dict[str, dict[bytes, int]] = {}
        self.breaks = ""

    def _may_break(self, command: str) -> None:
        if self.breaks == command:
            self.breaks = ""
            raise redis.ConnectionError("gone")

    def ping(self) -> None:
        self._may_break("ping")

    def hincrby(self, name: str, field: str, number: int) -> None:
        self._may_break("hincrby")
        counts = self.hashes.setdefault(name, {})
        counts[field.encode()] = counts.get(field.encode(), 0) + number

    def rename(self, old: str, new: str) -> None:
        if old not in self.hashes:
            raise redis.ResponseError("no such key")
        self.hashes[new] = self.hashes.pop(old)

    def scan_iter(self, pattern: str) -> list[bytes]:
        return [name.encode() for name in self.hashes if name.startswith(pattern.rstrip("*"))]

    def hgetall(self, name: str) -> dict[bytes, bytes]:
        return {field: str(number).encode() for field, number in self.hashes[name].items()}

    def delete(self, name: str) -> None:
        self._may_break("delete")
        self.hashes.pop(name, None)


@pytest.fixture
def server(monkeypatch) -> Server:
    server = Server()
    monkeypatch.setattr(counters, "_redis", lambda: server)
    monkeypatch.setattr(counters, "_silent_until", 0.0)
    return server


def number() -> int:
    return sum(AskCount.objects.values_list("number", flat=True))


class TestFlush:
    def test_writes_what_was_counted_once(self, server):
        for _ in range(3):
            counters.count("impression", PLACE)
        assert number() == 0
        counters.flush()
        counters.flush()
        counters.count("impression", PLACE)
        counters.flush()
        assert number() == 4
        assert AskCount.objects.count() == 1

    def test_counts_nothing_twice_when_it_dies_before_it_deletes(self, server):
        counters.count("impression", PLACE)
        server.breaks = "delete"
        with pytest.raises(redis.ConnectionError):
            counters.flush()
        assert number() == 1
        counters.flush()
        assert (number(), server.hashes) == (1, {})

    def test_loses_nothing_when_it_dies_before_it_writes(self, server, monkeypatch):
        counters.count("impression", PLACE)
        with monkeypatch.context() as broken:
            broken.setattr(counters, "_write", lambda numbers: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                counters.flush()
        assert not CountBatch.objects.exists()
        counters.flush()
        assert number() == 1

    def test_does_nothing_without_redis(self):
        assert counters.flush() == 0


class TestCount:
    def test_goes_into_the_row_at_once_without_redis(self):
        counters.count("impression", PLACE)
        counters.count("impression", PLACE)
        assert number() == 2

    def test_goes_into_the_row_while_redis_is_away(self, server):
        server.breaks = "ping"
        counters.count("impression", PLACE)
        assert number() == 1

    def test_is_left_alone_where_redis_may_have_counted_it(self, server):
        server.breaks = "hincrby"
        counters.count("impression", PLACE)
        counters.flush()
        assert number() == 0


@pytest.mark.services
@pytest.mark.usefixtures("home")
class TestOnRealServers:
    """A browser's reports, on a real Redis that comes and goes, into rows of a real PostgreSQL."""

    @pytest.fixture
    def own_redis(self, settings, monkeypatch):
        with redis_server(own=True, append_only=True) as server:
            settings.NEWSROOM_COUNTER_REDIS_URL = server.url
            monkeypatch.setattr(counters, "_silent_until", 0.0)
            yield server

    @pytest.fixture
    def see(self, client) -> Callable[[], None]:
        """Report that a reader has seen an ask."""
        headers = {"origin": "http://testserver", "user-agent": "Mozilla/5.0 (X11) Firefox/140.0"}

        def see() -> None:
            body = f"impression {sign_place(PLACE)}"
            answer = client.post("/asks/seen/", body, content_type="text/plain", headers=headers)
            assert answer.status_code == 204

        return see

    @staticmethod
    def flush() -> None:
        flush_counts.apply(throw=True)

    @staticmethod
    def come_back(server: OwnServer, monkeypatch) -> None:
        server.start()
        monkeypatch.setattr(counters, "_silent_until", 0.0)

    def test_reports_go_by_redis_into_the_row_of_their_day(self, own_redis, see):
        for _ in range(3):
            see()
        assert number() == 0
        self.flush()
        self.flush()
        row = AskCount.objects.get()
        assert (row.number, row.kind, row.page_id) == (3, "impression", 7)

    def test_reports_go_into_the_database_while_redis_is_down(self, own_redis, see, monkeypatch):
        see()
        own_redis.kill()
        see()
        see()
        assert number() == 2
        self.come_back(own_redis, monkeypatch)
        see()
        self.flush()
        assert number() == 4

    def test_nothing_is_counted_twice_when_redis_dies_in_a_flush(self, own_redis, see, monkeypatch):
        for _ in range(3):
            see()
        write = counters._write

        def write_and_pull_the_plug(numbers: dict) -> None:
            write(numbers)
            own_redis.kill()

        with monkeypatch.context() as dying:
            dying.setattr(counters, "_write", write_and_pull_the_plug)
            with pytest.raises(redis.ConnectionError):
                self.flush()
        assert number() == 3
        self.come_back(own_redis, monkeypatch)
        see()
        self.flush()
        self.flush()
        assert number() == 4
        assert not counters._redis().keys("newsroom:asks:*")
