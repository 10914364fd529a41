import threading

import pytest
from celery import current_app


class TestApp:
    def test_is_the_one_that_every_thread_sends_to(self):
        seen = [current_app.main]
        thread = threading.Thread(target=lambda: seen.append(current_app.main))
        thread.start()
        thread.join()
        assert seen == ["newsroom", "newsroom"]

    @pytest.mark.django_db  # loading tasks runs the checks, and some ask the database
    def test_knows_the_tasks_of_its_schedule(self):
        current_app.loader.import_default_modules()
        for tick in current_app.conf.beat_schedule.values():
            assert tick["task"] in current_app.tasks
