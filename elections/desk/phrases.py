"""Translated names: what races, places, parties and sources are called in another language."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.model import ModelViewSet

from elections.desk.records import LIST_TEMPLATE, ListView
from elections.models import Phrase
from elections.widgets.languages import further_languages


class PhraseForm(WagtailAdminModelForm):
    """Offers the languages that results are published in, and the one that the row has."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        names = dict(settings.LANGUAGES)
        codes = dict.fromkeys([*further_languages(), *filter(None, [self.instance.language])])
        self.fields["language"].widget = forms.Select(
            choices=[(code, names.get(code, code)) for code in codes]
        )


class PhraseListView(ListView):
    add_item_label = gettext_lazy("Add a translated name")
    empty_message = gettext_lazy(
        "What races, places and sources are called in another language will be listed here. "
        "Until then readers get each name as it stands in the race."
    )


class PhraseViewSet(ModelViewSet):
    model = Phrase
    name = "phrases"
    url_prefix = "elections/phrases"
    url_namespace = "elections_phrases"
    icon = "globe"
    menu_label = gettext_lazy("Translated names")
    menu_order = 750
    copy_view_enabled = False
    index_view_class = PhraseListView
    index_results_template_name = LIST_TEMPLATE
    search_fields = ["text", "translation"]
    list_filter = ["language"]
    edit_handler = ObjectList(
        [FieldPanel("text"), FieldPanel("language"), FieldPanel("translation")],
        base_form_class=PhraseForm,
    )

    @cached_property
    def list_display(self) -> list[Any]:
        return [
            "text",
            Column("translation", label=_("Translation"), accessor="translation"),
            Column("language", label=_("Language"), accessor="language"),
        ]

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_index_view_kwargs(delete_url_name=self.UNDEFINED, **kwargs)
