from django.core import checks

from newsroom.conf import DEFAULTS, newsroom_settings
from newsroom.setting_checks import check_function, check_lists_of_texts

NUMBERS = ("ASKS_PER_VISIT", "ASKS_PER_WEEK", "BEACON_LIMIT", "DONOR_DAYS")
LISTS = ("DONATION_HOSTS", "DONATION_KEYS")


def check_settings(app_configs: object, **kwargs: object) -> list[checks.CheckMessage]:
    return [
        *_check_numbers(),
        *check_lists_of_texts(LISTS, id="newsroom_calls_to_action.E002"),
        *check_function(
            "PHASE_PROVIDER",
            told_in="newsroom.calls_to_action.phases",
            id="newsroom_calls_to_action.E003",
        ),
    ]


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
