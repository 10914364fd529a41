"""Taking a feed's race away from a race of ours, with the consequences said before."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.log_actions import log
from wagtail.permissions import policy_registry

from elections.desk import audit
from elections.desk.decision_views import fingerprint
from elections.desk.preview import current_result, result_after
from elections.desk.publishing import publish_soon
from elections.models import Contest, ExternalIdentifier, Source
from elections.unlinking import unlink


class UnlinkView(WagtailAdminTemplateMixin, TemplateView):
    """Changes nothing before the button; asks again when readers see something else by then."""

    template_name = "elections/desk/unlink.html"
    page_title = gettext_lazy("Unlink from a feed")
    header_icon = "link"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not policy_registry.get_by_type(Contest).user_has_permission(request.user, "change"):
            raise PermissionDenied
        self.name = get_object_or_404(
            ExternalIdentifier.objects.select_related("contest__election"),
            pk=kwargs["pk"],
            selection=None,
            contest__status=Contest.Status.CONFIRMED,
        )
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def seen(self) -> str:
        return fingerprint(current_result(self.name.contest_id))

    def get_page_subtitle(self) -> str:
        return self.name.contest.name

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        contest = self.name.contest
        inspect_url = reverse("elections_races:inspect", args=[contest.pk])
        return [
            *self.breadcrumbs_items,
            {"url": reverse("elections_races:list"), "label": _("Races")},
            {"url": inspect_url, "label": contest.name},
            {"url": "", "label": self.page_title, "sublabel": contest.name},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        contest, after, problem = self.name.contest, None, ""
        try:
            after = result_after(contest.pk, lambda: unlink(self.name))
        except ValidationError as error:
            problem = " ".join(error.messages)
        sources = Source.objects.filter(
            provider=self.name.provider, current_counts__contest=contest
        ).order_by("precedence", "pk")
        return super().get_context_data(
            name=self.name,
            contest=contest,
            sources=list(sources),
            before=current_result(contest.pk),
            after=after,
            problem=problem,
            seen=self.seen,
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        contest = self.name.contest
        if request.POST.get("seen") != self.seen:
            messages.warning(request, _("What readers see has changed. Look once more."))
            return redirect(request.path)
        try:
            draft = unlink(self.name)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(request.path)
        log(contest, audit.UNLINKED, data={"reported_title": draft.reported_title})
        publish_soon([contest.pk])
        said = _("“%(title)s” is a draft again. Link it to the right race, or confirm it.")
        messages.success(request, said % {"title": draft.reported_title})
        return redirect(reverse("elections_races:link", args=[draft.pk]))
