"""Make the groups of viewers, editors, the desk and its chiefs."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from elections.desk.roles import create_roles


class Command(BaseCommand):
    help = "Makes the groups of viewers, editors, desk and desk chiefs. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            groups = create_roles()
        except LookupError as error:
            raise CommandError(str(error)) from error
        for group in groups:
            self.stdout.write(f"{group.name}: {group.permissions.count()} rights")
