"""`manage.py demo`: the whole example site in one process, from an empty folder to a page."""

import errno
import io
import os
import signal
import sys
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.servers.basehttp import (
    ThreadedWSGIServer,
    WSGIRequestHandler,
    get_internal_wsgi_application,
)
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from newsroom.project import demo
from newsroom.project.celery import app
from newsroom.project.demo.playback import SPEED
from newsroom.project.embedded import EmbeddedCelery

SECONDS_TO_STOP = 1.5


def stop_serving(number: int, frame: FrameType | None) -> None:
    """Handle Ctrl-C and SIGTERM the same way, also where a shell has set SIGINT to be ignored.

    A second one ends the process at once.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    raise KeyboardInterrupt


class MigrationProgress(io.StringIO):
    """Takes the place of migrate's output and shows how far it is."""

    def __init__(self, total: int, out: Any):
        super().__init__()
        self.total, self.out, self.done = total, out, 0

    def write(self, text: str) -> int:
        if "Applying" in text:
            self.done += 1
            if self.out.isatty():
                self.out.write(f"\r    {self.done} of {self.total} ", ending="")
            elif self.done % 50 == 0 or self.done == self.total:
                self.out.write(f"    {self.done} of {self.total}")
            self.out.flush()
        return len(text)


class Command(BaseCommand):
    help = "Start the example site with its demonstration stories, task worker and schedule."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument(
            "--speed",
            type=float,
            default=SPEED,
            help="How many times faster the count is played than it happened.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        # Bound first: a second demo stops here, before it touches the data of the first.
        server = self.bind(options["host"], options["port"])
        # Links in mails, which the demo prints, lead here.
        settings.NEWSROOM_PUBLIC_URL = f"http://localhost:{options['port']}"
        settings.WAGTAILADMIN_BASE_URL = settings.NEWSROOM_PUBLIC_URL
        signal.signal(signal.SIGINT, stop_serving)
        signal.signal(signal.SIGTERM, stop_serving)
        celery = None
        try:
            self.migrate()
            self.stdout.write("3/4 Loading the demonstration: stories, races, accounts …")
            demo.load(self.stdout)
            demo.stand_at(options["port"])
            self.stdout.write("4/4 Starting the site, its task worker and its schedule …")
            celery = EmbeddedCelery(app)
            celery.start()
            demo.start_replay(self.stdout, speed=options["speed"])
            self.print_addresses(options["host"], options["port"])
            server.set_app(get_internal_wsgi_application())
            server.serve_forever()
        except KeyboardInterrupt:
            self.stop(celery)

    def bind(self, host: str, port: int) -> ThreadedWSGIServer:
        """Return a server that owns its port; it answers nobody yet.

        :raises CommandError: the port is taken or not allowed.
        """
        try:
            return ThreadedWSGIServer((host, port), WSGIRequestHandler)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise CommandError(
                    f"Port {port} is taken, maybe by a demo in another window. "
                    f"Stop that one, or choose another port: make demo PORT={port + 1}"
                ) from error
            if error.errno == errno.EACCES:
                raise CommandError(
                    f"This user may not open port {port}. Choose a higher one: make demo PORT=8001"
                ) from error
            raise CommandError(f"Cannot listen on {host}:{port}: {error}. Check --host.") from error

    def migrate(self) -> None:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if not plan:
            self.stdout.write("2/4 The database is ready.")
            return
        self.stdout.write(
            f"2/4 Preparing the database: {len(plan)} steps, about a quarter minute …"
        )
        progress = MigrationProgress(len(plan), self.stdout)
        call_command("migrate", interactive=False, stdout=progress, no_color=True)
        if self.stdout.isatty():
            self.stdout.write("")

    def print_addresses(self, host: str, port: int) -> None:
        name = "localhost" if host in {"127.0.0.1", "0.0.0.0", "::1"} else host
        address = f"http://{name}:{port}/"
        self.stdout.write("")
        self.stdout.write(f"    The site     {address}")
        self.stdout.write(f"    The admin    {address}admin/")
        for username, password, role in demo.LOGINS:
            pair = f"{username} / {password}"
            self.stdout.write(f"                 {pair:<22} {role}")
        self.stdout.write("")
        self.stdout.write("For demonstration only, not for production. Ctrl-C stops everything.")
        self.stdout.flush()

    def stop(self, celery: EmbeddedCelery | None) -> None:
        self.stdout.write("\nStopping …")
        has_ended = celery is None or celery.stop(SECONDS_TO_STOP)
        self.stdout.write("Stopped.")
        if not has_ended:
            # A task still waits for its county. Nothing is lost: it only writes whole
            # transactions, and the source is asked again after the next start.
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(0)
