from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import StructBlock, StructValue
from wagtail.snippets.blocks import SnippetChooserBlock

from newsroom.blocks import groups


class CallToActionChooserBlock(SnippetChooserBlock):
    """Fetches the newsletters of all asks in a body together with the asks."""

    def __init__(self, **kwargs: object):
        super().__init__("newsroom_calls_to_action.CallToAction", **kwargs)

    def bulk_to_python(self, values: Iterable[int | None]) -> list:
        values = list(values)
        asks = self.model_class.objects.select_related("newsletter").in_bulk(values)
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
        return super().render(value, context)

    def get_preview_value(self) -> CallToActionValue:
        model = self.child_blocks["call_to_action"].model_class
        return self.to_python(
            {"call_to_action": model.objects.values_list("pk", flat=True).first()}
        )

    class Meta:
        icon = "mail"
        label = _("Call to action")
        description = _("Asks readers to sign up for a newsletter or to donate.")
        group = groups.ASKS
        template = "newsroom/blocks/call_to_action.html"
        value_class = CallToActionValue
        label_format = "{call_to_action}"
