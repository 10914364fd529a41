"""The one door: every change of who gets what goes through here and into the ledger.

Forms, links, preference pages, imports, newsletter services, bounces and staff all come in by
these functions, and none of them can bring back an address whose owner said no:

- Only a click in a mail that we sent to the address itself makes an opt-out undone.
- A form after an opt-out changes nothing until then.
- Imports and services are refused by any suppression, and by any opt-out.

Every function locks the person's row first, so that two of them cannot cross. The modules of this
room are its own affair: others import from here.
"""

from newsroom.newsletters.subscriptions.bringing import (
    REFUSALS,
    Brought,
    Verdict,
    bring_in,
    bring_in_each,
    judge,
    pull,
)
from newsroom.newsletters.subscriptions.leaving import (
    erase,
    find_by_key,
    forgive,
    stop_all,
    unsubscribe,
)
from newsroom.newsletters.subscriptions.preferences import change_address, choose, pause
from newsroom.newsletters.subscriptions.signing_up import ask_again, confirm, lapse, remind, sign_up
from newsroom.newsletters.subscriptions.undoing import take_back, take_back_each
from newsroom.newsletters.subscriptions.wishes import Wish, source_of

__all__ = [
    "REFUSALS",
    "Brought",
    "Verdict",
    "Wish",
    "ask_again",
    "bring_in",
    "bring_in_each",
    "change_address",
    "choose",
    "confirm",
    "erase",
    "find_by_key",
    "forgive",
    "judge",
    "lapse",
    "pause",
    "pull",
    "remind",
    "sign_up",
    "source_of",
    "stop_all",
    "take_back",
    "take_back_each",
    "unsubscribe",
]
