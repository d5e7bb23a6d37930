"""The demo's platform: a receiver of webhooks as a real one would be, verifying by the library."""

from datetime import datetime

from django.conf import settings
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from standardwebhooks import Webhook, WebhookVerificationError

from microguard.core import clock
from microguard.demo.models import ReceivedWebhook
from microguard.notifications.models import ChannelName, Endpoint

SHOWN = 25


@csrf_exempt
def hook(request: HttpRequest) -> HttpResponse:
    """Take a webhook in, or show which came."""
    if not settings.DEMO:
        raise Http404
    if request.method != "POST":
        received = ReceivedWebhook.objects.order_by("-pk")[:SHOWN]
        return render(request, "demo/hook.html", {"received": received})
    body = request.body.decode("utf-8", errors="replace")
    if not any(_verifies(endpoint.secret, body, request) for endpoint in _endpoints()):
        return HttpResponseBadRequest("the signature does not fit")
    _keep(request.headers["webhook-id"], body, clock.now())
    return HttpResponse(status=204)


def _endpoints() -> list[Endpoint]:
    return list(Endpoint.objects.filter(channel=ChannelName.WEBHOOK))


def _verifies(secret: str, body: str, request: HttpRequest) -> bool:
    try:
        Webhook(secret).verify(body, dict(request.headers), json_parse=False)
    except WebhookVerificationError:
        return False
    return True


def _keep(webhook_id: str, body: str, at: datetime) -> None:
    row, made = ReceivedWebhook.objects.get_or_create(
        webhook_id=webhook_id[:80], defaults={"body": body, "received_at": at}
    )
    if not made:
        ReceivedWebhook.objects.filter(pk=row.pk).update(times=F("times") + 1)
