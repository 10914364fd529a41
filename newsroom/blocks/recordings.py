"""Sound and film from the newsroom's own files: the browser's player, no other site."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.blocks import CharBlock, RichTextBlock, StructBlock, StructValue
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from newsroom.blocks import groups
from newsroom.blocks.samples import sample_file

SOUND = {"mp3": "audio/mpeg", "m4a": "audio/mp4", "ogg": "audio/ogg", "wav": "audio/wav"}
FILM = {"mp4": "video/mp4", "webm": "video/webm"}


class RecordingValue(StructValue):
    @property
    def media_type(self) -> str:
        """The type that the browser is told."""
        return {**SOUND, **FILM}.get(self["file"].file_extension.lower(), "")


class RecordingBlock(StructBlock):
    """What sound and film have in common. ``types`` are the endings that play in browsers."""

    types: dict[str, str] = {}

    def clean(self, value: RecordingValue) -> RecordingValue:
        cleaned = super().clean(value)
        errors = {}
        file, captions = cleaned.get("file"), cleaned.get("captions")
        if file and file.file_extension.lower() not in self.types:
            known = ", ".join(self.types)
            errors["file"] = ValidationError(
                _("Browsers cannot play this file. Choose one of: %(known)s.") % {"known": known}
            )
        if captions and captions.file_extension.lower() != "vtt":
            errors["captions"] = ValidationError(_("Captions are a file that ends in .vtt."))
        if errors:
            raise StructBlockValidationError(block_errors=errors)
        return cleaned

    def render(self, value: RecordingValue | None, context: dict | None = None) -> str:
        if not value or not value.get("file") or not value.media_type:
            return ""
        return super().render(value, context)

    def get_preview_value(self) -> RecordingValue:
        title = "Election night at the count center"
        value = self.to_python({"title": title, "transcript": "<p>We have just begun.</p>"})
        value["file"] = sample_file(f"night.{next(iter(self.types))}", title=title)
        return value

    reader_media = {"css": ["newsroom/blocks.css"]}


class AudioBlock(RecordingBlock):
    types = SOUND

    title = CharBlock(label=gettext_lazy("Title"), max_length=160)
    file = DocumentChooserBlock(label=gettext_lazy("Sound file"))
    credit = CharBlock(label=gettext_lazy("Credit"), required=False, max_length=160)
    transcript = RichTextBlock(
        label=gettext_lazy("Transcript"),
        features=["bold", "italic", "link"],
        help_text=gettext_lazy("What is said, for readers who cannot hear it."),
    )

    class Meta:
        icon = "media"
        label = gettext_lazy("Audio")
        description = gettext_lazy("A recording with its transcript.")
        group = groups.MEDIA
        template = "newsroom/blocks/audio.html"
        value_class = RecordingValue
        label_format = "{title}"


class VideoBlock(RecordingBlock):
    types = FILM

    title = CharBlock(label=gettext_lazy("Title"), max_length=160)
    file = DocumentChooserBlock(label=gettext_lazy("Video file"))
    poster = ImageChooserBlock(
        label=gettext_lazy("Still picture"),
        required=False,
        help_text=gettext_lazy("Shown before it plays."),
    )
    captions = DocumentChooserBlock(
        label=gettext_lazy("Captions"),
        required=False,
        help_text=gettext_lazy("A .vtt file with what is said."),
    )
    caption = CharBlock(label=gettext_lazy("Line below"), required=False, max_length=300)
    credit = CharBlock(label=gettext_lazy("Credit"), required=False, max_length=160)
    transcript = RichTextBlock(
        label=gettext_lazy("Transcript"), required=False, features=["bold", "italic", "link"]
    )

    def clean(self, value: RecordingValue) -> RecordingValue:
        cleaned = super().clean(value)
        if self.is_deferred_validation or cleaned.get("captions") or cleaned.get("transcript"):
            return cleaned
        reason = _("Give captions or a transcript, for readers who cannot hear it.")
        raise StructBlockValidationError(block_errors={"captions": ValidationError(reason)})

    class Meta:
        icon = "media"
        label = gettext_lazy("Video")
        description = gettext_lazy("A film of our own, with captions. It never starts by itself.")
        group = groups.MEDIA
        template = "newsroom/blocks/video.html"
        value_class = RecordingValue
        label_format = "{title}"
