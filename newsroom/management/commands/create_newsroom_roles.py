"""Make the groups of reporters, editors, newsletter staff and newsletter managers."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from newsroom.roles import create_roles


class Command(BaseCommand):
    help = "Makes the groups of reporters, editors, newsletter staff and managers. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            groups = create_roles()
        except LookupError as error:
            raise CommandError(str(error)) from error
        for group in groups:
            self.stdout.write(f"{group.name}: {group.permissions.count()} rights")
