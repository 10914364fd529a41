"""What a person is told about a document: what happened, what stands, what to do.

The sentences are stored as they are and translated where they are shown.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from elections.counting.guards import Judgement, Reason

BY_HAND = _("A person has judged this document, which was held because races are missing.")
CRASHED = _(
    "The answer could not be stored, for a reason of our own. The last good result stays up, and "
    "the source is asked again. If this goes on, show the site's log to whoever runs it."
)
OLD_AGAIN = _("An older document came back. The newer count stays up; there is nothing to do.")
EXPLANATIONS = {
    Reason.NO_CONTESTS: _(
        "The document names no races. The last good result stays up. Check the address."
    ),
    Reason.OTHER_ELECTION: _(
        "The document is about another election day. The last good result stays up. "
        "Check the address, or the day of the election."
    ),
    Reason.BEFORE_POLLS_CLOSE: _(
        "The document has votes from before the polls closed. Nothing of it is shown. "
        "If the polls have closed, check their closing time at the election."
    ),
    Reason.SOURCE_TIME_WENT_BACK: _(
        "The document is older than what we have. The newer count stays up; there is nothing to do."
    ),
    Reason.TOO_FEW_CONTESTS: _(
        "The document has far fewer races than the last one. The last good result stays up. "
        "If the source really dropped them, accept it under Sources."
    ),
    Reason.SOURCE_TIME_AHEAD: _(
        "The document's time lies in the future. It is held until that time has come. "
        "If the time is wrong, tell the elections office."
    ),
    Reason.SAME_TIME_NEW_CONTENT: _(
        "The source changed its document without changing its time. The new one is shown. "
        "Compare it with the source's own page."
    ),
    Reason.SAME_TIME_COSMETIC: _(
        "The source rearranged its document without changing what it says. There is nothing to do."
    ),
}


def explain(judgement: Judgement) -> str:
    """Return the sentences for everything that was noticed; "" when nothing was."""
    return " ".join(EXPLANATIONS[reason] for reason in judgement.reasons)
