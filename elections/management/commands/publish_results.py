from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from elections.models import Contest, Election
from elections.widgets import files, publish


class Command(BaseCommand):
    help = (
        "Publish every confirmed race again, and write all result files from their rows. "
        "Use it after a deploy that changes the result template, or when the folder was lost."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--files", action="store_true", help="Only write the files again from the rows."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        changed: list[int] = []
        if not options["files"]:
            changed = publish.publish(Contest.objects.confirmed().values_list("pk", flat=True))
        written = sum(
            files.write_files(election_id, everything=True)
            for election_id in Election.objects.values_list("pk", flat=True)
        )
        self.stdout.write(f"{len(changed)} results changed, {written} written to files.")
