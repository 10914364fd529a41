"""Two steps that a person takes: save an issue at the service, and then have it sent.

Nothing is sent but what the service has said it has. Each step first moves the issue's state in
one statement: of two clicks, two people or a task and its second try, one goes on. Whether a
sending whose answer was lost went out, the service is asked; it is never sent on a guess.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from newsroom.newsletters.issues.history import FAILED, MADE, SAVED, SENT
from newsroom.newsletters.issues.letter import one_line
from newsroom.newsletters.issues.writing import (
    IssueError,
    check_story,
    digest,
    find_story,
    write,
)
from newsroom.newsletters.models import Issue, SyncedList
from newsroom.newsletters.syncing.contract import (
    IssueSender,
    Mailing,
    Progress,
    RefusedError,
    ServiceError,
    get_service,
)

State = Issue.State
# Longer than all requests of a step may take together.
GIVEN_UP = timedelta(minutes=5)


def find_sender(synced: SyncedList) -> IssueSender | None:
    """Return the service of a list that is kept the same, if it can send issues."""
    try:
        service = get_service(synced.service)
    except (LookupError, ImportError):
        return None
    return service if synced.is_active and isinstance(service, IssueSender) else None


def make(synced: SyncedList, address: str, user: Any) -> Issue:
    """Return the issue of a story as it is published now; the one there is, if there is one.

    :raises IssueError: the story is not to be sent
    """
    page = check_story(find_story(address))
    headline = one_line(page.title)
    issue, is_new = Issue.objects.get_or_create(
        newsletter=synced.newsletter,
        page_number=page.pk,
        revision_number=page.live_revision_id,
        defaults={
            "synced_list": synced,
            "headline": headline,
            "subject": Truncator(headline).chars(150),
            "preview_text": Truncator(one_line(getattr(page, "dek", ""))).chars(150),
            "made_by": user,
        },
    )
    if is_new:
        log(issue, MADE, user=user)
    return issue


def save(issue: Issue, user: Any, *, subject: str, preview_text: str) -> None:
    """Have the service keep it, unsent, in place of what it has of it.

    :raises IssueError: the service does not have it; nothing is sent
    """
    service = _sender(issue)
    words = {"subject": one_line(subject)[:150], "preview_text": one_line(preview_text)[:150]}
    is_mine = issue.move(State.NEW, State.SAVED, State.FAILED, to=State.SAVING, **words) or (
        issue.move(State.SAVING, to=State.SAVING, changed_before=timezone.now() - GIVEN_UP, **words)
    )
    if not is_mine:
        raise IssueError(_why_not(issue))
    try:
        mailing = write(issue, service.leave_tag)
        remote_id = service.save_issue(mailing, _remote_id_to_use(service, issue, user))
    except (ServiceError, IssueError) as error:
        raise _fail(issue, State.SAVING, user, _not_saved(error)) from error
    facts = {"remote_id": remote_id, "content_hash": digest(mailing), "html": mailing.html}
    if not issue.move(State.SAVING, to=State.SAVED, **facts):
        raise IssueError(_why_not(issue))
    log(issue, SAVED, user=user, data={"hash": issue.content_hash})


def _remote_id_to_use(service: IssueSender, issue: Issue, user: Any) -> str:
    """Return what the service calls it; blank if it has none.

    :raises IssueError: what it has was sent, or is being handled there
    """
    progress = service.ask_issue(issue.remote_id) if issue.remote_id else Progress.GONE
    if progress == Progress.SENT:
        _note_sent(issue, user)
        raise IssueError(_why_not(issue))
    if progress == Progress.UNKNOWN:
        raise IssueError(_("It is handled at the service, perhaps by a schedule. Look there."))
    return issue.remote_id if progress == Progress.SAVED else ""


def send(issue: Issue, user: Any, *, content_hash: str) -> None:
    """Have the service send what it has, if that is what the person saw and the story says.

    :raises IssueError: it is not sent, or nobody can say whether it is
    """
    service = _sender(issue)
    if issue.state != State.SAVED:
        raise IssueError(_why_not(issue))
    mailing: Mailing = write(issue, service.leave_tag)
    if not content_hash == issue.content_hash == digest(mailing):
        raise IssueError(
            _("What would be sent has changed since it was saved. Nothing was sent. Save it again.")
        )
    if not issue.move(State.SAVED, to=State.SENDING, sent_by=user):
        raise IssueError(_why_not(issue))
    _check_there(service, issue, user)
    try:
        service.send_issue(issue.remote_id, key=str(issue.key))
    except RefusedError as error:
        raise _fail(issue, State.SENDING, user, _not_sent(error)) from error
    except ServiceError as error:
        issue.move(State.SENDING, to=State.SENDING, error=_unknown())
        raise IssueError(_unknown()) from error
    _note_sent(issue, user)


def _check_there(service: IssueSender, issue: Issue, user: Any) -> None:
    """Ask before sending, so that what was sent by hand there is not sent again.

    :raises IssueError: nothing is sent
    """
    try:
        progress = service.ask_issue(issue.remote_id)
    except ServiceError as error:
        issue.move(State.SENDING, to=State.SAVED, error=_not_sent(error), sent_by=None)
        raise IssueError(_not_sent(error)) from error
    if progress == Progress.SENT:
        _note_sent(issue, user)
        raise IssueError(_("The service had sent it already. It was not sent again."))
    if progress != Progress.SAVED:
        reason = _("The service does not have it as it was saved. Look there, or save it again.")
        raise _fail(issue, State.SENDING, user, _not_sent(reason))


def ask(issue: Issue, user: Any) -> str:
    """Ask the service whether a sending went out; return what it says, as a sentence.

    :raises IssueError: it does not say
    """
    if issue.state != State.SENDING:
        return _why_not(issue)
    try:
        progress = _sender(issue).ask_issue(issue.remote_id)
    except ServiceError as error:
        raise IssueError(_unknown()) from error
    if progress == Progress.SENT:
        _note_sent(issue, user)
        return _("The service says that it is sent.")
    since = timezone.now() - GIVEN_UP
    if progress == Progress.SAVED and issue.move(
        State.SENDING, to=State.SAVED, changed_before=since, sent_by=None
    ):
        return _("The service says that it is not sent. You can send it now.")
    raise IssueError(_unknown())


def _sender(issue: Issue) -> IssueSender:
    service = find_sender(issue.synced_list)
    if service is None:
        raise IssueError(_("The service of this newsletter cannot send issues. Nothing was sent."))
    return service


def _note_sent(issue: Issue, user: Any) -> None:
    if issue.move(State.SAVING, State.SENDING, to=State.SENT, sent_at=timezone.now()):
        log(issue, SENT, user=user, data={"hash": issue.content_hash})


def _fail(issue: Issue, state: str, user: Any, sentence: str) -> IssueError:
    if issue.move(state, to=State.FAILED, error=sentence[:400]):
        log(issue, FAILED, user=user, data={"why": sentence})
    return IssueError(sentence)


def _not_saved(reason: object) -> str:
    return _("It was not saved: %(reason)s Nothing was sent from here. Save it again.") % {
        "reason": reason
    }


def _not_sent(reason: object) -> str:
    return _("It was not sent from here: %(reason)s") % {"reason": reason}


def _unknown() -> str:
    return _(
        "Nobody here can say whether it was sent, so it is not sent again. Look at the service, "
        "or ask it here in five minutes."
    )


def _why_not(issue: Issue) -> str:
    return {
        State.SENT: _("It is sent already. It was not sent again."),
        State.SENDING: _unknown(),
        State.SAVING: _("Somebody is saving it at this moment. Look again in a minute."),
        State.SAVED: _("Somebody else has just saved it. Look at it again."),
    }.get(issue.state, _("The service does not have it, so nothing was sent. Save it first."))
