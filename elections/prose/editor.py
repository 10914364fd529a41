"""The two tools of the text editor: a live figure, and a fact that is checked."""

from __future__ import annotations

from typing import Any

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from draftjs_exporter import DOM
from wagtail.admin.rich_text.converters.html_to_contentstate import (
    KEEP_WHITESPACE,
    InlineEntityElementHandler,
)
from wagtail.admin.rich_text.editors.draftail.features import EntityFeature
from wagtail.rich_text.feature_registry import FeatureRegistry

from elections.prose.figures import CheckedFactHandler, LiveFigureHandler, current_text
from elections.prose.published import load_told

FIGURE, FACT = "LIVE-FIGURE", "CHECKED-FACT"
FIGURE_FACTS = ("contest", "figure", "frozen", "text")
FACT_FACTS = ("contest", "figure", "tolerance")


class FigureElementHandler(InlineEntityElementHandler):
    """Shows the figure's value of this moment to the editor, as one piece."""

    mutability = "IMMUTABLE"

    def get_attribute_data(self, attrs: dict) -> dict[str, str]:
        return {name: attrs[name] for name in FIGURE_FACTS if attrs.get(name)}

    def handle_starttag(self, name: str, attrs: list, state: Any, contentstate: Any) -> None:
        facts = dict(attrs)
        facts["text"], _race = current_text(facts, load_told([facts.get("contest", "")]))
        super().handle_starttag(name, list(facts.items()), state, contentstate)
        state.current_block.text += facts["text"]
        state.leading_whitespace = KEEP_WHITESPACE


class FactElementHandler(InlineEntityElementHandler):
    mutability = "MUTABLE"

    def get_attribute_data(self, attrs: dict) -> dict[str, str]:
        return {name: attrs[name] for name in FACT_FACTS if attrs.get(name)}


def figure_element(props: dict) -> Any:
    """Store which figure it is, and what it said last; not the words in the sentence."""
    facts = {name: props[name] for name in FIGURE_FACTS if props.get(name)}
    return DOM.create_element("embed", {"embedtype": "live-figure", **facts})


def fact_element(props: dict) -> Any:
    facts = {name: props[name] for name in FACT_FACTS if props.get(name)}
    return DOM.create_element("a", {"linktype": "checked-fact", **facts}, props["children"])


def register(features: FeatureRegistry) -> None:
    features.register_embed_type(LiveFigureHandler)
    features.register_link_type(CheckedFactHandler)
    _register_tool(
        features,
        "live-figure",
        {"type": FIGURE, "icon": "order", "description": _("Live figure of a race")},
        {'embed[embedtype="live-figure"]': FigureElementHandler(FIGURE)},
        figure_element,
    )
    _register_tool(
        features,
        "checked-fact",
        {"type": FACT, "icon": "check", "description": _("Check these words against a race")},
        {'a[linktype="checked-fact"]': FactElementHandler(FACT)},
        fact_element,
    )


def _register_tool(
    features: FeatureRegistry, name: str, control: dict, from_database: dict, to_database: Any
) -> None:
    chooser = {"figureChooser": reverse_lazy("elections_figures:choose")}
    features.register_editor_plugin(
        "draftail",
        name,
        EntityFeature(
            {**control, "chooserUrls": chooser, "attributes": [*FIGURE_FACTS, *FACT_FACTS]},
            js=["elections/figure-editor.js"],
        ),
    )
    rule = {
        "from_database_format": from_database,
        "to_database_format": {"entity_decorators": {control["type"]: to_database}},
    }
    features.register_converter_rule("contentstate", name, rule)
