"""A webhook is signed, reaches its endpoint once in effect, and a hostile endpoint harms nobody."""

import json
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from microguard.events.models import Event
from microguard.jurisdictions.models import Office as OutsideOffice
from microguard.notifications.actions import sending
from microguard.notifications.actions.endpoints import new_secret
from microguard.notifications.actions.sending import send_next
from microguard.notifications.channels import wire
from microguard.notifications.channels.webhook import content
from microguard.notifications.models import Attempt, Circuit, Dispatch, DispatchState, Endpoint
from tests.clock import A_SECOND, MONDAY_MORNING
from tests.hooks import Receiver, web_server
from tests.people import Office

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _receivers_on_this_machine(settings: Any) -> None:
    settings.WEBHOOKS_TO_THIS_MACHINE = True


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """The platform's own system."""
    with web_server(Receiver()) as server:
        yield server


@pytest.fixture
def endpoint(office: Office, receiver: Receiver) -> Endpoint:
    """The way of the platform that its system listens at."""
    platform = OutsideOffice.objects.get(kind="PLATFORM")
    return Endpoint.objects.create(
        office=platform, place=1, channel="WEBHOOK", address=receiver.url, secret=new_secret()
    )


def a_webhook(endpoint: Endpoint, number: int = 1, **columns: Any) -> Dispatch:
    """A notice to the platform, due on Monday morning."""
    data = {"case": "MG-7K3Q-9X4D", "stage": "MEDIATION_OFFERED", "outcome": None, "due": None}
    return Dispatch.objects.create(
        **{
            "effect_key": f"test#{number}",
            "notice": "test",
            "office": endpoint.office,
            "endpoint": endpoint,
            "channel": "WEBHOOK",
            "circuit": f"webhook/{endpoint.pk}",
            "address": endpoint.address,
            "subject": "卖家没有答复",
            "body": content(kind="respondent.answer.lapsed", at=MONDAY_MORNING.isoformat(), data=data),
            "created_at": MONDAY_MORNING,
            "due_at": MONDAY_MORNING,
            "gives_up_at": MONDAY_MORNING + 76 * HOUR,
            **columns,
        }
    )


def send_all(at: datetime = MONDAY_MORNING) -> None:
    while send_next(at=at):
        continue


def send_from(first: datetime, last: datetime) -> None:
    """Let the workers pass at every instant at which a message or a probe is due."""
    at = first
    while at < last:
        send_all(at)
        due = Dispatch.objects.filter(state=DispatchState.DUE, due_at__gt=at).values_list("due_at", flat=True)
        probes = Circuit.objects.filter(probe_at__gt=at).values_list("probe_at", flat=True)
        at = min([*due, *probes, last])


def outcomes(dispatch: Dispatch) -> list[str]:
    return list(dispatch.attempts.order_by("number").values_list("outcome", flat=True))


def test_the_librarys_own_receiver_verifies_it(endpoint: Endpoint, receiver: Receiver) -> None:
    a_webhook(endpoint)

    send_all()

    (call,) = receiver.calls
    told = Webhook(endpoint.secret).verify(call.body, call.headers)
    assert (told["type"], told["data"]["case"]) == ("respondent.answer.lapsed", "MG-7K3Q-9X4D")
    assert set(told) == {"type", "timestamp", "data"}
    assert set(told["data"]) == {"case", "stage", "outcome", "due"}


def test_a_changed_body_or_another_secret_does_not_verify(endpoint: Endpoint, receiver: Receiver) -> None:
    a_webhook(endpoint)
    send_all()
    (call,) = receiver.calls

    for secret, body in ((endpoint.secret, call.body + b" "), (new_secret(), call.body)):
        with pytest.raises(WebhookVerificationError):
            Webhook(secret).verify(body, call.headers)


