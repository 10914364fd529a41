"""Recount margins: a small table that says when readers are told of a recount."""

from __future__ import annotations

from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from elections.desk.publishing import publish_soon
from elections.desk.records import LIST_TEMPLATE, ON_WIDE_SCREENS, ListView
from elections.models import Contest, RecountRule
from elections.widgets.figures import number


class RecountRuleListView(ListView):
    add_item_label = gettext_lazy("Add a recount margin")
    empty_message = gettext_lazy(
        "Margins at which there is a recount will be listed here, with the law that says so. "
        "Until you add one, readers are told nothing about recounts."
    )


def publish_jurisdictions(*names: str) -> None:
    """Publish the races of elections with these jurisdictions, whose law has changed."""
    for name in set(names):
        races = Contest.objects.filter(election__jurisdiction__iexact=name.strip())
        publish_soon(races.values_list("pk", flat=True))


class RecountRuleAddView(generic.CreateView):
    def save_instance(self) -> RecountRule:
        rule = super().save_instance()
        publish_jurisdictions(rule.jurisdiction)
        return rule


class RecountRuleEditView(generic.EditView):
    def save_instance(self) -> RecountRule:
        before = RecountRule.objects.get(pk=self.object.pk).jurisdiction
        rule = super().save_instance()
        publish_jurisdictions(before, rule.jurisdiction)
        return rule


class RecountRuleDeleteView(generic.DeleteView):
    def delete_action(self) -> None:
        jurisdiction = self.object.jurisdiction
        super().delete_action()
        publish_jurisdictions(jurisdiction)


class RecountRuleViewSet(ModelViewSet):
    model = RecountRule
    name = "recounts"
    url_prefix = "elections/recounts"
    url_namespace = "elections_recounts"
    icon = "rotate"
    menu_label = gettext_lazy("Recount margins")
    menu_order = 700
    copy_view_enabled = False
    inspect_view_enabled = True
    index_view_class = RecountRuleListView
    index_results_template_name = LIST_TEMPLATE
    add_view_class = RecountRuleAddView
    edit_view_class = RecountRuleEditView
    delete_view_class = RecountRuleDeleteView
    search_fields = ["jurisdiction", "group", "place"]
    list_filter = ["trigger"]
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [FieldRowPanel([FieldPanel("jurisdiction"), FieldPanel("group")])],
                heading=gettext_lazy("For which races"),
            ),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("largest_percent"), FieldPanel("share_of")]),
                    FieldPanel("largest_votes"),
                    FieldPanel("trigger"),
                ],
                heading=gettext_lazy("At which margin"),
                help_text=gettext_lazy(
                    "Readers are told while the margin of a race lies within it: “within the "
                    "margin at which a recount may be requested in …”."
                ),
            ),
            MultiFieldPanel(
                [FieldPanel("place"), FieldPanel("who_pays"), FieldPanel("source_url")],
                heading=gettext_lazy("Who says so"),
            ),
        ]
    )

    @cached_property
    def list_display(self) -> list[Any]:
        return [
            "place",
            Column("margin", label=_("Margin"), accessor=margin_text),
            Column("trigger", label=_("How it comes"), accessor="get_trigger_display"),
            Column("jurisdiction", label=_("Jurisdiction"), sort_key="jurisdiction"),
            Column("group", label=_("Group"), classname=ON_WIDE_SCREENS),
        ]

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_index_view_kwargs(delete_url_name=self.UNDEFINED, **kwargs)


def margin_text(rule: RecountRule) -> str:
    """Return the margin in figures: 0.5% of all votes in the race, 100 votes."""
    parts = []
    if rule.largest_percent is not None:
        facts = {
            "percent": f"{rule.largest_percent.normalize():f}",
            "of": rule.get_share_of_display(),
        }
        parts.append(_("%(percent)s%% of %(of)s") % facts)
    if rule.largest_votes is not None:
        parts.append(_("%(votes)s votes") % {"votes": number(rule.largest_votes)})
    return _(" or ").join(parts)
