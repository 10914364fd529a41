"""Race and election pages in a language that no editor wrote them in.

Names come from the editors' table. A text of the page itself that is not in it is left out,
except the body: it is shown, marked as what it is.
"""

from __future__ import annotations

import copy
from typing import Any

from elections.widgets.languages import Names

TEXTS = ("dek", "introduction", "search_description", "seo_title")


def speak_page(page: Any, names: Names) -> Any:
    """Return the page with its texts in this language, never to be saved; itself in its own."""
    if not names.language:
        return page
    spoken = copy.copy(page)
    spoken.title = names.of(page.title)
    for name in TEXTS:
        if hasattr(page, name):
            setattr(spoken, name, names.phrases.get(getattr(page, name), ""))
    spoken.foreign_language = page.locale.language_code
    return spoken
