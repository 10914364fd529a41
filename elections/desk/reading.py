"""A document to read in the browser: as text, never run, and never more than a screen can bear."""

from __future__ import annotations

import json
import re
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from elections.desk.documents import reasons_text, to_the_second, verdict_text
from elections.models import Snapshot, Source

LONGEST_PRETTY = 4 * 2**20
LONGEST_SHOWN = 200_000
_BETWEEN_TAGS = re.compile(r">\s*<")


def as_text(body: bytes) -> str | None:
    """Return a document laid out to be read; None when it is no text.

    JSON is indented, and in XML and HTML each tag begins a line. Whatever cannot be laid
    out, or is larger than 4 MB, is as it came; bytes that are no UTF-8 become “�”.
    """
    if b"\x00" in body[:4096] and not body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None
    is_utf16 = body.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = body.decode("utf-16" if is_utf16 else "utf-8-sig", errors="replace")
    if len(body) > LONGEST_PRETTY:
        return text
    if text.lstrip().startswith("<"):
        return _BETWEEN_TAGS.sub(">\n<", text)
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text


class DocumentTextView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    model = Source
    any_permission_required = ["add", "change", "delete", "view"]
    http_method_names = ["get", "head"]
    template_name = "elections/desk/document_text.html"
    page_title = gettext_lazy("Document")
    header_icon = "doc-full"

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        source = self.snapshot.source
        return [
            *self.breadcrumbs_items,
            {"url": reverse("elections_sources:index"), "label": _("Sources")},
            {"url": reverse("elections_sources:inspect", args=[source.pk]), "label": source.name},
            {"url": "", "label": str(self.snapshot)},
        ]

    def setup(self, *args: Any, **kwargs: Any) -> None:
        super().setup(*args, **kwargs)
        rows = Snapshot.objects.select_related("source")
        self.snapshot = get_object_or_404(rows, pk=kwargs["pk"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        snapshot = self.snapshot
        text = as_text(snapshot.body)
        return super().get_context_data(
            snapshot=snapshot,
            verdict=verdict_text(snapshot),
            reasons=reasons_text(snapshot),
            first_seen=to_the_second(snapshot.first_seen_at),
            counted=to_the_second(snapshot.counted_at),
            text=text and text[:LONGEST_SHOWN],
            is_cut=text is not None and len(text) > LONGEST_SHOWN,
            **kwargs,
        )
