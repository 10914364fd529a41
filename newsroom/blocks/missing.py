from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import FieldBlock

from newsroom.blocks import groups

SALT = "newsroom.blocks.missing"


class MissingBlock(FieldBlock):
    """Keeps the data of a block whose app is not installed. Readers see nothing of it.

    The value is the stored item without its id: ``{"type": ..., "value": ...}``. In the editor's
    form it travels signed, because it is written back unread: what the form may contain,
    the server wrote.
    """

    is_previewable = False

    def __init__(self, **kwargs: object):
        super().__init__(**kwargs)
        self.field = forms.CharField(
            required=False, widget=forms.HiddenInput, help_text=self.meta.help_text
        )

    def value_for_form(self, value: dict | None) -> str:
        return signing.dumps(value, salt=SALT, compress=True) if value else ""

    def value_from_form(self, value: str) -> dict | None:
        if not value:
            return None
        try:
            return signing.loads(value, salt=SALT)
        except signing.BadSignature:
            return None

    def clean(self, value: dict | None) -> dict | None:
        return value

    def render(self, value: dict | None, context: dict | None = None) -> str:
        return ""

    def get_searchable_content(self, value: dict | None) -> list[str]:
        return []

    class Meta:
        icon = "warning"
        label = _("Block that is not installed")
        group = groups.MISSING
        description = _("Something written with an app that this site no longer has.")
        help_text = _(
            "The app that made this block is not installed, so readers do not see it. It comes "
            "back with the app. Delete it if it is no longer wanted."
        )
        default = None
