from django.core import checks
from django.utils.module_loading import import_string

from newsroom.conf import DEFAULTS, newsroom_settings

NUMBERS = ("ASKS_PER_VISIT", "ASKS_PER_WEEK", "BEACON_LIMIT", "DONOR_DAYS")


def check_settings(app_configs: object, **kwargs: object) -> list[checks.CheckMessage]:
    return [*_check_numbers(), *_check_lists(), *_check_provider()]


def _check_numbers() -> list[checks.CheckMessage]:
    return [
        checks.Error(
            f"NEWSROOM_{name} is not a whole number of zero or more.",
            hint=f"Use a number, like {DEFAULTS[name]}.",
            id="newsroom_calls_to_action.E001",
        )
        for name in NUMBERS
        if not isinstance(value := getattr(newsroom_settings, name), int) or value < 0
    ]


def _check_lists() -> list[checks.CheckMessage]:
    return [
        checks.Error(
            f"NEWSROOM_{name} is not a list of texts.",
            hint="Write it with brackets, also for one.",
            id="newsroom_calls_to_action.E002",
        )
        for name in ("DONATION_HOSTS", "DONATION_KEYS")
        if not _is_list_of_texts(getattr(newsroom_settings, name))
    ]


def _is_list_of_texts(value: object) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(text, str) and text for text in value)


def _check_provider() -> list[checks.CheckMessage]:
    path = newsroom_settings.PHASE_PROVIDER
    try:
        if not path or callable(import_string(path)):
            return []
    except ImportError:
        pass
    return [
        checks.Error(
            f"NEWSROOM_PHASE_PROVIDER names {path!r}, which is no function that can be imported.",
            hint="newsroom.calls_to_action.phases says what it must be.",
            id="newsroom_calls_to_action.E003",
        )
    ]
