"""Looking for the seller: steps with source and day, a letter to the platform, its clock, and what the buyer reads."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from complaints.actions.decision import accept_complaint
from complaints.actions.tracing import (
    Finding,
    NotAsked,
    StepIncomplete,
    ask_platform,
    end_tracing,
    note_tracing_step,
    start_tracing,
)
from complaints.models import Complaint, Consent
from disputes.models import Dispute
from merchants.models import Handle
from microguard.accounts.policies import NotAllowed
from microguard.core.clock import day_of
from microguard.core.machine import NotPossible
from microguard.deadlines.actions import lapse_next
from microguard.deadlines.models import Deadline
from microguard.events.actions import deliver_next
from microguard.events.models import Event
from microguard.jurisdictions.models import Office as OutsideOffice
from microguard.notifications.actions.by_hand import note_hand_delivery
from microguard.notifications.models import Dispatch, DispatchState
from tests.cases import a_filed_complaint
from tests.clock import A_DAY, MONDAY_MORNING, TUESDAY_MORNING, WEDNESDAY_MORNING
from tests.people import ZHANG_PHONE, Office, zhang
from tests.visitors import a_browser, at_desk, sentences

PARCEL = Finding("PARCEL", "CARRIER", date(2026, 11, 23), "CLAIMED", "13600007777", "phone")
REGISTER = Finding("REGISTER", "PUBLIC_REGISTER", date(2026, 11, 24), "NOTHING")
ANSWERED = Finding("PLATFORM", "PLATFORM", date(2026, 11, 25), "KNOWN", "陈四，深圳市福田区某路1号")


@pytest.fixture
def platform(office: Office) -> OutsideOffice:
    """The platform on which private chats are held; it gets letters."""
    found = OutsideOffice.objects.get(kind="PLATFORM")
    found.runs = ["PRIVATE_CHAT"]
    found.save()
    return found


@pytest.fixture
def traced(office: Office) -> Complaint:
    """Zhang's complaint, for which Li looks for the seller; Zhang lets us write to the platform."""
    complaint = a_filed_complaint()
    Consent.objects.create(complaint=complaint, recipient="PLATFORM", version="2026-11", given_at=MONDAY_MORNING)
    return start_tracing(complaint_id=complaint.pk, by=office.li, at=MONDAY_MORNING)


@pytest.fixture
def li_notes(office: Office, traced: Complaint) -> Callable[..., Any]:
    def notes(finding: Finding, at: datetime = WEDNESDAY_MORNING, **more: Any) -> Any:
        return note_tracing_step(complaint_id=traced.pk, finding=finding, by=office.li, at=at, **more)

    return notes


def delivered(at: datetime) -> None:
    while deliver_next(at=at):
        continue


def platform_reads(complaint: Complaint, office: Office, noted_at: datetime = TUESDAY_MORNING) -> Dispatch:
    """Our letter is printed, and Li notes that it was handed over on Tuesday."""
    ask_platform(complaint_id=complaint.pk, by=office.li, at=MONDAY_MORNING)
    delivered(MONDAY_MORNING)
    letter = Dispatch.objects.get(notice="platform.identity_asked:platforms")
    assert letter.state == DispatchState.TO_DELIVER
    note_hand_delivery(
        dispatch_id=letter.pk,
        manner="FAX",
        delivered_date=TUESDAY_MORNING.date(),
        reference="EX1",
        by=office.li,
        at=noted_at,
    )
    delivered(noted_at)
    return letter


