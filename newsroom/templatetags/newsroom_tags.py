import json
import logging
from datetime import date, datetime, time

from django import template
from django.conf import settings
from django.db import DatabaseError
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe
from wagtail.blocks import StreamValue
from wagtail.models import AbstractPage, Site

from newsroom import style
from newsroom.bodies import blocks_of, render_body
from newsroom.calls_to_action.plans import Plan, plan_page
from newsroom.calls_to_action.showing import render_ask
from newsroom.chrome import Chrome, get_chrome
from newsroom.finding.explaining import Onward, explain_onward
from newsroom.finding.stories import stories_of
from newsroom.finding.structured import as_script, describe_story
from newsroom.finding.surroundings import Surroundings, surroundings_of
from newsroom.media import ReaderMedia, media_of

logger = logging.getLogger(__name__)

register = template.Library()


@register.simple_tag(takes_context=True)
def story_body(context: Context, body: StreamValue) -> SafeString:
    """Render the body of a story: ``{% story_body page.body %}``."""
    return render_body(body, context.flatten())


@register.simple_tag(takes_context=True)
def site_chrome(context: Context) -> Chrome:
    """Give what stands around every page: ``{% site_chrome as chrome %}``."""
    return get_chrome(context.get("request"), context.get("page"))


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


@register.simple_tag
def onward_of(story: AbstractPage) -> list[Onward]:
    """Give what a draft leads on to, and why: ``{% onward_of instance as onward %}``."""
    return explain_onward(story)


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


@register.simple_tag(takes_context=True)
def page_asks(context: Context) -> Plan | None:
    """Give the plan of the page's asks: ``{% page_asks as asks %}``; None off pages.

    Called once, at the top of the page, where head and body both see it.
    """
    page = context.get("page")
    if not isinstance(page, AbstractPage):
        return None
    body = getattr(page, "body", None)
    blocks = list(blocks_of(body)) if isinstance(body, StreamValue) else []
    try:
        return plan_page(page, blocks, context.get("request"))
    except Exception:
        if settings.DEBUG:
            raise
        logger.exception("The asks of a page could not be planned.", extra={"page": page.pk})
        return None


@register.simple_tag(takes_context=True)
def show_asks(context: Context, where: str) -> SafeString:
    """Render what rules put in one place: banner, end, race, election. ``{% show_asks "end" %}``"""
    plan = context.get("asks")
    placed = plan.at(where) if plan else []
    flat = context.flatten()
    # Each was escaped by its template.
    return mark_safe("".join(render_ask(one, flat) for one in placed))


@register.filter
def as_compact_json(plan: Plan) -> str:
    return json.dumps(plan.as_json(), separators=(",", ":"))


@register.filter(expects_localtime=True)
def ap_date(moment: date | None) -> str:
    """Return a day as newsrooms print it: Nov. 6, 2024; in Spanish 6 de noviembre de 2024."""
    return style.full_day(moment) if moment else ""


@register.filter(expects_localtime=True)
def ap_time(moment: time | None) -> str:
    """Return a time of day: 3:46 a.m."""
    return style.clock_time(moment) if moment is not None else ""


@register.filter(expects_localtime=True)
def ap_time_and_day(moment: datetime | None) -> str:
    """Return a time and a day without its year: 3:46 a.m. Nov. 6."""
    return style.time_and_day(moment) if moment else ""


@register.filter(expects_localtime=True)
def ap_day_and_time(moment: datetime | None) -> str:
    """Return a day and a time: Nov. 6, 2024, 3:46 a.m."""
    return style.full_day_and_time(moment) if moment else ""
