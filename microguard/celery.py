"""The Celery application and its one beat table.

Redis is a doorbell: every task takes ids or nothing, re-reads PostgreSQL and may be lost, late or
repeated without harm. Intervals only; legal due dates are rows, never scheduled messages.
"""

import os

from celery import Celery
from celery.signals import task_prerun
from django.db import close_old_connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "microguard.settings")

app = Celery("microguard")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "sweep": {"task": "deadlines.sweep", "schedule": 15.0, "options": {"expires": 30}},
    "recompute": {"task": "deadlines.recompute", "schedule": 30.0, "options": {"expires": 60}},
    "relay": {"task": "events.relay", "schedule": 2.0, "options": {"expires": 10}},
    "dispatch": {"task": "notifications.dispatch", "schedule": 2.0, "options": {"expires": 10}},
}
# Celery, told to keep connections, never looks at them: after a restart of the database a worker would fail task
# after task on a closed one. Django looks before each request, and so before each task.
task_prerun.connect(close_old_connections)
