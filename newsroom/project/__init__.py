"""The example site. Importing it makes its Celery application the one that tasks are sent to."""

from newsroom.project.celery import app as celery_app

__all__ = ["celery_app"]
