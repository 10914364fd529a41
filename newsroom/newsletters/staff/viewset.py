"""The pages of newsletter staff, under one address and one entry of the menu."""

from django.http import HttpRequest
from django.urls import URLPattern, path, re_path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from newsroom.newsletters.staff.bulk import AskFilterView, BulkView, ExportView
from newsroom.newsletters.staff.evidence import EvidenceView
from newsroom.newsletters.staff.imports import (
    BatchActView,
    BatchView,
    ImportsView,
    MeaningView,
)
from newsroom.newsletters.staff.issues import (
    IssueActView,
    IssuePreviewView,
    IssuesView,
    IssueView,
    MakeIssueView,
)
from newsroom.newsletters.staff.numbers import NumbersView
from newsroom.newsletters.staff.pages import StaffMixin
from newsroom.newsletters.staff.people_list import (
    DropFilterView,
    FindView,
    PeopleView,
    SaveFilterView,
)
from newsroom.newsletters.staff.person import ActView, EraseView, PersonView
from newsroom.newsletters.staff.sync import CompareView, ConnectView, SyncView


class StaffMenuItem(MenuItem):
    """Shown to who may look at subscribers."""

    def is_shown(self, request: HttpRequest) -> bool:
        return StaffMixin.permission_policy.user_has_permission(request.user, "view")


class SubscribersViewSet(ViewSet):
    name = "newsroom_subscribers"
    url_prefix = "newsroom/subscribers"
    icon = "group"
    menu_label = _("Subscribers")
    menu_item_class = StaffMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", PeopleView.as_view(), name="index"),
            path("results/", PeopleView.as_view(results_only=True), name="index_results"),
            path("find/", FindView.as_view(), name="find"),
            path("numbers/", NumbersView.as_view(), name="numbers"),
            path("export/", ExportView.as_view(), name="export"),
            path("several/<slug:action>/", BulkView.as_view(), name="bulk"),
            path("ask/", AskFilterView.as_view(), name="ask_filter"),
            path("filters/", SaveFilterView.as_view(), name="save_filter"),
            path("filters/<int:pk>/drop/", DropFilterView.as_view(), name="drop_filter"),
            path("services/", SyncView.as_view(), name="sync"),
            path("services/connect/", ConnectView.as_view(), name="connect"),
            path("services/<int:pk>/", ConnectView.as_view(), name="reconnect"),
            path("services/<int:pk>/compare/", CompareView.as_view(), name="compare"),
            path("issues/", IssuesView.as_view(), name="issues"),
            path("issues/make/", MakeIssueView.as_view(), name="make_issue"),
            path("issues/<int:pk>/", IssueView.as_view(), name="issue"),
            path("issues/<int:pk>/mail/", IssuePreviewView.as_view(), name="issue_mail"),
            path("issues/<int:pk>/act/<slug:action>/", IssueActView.as_view(), name="issue_act"),
            path("imports/", ImportsView.as_view(), name="imports"),
            path("imports/<int:pk>/", BatchView.as_view(), name="import"),
            path("imports/<int:pk>/meaning/", MeaningView.as_view(), name="import_meaning"),
            path("imports/<int:pk>/act/<slug:action>/", BatchActView.as_view(), name="import_act"),
            path("<int:pk>/", PersonView.as_view(), name="person"),
            path("<int:pk>/erase/", EraseView.as_view(), name="erase"),
            path("<int:pk>/act/<slug:action>/", ActView.as_view(), name="act"),
            re_path(
                r"^(?P<pk>\d+)/evidence/(?P<file_format>html|json|csv)/$",
                EvidenceView.as_view(),
                name="evidence",
            ),
        ]
