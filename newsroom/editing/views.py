"""The forms that begin a story: from a template, and from another story."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import swapper
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic.edit import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import Button
from wagtail.models import AbstractPage

from newsroom.editing.duplicating import duplicate
from newsroom.editing.forms import DuplicateForm, StartForm
from newsroom.editing.starting import BEGINNINGS, start
from newsroom.linking import roles_of
from newsroom.models import LiveCoverageMixin, StoryMixin
from newsroom.subjects import get_subjects


def kinds_below(parent: AbstractPage) -> dict[str, type[AbstractPage]]:
    """Return which page type each beginning makes below a page; without those it may not have."""
    allowed = [
        model
        for model in type(parent).creatable_subpage_models()
        if issubclass(model, StoryMixin) and model.can_create_at(parent)
    ]
    live = next((model for model in allowed if issubclass(model, LiveCoverageMixin)), None)
    plain = next((model for model in allowed if not issubclass(model, LiveCoverageMixin)), None)
    made = {key: live if found.is_live else plain for key, found in BEGINNINGS.items()}
    return {key: model for key, model in made.items() if model is not None}


class NewStoryView(WagtailAdminTemplateMixin, FormView):
    """A form that ends in the editor of a new draft."""

    template_name = "newsroom/admin/new_story.html"
    header_icon = "doc-full"
    submit_label = ""

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        page_model = swapper.load_model("wagtailcore", "Page")
        self.page = get_object_or_404(page_model, pk=kwargs["page_id"]).specific
        self.parent = self.get_parent()
        if not self.parent.permissions_for_user(request.user).can_add_subpage():
            raise PermissionDenied

    def get_parent(self) -> AbstractPage:
        return self.page

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "parent": self.parent}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["back_url"] = reverse("wagtailadmin_explore", args=[self.parent.pk])
        context["submit_label"] = self.submit_label
        context["media"] = context["form"].media
        return context

    def open_editor(self, page: AbstractPage, said: str) -> HttpResponse:
        messages.success(self.request, said)
        return redirect("wagtailadmin_pages:edit", page.pk)


class StartStoryView(NewStoryView):
    form_class = StartForm
    page_title = gettext_lazy("Start from a template")
    submit_label = gettext_lazy("Start the draft")

    def get_form_kwargs(self) -> dict[str, Any]:
        self.kinds = kinds_below(self.parent)
        if not self.kinds:
            raise Http404
        return {**super().get_form_kwargs(), "kinds": self.kinds}

    def form_valid(self, form: StartForm) -> HttpResponse:
        facts = form.cleaned_data
        model = self.kinds[facts["beginning"]]
        page = start(
            form.chosen,
            model(title=facts["title"], slug=form.slug, locale=self.parent.locale),
            parent=self.parent,
            subject=facts.get("about", ""),
            user=self.request.user,
        )
        return self.open_editor(page, _("This is a draft. Comments say what goes where."))


class DuplicateStoryView(NewStoryView):
    form_class = DuplicateForm
    page_title = gettext_lazy("Duplicate for another race")
    submit_label = gettext_lazy("Make the draft")

    def get_parent(self) -> AbstractPage:
        if not isinstance(self.page, StoryMixin):
            raise Http404
        return self.page.get_parent().specific

    def get_page_subtitle(self) -> str:
        return self.page.title

    def get_form_kwargs(self) -> dict[str, Any]:
        self.story = self.page.get_latest_revision_as_object()
        subjects = list(get_subjects().find(roles_of(self.story)).values())
        return {**super().get_form_kwargs(), "subjects": subjects}

    def get_initial(self) -> dict[str, str]:
        return {"title": _("%(title)s (copy)") % {"title": self.page.title}}

    def form_valid(self, form: DuplicateForm) -> HttpResponse:
        copy = duplicate(
            self.story,
            title=form.cleaned_data["title"],
            slug=form.slug,
            keys=form.keys,
            user=self.request.user,
        )
        said = _("This is a draft. Comments name the figures of the old race: check each.")
        return self.open_editor(copy, said)


def offer_beginnings(
    page: AbstractPage, user: AbstractBaseUser, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    """Lead from a section to a story from a template, and from a story to its duplicate."""
    model = page.specific_class or type(page)
    if issubclass(model, StoryMixin):
        if page.get_parent().permissions_for_user(user).can_add_subpage():
            url = reverse("newsroom_editing:duplicate", args=[page.pk])
            yield Button(_("Duplicate for another race"), url, icon_name="copy", priority=31)
        return
    has_stories = any(issubclass(found, StoryMixin) for found in model.creatable_subpage_models())
    if has_stories and page.permissions_for_user(user).can_add_subpage():
        url = reverse("newsroom_editing:start", args=[page.pk])
        yield Button(_("Start from a template"), url, icon_name="doc-full", priority=16)


def urlpatterns() -> list:
    return [
        path("start/<int:page_id>/", StartStoryView.as_view(), name="start"),
        path("duplicate/<int:page_id>/", DuplicateStoryView.as_view(), name="duplicate"),
    ]
