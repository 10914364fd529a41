from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.dateparse import parse_datetime

from elections import replay
from elections.models import Source


class Command(BaseCommand):
    help = (
        "Play a folder of recorded documents into a source. Each goes the way a fetched one "
        "goes: parse, guard, store, publish."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="Files named like 20241106T044031Z.json.")
        parser.add_argument("--source", type=int, required=True, help="The id of the source.")
        parser.add_argument(
            "--speed",
            type=float,
            default=0,
            help="How many times faster than it happened; 0, the default, does not wait.",
        )
        parser.add_argument(
            "--longest-wait", type=float, default=60, help="No wait is longer, in seconds."
        )
        parser.add_argument(
            "--until", help="Stop before documents seen after this time, as 2024-11-06T03:46-08:00."
        )
        parser.add_argument(
            "--loop", action="store_true", help="Rewind and play it again, forever."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        source = self._source(options["source"])
        try:
            documents = replay.recordings(options["folder"])
        except FileNotFoundError as error:
            raise CommandError(str(error)) from error
        until = self._until(options["until"])
        documents = [
            document for document in documents if until is None or document.seen_at <= until
        ]
        while True:
            self._play(source, documents, options)
            if not options["loop"]:
                return
            replay.rewind(source)

    def _play(self, source: Source, documents: list, options: dict) -> None:
        paced = replay.paced(
            documents,
            speed=options["speed"],
            longest_wait=timedelta(seconds=options["longest_wait"]),
        )
        for document in paced:
            fetch = replay.play(source, document)
            said = fetch.get_outcome_display() if fetch else "Somebody else is asking this source"
            if options["verbosity"]:
                self.stdout.write(f"{document.path.name}: {said}.")

    def _source(self, source_id: int) -> Source:
        source = Source.objects.select_related("election").filter(pk=source_id).first()
        if source is None:
            raise CommandError(f"There is no source {source_id}.")
        if source.mode != Source.Mode.REPLAY:
            raise CommandError(
                "This source asks the network by itself. Set its mode to playing recorded "
                "documents first, so that the two do not mix."
            )
        return source

    def _until(self, text: str | None) -> datetime | None:
        if text is None:
            return None
        try:
            moment = parse_datetime(text)
        except ValueError:
            moment = None
        if moment is None:
            raise CommandError(f"“{text}” is not a time. Write one such as 2024-11-06T03:46-08:00.")
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
