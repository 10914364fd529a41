from django.apps import apps
from django.core import checks

from newsroom.conf import DEFAULTS, newsroom_settings
from newsroom.slots import read_slot

REQUIRED_APPS = ("newsroom.newsletters", "newsroom.calls_to_action")
PAGE_CACHE_DIRECTIVES = frozenset(DEFAULTS["PAGE_CACHE"])


def check_story_blocks(app_configs: object, **kwargs: object) -> list[checks.CheckMessage]:
    return [
        checks.Error(sentence, hint=hint, id="newsroom.E001")
        for sentence, hint in read_slot().problems
    ]


def check_required_apps(app_configs: object, **kwargs: object) -> list[checks.CheckMessage]:
    """A story offers calls to action, and these offer newsletters: all three apps go together."""
    return [
        checks.Error(
            f"newsroom needs {name}, which is not installed.",
            hint=f'Add "{name}" to INSTALLED_APPS.',
            id="newsroom.E002",
        )
        for name in REQUIRED_APPS
        if not apps.is_installed(name)
    ]


def check_page_cache(app_configs: object, **kwargs: object) -> list[checks.CheckMessage]:
    value = newsroom_settings.PAGE_CACHE
    is_usable = isinstance(value, dict) and all(
        name in PAGE_CACHE_DIRECTIVES and isinstance(seconds, int) and seconds >= 0
        for name, seconds in value.items()
    )
    if is_usable:
        return []
    return [
        checks.Error(
            "NEWSROOM_PAGE_CACHE is not a dictionary of seconds.",
            hint=f"Use whole seconds for {', '.join(sorted(PAGE_CACHE_DIRECTIVES))}.",
            id="newsroom.E003",
        )
    ]
