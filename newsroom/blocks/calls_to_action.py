from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import StructBlock, StructValue
from wagtail.snippets.blocks import SnippetChooserBlock

from newsroom.blocks import groups
from newsroom.calls_to_action.plans import PlacedAsk, place_alone
from newsroom.calls_to_action.showing import render_ask


class CallToActionChooserBlock(SnippetChooserBlock):
    """Fetches the newsletters of all asks in a body together with the asks."""

    def __init__(self, **kwargs: object):
        super().__init__("newsroom_calls_to_action.CallToAction", **kwargs)

    def bulk_to_python(self, values: Iterable[int | None]) -> list:
        values = list(values)
        related = self.model_class.objects.select_related("newsletter", "donation_page")
        asks = related.in_bulk(values)
        return [asks.get(pk) for pk in values]


class CallToActionValue(StructValue):
    @property
    def is_open(self) -> bool:
        """Whether there is something to ask for: not deleted, and the newsletter takes signups."""
        ask = self.get("call_to_action")
        return bool(ask and ask.is_open)


class CallToActionBlock(StructBlock):
    call_to_action = CallToActionChooserBlock(
        label=_("Call to action"),
        help_text=_("Its words are edited in one place, under Newsroom, for all stories."),
    )

    def render(self, value: CallToActionValue | None, context: dict | None = None) -> str:
        if not value or not value.is_open:
            return ""
        context = dict(context or {})
        placed = self._place(value["call_to_action"], context)
        return render_ask(placed, context) if placed else ""

    @staticmethod
    def _place(ask: object, context: dict) -> PlacedAsk | None:
        """Find the ask in the plan of the page; without a plan it stands for itself."""
        plan, block_id = context.get("asks"), context.get("id")
        if plan is None:
            return place_alone(ask, context.get("page"), block_id)
        return plan.of_block(str(block_id or ""))

    def get_preview_value(self) -> CallToActionValue:
        model = self.child_blocks["call_to_action"].model_class
        return self.to_python(
            {"call_to_action": model.objects.values_list("pk", flat=True).first()}
        )

    class Meta:
        icon = "mail"
        label = _("Call to action")
        description = _("Asks readers to sign up, to donate, or to follow a race.")
        group = groups.ASKS
        value_class = CallToActionValue
        label_format = "{call_to_action}"
