"""The pictures of the demonstration, drawn for it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.core.files import File
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage

HERE = Path(__file__).parent
CREDIT = "Illustration: The Valley Ledger"


@dataclass(frozen=True)
class Picture:
    title: str
    alternative: str


PICTURES = {
    "ballots": Picture(
        title="Ballots (illustration)",
        alternative=(
            "Drawing of paper ballots lying over each other, one oval filled in red on each."
        ),
    ),
    "valley": Picture(
        title="A district of many precincts (illustration)",
        alternative=(
            "Drawing of a map: a blue district of many small precincts among pale ones, with one "
            "red dot."
        ),
    ),
    "tally": Picture(
        title="Tally marks (illustration)",
        alternative=(
            "Drawing of tally marks in bundles of five, more than half of them filled in."
        ),
    ),
    "books": Picture(
        title="Books (illustration)",
        alternative="Drawing of two shelves of books in blue and sand, with one red book.",
    ),
    "campus": Picture(
        title="Campus (illustration)",
        alternative="Drawing of a college hall with five arches above broad steps, in low sun.",
    ),
}


def make_pictures() -> dict[str, AbstractImage]:
    """Store each picture in Wagtail's image library and return it under its key."""
    images = {}
    for key, picture in PICTURES.items():
        image = get_image_model()(title=picture.title, description=picture.alternative)
        with (HERE / f"{key}.jpg").open("rb") as drawing:
            image.file.save(f"demonstration-{key}.jpg", File(drawing), save=False)
            image.save()
        images[key] = image
    return images
