from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, ListBlock, StructBlock, StructValue
from wagtail.images import get_image_model
from wagtail.images.blocks import ImageBlock as AccessibleImageBlock

from newsroom.blocks import groups


class ImageBlock(StructBlock):
    """A picture. ``image`` asks for alternative text unless the picture is decorative."""

    image = AccessibleImageBlock(label=_("Image"))
    caption = CharBlock(label=_("Caption"), required=False, max_length=300)
    credit = CharBlock(
        label=_("Credit"),
        required=False,
        max_length=160,
        help_text=_("Who made the picture, and for whom. For example: Ana Ruiz / The Ledger."),
    )

    def render(self, value: StructValue | None, context: dict | None = None) -> str:
        if not value or not value.get("image"):
            return ""
        return super().render(value, context)

    def get_preview_value(self) -> StructValue:
        newest = get_image_model().objects.order_by("-pk").first()
        image = newest and {"image": newest.pk, "alt_text": newest.title, "decorative": False}
        return self.to_python({"image": image, "caption": "Ballots on their way to the count."})

    class Meta:
        icon = "image"
        label = _("Image")
        description = _("A picture with its caption and credit.")
        group = groups.MEDIA
        template = "newsroom/blocks/image.html"
        label_format = "{caption}"


class GalleryValue(StructValue):
    @property
    def pictures(self) -> list[StructValue]:
        """The pictures that are still there."""
        return [item for item in self.get("items") or [] if item.get("image")]


class GalleryBlock(StructBlock):
    heading = CharBlock(label=_("Heading"), max_length=120)
    items = ListBlock(ImageBlock(), label=_("Pictures"), min_num=2, max_num=30, default=[])

    def render(self, value: GalleryValue | None, context: dict | None = None) -> str:
        if not value or not value.pictures:
            return ""
        return super().render(value, context)

    def get_preview_value(self) -> GalleryValue:
        newest = get_image_model().objects.order_by("-pk")[:4]
        items = [
            {
                "image": {"image": image.pk, "alt_text": image.title},
                "caption": image.title,
                "credit": "The Ledger",
            }
            for image in newest
        ]
        return self.to_python({"heading": "Election night in pictures", "items": items})

    class Meta:
        icon = "image"
        label = _("Gallery")
        description = _("Several pictures, each with its description and credit.")
        group = groups.MEDIA
        template = "newsroom/blocks/gallery.html"
        value_class = GalleryValue
        label_format = "{heading}"

    reader_media = {"css": ["newsroom/blocks.css"]}
