from django import template
from django.db import DatabaseError
from django.template.context import Context
from django.utils.safestring import SafeString
from wagtail.blocks import StreamValue
from wagtail.models import Site

from newsroom.bodies import render_body
from newsroom.chrome import Chrome, get_chrome
from newsroom.finding.stories import stories_of
from newsroom.finding.structured import as_script, describe_story
from newsroom.finding.surroundings import Surroundings, surroundings_of
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


@register.simple_tag(takes_context=True)
def story_data(context: Context) -> SafeString:
    """Give search engines what they read about ``page``: ``{% story_data %}``."""
    story, request = context["page"], context.get("request")
    if request is None:
        return SafeString()
    facts = {name: context.get(name) for name in ("section", "authors", "topics")}
    return as_script(describe_story(story, request, **facts))


@register.simple_tag(takes_context=True)
def story_surroundings(context: Context) -> Surroundings:
    """Give the races of ``page`` and further stories: ``{% story_surroundings as around %}``."""
    topics, section = context.get("topics") or (), context.get("section")
    is_preview = getattr(context.get("request"), "is_preview", False)
    return surroundings_of(context["page"], topics=topics, section=section, is_preview=is_preview)


@register.simple_tag(takes_context=True)
def latest_stories(context: Context, count: int) -> list:
    """Give the newest stories of the site; none where even that fails: ``{% latest_stories 3 %}``.

    For the page that says what was not found, which must never fail itself.
    """
    site = Site.find_for_request(context.get("request"))
    try:
        return list(stories_of(site)[:count]) if site else []
    except (DatabaseError, LookupError):
        return []
