"""The demo as a person starts and stops it: as a process of its own."""

import os
import signal
import socket
import subprocess
import sys
import time

import pytest
import requests
from django.core.management import CommandError, call_command

from tests.deploy.compose import ROOT
from tests.servers import free_port, wait_until


class Demo:
    def __init__(self, folder, port):
        self.url = f"http://127.0.0.1:{port}"
        env = {"PATH": os.environ["PATH"], "NEWSROOM_VAR_DIR": str(folder)}
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "demo", "--port", str(port)],
            cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    def answers(self) -> bool:
        if self.process.poll() is not None:
            raise RuntimeError(self.process.stdout.read())
        try:
            return requests.get(self.url, timeout=30).status_code == 200
        except (requests.ConnectionError, requests.Timeout):
            return False

    def stop(self, number: int) -> tuple[str, float]:
        """Return what it printed, and after how many seconds it had ended."""
        began = time.monotonic()
        self.process.send_signal(number)
        output, _ = self.process.communicate(timeout=60)
        return output, time.monotonic() - began


@pytest.mark.slow
class TestDemo:
    def test_starts_from_nothing_and_again_and_stops_at_once(self, tmp_path):
        for number in [signal.SIGINT, signal.SIGTERM]:
            demo = Demo(tmp_path, free_port())
            try:
                wait_until(demo.answers, seconds=240, what="The demo")
                assert "URLconf" not in requests.get(f"{demo.url}/no-such-page/").text
                output, seconds = demo.stop(number)
            finally:
                demo.process.kill()
            assert demo.process.returncode == 0, output
            assert seconds < 15  # 2 on a machine with nothing else to do
            assert f"{demo.url}/admin/".replace("127.0.0.1", "localhost") in output
            assert "editor / editor" in output
            assert "Traceback" not in output


class TestTakenPort:
    def test_is_told_in_a_sentence_before_anything_else_happens(self):
        with socket.create_server(("127.0.0.1", 0)) as other:
            port = other.getsockname()[1]
            with pytest.raises(CommandError, match=f"Port {port} is taken.*PORT={port + 1}"):
                call_command("demo", port=port)
