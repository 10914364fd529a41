from pathlib import Path

from django.core import checks

from newsroom.conf import DEFAULTS, newsroom_settings
from newsroom.setting_checks import check_function, check_lists_of_texts

NUMBERS = (
    "SIGNUP_LIMIT",
    "SIGNUP_WINDOW_SECONDS",
    "ADDRESS_LIMIT",
    "SIGNUP_SPIKE",
    "FORM_MIN_SECONDS",
    "FORM_MAX_SECONDS",
    "CONFIRM_DAYS",
    "REMIND_AFTER_DAYS",
    "CONFIRMATIONS_PER_ADDRESS",
    "CONFIRMATION_HOURS",
    "PREFERENCE_MINUTES",
    "FORM_MAILS_PER_HOUR",
    "SOFT_BOUNCE_LIMIT",
    "SOFT_BOUNCE_DAYS",
)
LISTS = ("NEWSLETTER_KEYS", "REPORT_KEYS", "NEWSLETTER_STAFF")


def check_settings(app_configs: object, **kwargs: object) -> list[checks.CheckMessage]:
    return [
        *_check_numbers(),
        *check_lists_of_texts(LISTS, id="newsroom_newsletters.E002"),
        *check_function(
            "TOPIC_PROVIDER", told_in="newsroom.newsletters.topics", id="newsroom_newsletters.E003"
        ),
        *_check_domains(),
    ]


def _check_numbers() -> list[checks.CheckMessage]:
    return [
        checks.Error(
            f"NEWSROOM_{name} is not a number of zero or more.",
            hint=f"Use a number, like {DEFAULTS[name]}.",
            id="newsroom_newsletters.E001",
        )
        for name in NUMBERS
        if not isinstance(value := getattr(newsroom_settings, name), int | float) or value < 0
    ]


def _check_domains() -> list[checks.CheckMessage]:
    domains = newsroom_settings.DISPOSABLE_DOMAINS
    if not isinstance(domains, str | Path) or not domains or Path(domains).is_file():
        return []
    return [
        checks.Error(
            f"NEWSROOM_DISPOSABLE_DOMAINS names the file {str(domains)!r}, which is not there.",
            hint="Give the path of a file with one domain in each line, or a list of domains.",
            id="newsroom_newsletters.E004",
        )
    ]


def check_keys(app_configs: object, **kwargs: object) -> list[checks.CheckMessage]:
    """With Django's key alone, its next change would forget opt-outs and break old links."""
    if newsroom_settings.NEWSLETTER_KEYS:
        return []
    return [
        checks.Warning(
            "NEWSROOM_NEWSLETTER_KEYS is empty, so opt-outs hang on SECRET_KEY.",
            hint="Give it a long random text of its own, and keep earlier ones behind it.",
            id="newsroom_newsletters.W001",
        )
    ]
