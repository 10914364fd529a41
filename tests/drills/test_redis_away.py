"""Redis goes away in the middle of a count, comes back empty, and is wiped once more."""

import json
import re
import time
import urllib.error
import urllib.parse
import urllib.request

import pytest
import redis as redis_client

from newsroom.conf import DEFAULTS
from newsroom.newsletters.models import Newsletter, Subscription
from tests.servers import wait_until

pytestmark = [
    pytest.mark.services,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]

OUTAGE = 12  # seconds; long enough for a tick to fall into it


class Reader:
    def __init__(self, port: int):
        self.origin = f"http://127.0.0.1:{port}"

    def get(self, path: str) -> bytes:
        with urllib.request.urlopen(self.origin + path, timeout=10) as response:
            assert response.status == 200
            return response.read()

    def is_served(self, path: str) -> bool:
        try:
            return bool(self.get(path))
        except (urllib.error.URLError, OSError):
            return False

    def sign_up(self, email: str) -> int:
        """Open the signup form, send it; return the status of the page that thanks or refuses."""
        form = self.get("/newsletters/subscribe/").decode()
        (stamp, *_others) = re.findall(r'name="stamp" value="([^"]+)"', form)
        time.sleep(DEFAULTS["FORM_MIN_SECONDS"] + 0.5)
        fields = {"newsletter": "morning", "email": email, "stamp": stamp}
        request = urllib.request.Request(
            self.origin + "/newsletters/subscribe/",
            data=urllib.parse.urlencode(fields).encode(),
            headers={"Origin": self.origin},
        )
        with urllib.request.urlopen(request, timeout=10) as response:
            return response.status


def test_readers_notice_nothing_and_the_count_goes_on_after_it(
    services, make_count, make_story, redis
):
    Newsletter.objects.create(
        name="Morning", slug="morning", promise="The news at six.", frequency="Every day"
    )
    count = make_count()
    count.open()
    story = make_story([("live_result", {"contest": count.published.contest, "size": "story"})])
    manifest = f"/results/election/{count.source.election_id}/manifest.json"
    services.manage("collectstatic", "--noinput", "--verbosity", "0")
    worker, beat = services.start_worker(), services.start("beat")
    web = services.start("web")
    reader = Reader(services.port)
    count.say(2)
    count.wait_for(2, seconds=40)
    wait_until(lambda: reader.is_served(story.url), seconds=40, what="The site")

    redis.kill()
    ends_at = time.monotonic() + OUTAGE
    count.say(3)
    count.bring_forward()
    assert reader.sign_up("ana@example.com") == 200
    served = 0
    while time.monotonic() < ends_at:
        began = time.monotonic()
        assert b"<live-result" in reader.get(story.url)
        assert json.loads(reader.get(manifest))["versions"] == {str(count.published.pk): 2}
        assert time.monotonic() - began < 3
        served += 1
    assert served >= 5
    assert count.shown == 2
    assert Subscription.objects.get().subscriber.email == "ana@example.com"

    redis.start()
    count.wait_for(3, seconds=30)

    redis_client.Redis.from_url(redis.url).flushall()
    count.say(4)
    count.bring_forward()
    count.wait_for(4, seconds=30)
    assert Subscription.objects.count() == 1
    assert [p.popen.poll() for p in (worker, beat, web)] == [None, None, None]
