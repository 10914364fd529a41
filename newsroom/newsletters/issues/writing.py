"""An issue as a service gets it: a story as it is published, and nothing that is not."""

from __future__ import annotations

import json
from dataclasses import asdict
from hashlib import sha256
from urllib.parse import unquote, urlsplit

import swapper
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.models import AbstractPage

from newsroom.languages import own_language
from newsroom.newsletters.issues.letter import read_paragraphs, write_letter
from newsroom.newsletters.letters import render_html, render_text, sender_of
from newsroom.newsletters.models import Issue
from newsroom.newsletters.syncing.contract import Mailing

swapper.set_app_prefix("wagtailcore", "wagtail")

CANDIDATES = 50


class IssueError(Exception):
    """It is not done. Says why and what to do, in whole sentences."""


def find_story(address: str) -> AbstractPage | None:
    """Return the page at an address of this site, a draft too; None without one."""
    path = unquote(urlsplit(address.strip()).path).strip("/")
    slug = path.rpartition("/")[2]
    pages = swapper.load_model("wagtailcore", "Page").objects.filter(slug=slug).specific()
    for page in pages[:CANDIDATES] if slug else ():
        if urlsplit(page.get_full_url() or "").path.strip("/") == path:
            return page
    return None


def check_story(page: AbstractPage | None) -> AbstractPage:
    """Return it, if what readers have is the whole and latest of it.

    :raises IssueError: it is a draft, has one, or is not for everybody
    """
    if page is None:
        raise IssueError(_("There is no such story. Copy its address from the browser."))
    if not page.live:
        raise IssueError(_("The story is not published, so it is not sent. Publish it first."))
    if page.has_unpublished_changes or not page.live_revision_id:
        raise IssueError(
            _(
                "The story has a draft that is not published, and only what is published is sent. "
                "Publish the draft or discard it first."
            )
        )
    if page.get_view_restrictions().exists():
        raise IssueError(_("The story is not open to everybody, so it is not sent."))
    if not read_paragraphs(page):
        raise IssueError(_("This page has no text of a story. Choose a story."))
    return page


def load_story(issue: Issue) -> AbstractPage:
    """Return the story, if it is still what the issue was made from.

    :raises IssueError: it was taken down or published anew since
    """
    pages = swapper.load_model("wagtailcore", "Page").objects.filter(pk=issue.page_number)
    page = check_story(pages.specific().first())
    if page.live_revision_id != issue.revision_number:
        raise IssueError(
            _("The story was published anew since. Make an issue of what it says now.")
        )
    return page


def write(issue: Issue, leave_tag: str) -> Mailing:
    """Return what a service gets, the same for everyone who asks, in the site's own language.

    :raises IssueError: the story is not to be sent
    """
    page = load_story(issue)
    name, address = sender_of(issue.newsletter)
    with override(own_language()):
        letter = write_letter(page)
        return Mailing(
            list_id=issue.synced_list.remote_id,
            title=str(issue),
            subject=issue.subject,
            preview_text=issue.preview_text,
            sender_name=name,
            reply_to=issue.newsletter.reply_to or address,
            html=render_html(letter, sender=name, leave=leave_tag),
            text=render_text(letter, sender=name, leave=leave_tag),
        )


def digest(mailing: Mailing) -> str:
    return sha256(json.dumps(asdict(mailing), sort_keys=True).encode()).hexdigest()
