"""Issues in the admin: made of a story, looked at, saved at the service, and then sent."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.generic.edit import FormView
from wagtail.admin import messages
from wagtail.admin.paginator import WagtailPaginator
from wagtail.log_actions import registry
from wagtail.permission_policies import ModelPermissionPolicy

from newsroom.newsletters.issues import sending
from newsroom.newsletters.issues.writing import IssueError, write
from newsroom.newsletters.models import Issue, SyncedList
from newsroom.newsletters.staff.pages import StaffMixin, StaffPage, to_list

ISSUES_SHOWN = 50
State = Issue.State


def lists_that_send() -> list[SyncedList]:
    """Return the lists whose service can send an issue."""
    lists = SyncedList.objects.filter(is_active=True).select_related("newsletter")
    return [synced for synced in lists if sending.find_sender(synced)]


class IssuesMixin(StaffMixin):
    """``permission_required`` is view or send."""

    permission_policy = ModelPermissionPolicy(Issue)
    header_icon = "mail"

    def trail(self) -> list[tuple[str, str]]:
        return [to_list(), (reverse("newsroom_subscribers:issues"), _("Issues"))]


class IssuesView(IssuesMixin, StaffPage):
    page_title = gettext_lazy("Issues")
    template_name = "newsroom/newsletters/staff/issues.html"

    def trail(self) -> list[tuple[str, str]]:
        return [to_list()]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        issues = Issue.objects.select_related("newsletter", "made_by", "sent_by")
        page = WagtailPaginator(issues, ISSUES_SHOWN).get_page(self.request.GET.get("p"))
        return super().get_context_data(
            page_obj=page,
            may_make=self.may("send") and bool(lists_that_send()),
            has_services=bool(lists_that_send()),
            **kwargs,
        )


class MakeForm(forms.Form):
    synced_list = forms.ModelChoiceField(
        queryset=SyncedList.objects.none(), label=gettext_lazy("Newsletter"), empty_label=None
    )
    address = forms.CharField(
        label=gettext_lazy("Address of the story"),
        max_length=500,
        help_text=gettext_lazy("Open the story on the site and copy its address from the browser."),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.user = user
        pks = [synced.pk for synced in lists_that_send()]
        field = self.fields["synced_list"]
        field.queryset = SyncedList.objects.filter(pk__in=pks).select_related("newsletter")
        field.label_from_instance = lambda synced: f"{synced.newsletter} ({synced.service})"

    def clean(self) -> dict[str, Any]:
        facts = super().clean()
        if {"synced_list", "address"} <= facts.keys():
            try:
                self.issue = sending.make(facts["synced_list"], facts["address"], self.user)
            except IssueError as error:
                self.add_error("address", str(error))
        return facts


class MakeIssueView(IssuesMixin, FormView):
    permission_required = "send"
    page_title = gettext_lazy("Make an issue")
    template_name = "newsroom/newsletters/staff/make_issue.html"
    form_class = MakeForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(has_services=bool(lists_that_send()), **kwargs)

    def form_valid(self, form: MakeForm) -> HttpResponse:
        return redirect("newsroom_subscribers:issue", form.issue.pk)


class WordsForm(forms.ModelForm):
    class Meta:
        model = Issue
        fields = ["subject", "preview_text"]


class IssueMixin(IssuesMixin):
    @cached_property
    def issue(self) -> Issue:
        issues = Issue.objects.select_related("newsletter", "synced_list", "sent_by")
        return get_object_or_404(issues, pk=self.kwargs["pk"])

    def written(self) -> tuple[str, str, str]:
        """Return the mail as HTML and text, and why there is none: what was sent, if it was."""
        if self.issue.is_with_service:
            return self.issue.html, "", ""
        service = sending.find_sender(self.issue.synced_list)
        try:
            mailing = write(self.issue, service.leave_tag if service else "")
        except IssueError as error:
            return "", "", str(error)
        return mailing.html, mailing.text, ""


class IssueView(IssueMixin, StaffPage):
    template_name = "newsroom/newsletters/staff/issue.html"

    def get_page_title(self) -> str:
        return self.issue.headline

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        issue = self.issue
        html, text, why_not = self.written()
        earlier = Issue.objects.filter(
            newsletter=issue.newsletter_id, page_number=issue.page_number, state=State.SENT
        )
        waiting = issue.synced_list.changes.due(timezone.now())
        return super().get_context_data(
            issue=issue,
            form=WordsForm(instance=issue),
            html=html,
            text=text,
            why_not=why_not,
            earlier=earlier.exclude(pk=issue.pk),
            waiting=waiting.values("address").distinct().count(),
            may_save=self.may("send") and not issue.is_with_service,
            may_send=self.may("send") and issue.state == State.SAVED and not why_not,
            may_ask=self.may("send") and issue.state == State.SENDING,
            entries=registry.get_logs_for_instance(issue).select_related("user")[:50],
            **kwargs,
        )


class IssuePreviewView(IssueMixin, View):
    """The mail itself. What stands in it came from the mail's own templates, without scripts."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        html, _text, why_not = self.written()
        if why_not:
            messages.error(request, why_not)
            return redirect("newsroom_subscribers:issue", pk)
        return HttpResponse(html)


class IssueActView(IssueMixin, View):
    permission_required = "send"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, action: str) -> HttpResponse:
        actions = {"save": self.save, "send": self.send, "ask": self.ask}
        if action not in actions:
            raise Http404
        try:
            messages.success(request, actions[action]())
        except IssueError as error:
            messages.error(request, str(error))
        return redirect("newsroom_subscribers:issue", pk)

    def save(self) -> str:
        form = WordsForm(self.request.POST)
        if not form.is_valid():
            raise IssueError(_("Nothing was saved. Write a subject of up to 150 characters."))
        sending.save(self.issue, self.request.user, **form.cleaned_data)
        return _("The service has it. It is not sent yet: look at it, then send it.")

    def send(self) -> str:
        if self.request.POST.get("sure") != "yes":
            raise IssueError(_("Nothing was sent. Tick the box if you are sure."))
        seen = self.request.POST.get("content_hash", "")
        sending.send(self.issue, self.request.user, content_hash=seen)
        return _("The service sends it now.")

    def ask(self) -> str:
        return sending.ask(self.issue, self.request.user)
