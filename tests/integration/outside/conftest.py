"""The operator, offices outside that can be told, and the mail server that takes what they are told."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation

from microguard.accounts.actors import Actor, actor_of
from microguard.jurisdictions.models import Office as OutsideOffice
from microguard.notifications.models import Endpoint
from tests.mail import HOST, Sink, mail_server
from tests.people import Office


@pytest.fixture(autouse=True)
def _association(settings: Any) -> Iterator[None]:
    settings.OPERATOR = "consumer_association"
    settings.WEBHOOKS_TO_THIS_MACHINE = True
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    with mail_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = HOST, server.port
        yield server


@pytest.fixture
def chen_operator(office: Office) -> Actor:
    return actor_of(office.chen_operator)


@pytest.fixture
def regulator(office: Office) -> OutsideOffice:
    """The regulator of Shenzhen, told by mail, else in its inbox."""
    found = OutsideOffice.objects.get(kind="REGULATOR")
    Endpoint.objects.create(office=found, place=1, channel="EMAIL", address="shenzhen@regulator.cn")
    Endpoint.objects.create(office=found, place=2, channel="INBOX")
    return found


@pytest.fixture
def platform(office: Office) -> OutsideOffice:
    """A platform of private chats that has named no way yet."""
    found = OutsideOffice.objects.get(kind="PLATFORM")
    found.runs = ["PRIVATE_CHAT"]
    found.save()
    return found
