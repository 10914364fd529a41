from django import template
from django.template.context import Context
from django.utils.safestring import SafeString
from wagtail.blocks import StreamValue

from newsroom.bodies import render_body
from newsroom.chrome import Chrome, get_chrome
from newsroom.media import ReaderMedia, media_of

register = template.Library()


@register.simple_tag(takes_context=True)
def story_body(context: Context, body: StreamValue) -> SafeString:
    """Render the body of a story: ``{% story_body page.body %}``."""
    return render_body(body, context.flatten())


@register.simple_tag(takes_context=True)
def site_chrome(context: Context) -> Chrome:
    """Give what stands around every page: ``{% site_chrome as chrome %}``."""
    return get_chrome(context.get("request"))


@register.simple_tag
def body_media(body: StreamValue) -> ReaderMedia:
    """Give the static files that the blocks need: ``{% body_media page.body as media %}``."""
    return media_of(body)
