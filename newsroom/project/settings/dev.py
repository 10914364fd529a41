"""One machine, one command: SQLite and an in-process worker unless told otherwise."""

from newsroom.project.settings.base import *  # noqa: F403

DEBUG = True
SECRET_KEY = SECRET_KEY or "for development on one machine only, never in production"
ALLOWED_HOSTS = ALLOWED_HOSTS or ["*"]
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
