"""A draft that a feed has made is one of our races: one choice joins the two."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic.edit import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.log_actions import log

from elections.desk import audit
from elections.desk.publishing import publish_soon
from elections.matching import link_draft
from elections.models import Contest


class LinkForm(forms.Form):
    contest = forms.ModelChoiceField(
        label=gettext_lazy("Race"),
        queryset=Contest.objects.none(),
        help_text=gettext_lazy("The race of ours that the feed means."),
    )

    def __init__(self, *args: Any, draft: Contest, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.draft = draft
        others = Contest.objects.confirmed().filter(election=draft.election_id)
        self.fields["contest"].queryset = others.exclude(pk=draft.pk)


class LinkDraftView(PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):
    model = Contest
    permission_required = "change"
    form_class = LinkForm
    template_name = "elections/desk/link_draft.html"
    page_title = gettext_lazy("Link to a race")
    header_icon = "link"
    index_url_name = None
    edit_url_name = None

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.draft = get_object_or_404(
            Contest.objects.select_related("election"), pk=kwargs["pk"], status=Contest.Status.DRAFT
        )

    def get_page_subtitle(self) -> str:
        return self.draft.name

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        plural = capfirst(Contest._meta.verbose_name_plural)
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": plural},
            {"url": "", "label": self.page_title, "sublabel": self.draft.name},
        ]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "draft": self.draft}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        selections = self.draft.selections.order_by("order", "pk")
        return super().get_context_data(draft=self.draft, selections=selections, **kwargs)

    def form_valid(self, form: LinkForm) -> HttpResponse:
        contest = form.cleaned_data["contest"]
        reported_title = self.draft.reported_title or self.draft.name
        try:
            link_draft(self.draft, contest)
        except ValidationError as error:
            form.add_error("contest", error)
            return self.form_invalid(form)
        except ProtectedError:
            form.add_error("contest", _("A page shows the draft. Choose another race there first."))
            return self.form_invalid(form)
        log(contest, audit.LINKED, data={"reported_title": reported_title})
        publish_soon([contest.pk])
        messages.success(
            self.request,
            _("“%(title)s” in the feed is now %(race)s.")
            % {"title": reported_title, "race": contest.name},
        )
        return redirect(reverse(self.edit_url_name, args=[contest.pk]))
