from django import template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from newsroom.newsletters.stamps import Place, make_stamp
from newsroom.newsletters.topic_slot import get_topic

register = template.Library()


@register.simple_tag(takes_context=True)
def signup_stamp(
    context: Context,
    *,
    form: str = "signup",
    block: object = "",
    call_to_action: int | None = None,
    variant: str = "",
    phase: str = "",
    subject: str = "",
    topic: object = None,
) -> SafeString:
    """Give the hidden field that every signup form needs: ``{% signup_stamp block=id %}``.

    The page and its revision come from the context. ``topic`` is a topic's key or whatever the
    provider of topics knows; the others are words of whoever shows the form.
    """
    page = context.get("page")
    found = get_topic(topic) if topic else None
    place = Place(
        form=form[:40],
        page_id=getattr(page, "pk", None),
        page_revision_id=getattr(page, "live_revision_id", None),
        block_id=str(block or "")[:36],
        call_to_action_id=call_to_action or None,
        variant=variant[:40],
        phase=phase[:40],
        subject=subject[:100],
        topic=found.key if found else "",
    )
    return format_html('<input type="hidden" name="stamp" value="{}">', make_stamp(place))
