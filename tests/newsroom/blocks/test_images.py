import pytest
from wagtail.blocks.struct_block import StructBlockValidationError

from newsroom.blocks import ImageBlock

pytestmark = pytest.mark.django_db


def picture(block: ImageBlock, image, **image_fields: object):
    fields = {"image": image.pk, "alt_text": "", "decorative": False, **image_fields}
    return block.to_python({"image": fields, "caption": "Counting", "credit": "Ana Ruiz"})


class TestImageBlock:
    def test_shows_description_caption_and_credit(self, make_image):
        block = ImageBlock()
        html = block.render(picture(block, make_image(), alt_text="A box of ballots"), {})
        assert 'alt="A box of ballots"' in html
        assert "Counting" in html
        assert "Ana Ruiz" in html
        assert "style=" not in html

    def test_wants_a_description(self, make_image):
        block = ImageBlock()
        with pytest.raises(StructBlockValidationError) as caught:
            block.clean(picture(block, make_image()))
        assert "alt_text" in caught.value.block_errors["image"].block_errors

    def test_needs_no_description_when_decorative(self, make_image):
        block = ImageBlock()
        value = block.clean(picture(block, make_image(), decorative=True))
        assert 'alt=""' in block.render(value, {})

    def test_is_not_there_when_the_picture_was_deleted(self, make_image):
        block = ImageBlock()
        image = make_image()
        fields = {"image": image.pk, "alt_text": "x", "decorative": False}
        image.delete()
        assert block.render(block.to_python({"image": fields}), {}) == ""
