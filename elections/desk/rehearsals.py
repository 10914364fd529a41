"""No race of a test election is public by accident: whoever publishes a page is asked first.

Wagtail has kept the draft by the time that it asks us. We keep it unpublished and ask for a tick;
a page that shows the same tests already is not asked about again.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import swapper
from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic.edit import FormView
from wagtail import hooks
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.log_actions import log
from wagtail.models import AbstractPage, Revision

from elections.desk import audit
from elections.models import Contest, Election
from elections.prose.reading import elections_of, races_of

swapper.set_app_prefix("wagtailcore", "wagtail")
ASK = "elections_rehearsals:publish"


def shown_tests(page: AbstractPage) -> list[str]:
    """Return the names of the test elections, and of races in them, that a page shows."""
    elections = Election.objects.filter(pk__in=elections_of(page), is_test=True)
    races = Contest.objects.filter(pk__in=races_of(page), election__is_test=True)
    return [*elections.values_list("name", flat=True), *races.values_list("name", flat=True)]


def new_tests(page: AbstractPage) -> list[str]:
    """Return those of ``shown_tests`` that readers of the page do not see yet."""
    named = shown_tests(page)
    if not named or not page.pk:
        return named
    public = type(page)._default_manager.filter(pk=page.pk, live=True).first()
    shown = shown_tests(public) if public else []
    return [name for name in named if name not in shown]


def ask_before_publishing(request: HttpRequest, page: AbstractPage) -> HttpResponse | None:
    """Lead to the question; None where there is nothing to ask."""
    return redirect(ASK, page.pk) if new_tests(page.specific) else None


def keep_from_bulk(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any
) -> HttpResponse | None:
    """Publish none of several pages while one of them shows a test that nobody confirmed."""
    pages = [page for page in objects if isinstance(page, AbstractPage)]
    if action_type != "publish" or not pages:
        return None
    if action.cleaned_form.cleaned_data.get("include_descendants"):
        below = [page.get_descendants().filter(_has_draft()).specific() for page in pages]
        pages = [*pages, *(page for drafts in below for page in drafts)]
    asked = [page for page in pages if new_tests(_newest(page))]
    if not asked:
        return None
    said = _(
        "Nothing was published. These pages show races of a test election: %(pages)s. Open each "
        "and publish it by itself: you will be asked."
    )
    titles = ", ".join(page.get_admin_display_title() for page in asked)
    messages.error(request, said % {"pages": titles})
    return redirect(action.next_url)


def _has_draft() -> Q:
    return Q(live=False) | Q(has_unpublished_changes=True)


def _newest(page: AbstractPage) -> AbstractPage:
    return page.get_latest_revision_as_object().specific


class ShowTestForm(forms.Form):
    is_meant = forms.BooleanField(
        label=gettext_lazy("Show this test to readers"),
        help_text=gettext_lazy("They see a banner above it: these are not real votes."),
        error_messages={"required": gettext_lazy("Tick it, or leave the page a draft.")},
    )


class PublishTestView(WagtailAdminTemplateMixin, FormView):
    """Publishes the newest draft of a page once somebody has said that its test is meant."""

    form_class = ShowTestForm
    template_name = "elections/desk/publish_test.html"
    page_title = gettext_lazy("Publish a test?")
    header_icon = "warning"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        page_model = swapper.load_model("wagtailcore", "Page")
        page = get_object_or_404(page_model, pk=kwargs["page_id"])
        if not page.permissions_for_user(request.user).can_publish():
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def revision(self) -> Revision:
        page_model = swapper.load_model("wagtailcore", "Page")
        page = page_model.objects.get(pk=self.kwargs["page_id"])
        return get_object_or_404(Revision, pk=page.latest_revision_id)

    @cached_property
    def page(self) -> AbstractPage:
        return self.revision.as_object()

    def get_page_subtitle(self) -> str:
        return self.page.get_admin_display_title()

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        edit_url = reverse("wagtailadmin_pages:edit", args=[self.page.pk])
        title = self.get_page_subtitle()
        return [
            *self.breadcrumbs_items,
            {"url": edit_url, "label": title},
            {"url": "", "label": self.page_title, "sublabel": title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        names = new_tests(self.page)
        return super().get_context_data(
            names=names, page=self.page, revision=self.revision, **kwargs
        )

    def form_valid(self, form: ShowTestForm) -> HttpResponse:
        if self.request.POST.get("revision") != str(self.revision.pk):
            form.add_error(None, _("The draft has changed since. Look at it once more."))
            return self.form_invalid(form)
        self._take_down_and_publish()
        page = type(self.page)._default_manager.get(pk=self.page.pk)
        for hook in hooks.get_hooks("after_publish_page"):
            response = hook(self.request, page)
            if hasattr(response, "status_code"):
                return response
        messages.success(self.request, self._said(page))
        return redirect(reverse("wagtailadmin_explore", args=[page.get_parent().pk]))

    def _take_down_and_publish(self) -> None:
        """What is scheduled is published without us, and then needs the tick of today."""
        user, facts = self.request.user, {"tests": new_tests(self.page)}
        log(self.page, audit.SHOWN_AS_TEST, user=user, revision=self.revision, data=facts)
        PublishPageRevisionAction(self.revision, user=user, changed=True).execute(
            skip_permission_checks=True
        )

    def _said(self, page: AbstractPage) -> str:
        said = _("“%(title)s” is public, with a banner: these are not real votes.")
        if page.live_revision_id != self.revision.pk:
            said = _("“%(title)s” will be public when it is due, with a banner above its test.")
        return said % {"title": page.get_admin_display_title()}


urlpatterns = [path("<int:page_id>/", PublishTestView.as_view(), name="publish")]
