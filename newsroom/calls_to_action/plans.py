"""Which asks stand on a page, where and in which words: one plan for each page that is rendered.

The page is the same for everyone. It holds every ask that may be shown, and a plan for the
browser (``as_json``) in its head; ``asks.js`` chooses by it before anything is painted. Without
the script the first ask of each kind is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import AbstractPage
from wagtail.rich_text import RichText

from newsroom.calls_to_action.donating import Suggestions, suggest
from newsroom.calls_to_action.models import CallToAction, Placement
from newsroom.calls_to_action.phases import get_phase
from newsroom.calls_to_action.places import AskPlace, sign_place
from newsroom.calls_to_action.rules import Rule, Rules, get_rules
from newsroom.calls_to_action.words import Copies, Words
from newsroom.conf import newsroom_settings
from newsroom.newsletters.topic_slot import Topic, get_topic

Kind = CallToAction.Kind
Where = Placement.Where
BLOCK = "call_to_action"

# The order in which kinds come when the allowance does not reach for all.
KIND_ORDER = [Kind.ALERT, Kind.NEWSLETTER, Kind.DONATE]
# What the browser of a reader whom a preview plays would remember.
MEMORIES = {
    "anonymous": {},
    "pending": {"s": "pending"},
    "subscriber": {"s": "subscriber"},
    "donor": {"d": 9e15},
}
# Which rules hold on which kind of page; a page names its kind in ``ask_place``.
RULES_OF = {
    "story": {Where.PARAGRAPH, Where.END, Where.BANNER},
    "race": {Where.RACE, Where.BANNER},
    "election": {Where.ELECTION, Where.BANNER},
}


@dataclass(frozen=True)
class Arm:
    """One way to word an ask. ``token`` is what the browser sends when it was seen, and what the
    links to a donation page carry.
    """

    variant: str
    words: Words
    token: str
    suggestions: tuple[Suggestions, ...] = ()


@dataclass
class PlacedAsk:
    """An ask in its place. ``is_shown``: also where no script chooses.

    ``block_id`` is the editor's block, or names the kind of rule; ``anchor`` is the block of the
    body behind which a rule put it.
    """

    ask: CallToAction
    arms: tuple[Arm, ...]
    phase: str
    block_id: str = ""
    where: str = ""
    anchor: str = ""
    page: AbstractPage | None = None
    topic: Topic | None = None
    number: int = 0
    is_shown: bool = True

    @property
    def subject(self) -> str:
        return self.topic.key if self.topic else ""

    @property
    def form_topic(self) -> AbstractPage | None:
        """What the form of an alert follows: whatever the page is about."""
        return self.page if self.ask.kind == Kind.ALERT else None

    @property
    def is_banner(self) -> bool:
        return self.where == Where.BANNER

    def as_json(self) -> dict[str, Any]:
        """Return what the browser needs to choose, in short names; ``asks.js`` explains them."""
        ask, most = self.ask, self.ask.max_stories
        is_alert = ask.kind == Kind.ALERT
        return {
            "n": self.number,
            "k": KIND_ORDER.index(ask.kind),
            "a": ask.audience,
            "f": ask.frequency,
            "o": ask.memory_key,
            "l": self.subject if is_alert else (ask.newsletter.slug if ask.newsletter else ""),
            "r": [ask.min_stories] if most is None else [ask.min_stories, most],
            "v": [arm.variant for arm in self.arms if arm.variant],
        }


@dataclass
class Plan:
    asks: list[PlacedAsk] = field(default_factory=list)
    page_id: int = 0
    # Whom a preview plays; blank outside of previews.
    audience: str = ""

    def of_block(self, block_id: object) -> PlacedAsk | None:
        """Return the ask that an editor put there."""
        return next((one for one in self.asks if not one.where and one.block_id == block_id), None)

    def after(self, block_id: object) -> list[PlacedAsk]:
        """Return what a rule put behind a block of the body."""
        paragraph = Where.PARAGRAPH
        return [one for one in self.asks if one.where == paragraph and one.anchor == block_id]

    def at(self, where: str) -> list[PlacedAsk]:
        if where == Where.PARAGRAPH:
            return []
        return [one for one in self.asks if one.where == where]

    def as_json(self) -> dict[str, Any]:
        """Return what the browser chooses by: the asks in the order in which they come."""
        asks = sorted((one.as_json() for one in self.asks), key=lambda one: (one["k"], one["n"]))
        return {
            "u": "" if self.audience else _find_url(),
            "p": self.page_id,
            "m": [newsroom_settings.ASKS_PER_VISIT, newsroom_settings.ASKS_PER_WEEK],
            "s": MEMORIES.get(self.audience),
            "q": asks,
        }


def _find_url() -> str:
    try:
        return reverse("asks:seen")
    except NoReverseMatch:
        return ""


@dataclass(frozen=True)
class _Wish:
    """An ask that should stand somewhere. ``position`` orders it in the page."""

    ask: CallToAction
    position: tuple[int, int]
    where: str = ""
    block_id: str = ""


def plan_page(
    page: AbstractPage,
    blocks: Sequence[Any] = (),
    request: HttpRequest | None = None,
    now: datetime | None = None,
) -> Plan:
    """Decide about the asks of a page. ``blocks`` are those of its body, in order.

    An ask that an editor put into the body wins over every rule for an ask of its kind.
    """
    now = now or timezone.now()
    rules = get_rules(now)
    plan = Plan(page_id=page.pk or 0, audience=getattr(request, "preview_audience", ""))
    if rules.is_quiet(page, now):
        return plan
    wishes = list(_of_editors(blocks, now))
    taken = {wish.ask.kind for wish in wishes}
    wishes += [wish for wish in _of_rules(page, blocks, rules, now) if wish.ask.kind not in taken]
    if wishes:
        _place(plan, sorted(wishes, key=lambda wish: wish.position), page, request)
    return plan


def _of_editors(blocks: Sequence[Any], now: datetime) -> Iterator[_Wish]:
    for index, block in enumerate(blocks):
        ask = block.value.get("call_to_action") if block.block_type == BLOCK else None
        if ask and ask.is_open and ask.is_due(now):
            yield _Wish(ask, (index, 0), block_id=str(block.id or ""))


def _of_rules(
    page: AbstractPage, blocks: Sequence[Any], rules: Rules, now: datetime
) -> Iterator[_Wish]:
    allowed = RULES_OF.get(getattr(page, "ask_place", ""), {Where.BANNER})
    rows = [rule for rule in rules.rules if rule.where in allowed and rule.holds_for(page)]
    if not rows:
        return
    asks = CallToAction.objects.select_related("newsletter", "donation_page").in_bulk(
        {rule.ask_id for rule in rows}
    )
    for order, rule in enumerate(rows):
        ask = asks.get(rule.ask_id)
        if ask and ask.is_open and ask.is_due(now):
            yield _wish_of(rule, ask, blocks, order)


def _wish_of(rule: Rule, ask: CallToAction, blocks: Sequence[Any], order: int) -> _Wish:
    if rule.where == Where.PARAGRAPH:
        index = find_paragraph(blocks, rule.paragraph)
        if index is not None:
            block_id = str(blocks[index].id or "")
            return _Wish(ask, (index, 1 + order), Where.PARAGRAPH, block_id)
        return _Wish(ask, (len(blocks), order), Where.END)
    first = -1 if rule.where == Where.BANNER else len(blocks)
    return _Wish(ask, (first, order), rule.where)


def find_paragraph(blocks: Sequence[Any], number: int) -> int | None:
    """Return the index of the block in which paragraph ``number`` ends; None if it is not there.

    An ask behind it stands behind a paragraph, never behind a heading or a picture, which belong
    to what follows them. Behind the last block of a body is its end, not a place in the text.
    """
    seen = 0
    for index, block in enumerate(blocks[:-1]):
        if isinstance(block.value, RichText):
            seen += sum(block.value.source.count(f"<{name}") for name in ("p>", "p ", "ul", "ol"))
            if seen >= number:
                return index
    return None


def _place(
    plan: Plan, wishes: Iterable[_Wish], page: AbstractPage, request: HttpRequest | None
) -> None:
    wishes = list(wishes)
    copies = Copies.of([wish.ask for wish in wishes])
    phase = get_phase(page, request)
    topic = get_topic(page)
    shown: set[str] = set()
    for wish in wishes:
        if wish.ask.kind == Kind.ALERT and not (topic and topic.is_open):
            continue
        placed = PlacedAsk(
            ask=wish.ask,
            arms=(),
            phase=phase,
            block_id=f"rule-{wish.where}" if wish.where else wish.block_id,
            where=wish.where,
            anchor=wish.block_id,
            page=page,
            topic=topic,
            number=len(plan.asks),
            is_shown=wish.ask.is_default and wish.ask.kind not in shown,
        )
        placed.arms = _arms(placed, copies)
        if placed.is_shown:
            shown.add(wish.ask.kind)
        plan.asks.append(placed)


def _arms(placed: PlacedAsk, copies: Copies) -> tuple[Arm, ...]:
    arms = []
    for variant, arm in copies.arms(placed.ask):
        words = copies.words(placed.ask, arm, placed.phase)
        token = sign_place(_place_of(placed, variant))
        arms.append(Arm(variant, words, token, suggest(placed.ask, placed.page, token)))
    return tuple(arms)


def _place_of(placed: PlacedAsk, variant: str) -> AskPlace:
    page = placed.page
    return AskPlace(
        call_to_action_id=placed.ask.pk or 0,
        variant=variant,
        block_id=placed.block_id,
        page_id=(page and page.pk) or 0,
        page_revision_id=getattr(page, "live_revision_id", None) or 0,
        subject=placed.subject,
        phase=placed.phase,
    )


def place_alone(ask: CallToAction, page: AbstractPage | None, block_id: object) -> PlacedAsk | None:
    """Place an ask where no plan is made, such as a block that is shown by itself."""
    topic = get_topic(page) if page is not None else None
    if ask.kind == Kind.ALERT and topic is None:
        topic = Topic(key="", title="", is_open=True)
    placed = PlacedAsk(
        ask=ask,
        arms=(),
        phase=get_phase(page),
        block_id=str(block_id or ""),
        page=page,
        topic=topic,
    )
    placed.arms = _arms(placed, Copies.of([ask]))
    return placed


def preview_ask(ask: CallToAction, phase: str, language: str = "") -> list[PlacedAsk]:
    """Return an ask as it is being edited, in the words of a phase or a language: once for each
    of its arms.
    """
    copies = Copies(
        variants={ask.pk: list(ask.variants.all())},
        phases={(ask.pk, copy.phase, copy.language): copy for copy in ask.phase_copies.all()},
    )
    topic = Topic(key="", title=_("The race of the page"), is_open=True)
    arms = [None] if language else [None, *copies.variants[ask.pk]]
    return [
        PlacedAsk(
            ask=ask,
            arms=(Arm("", copies.words(ask, arm, phase, language), "", suggest(ask, None, "")),),
            phase=phase,
            topic=topic,
            number=number,
        )
        for number, arm in enumerate(arms)
    ]
