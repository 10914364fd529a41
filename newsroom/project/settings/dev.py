"""One machine, one command: SQLite and an in-process worker unless told otherwise."""

import sys

import django

from newsroom.project.settings.base import *

# The demo is looked at as readers will see it, with the site's own error pages, and it runs for
# hours in one process, where DEBUG would keep a log of every query.
IS_DEMO = sys.argv[1:2] == ["demo"]
DEBUG = env.bool("DEBUG", default=not IS_DEMO)
SECRET_KEY = SECRET_KEY or "for development on one machine only, never in production"
ALLOWED_HOSTS = ALLOWED_HOSTS or ["*"]

EMBEDDED_WORKER = True
NEWSROOM_DEMONSTRATION = True
SERVE_MEDIA = True
WHITENOISE_USE_FINDERS = True
STATIC_ROOT.mkdir(parents=True, exist_ok=True)

if django.VERSION < (6, 1):
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
else:
    MAILERS = {"default": {"BACKEND": "django.core.mail.backends.console.EmailBackend"}}

if IS_DEMO:
    # Its window shows addresses and errors, not a line for every poll of every open page.
    LOGGING = {
        "version": 1,
        "disable_existing_loggers": False,
        "loggers": {"django.server": {"level": "ERROR"}},
    }
