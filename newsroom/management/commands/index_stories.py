"""Write down for all live stories what they are about and where they lead."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from wagtail.models import get_page_models

from newsroom.linking import note_links
from newsroom.models import StoryMixin


class Command(BaseCommand):
    help = "Writes down what live stories are about and link to. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        count = 0
        models = [model for model in get_page_models() if issubclass(model, StoryMixin)]
        for model in models:
            for story in model.objects.live().exact_type(model).iterator(chunk_size=100):
                note_links(story)
                count += 1
        self.stdout.write(f"{count} {'story' if count == 1 else 'stories'} written down.")
