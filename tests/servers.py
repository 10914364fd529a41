"""Real PostgreSQL, Redis and nginx on loopback, started for a test or a benchmark and thrown away.

Each starter is a context manager that yields a handle with ``url``. A server of this machine
is found on PATH (or, for PostgreSQL, in Debian's /usr/lib/postgresql). No root is needed, and
being root is handled. ``DATABASE_URL`` and ``REDIS_URL`` name servers that already run; pass
``own=True`` when the test stops or kills the server.

    with postgres() as database, redis_server(own=True) as redis:
        run(DATABASE_URL=database.url, REDIS_URL=redis.url)
        redis.kill()
"""

import contextlib
import glob
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any


class MissingServiceError(Exception):
    """This machine has no such program. The message says what to install."""


def free_port() -> int:
    """Return a loopback port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(is_ready: Callable[[], bool], *, seconds: float = 20, what: str) -> None:
    """Poll ``is_ready`` until it is true.

    :raises TimeoutError: it was not true within ``seconds``.
    """
    deadline = time.monotonic() + seconds
    while not is_ready():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} was not ready after {seconds} seconds.")
        time.sleep(0.02)


def accepts_connections(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def _program(name: str, *candidates: str, install: str) -> str:
    """Return the path of a program: on PATH first, then in ``candidates`` (glob patterns)."""
    if found := shutil.which(name):
        return found
    for pattern in candidates:
        if matches := sorted(glob.glob(pattern), reverse=True):
            return matches[0]
    raise MissingServiceError(
        f"{name} is not installed here. Install {install}, or leave these out."
    )


def _unprivileged() -> dict[str, Any]:
    """Return the user to run as, for ``subprocess``: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam(name)
            return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise MissingServiceError("PostgreSQL refuses to run as root. Add a user named postgres.")


class Running:
    """A server somebody else started: usable, and not ours to stop."""

    def __init__(self, url: str):
        self.url = url


class PostgreSQL:
    """Our own cluster in a temporary folder. ``url`` stays the same over stop and start."""

    def __init__(self, folder: Path, *, durable: bool = False):
        program = _program("initdb", "/usr/lib/postgresql/*/bin/initdb", install="postgresql")
        self.bin = Path(program).resolve().parent
        self.folder = folder
        self.port = free_port()
        self.url = f"postgresql://app@127.0.0.1:{self.port}/postgres"
        self.user = _unprivileged()
        if self.user:
            os.chown(folder, self.user["user"], self.user["group"])
        self.settings = "-c listen_addresses=127.0.0.1 -c max_connections=100"
        if not durable:
            self.settings += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        self._run(
            "initdb",
            "-D",
            str(folder / "data"),
            "-U",
            "app",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-sync",
        )

    def _run(self, program: str, *arguments: str) -> None:
        env = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(self.folder)}
        command = [str(self.bin / program), *arguments]
        with (self.folder / "commands.log").open("ab") as log:
            subprocess.run(
                command, check=True, stdout=log, stderr=log, env=env, cwd=self.folder, **self.user
            )

    def start(self) -> None:
        options = f"-p {self.port} -k {self.folder} {self.settings}"
        data, log = str(self.folder / "data"), str(self.folder / "server.log")
        self._run("pg_ctl", "-D", data, "-w", "-l", log, "-o", options, "start")

    def stop(self, mode: str = "fast") -> None:
        """Stop the server. Mode "immediate" is a crash: nothing is flushed."""
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-w", "-m", mode, "stop")

    @property
    def is_running(self) -> bool:
        return accepts_connections(self.port)


class Server:
    """A child process of ours that listens on ``port``."""

    def __init__(self, command: list[str], *, port: int, url: str, log: Path, **popen: Any):
        self.command, self.port, self.url, self.log, self.popen = command, port, url, log, popen
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self.command, stdout=log, stderr=log, **self.popen)
        wait_until(self._has_started, what=self.command[0])

    def _has_started(self) -> bool:
        assert self.process is not None
        if self.process.poll() is not None:
            raise RuntimeError(f"{self.command[0]} stopped:\n{self.log.read_text()[-2000:]}")
        return accepts_connections(self.port)

    def stop(self, number: int = signal.SIGTERM) -> None:
        """End the process with a signal and wait for it. Does nothing when it has ended."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(number)
            self.process.wait(timeout=20)

    def kill(self) -> None:
        self.stop(signal.SIGKILL)


@contextlib.contextmanager
def _folder(prefix: str) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def postgres(*, own: bool = False, durable: bool = False) -> Iterator[PostgreSQL | Running]:
    """Yield a PostgreSQL server. ``durable`` keeps fsync on, for benchmarks and crash drills."""
    if not own and (url := os.environ.get("DATABASE_URL", "")).startswith("postgres"):
        yield Running(url)
        return
    with _folder("newsroom-pg-") as folder:
        server = PostgreSQL(folder, durable=durable)
        server.start()
        try:
            yield server
        finally:
            if server.is_running:
                server.stop("immediate")


@contextlib.contextmanager
def redis_server(*, own: bool = False, append_only: bool = False) -> Iterator[Server | Running]:
    """Yield a Redis (or Valkey) server. ``append_only`` lets its data survive a kill."""
    if not own and (url := os.environ.get("REDIS_URL", "")):
        yield Running(url)
        return
    try:
        program = _program("redis-server", install="redis-server")
    except MissingServiceError:
        program = _program("valkey-server", install="redis-server or valkey-server")
    with _folder("newsroom-redis-") as folder:
        port = free_port()
        command = [program, "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)]
        command += ["--save", "", "--appendonly", "yes" if append_only else "no"]
        command += ["--maxmemory-policy", "noeviction"]
        url = f"redis://127.0.0.1:{port}/0"
        server = Server(command, port=port, url=url, log=folder / "redis.log")
        server.start()
        try:
            yield server
        finally:
            server.stop()


NGINX_MAIN = """\
daemon off;
{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 4096; }}
http {{
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 100000;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


def nginx_files(folder: Path, site_conf: str) -> list[str]:
    """Write a whole nginx configuration into ``folder`` and return the command that runs it.

    ``site_conf`` is what an nginx image keeps in conf.d: it stands inside ``http { }``.
    """
    program = _program("nginx", "/usr/sbin/nginx", install="nginx-light")
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(NGINX_MAIN.format(user=user, folder=folder))
    (folder / "site.conf").write_text(site_conf)
    return [program, "-p", str(folder), "-e", str(folder / "error.log"), "-c", "nginx.conf"]


@contextlib.contextmanager
def nginx(site_conf: str, *, port: int) -> Iterator[Server]:
    """Yield an nginx with one worker whose ``site_conf`` listens on ``port``."""
    with _folder("newsroom-nginx-") as folder:
        command = nginx_files(folder, site_conf)
        url = f"http://127.0.0.1:{port}"
        server = Server(command, port=port, url=url, log=folder / "nginx.log")
        server.start()
        try:
            yield server
        finally:
            server.stop(signal.SIGQUIT)
