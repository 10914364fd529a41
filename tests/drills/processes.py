"""The site's services as processes of their own, by the commands of docker-compose.yml."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

from tests.deploy.compose import ROOT, environment_of, read_compose

BIN = Path(sys.executable).parent
SERVICES = read_compose()["services"]


class Process:
    """A service with its own children, so that a kill takes all of them at once."""

    def __init__(self, name: str, command: list[str], environment: dict[str, str], log: Path):
        self.name, self.log = name, log
        with log.open("ab") as file:
            self.popen = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=file, stderr=file, start_new_session=True
            )

    def says(self, words: str) -> bool:
        return words in self.log.read_text()

    @property
    def children(self) -> list[int]:
        pid = self.popen.pid
        return [int(pid) for pid in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def kill(self) -> None:
        """End it and its children without a word, as a machine that loses its power."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.wait(timeout=20)

    def stop(self, seconds: float = 20) -> int:
        """Ask it to end, and return its exit status."""
        self.popen.terminate()
        return self.popen.wait(timeout=seconds)


class Services:
    """Starts services on one database, one Redis and one folder, and ends what still runs."""

    def __init__(self, folder: Path, *, database_url: str, redis_url: str, port: int):
        self.folder, self.port = folder, port
        self.environment = {
            "PATH": f"{BIN}:{os.environ['PATH']}",
            "DJANGO_SETTINGS_MODULE": "newsroom.project.settings.production",
            "SECRET_KEY": "0123456789 abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ",
            "ALLOWED_HOSTS": "127.0.0.1,localhost",
            "SECURE_SSL_REDIRECT": "false",
            "ELECTIONS_ALLOW_PRIVATE_NETWORKS": "true",
            "ELECTIONS_LANGUAGES": "",  # as in the process that looks on
            "NEWSROOM_VAR_DIR": str(folder),
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "BIND": f"127.0.0.1:{port}",
            "WEB_CONCURRENCY": "1",
        }
        self.started: list[Process] = []

    def start(self, service: str, *options: str) -> Process:
        name = f"{service}-{len(self.started)}"
        command = [*SERVICES[service]["command"], *options]
        environment = environment_of(SERVICES[service]) | self.environment
        process = Process(name, command, environment, self.folder / f"{name}.log")
        self.started.append(process)
        return process

    def start_worker(self, *, children: int = 2) -> Process:
        name = f"worker{len(self.started)}@{socket.gethostname()}"
        return self.start("worker", "--concurrency", str(children), "--hostname", name)

    def manage(self, *arguments: str) -> None:
        command = [sys.executable, "manage.py", *arguments]
        subprocess.run(
            command, cwd=ROOT, env=self.environment, check=True, stdout=subprocess.DEVNULL
        )

    def end(self) -> None:
        for process in self.started:
            process.kill()
