"""The decisions that a desk makes about a race's count: their words, their forms, who may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from elections.desk import audit
from elections.desk.decision_forms import DecisionForm, FreezeForm, NoteForm, OverrideForm, PinForm
from elections.models import CorrectionNote, Freeze, Override, Pin
from elections.models.decisions import Decision


@dataclass(frozen=True)
class DecisionKind:
    """``name`` is in addresses; ``explanation`` says what will happen, before anything does."""

    name: str
    model: type[Decision]
    form_class: type[DecisionForm]
    icon: str
    title: Any
    explanation: Any
    done: Any
    log_action: str
    end_label: Any
    end_title: Any
    end_explanation: Any
    ended: Any
    end_log_action: str

    @property
    def permission(self) -> str:
        return f"elections.add_{self.model._meta.model_name}"


OVERRIDE = DecisionKind(
    name="override",
    model=Override,
    form_class=OverrideForm,
    icon="edit",
    title=_("Correct a number"),
    explanation=_(
        "Readers see your number in place of the source’s, with a note that says so. It ends by "
        "itself, and the source’s number returns."
    ),
    done=_("Corrected. Readers of %(race)s see it within a minute."),
    log_action=audit.OVERRIDDEN,
    end_label=_("End it"),
    end_title=_("End the correction of a number"),
    end_explanation=_("Readers see the source’s own number again."),
    ended=_("Ended. Readers of %(race)s see the source’s number within a minute."),
    end_log_action=audit.OVERRIDE_ENDED,
)
FREEZE = DecisionKind(
    name="freeze",
    model=Freeze,
    form_class=FreezeForm,
    icon="lock",
    title=_("Freeze the race"),
    explanation=_(
        "Readers keep the numbers that stand, and are told since when updates are paused. Counts "
        "go on being stored. Calls can still be made and taken back."
    ),
    done=_("Frozen. Readers of %(race)s keep what stands."),
    log_action=audit.FROZEN,
    end_label=_("Unfreeze"),
    end_title=_("Unfreeze the race"),
    end_explanation=_("Readers see the latest count again, as below."),
    ended=_("Unfrozen. Readers of %(race)s see the latest count within a minute."),
    end_log_action=audit.UNFROZEN,
)
PIN = DecisionKind(
    name="pin",
    model=Pin,
    form_class=PinForm,
    icon="history",
    title=_("Go back to an earlier count"),
    explanation=_(
        "Readers see an earlier count that had been accepted, with your note, until you unpin it. "
        "Counts go on being stored."
    ),
    done=_("Pinned. Readers of %(race)s see the earlier count within a minute."),
    log_action=audit.PINNED,
    end_label=_("Unpin"),
    end_title=_("Unpin the earlier count"),
    end_explanation=_("Readers see the latest count again, as below."),
    ended=_("Unpinned. Readers of %(race)s see the latest count within a minute."),
    end_log_action=audit.UNPINNED,
)
NOTE = DecisionKind(
    name="note",
    model=CorrectionNote,
    form_class=NoteForm,
    icon="comment",
    title=_("Publish a correction"),
    explanation=_(
        "The note stands with the result, on the race’s page, in its history and in its feeds."
    ),
    done=_("Published. Readers of %(race)s see the correction within a minute."),
    log_action=audit.CORRECTED,
    end_label=_("Take back"),
    end_title=_("Take back a correction"),
    end_explanation=_(
        "It leaves the result. In the history it stays, with the time at which it was taken back."
    ),
    ended=_("Taken back. Readers of %(race)s no longer see it with the result."),
    end_log_action=audit.CORRECTION_ENDED,
)

KINDS = {kind.name: kind for kind in (OVERRIDE, FREEZE, PIN, NOTE)}
