"""Settings of the test suite."""

from newsroom.project.settings.base import *  # noqa: F403

SECRET_KEY = "for the tests"
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