def test_an_endpoint_that_answers_500_for_a_day_gets_it_once_in_effect(
    endpoint: Endpoint, receiver: Receiver
) -> None:
    receiver.status = 500
    dispatch = a_webhook(endpoint)
    send_from(MONDAY_MORNING, MONDAY_MORNING + 24 * HOUR)
    dispatch.refresh_from_db()
    assert dispatch.state == DispatchState.DUE

    receiver.status = 200
    failed = len(receiver.calls)
    send_from(MONDAY_MORNING + 24 * HOUR, MONDAY_MORNING + 36 * HOUR)

    dispatch.refresh_from_db()
    assert dispatch.state == DispatchState.SENT
    assert len(receiver.calls) == failed + 1
    assert len({call.headers["webhook-id"] for call in receiver.calls}) == 1
    assert set(outcomes(dispatch)) == {"answered_500", "sent"}
    assert len(outcomes(dispatch)) == len(receiver.calls)


def test_a_redirect_is_not_followed(endpoint: Endpoint, receiver: Receiver) -> None:
    with web_server(Receiver()) as elsewhere:
        receiver.status, receiver.location = 307, elsewhere.url
        dispatch = a_webhook(endpoint)

        send_all()

        assert elsewhere.calls == []
    dispatch.refresh_from_db()
    assert (dispatch.state, outcomes(dispatch)) == (DispatchState.DEAD, ["redirect_307"])


def test_an_address_that_has_come_to_lead_inside_gets_nothing(
    endpoint: Endpoint, receiver: Receiver, settings: Any
) -> None:
    settings.WEBHOOKS_TO_THIS_MACHINE = False
    dispatch = a_webhook(endpoint)

    send_all()

    assert receiver.calls == []
    dispatch.refresh_from_db()
    assert (dispatch.state, outcomes(dispatch)) == (DispatchState.DEAD, ["private_address"])


def test_an_office_that_takes_its_address_down_stops_the_way(endpoint: Endpoint, receiver: Receiver) -> None:
    receiver.status = 410
    a_webhook(endpoint)

    send_all()

    endpoint.refresh_from_db()
    assert (endpoint.stopped_at, endpoint.stop_reason) == (MONDAY_MORNING, "gone_410")
    assert Dispatch.objects.get().state == DispatchState.DEAD
    stopped = Event.objects.get(chain=f"office/{endpoint.office_id}")
    assert (stopped.name, stopped.actor) == ("office.way_stopped", "system")


@pytest.mark.parametrize("how", ["slow", "dripping"])
def test_an_endpoint_that_takes_its_time_costs_no_more_than_the_bound(
    how: str, endpoint: Endpoint, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "SECONDS", 0.5)
    receiver.pause, receiver.drip = (3.0, False) if how == "slow" else (0.0, True)
    dispatch = a_webhook(endpoint)
    started = time.monotonic()

    send_next(at=MONDAY_MORNING)

    assert time.monotonic() - started < 2.0
    assert outcomes(dispatch) == ["timed_out"]


def test_an_answer_without_end_is_not_read_to_its_end(endpoint: Endpoint, receiver: Receiver) -> None:
    receiver.status, receiver.endless = 200, True
    dispatch = a_webhook(endpoint)

    send_all()

    assert outcomes(dispatch) == ["sent"]


def test_the_third_failure_in_a_row_opens_the_circuit_and_one_message_probes_it(
    endpoint: Endpoint, receiver: Receiver
) -> None:
    receiver.status = 503
    for number in range(10):
        a_webhook(endpoint, number)

    send_all()
    assert len(receiver.calls) == 3
    circuit = Circuit.objects.get(key=f"webhook/{endpoint.pk}")
    assert (circuit.failures, circuit.opened_at, circuit.reason) == (3, MONDAY_MORNING, "answered_503")
    send_all(MONDAY_MORNING + 29 * A_SECOND)
    assert len(receiver.calls) == 3
    send_all(MONDAY_MORNING + 30 * A_SECOND)
    assert len(receiver.calls) == 4

    receiver.status = 204
    send_all(MONDAY_MORNING + 2 * MINUTE)

    assert Dispatch.objects.filter(state=DispatchState.SENT).count() == 10
    circuit.refresh_from_db()
    assert (circuit.failures, circuit.opened_at, circuit.probe_at) == (0, None, None)


