import pytest
import redis

from newsroom.calls_to_action import counters
from newsroom.calls_to_action.models import AskCount, CountBatch
from newsroom.calls_to_action.places import AskPlace

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
        server.breaks = "hincrby"
        counters.count("impression", PLACE)
        assert number() == 1
