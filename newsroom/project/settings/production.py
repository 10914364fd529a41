"""Production: everything that differs between two sites comes from the environment.

Missing values stop the process with a sentence. docs/how-to/deploy.md lists them all.
"""

from django.core.exceptions import ImproperlyConfigured

from newsroom.project.settings.base import *

REQUIRED = {
    "SECRET_KEY": "a long random string, the same in every process",
    "ALLOWED_HOSTS": "the host names of the site, separated by commas",
    "DATABASE_URL": "like postgres://user:password@host:5432/name",
    "REDIS_URL": "like redis://host:6379/0",
}
if missing := [f"{name} ({hint})" for name, hint in REQUIRED.items() if not env(name, default="")]:
    raise ImproperlyConfigured(
        f"Production settings need these environment variables: {'; '.join(missing)}. "
        "Set them and start again."
    )

# The proxy in front ends TLS and says so in X-Forwarded-Proto. It must overwrite what a browser
# sent there, as deploy/nginx does.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=365 * 24 * 60 * 60)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True

# nginx in front appends to X-Forwarded-For; with a load balancer before it there are two.
NEWSROOM_TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=1)

# No query of a page or a task needs this long; a stuck one must not hold a worker. The migrate
# service sets 0, which is no limit.
if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    limit = env.int("DATABASE_STATEMENT_TIMEOUT_SECONDS", default=15) * 1000
    DATABASES["default"].update(
        CONN_MAX_AGE=60,
        CONN_HEALTH_CHECKS=True,
        OPTIONS={
            "connect_timeout": 5,
            "options": f"-c statement_timeout={limit} -c lock_timeout={limit // 3} "
            "-c idle_in_transaction_session_timeout=60000",
        },
    )

STORAGES["staticfiles"]["BACKEND"] = "whitenoise.storage.CompressedManifestStaticFilesStorage"

# The first key makes new hashes and links, the others still know old ones.
NEWSROOM_NEWSLETTER_KEYS = env.list("NEWSLETTER_KEYS", default=[])
NEWSROOM_NEWSLETTER_STAFF = env.list("NEWSLETTER_STAFF", default=[])
NEWSROOM_REPORT_KEYS = env.list("REPORT_KEYS", default=[])
NEWSROOM_PUBLIC_URL = env("BASE_URL", default="")

EMAIL_HOST = env("EMAIL_HOST", default="localhost")
EMAIL_PORT = env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=False)
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="newsroom@localhost")

# A mail provider instead of a mail server, like EMAIL_PROVIDER=postmark with
# ANYMAIL_POSTMARK_SERVER_TOKEN; anymail's documents name the settings of each. Its webhooks lead
# to /anymail/<provider>/tracking/.
if provider := env("EMAIL_PROVIDER", default=""):
    EMAIL_BACKEND = f"anymail.backends.{provider}.EmailBackend"
    INSTALLED_APPS.append("anymail")
    ANYMAIL = {
        name.removeprefix("ANYMAIL_"): value
        for name, value in env.ENVIRON.items()
        if name.startswith("ANYMAIL_")
    }

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
    },
    "handlers": {
        "stdout": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stdout",
            "formatter": "line",
        },
    },
    "root": {"handlers": ["stdout"], "level": env("LOG_LEVEL", default="INFO")},
    "loggers": {"django": {"handlers": [], "propagate": True}},
}