def test_the_steps_are_kept_and_a_handle_that_was_found_joins_the_complaint(
    office: Office, traced: Complaint, li_notes: Callable[..., Any]
) -> None:
    for finding in (PARCEL, REGISTER):
        li_notes(finding)
    ended = end_tracing(complaint_id=traced.pk, found=False, by=office.li, at=WEDNESDAY_MORNING)

    assert ended.state == "FILED"
    assert list(traced.tracing_steps.order_by("pk").values_list("kind", "source", "certainty")) == [
        ("PARCEL", "CARRIER", "CLAIMED"),
        ("REGISTER", "PUBLIC_REGISTER", "NOTHING"),
    ]
    assert {(mention.type, mention.value) for mention in traced.mentions.all()} == {
        ("wechat_id", "shoes_2026"),
        ("phone", "13600007777"),
    }
    names = Event.objects.filter(chain=traced.chain, name__startswith="tracing.").order_by("pk")
    assert [event.name for event in names] == [
        *("tracing.started", "tracing.step_noted", "tracing.step_noted", "tracing.ended"),
    ]
    accept_complaint(complaint_id=traced.pk, by=office.li, at=WEDNESDAY_MORNING)
    assert set(Handle.objects.values_list("type", flat=True)) == {"wechat_id", "phone"}
    delivered(WEDNESDAY_MORNING)
    assert Dispute.objects.get().respondent_phone == ""  # whose phone that is was only claimed


@pytest.mark.parametrize(
    "bent",
    [
        {"kind": "RUMOUR"},
        {"source": ""},
        {"certainty": "SURE"},
        {"handle_type": "name"},
        {"found": "  "},
        {"found": "字" * 501},
        {"found_date": date(2026, 11, 26)},
        {"certainty": "NOTHING"},
    ],
    ids=str,
)
def test_a_step_that_contradicts_itself_is_refused(li_notes: Callable[..., Any], bent: dict[str, Any]) -> None:
    with pytest.raises(StepIncomplete):
        li_notes(replace(PARCEL, **bent))


def test_nothing_is_noted_unless_the_seller_is_looked_for(office: Office) -> None:
    complaint = a_filed_complaint()

    with pytest.raises(NotPossible):
        note_tracing_step(complaint_id=complaint.pk, finding=PARCEL, by=office.li, at=WEDNESDAY_MORNING)
    with pytest.raises(NotPossible):
        ask_platform(complaint_id=complaint.pk, by=office.li, at=MONDAY_MORNING)
    with pytest.raises(NotPossible):
        end_tracing(complaint_id=complaint.pk, found=True, by=office.li, at=MONDAY_MORNING)
    with pytest.raises(NotAllowed):
        start_tracing(complaint_id=complaint.pk, by=zhang(), at=MONDAY_MORNING)


def test_the_platform_is_asked_by_a_numbered_letter_with_the_handles_it_knows(
    office: Office, platform: OutsideOffice, traced: Complaint, li_notes: Callable[..., Any]
) -> None:
    li_notes(replace(PARCEL, found="张老三", handle_type="parcel_sender"))

    letter = platform_reads(traced, office)

    assert letter.letter.serial == 1
    assert "shoes_2026" in letter.body
    assert "张老三" not in letter.body
    assert str(traced.number) in letter.body


def test_the_time_to_answer_starts_with_the_delivery_and_ends_with_the_answer(
    office: Office, platform: OutsideOffice, traced: Complaint, li_notes: Callable[..., Any]
) -> None:
    platform_reads(traced, office, noted_at=WEDNESDAY_MORNING)  # it was there on Tuesday
    clock = Deadline.objects.get(rule="platform.answer")
    assert (day_of(clock.started_at), clock.case_id, clock.basis) == (TUESDAY_MORNING.date(), traced.pk, "POLICY")

    step = li_notes(ANSWERED)

    clock.refresh_from_db()
    assert (step.office, clock.met_at) == (platform, WEDNESDAY_MORNING)


def test_silence_of_the_platform_is_told_to_the_buyer_with_her_right(
    office: Office, platform: OutsideOffice, traced: Complaint
) -> None:
    platform_reads(traced, office)
    ends = Deadline.objects.get(rule="platform.answer").due_at

    while lapse_next(at=ends):
        continue
    delivered(ends)

    told = Dispatch.objects.get(notice="platform.answer.lapsed:complainant", channel="SMS")
    assert str(traced.number) in told.body
    event = Event.objects.get(name="platform.answer.lapsed")
    assert event.chain == traced.chain


