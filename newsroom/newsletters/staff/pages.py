"""What all pages of newsletter staff have in common."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.permission_policies import ModelPermissionPolicy

from newsroom.newsletters.models import Evidence, Method, Subscriber


class StaffMixin(PermissionCheckedMixin, WagtailAdminTemplateMixin):
    """``permission_required`` is view, manage, prove, export or erase."""

    permission_policy = ModelPermissionPolicy(Subscriber)
    permission_required = "view"
    header_icon = "group"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().dispatch(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        return response

    def may(self, action: str) -> bool:
        return self.permission_policy.user_has_permission(self.request.user, action)

    def trail(self) -> list[tuple[str, str]]:
        """Return the pages above this one, as pairs of address and label."""
        return []

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        above = [{"url": url, "label": label} for url, label in self.trail()]
        here = {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()}
        return [*self.breadcrumbs_items, *above, here]

    def evidence(self, form: str) -> Evidence:
        return Evidence(method=Method.STAFF, actor_id=self.request.user.pk, form=form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rights = {f"may_{name}": self.may(name) for name in ("manage", "prove", "export", "erase")}
        return super().get_context_data(**{**rights, **kwargs})


class StaffPage(StaffMixin, TemplateView):
    """One page that is read or that asks before something is done."""


def to_list() -> tuple[str, str]:
    return reverse("newsroom_subscribers:index"), _("Subscribers")