def test_a_dead_endpoint_holds_up_no_other_one(endpoint: Endpoint, receiver: Receiver) -> None:
    receiver.status = 500
    with web_server(Receiver()) as healthy:
        other = OutsideOffice.objects.get(kind="REGULATOR")
        second = Endpoint.objects.create(
            office=other, place=1, channel="WEBHOOK", address=healthy.url, secret=new_secret()
        )
        for number in range(10):
            a_webhook(endpoint, number)
            a_webhook(second, 100 + number)

        send_all()

        assert (len(receiver.calls), len(healthy.calls)) == (3, 10)


def test_no_personal_data_is_in_what_the_worker_logs(
    endpoint: Endpoint, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    receiver.status = 500
    a_webhook(endpoint)

    send_all()

    assert "could not be sent" in caplog.text
    assert receiver.url not in caplog.text
    assert json.loads(receiver.calls[0].body)["data"]["case"] not in caplog.text


def test_every_attempt_is_kept(endpoint: Endpoint, receiver: Receiver) -> None:
    receiver.status = 500
    dispatch = a_webhook(endpoint)

    send_from(MONDAY_MORNING, MONDAY_MORNING + 80 * HOUR)

    dispatch.refresh_from_db()
    assert dispatch.state == DispatchState.DEAD
    numbers = list(Attempt.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(receiver.calls) + 1))
    assert len(numbers) >= 10


def test_a_fault_of_ours_is_an_attempt_that_ends_with_a_person_and_logs_no_address(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(dispatch: Dispatch) -> None:
        raise TypeError(dispatch.address)

    monkeypatch.setitem(sending.CHANNELS, "WEBHOOK", SimpleNamespace(send=fail))
    dispatch = a_webhook(endpoint)

    send_from(MONDAY_MORNING, MONDAY_MORNING + 80 * HOUR)

    dispatch.refresh_from_db()
    assert (dispatch.state, set(outcomes(dispatch))) == (DispatchState.DEAD, {"fault"})
    assert endpoint.address not in caplog.text


def test_a_message_on_which_the_worker_always_dies_ends_with_a_person(endpoint: Endpoint) -> None:
    dispatch = a_webhook(endpoint)
    for number in range(1, len(sending.PAUSES) + 2):
        Attempt.objects.create(dispatch=dispatch, number=number, started_at=MONDAY_MORNING)

    send_next(at=MONDAY_MORNING + MINUTE)

    dispatch.refresh_from_db()
    assert dispatch.state == DispatchState.DEAD


def test_a_message_that_cannot_even_be_given_up_holds_up_no_other(
    endpoint: Endpoint, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> bool:
        raise KeyError

    stuck = a_webhook(endpoint, 1)
    for number in range(1, len(sending.PAUSES) + 2):
        Attempt.objects.create(dispatch=stuck, number=number, started_at=MONDAY_MORNING)
    other = a_webhook(endpoint, 2)
    monkeypatch.setattr(sending, "write_next_way", fail)

    send_all()

    other.refresh_from_db()
    stuck.refresh_from_db()
    assert (other.state, stuck.state, stuck.due_at > MONDAY_MORNING) == ("SENT", "DUE", True)


def test_a_server_that_refuses_one_message_is_there_for_the_others(endpoint: Endpoint, receiver: Receiver) -> None:
    Circuit.objects.create(
        key=f"webhook/{endpoint.pk}",
        failures=5,
        reason="timed_out",
        opened_at=MONDAY_MORNING - HOUR,
        probe_at=MONDAY_MORNING,
    )
    receiver.status = 302
    a_webhook(endpoint)

    send_all()

    assert Circuit.objects.get().opened_at is None
