"""What the demo's platform keeps of the webhooks that reached it."""

from django.db import models

from microguard.core.models import Record


class ReceivedWebhook(Record):
    """One webhook as the platform's own system took it: its id is kept for ever, so a repeated one is known."""

    webhook_id = models.CharField(max_length=80, unique=True)
    body = models.TextField()
    received_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)  # how often it came

    def __str__(self) -> str:
        return self.webhook_id
