import time

import pytest

from newsroom.project.cache import ForgivingRedisCache
from tests.servers import MissingServiceError, free_port, redis_server

OPTIONS = {"OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5}}


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch):
    monkeypatch.setattr(ForgivingRedisCache, "_silent_until", 0.0)


@pytest.fixture
def unreachable():
    return ForgivingRedisCache(f"redis://127.0.0.1:{free_port()}/1", OPTIONS)


class TestForgivingRedisCacheWithoutRedis:
    def test_answers_like_an_empty_cache(self, unreachable):
        unreachable.set("page", 1)
        assert unreachable.get("page") is None
        assert unreachable.get("page", default=2) == 2
        assert unreachable.get_many(["page", "other"]) == {}
        assert unreachable.set_many({"page": 1}) == ["page"]
        assert unreachable.add("page", 1) is False
        assert unreachable.touch("page") is False
        assert unreachable.delete("page") is False
        assert "page" not in unreachable
        unreachable.delete_many(["page"])
        unreachable.clear()

    def test_computes_what_is_not_there(self, unreachable):
        assert unreachable.get_or_set("page", lambda: 3) == 3

    def test_counts_nothing(self, unreachable):
        with pytest.raises(ValueError, match="not found"):
            unreachable.incr("readers")

    def test_waits_for_one_timeout_only(self):
        # 192.0.2.1 is an address of documentation: nothing answers there.
        cache = ForgivingRedisCache("redis://192.0.2.1:6379/1", OPTIONS)
        began = time.monotonic()
        for number in range(50):
            cache.get(f"part-{number}")
        assert time.monotonic() - began < 1.5


class TestForgivingRedisCacheWithRedis:
    def test_works_again_when_redis_is_back(self, monkeypatch):
        monkeypatch.setattr(ForgivingRedisCache, "pause", 0.0)
        try:
            with redis_server(own=True) as redis:
                cache = ForgivingRedisCache(redis.url, OPTIONS)
                cache.set("page", 1)
                assert cache.get("page") == 1
                redis.kill()
                assert cache.get("page") is None
                redis.start()
                cache.set("page", 2)
                assert cache.get("page") == 2
        except MissingServiceError as error:
            pytest.skip(str(error))
