"""Settings that every environment of the example site shares.

The apps themselves never read the environment; only this package does.
"""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from redis.backoff import NoBackoff
from redis.retry import Retry

from newsroom.conf import DEFAULTS as NEWSROOM_DEFAULTS

BASE_DIR = Path(__file__).resolve().parents[3]
env = environ.Env()

VAR_DIR = Path(env("NEWSROOM_VAR_DIR", default=str(BASE_DIR / "var")))

SECRET_KEY = env("SECRET_KEY", default="")
DEBUG = False
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])

# True where the task worker and the schedule run inside the web process (`manage.py demo`).
EMBEDDED_WORKER = False
# True where Django itself serves uploaded files, because no file server stands in front.
SERVE_MEDIA = False

INSTALLED_APPS = [
    "newsroom.project",
    "elections.pages",
    "elections",
    "newsroom.pages",
    "newsroom.calls_to_action",
    "newsroom.newsletters",
    "newsroom",
    "wagtail.api.v2",
    "wagtail.contrib.frontend_cache",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.simple_translation",
    "wagtail.locales",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "rest_framework",
    "drf_spectacular",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "newsroom.project.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "newsroom.project.permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "newsroom.languages.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "newsroom.project.urls"
WSGI_APPLICATION = "newsroom.project.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
            ],
        },
    },
]

# Where things are kept

DATABASES = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'newsroom.sqlite3'}")
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    INSTALLED_APPS.append("django.contrib.postgres")  # for Wagtail's search index
elif DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 10,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "elections_results": {
        "BACKEND": "elections.widgets.storage.AtomicFileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / "results", "base_url": "/results/"},
    },
}

# One Redis serves two purposes in two databases: tasks in the one REDIS_URL names, and the
# cache in the next one. The cache may be lost at any time, and pages are then served without it.
REDIS_URL = env("REDIS_URL", default="")


def next_redis_database(url: str) -> str:
    """Return the same Redis address with the database number one higher.

    >>> next_redis_database("redis://localhost:6379/0")
    'redis://localhost:6379/1'
    """
    server, _, number = url.rpartition("/")
    if not number.isdecimal():
        server, number = url.rstrip("/"), "0"
    return f"{server}/{int(number) + 1}"


CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if REDIS_URL:
    CACHES["default"] = {
        "BACKEND": "newsroom.project.cache.ForgivingRedisCache",
        "LOCATION": env("CACHE_URL", default=next_redis_database(REDIS_URL)),
        "OPTIONS": {
            "socket_connect_timeout": 0.5,
            "socket_timeout": 0.5,
            "retry": Retry(NoBackoff(), 1),
        },
    }

# Language and time

# Spanish pages have addresses that begin with /es/.

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAIL_I18N_ENABLED = True
TIME_ZONE = "America/Los_Angeles"
USE_I18N = True
USE_TZ = True

# What browsers are told. No page carries an inline script or style, so nothing needs a nonce;
# Wagtail's admin is not written for such a policy and is left out.

NEWSROOM_EMBED_HOSTS = NEWSROOM_DEFAULTS["EMBED_HOSTS"]
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ("/admin/",),
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "media-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "frame-src": [f"https://{host}" for host in NEWSROOM_EMBED_HOSTS],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [SELF],
    },
}
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
# Wagtail sets SAMEORIGIN itself where its admin frames the preview of a page, which is also why
# frame-ancestors above is not 'none'.
X_FRAME_OPTIONS = "DENY"

# Tasks. A worker can be killed at any moment and a task can arrive twice; every task of ours is
# short and safe to repeat. The times below hang together: a task ends (28 s) before Redis hands
# it to the next worker (30 s, looked for every 5 s).

CELERY_BROKER_URL = REDIS_URL or "memory://"
if CELERY_BROKER_URL.startswith("memory://"):
    # The default of 1 s makes a queue of one process crawl.
    CELERY_BROKER_TRANSPORT_OPTIONS = {"polling_interval": 0.05}
else:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 30,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_connect_timeout": 2,
        "socket_keepalive": True,
    }
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 25
CELERY_TASK_TIME_LIMIT = 28
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
# The schedule is short and fixed: when which source is asked is decided from its row. So it is
# kept in memory, and beat needs no file.
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"
CELERY_BEAT_ENABLE_REMOTE_CONTROL = True
# A tick that waited longer than its interval is dropped: the next one does its work.
CELERY_BEAT_SCHEDULE = {
    "check-embeds": {
        "task": "newsroom.tasks.check_embeds",
        "schedule": 900.0,
        "options": {"expires": 900},
    },
    "refresh-due": {
        "task": "elections.tasks.refresh_due",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "publish-due": {
        "task": "elections.tasks.publish_due",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "check-stories": {
        "task": "elections.tasks.check_stories",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "alert-due": {
        "task": "elections.tasks.alert_due",
        "schedule": 15.0,
        "options": {"expires": 15},
    },
    "flush-ask-counts": {
        "task": "newsroom.calls_to_action.tasks.flush_counts",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "tell-followers": {
        "task": "elections.tasks.tell_followers",
        "schedule": 15.0,
        "options": {"expires": 15},
    },
    "sweep-outbox": {
        "task": "newsroom.newsletters.tasks.sweep_outbox",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "carry-on-imports": {
        "task": "newsroom.newsletters.tasks.carry_on_imports",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "tell-services": {
        "task": "newsroom.newsletters.tasks.tell_services",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "compare-services": {
        "task": "newsroom.newsletters.tasks.compare_services",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "tend-lists": {
        "task": "newsroom.newsletters.tasks.tend_lists",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
}

# Mail. A server that does not answer must not hold a worker.
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = "The Valley Ledger <news@ledger.example>"

# The apps

# The admin asks no outside host for portraits.
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_SITE_NAME = "The Valley Ledger"
WAGTAILADMIN_BASE_URL = env("BASE_URL", default="http://localhost:8000")
WAGTAILDOCS_EXTENSIONS = [
    *["csv", "pdf", "txt", "vtt", "xlsx"],
    *["m4a", "mp3", "mp4", "ogg", "wav", "webm"],
]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

NEWSROOM_STORY_BLOCKS = [
    ("live_result", "elections.blocks.LiveResultBlock"),
    ("count_timeline", "elections.blocks.TimelineBlock"),
    ("races", "elections.boards.RacesBlock"),
    ("scoreboard", "elections.boards.ScoreboardBlock"),
    ("candidate", "elections.candidates.CandidateBlock"),
    ("needed_share", "elections.candidates.NeededShareBlock"),
]
# Readers may follow a race, and asks may speak of how far it is.
NEWSROOM_TOPIC_PROVIDER = "elections.following.get_topic"
NEWSROOM_PHASE_PROVIDER = "elections.phases.get_phase"
NEWSROOM_PREVIEW_PROVIDER = "elections.prose.previews"
NEWSROOM_TEXT_FEATURES = ["live-figure", "checked-fact"]
NEWSROOM_SUBJECTS = "elections.subjects.Races"
# Beside the tasks, not in the cache: what is cleared there is no count.
NEWSROOM_COUNTER_REDIS_URL = REDIS_URL
NEWSROOM_DONATION_HOSTS = env.list("NEWSROOM_DONATION_HOSTS", default=[])
NEWSROOM_DONATION_KEYS = env.list("NEWSROOM_DONATION_KEYS", default=[])
# Told to the counties' servers, so that they can write to us before they block us.
ELECTIONS_CONTACT = env("ELECTIONS_CONTACT", default="")
ELECTIONS_ALLOW_PRIVATE_NETWORKS = env.bool("ELECTIONS_ALLOW_PRIVATE_NETWORKS", default=False)
ELECTIONS_AP_API_KEY = env("ELECTIONS_AP_API_KEY", default="")
ELECTIONS_LANGUAGES = env.list("ELECTIONS_LANGUAGES", default=["es"])
ELECTIONS_POLL_SECONDS = env.int("ELECTIONS_POLL_SECONDS", default=15)

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Election results",
    "DESCRIPTION": "Manifest, current result and history of each contest.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    # The check reads every interface of the site, also those inside Wagtail's admin.
    "ENABLE_DJANGO_DEPLOY_CHECK": False,
}
