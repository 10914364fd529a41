"""The desk's screen: a page that works by itself, and the part of it that is asked for again."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.dateformat import format as format_date
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.base import ViewSet

from elections.desk.board.certifying import CertifyView
from elections.desk.board.filters import BoardFilter
from elections.desk.board.holding import DecideHoldsView
from elections.desk.board.rights import READING, may_read_the_desk
from elections.desk.board.screen import Screen, build_screen
from elections.models import Contest

CLOCK = "g:i:s a"


class ReadsTheDesk(PermissionCheckedMixin):
    model = Contest
    any_permission_required = READING

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.now = timezone.now()

    @cached_property
    def wanted(self) -> BoardFilter:
        return BoardFilter(self.request.GET)

    @cached_property
    def screen(self) -> Screen:
        return build_screen(
            self.wanted, page=self.request.GET.get("p"), user=self.request.user, now=self.now
        )

    @property
    def clock(self) -> str:
        """The time of day where the reader of this screen is: 9:42:10 p.m."""
        return format_date(timezone.localtime(self.now), CLOCK)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        query = self.request.GET.copy()
        query.pop("p", None)
        here = reverse("elections_desk:index")
        return super().get_context_data(
            screen=self.screen,
            wanted=self.wanted,
            clock=self.clock,
            query=query.urlencode(),
            here=f"{here}?{self.request.GET.urlencode()}" if self.request.GET else here,
            **kwargs,
        )


class BoardView(ReadsTheDesk, WagtailAdminTemplateMixin, TemplateView):
    template_name = "elections/desk/board/index.html"
    page_title = _("Election desk")
    header_icon = "order"
    _show_breadcrumbs = True

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        profile = getattr(self.request.user, "wagtail_userprofile", None)
        user = self.request.user
        return super().get_context_data(
            has_keys=getattr(profile, "keyboard_shortcuts", True),
            may_certify=CertifyView().is_allowed(user),
            may_decide_holds=DecideHoldsView().is_allowed(user),
            **kwargs,
        )


class BoardRowsView(ReadsTheDesk, TemplateView):
    """The rows alone; 304 while nothing on them would read otherwise."""

    template_name = "elections/desk/board/rows.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = get_conditional_response(request, etag=self.screen.etag)
        if response is None:
            response = super().get(request, *args, **kwargs)
        response.headers["ETag"] = self.screen.etag
        response.headers["X-Desk-Clock"] = self.clock
        patch_cache_control(response, private=True, no_cache=True)
        return response


class DeskMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_read_the_desk(request.user)


class BoardViewSet(ViewSet):
    name = "elections_desk"
    url_prefix = "elections/desk"
    icon = "order"
    menu_label = _("Election desk")
    menu_name = "election-desk"
    menu_order = 50
    menu_item_class = DeskMenuItem
    add_to_admin_menu = True

    def get_urlpatterns(self) -> list:
        return [
            path("", self.construct_view(BoardView), name="index"),
            path("rows/", self.construct_view(BoardRowsView), name="rows"),
            path("certify/", self.construct_view(CertifyView), name="certify"),
            path("holds/", self.construct_view(DecideHoldsView), name="holds"),
        ]