def test_a_platform_is_asked_once_with_the_buyers_consent_and_only_if_it_runs_the_place(
    office: Office, traced: Complaint
) -> None:
    def refusal() -> str:
        with pytest.raises(NotAsked) as refused:
            ask_platform(complaint_id=traced.pk, by=office.li, at=MONDAY_MORNING)
        return refused.value.code

    assert refusal() == "no_platform"
    OutsideOffice.objects.filter(kind="PLATFORM").update(runs=["PRIVATE_CHAT"])
    ask_platform(complaint_id=traced.pk, by=office.li, at=MONDAY_MORNING)
    assert refusal() == "asked"
    traced.consents.all().delete()
    assert refusal() == "consent"


def test_one_of_two_platforms_answers_and_the_other_still_owes_its_answer(
    office: Office, platform: OutsideOffice, traced: Complaint, li_notes: Callable[..., Any]
) -> None:
    second = OutsideOffice.objects.create(kind="PLATFORM", name="支付平台", runs=["PRIVATE_CHAT"])
    ask_platform(complaint_id=traced.pk, by=office.li, at=MONDAY_MORNING)
    delivered(MONDAY_MORNING)
    for letter in Dispatch.objects.filter(notice="platform.identity_asked:platforms"):
        note_hand_delivery(
            dispatch_id=letter.pk,
            manner="FAX",
            delivered_date=TUESDAY_MORNING.date(),
            reference="",
            by=office.li,
            at=TUESDAY_MORNING,
        )
    delivered(TUESDAY_MORNING)

    with pytest.raises(StepIncomplete):
        li_notes(ANSWERED)
    li_notes(ANSWERED, office_id=second.pk)

    clocks = Deadline.objects.filter(rule="platform.answer", met_at__isnull=True)
    assert [clock.subject for clock in clocks] == [f"{traced.chain}/office/{platform.pk}"]


def test_the_buyer_reads_where_we_looked_and_nobodys_data(
    traced: Complaint, li_notes: Callable[..., Any], clock_at: Callable[[datetime], None]
) -> None:
    clock_at(WEDNESDAY_MORNING + A_DAY)
    li_notes(replace(PARCEL, found="王老五 13600007777", handle_type=""))
    li_notes(replace(PARCEL, found="13600007777"))
    li_notes(REGISTER)

    page = a_browser(phone=ZHANG_PHONE).get(f"/en/c/{traced.number}/")

    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))
    assert "We are looking for the seller." in words
    assert "Sender of the parcel : something was found, but it is only claimed." in words
    assert "Search of a register : nothing was found." in words
    assert "The parcel company" in words
    assert "shoes_2026" in words
    assert not re.search("王老五|13600007777|136", words)


def test_li_takes_every_step_at_the_desk(
    office: Office, platform: OutsideOffice, clock_at: Callable[[datetime], None]
) -> None:
    clock_at(WEDNESDAY_MORNING)
    complaint = a_filed_complaint()
    Consent.objects.create(complaint=complaint, recipient="PLATFORM", version="2026-11", given_at=MONDAY_MORNING)
    li, bench = at_desk(office.li_officer), f"/en/desk/complaints/complaint/{complaint.pk}"
    step = {"kind": "PARCEL", "source": "CARRIER", "found_date": "2026-11-24", "certainty": "CLAIMED"}

    li.post(f"{bench}/do/trace/")
    empty = li.post(f"{bench}/do/step/", {})
    wordless = li.post(f"{bench}/do/step/", step)
    li.post(f"{bench}/do/step/", {**step, "found": "13600007777", "handle_type": "phone"})
    li.post(f"{bench}/do/ask_platform/")
    page = li.get(f"{bench}/change/")
    li.post(f"{bench}/do/end_trace/", {"found": "yes"})

    assert (empty.status_code, wordless.status_code) == (422, 422)
    assert sentences(wordless) == ["Write what was found, or choose “Nothing found”."]
    assert "The letter has not reached it yet." in page.text
    assert "13***7" in page.text
    assert "13600007777" not in page.text
    assert Complaint.by_pk(complaint.pk).state == "FILED"
