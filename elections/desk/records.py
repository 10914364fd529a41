"""What the desk's viewsets share: rows that are never edited, rows that must stay."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.utils import quote
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.admin_url_finder import ModelAdminURLFinder
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy

LIST_TEMPLATE = "elections/desk/index_results.html"
LISTING = "listing elections-listing"
ON_WIDE_SCREENS = "elections-aside"
"""The class of a column that a phone leaves out."""


def has_history(instance: models.Model) -> bool:
    """Whether rows that must not be lost depend on this one."""
    protected = (
        relation
        for relation in instance._meta.related_objects
        if relation.on_delete is models.PROTECT
    )
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: instance}).exists()
        for relation in protected
    )


class HistoryPolicy(ModelPermissionPolicy):
    """Nobody, not even a superuser, deletes what counts, calls or documents hang on."""

    def user_has_permission_for_instance(
        self, user: Any, action: str, instance: models.Model
    ) -> bool:
        if action == "delete" and has_history(instance):
            return False
        return super().user_has_permission_for_instance(user, action, instance)


class HistoryDeleteMixin:
    """A delete view that asks the policy about the very row."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.user_has_permission_for_instance("delete", self.object):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class ListView(generic.IndexView):
    """A list whose empty state says what will be here and how to make the first one."""

    empty_message = ""
    table_classname = LISTING


class InspectURLFinder(ModelAdminURLFinder):
    """Leads from a log entry to a row that can be read and not edited."""

    inspect_url_name = ""

    def get_edit_url(self, instance: models.Model) -> str:
        return reverse(self.inspect_url_name, args=[quote(instance.pk)])


class RecordViewSet(ModelViewSet):
    """Rows that are listed, read and perhaps added, but never edited or deleted."""

    copy_view_enabled = False
    add_to_reference_index = False
    add_view_enabled = False
    index_view_class = ListView
    index_results_template_name = LIST_TEMPLATE

    @cached_property
    def url_namespace(self) -> str:
        return f"elections_{self.name}"

    @cached_property
    def url_prefix(self) -> str:
        return f"elections/{self.name}"

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        absent = {
            "edit_url_name": self.UNDEFINED,
            "delete_url_name": self.UNDEFINED,
            "history_url_name": self.UNDEFINED,
            "usage_url_name": self.UNDEFINED,
        }
        if not self.add_view_enabled:
            absent["add_url_name"] = self.UNDEFINED
        return super().get_common_view_kwargs(**{**absent, **kwargs})

    def get_urlpatterns(self) -> list:
        patterns = [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
        ]
        if self.add_view_enabled:
            patterns.append(path("new/", self.add_view, name="add"))
        if self.inspect_view_enabled:
            patterns.append(path("inspect/<int:pk>/", self.inspect_view, name="inspect"))
        return patterns

    def register_admin_url_finder(self) -> None:
        if self.inspect_view_enabled:
            super().register_admin_url_finder()

    @property
    def url_finder_class(self) -> type[ModelAdminURLFinder]:
        return type(
            "RecordURLFinder",
            (InspectURLFinder,),
            {"inspect_url_name": self.get_url_name("inspect")},
        )


class AddRecordView(generic.CreateView):
    """Adds a row that cannot be edited afterwards."""

    page_title = _("New")

    def get_success_buttons(self) -> list:
        return []
