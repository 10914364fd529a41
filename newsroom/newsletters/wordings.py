"""The words a reader agreed to, for the record. Other apps that show forms bring their own."""

from collections.abc import Callable

from newsroom.newsletters.models import Newsletter

# Returns the words of a call to action by its id, variant and phase, or None if it is not known.
AskWording = Callable[[int, str, str], str | None]

_ask_wording: AskWording | None = None


def use_ask_wording(function: AskWording) -> None:
    """Let the app that owns the calls to action say what one of them shows."""
    global _ask_wording
    _ask_wording = function


def get_wording(
    newsletter: Newsletter,
    call_to_action_id: int | None = None,
    *,
    variant: str = "",
    phase: str = "",
) -> str:
    """Return what stood beside the form: the ask, if it is known, and the newsletter's promise."""
    ask = None
    if call_to_action_id is not None and _ask_wording is not None:
        ask = _ask_wording(call_to_action_id, variant, phase)
    return "\n".join(part for part in (ask, newsletter.name, newsletter.promise) if part)
