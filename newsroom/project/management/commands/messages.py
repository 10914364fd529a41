from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from newsroom.project.messages.catalogs import compile_catalog, problems, update
from newsroom.project.messages.readers import CATALOGS


class Command(BaseCommand):
    help = "Bring the catalogs of texts for readers up to date with the code, and compile them."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--language", default="es", help="The code of the language.")
        parser.add_argument(
            "--everything", action="store_true", help="With the texts that only editors see."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        language = options["language"]
        for catalog in CATALOGS:
            po = update(catalog, language, everything=options["everything"])
            compile_catalog(catalog.path(language))
            self.stdout.write(f"{catalog.app}: {len(po)} texts.")
            for problem in problems(catalog, language):
                self.stdout.write(f"  {problem}")
