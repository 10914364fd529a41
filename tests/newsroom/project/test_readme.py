"""What the README says of settings and of the schedule is what the example site has."""

import re
from pathlib import Path

from django.conf import settings

from elections.conf import elections_settings
from newsroom.conf import newsroom_settings

README = (Path(settings.BASE_DIR) / "README.md").read_text()


def test_names_every_setting():
    known = {f"NEWSROOM_{name}" for name in newsroom_settings._defaults}
    known |= {f"ELECTIONS_{name}" for name in elections_settings._defaults}
    told = set(re.findall(r"`((?:NEWSROOM|ELECTIONS)_[A-Z_]+)`", README))
    assert told == known


def test_explains_each_setting_once():
    first_cells = re.findall(r"^\| (`.+?`) \|", README, re.MULTILINE)
    explained = re.findall(r"`(\w+)`", " ".join(first_cells))
    assert sorted(explained) == sorted(set(explained))


def test_has_the_schedule_of_the_example_site():
    told = re.findall(r'"task": "(.+?)",\s+"schedule": ([\d.]+),', README)
    ours = settings.CELERY_BEAT_SCHEDULE.values()
    assert {(task, float(seconds)) for task, seconds in told} == {
        (entry["task"], float(entry["schedule"])) for entry in ours
    }
