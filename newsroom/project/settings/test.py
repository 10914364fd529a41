"""Settings of the test suite: files in a temporary folder, thrown away at the end.

Processes a test starts find the folder in the environment and share it; each pytest-xdist
worker has a folder of its own.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

if "NEWSROOM_TEST_DIR" not in os.environ:
    os.environ["NEWSROOM_TEST_DIR"] = tempfile.mkdtemp(prefix="newsroom-tests-")
    atexit.register(shutil.rmtree, os.environ["NEWSROOM_TEST_DIR"], ignore_errors=True)
os.environ["NEWSROOM_VAR_DIR"] = str(
    Path(os.environ["NEWSROOM_TEST_DIR"]) / os.environ.get("PYTEST_XDIST_WORKER", "main")
)

from newsroom.project.settings.base import *

VAR_DIR.mkdir(exist_ok=True)

SECRET_KEY = "for the tests"
ALLOWED_HOSTS = ["*"]
EMBEDDED_WORKER = True
SERVE_MEDIA = True
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Tests fill forms in faster than any reader.
NEWSROOM_FORM_MIN_SECONDS = 0
# One language, unless a test is about another.
ELECTIONS_LANGUAGES = []

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, not memory: the threads of the live server have connections of their own, as on a
    # site. In memory they would share one, and step into each other's transactions.
    DATABASES["default"]["TEST"] = {"NAME": VAR_DIR / "test.sqlite3"}
    DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
    )
else:
    # Tests with real transactions empty every table behind themselves.
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c newsroom.may_empty=yes"
