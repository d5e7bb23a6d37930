"""The verdict of the crash drill sees what it is there to see: losses, twins, and notices missed or sent twice."""

from pathlib import Path
from typing import Any

import pytest

from complaints.models import Complaint
from microguard.deadlines.models import Deadline
from microguard.demo.drill.load import Load
from microguard.demo.drill.mailbox import Letter, Mailbox
from microguard.demo.drill.verdict import held, judge, text_address
from microguard.events.models import Event
from tests.cases import a_filed_complaint
from tests.people import ZHANG_PHONE, Office

MARKER = "D7-00000"


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """One filing by one person, who has been told nothing yet."""
    return Load("http://127.0.0.1:1", filings=1, concurrency=1, seed=7, book=tmp_path / "book")


@pytest.fixture
def filed(load: Load, office: Office) -> Complaint:
    """The filing as the database holds it, and as the person read it on the receipt."""
    complaint = a_filed_complaint(item=MARKER)
    load.filings[0].number = str(complaint.number)
    return complaint


def letters_of(complaint: Complaint, office: Office) -> list[Letter]:
    """What the buyer and the officer are to be told of the filing."""
    text = f"编号 {complaint.number}"
    addresses = (text_address(ZHANG_PHONE), office.li_officer.email)
    return [Letter(address, f"<{address}>", text) for address in addresses]


def whole(found: dict[str, int]) -> dict[str, Any]:
    """What was found, with the rest of the drill's figures as they ought to be."""
    return {**found, "status_500": 0, "on_its_way": 0, "gave_up": 0, "kills": {"web": 1}}


def test_what_is_there_once_and_was_told_once_holds(load: Load, filed: Complaint, office: Office) -> None:
    found = judge(load, letters_of(filed, office))

    wrong = {name: count for name, count in found.items() if count}
    assert wrong == {"acknowledged": 1, "filed": 1, "notices_due": 2}
    assert held(whole(found), filings=1, kills=1)
    assert not held(whole(found), filings=2, kills=1)
    assert not held(whole(found), filings=1, kills=2)


@pytest.mark.parametrize(
    "name", ["status_500", "on_its_way", "gave_up", "lost", "notices_missed", "broken_chains"]
)
def test_one_failure_is_enough(load: Load, filed: Complaint, office: Office, name: str) -> None:
    found = whole(judge(load, letters_of(filed, office)))

    assert not held({**found, name: 1}, filings=1, kills=1)


@pytest.mark.parametrize(("number", "marker"), [("MG-AAAA-AAAA", MARKER), (None, "D7-00001")])
def test_a_receipt_without_its_complaint_is_a_loss(
    load: Load, filed: Complaint, number: str | None, marker: str
) -> None:
    load.filings[0].number = number or str(filed.number)
    load.filings[0].marker = marker

    assert judge(load, [])["lost"] == 1


def test_a_second_complaint_of_one_filing_is_seen(load: Load, filed: Complaint) -> None:
    a_filed_complaint(item=MARKER)

    assert judge(load, [])["duplicated"] == 1


def test_a_case_that_was_filed_twice_in_its_chain_is_seen(load: Load, filed: Complaint) -> None:
    first = Event.objects.get(chain=filed.chain, name="complaint.filed")
    Event.objects.create(
        chain=filed.chain,
        number=first.number + 1,
        name=first.name,
        actor=first.actor,
        at=first.at,
        facts={},
        previous=first.digest,
        digest="f" * 64,
    )

    found = judge(load, [])

    assert (found["duplicated"], found["broken_chains"]) == (1, 1)


def test_a_notice_that_did_not_come_is_missed(load: Load, filed: Complaint, office: Office) -> None:
    found = judge(load, letters_of(filed, office)[1:])

    assert (found["notices_due"], found["notices_missed"]) == (2, 1)


def test_a_second_copy_is_a_repeat_on_the_wire_only_under_the_same_identity(
    load: Load, filed: Complaint, office: Office
) -> None:
    first, second = letters_of(filed, office)
    anew = Letter(second.to, "<another>", second.text)

    found = judge(load, [first, first, second, anew])

    assert (found["wire_repeats"], found["notices_repeated"]) == (1, 1)


def test_a_notice_that_nobody_declared_is_seen(load: Load, filed: Complaint, office: Office) -> None:
    stray = Letter("lin@example.cn", "<stray>", f"编号 {filed.number}")

    assert judge(load, [*letters_of(filed, office), stray])["notices_unasked"] == 1


def test_a_complaint_without_its_clocks_is_seen(load: Load, filed: Complaint) -> None:
    Deadline.objects.filter(rule="first.contact").delete()

    assert judge(load, [])["without_clocks"] == 1


def test_the_mailbox_knows_the_recipient_on_the_wire_and_the_newest_unused_code(tmp_path: Path) -> None:
    new = tmp_path / "new"
    new.mkdir()
    for name, code in (("1", "111111"), ("2", "222222")):
        letter = (
            f"To: x@y.cn\nX-RcptTo: 131@sms.invalid\nMessage-ID: <{name}>\nSubject: MicroGuard\n\ncode {code}\n"
        )
        (new / name).write_text(letter)
    mailbox = Mailbox(tmp_path)

    assert mailbox.wait_for_code("131@sms.invalid", set(), patience=0) == "222222"
    assert mailbox.wait_for_code("131@sms.invalid", {"222222"}, patience=0) == "111111"
    assert mailbox.wait_for_code("132@sms.invalid", set(), patience=0) is None
    assert mailbox.letters()[0] == Letter("131@sms.invalid", "<1>", "MicroGuard\ncode 111111\n")
