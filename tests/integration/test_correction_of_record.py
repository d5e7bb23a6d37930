"""An objection to a seller's record: a phone proven by a code, a receipt with a date, an answer in time."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from merchants.actions.corrections import (
    AnsweredAlready,
    AskedAlready,
    Objection,
    OddAnswer,
    answer_correction,
    ask_correction,
)
from merchants.models import Correction, Merchant
from microguard.accounts.actions.codes import phone_hash
from microguard.accounts.policies import NotAllowed
from microguard.core.clock import CHINA
from microguard.deadlines.actions import lapse_next
from microguard.deadlines.models import Deadline
from microguard.events.actions import deliver_next
from microguard.events.models import Event
from microguard.notifications.models import Dispatch
from tests.clock import A_DAY, A_SECOND, MONDAY_NOON
from tests.people import CHEN_PHONE, LIN_PHONE, Office, chen, lin
from tests.sellers import closed_cases
from tests.visitors import at_desk, last_code, sentences

WHY = "案件里的退款十月二十日就到账了，页面还没有更新。"
ANSWER = "已核对并更正案件的处理结果，页面已更新。"
# Five working days after Monday 23 November end with Monday 30 November.
ENDS = datetime(2026, 12, 1, 0, 0, tzinfo=CHINA)


@pytest.fixture(autouse=True)
def _published(settings: Any, clock_at: Callable[[datetime], None]) -> None:
    settings.OPERATOR = "consumer_association"
    settings.PUBLIC_RECORD_REVIEW = "2026-11-01, counsel"
    clock_at(MONDAY_NOON)


@pytest.fixture
def shoes(office: Office) -> Merchant:
    return closed_cases(office, 5)


def asked(merchant: Merchant, *, figure: str = "settled", phone: str = CHEN_PHONE) -> Correction:
    objection = Objection("FIGURES", figure, WHY, phone, phone_hash(phone), "zh-hans")
    return ask_correction(
        merchant_id=merchant.pk, objection=objection, by=chen() if phone == CHEN_PHONE else lin(), at=MONDAY_NOON
    )


def page_of(merchant: Merchant, client: Client) -> str:
    return client.get(f"/en/s/{merchant.public_key}/").text


def clock_of(correction: Correction) -> Deadline:
    return Deadline.objects.get(rule="profile.correction", subject=correction.subject)


# --- asking -------------------------------------------------------------------------------------------------


def test_a_phone_is_proven_and_the_receipt_names_the_date(shoes: Merchant, client: Client) -> None:
    address = f"/en/s/{shoes.public_key}/correction/"
    told = {"wrong": "FIGURES", "figure": "settled", "explanation": WHY, "phone": "139 0000 0002"}
    assert "We answer within 5 working days" in client.get(address).text

    sent = client.post(address, told | {"send_code": "1"})
    done = client.post(address, told | {"ask": "1", "code": last_code()})

    correction = Correction.objects.get()
    assert WHY in sent.text
    assert done.headers["Location"] == f"{address}{correction.key}/"
    receipt = client.get(done.headers["Location"]).text
    assert clock_of(correction).due_at == ENDS
    assert 'datetime="2026-12-01T00:00:00+08:00"' in receipt or "30 Nov" in receipt
    assert WHY not in receipt
    assert CHEN_PHONE not in receipt
    assert (correction.phone, correction.explanation) == (CHEN_PHONE, WHY)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"wrong": ""}, "Choose what is wrong."),
        ({"wrong": "HIM"}, "Choose what is wrong."),
        ({"figure": "score"}, "Choose one of the figures."),
        ({"explanation": "短"}, "Write 10 to 1000 characters."),
        ({"explanation": "长" * 1001}, "Write 10 to 1000 characters."),
        ({"phone": "12345"}, "Phone number must be 11 digits. You entered 5."),
        ({"code": "000000"}, "The code has expired. Get a new one."),
    ],
)
def test_what_is_wrong_gets_its_sentence_and_nothing_is_lost(
    changed: dict[str, str], sentence: str, shoes: Merchant, client: Client
) -> None:
    told = {"wrong": "OTHER", "figure": "", "explanation": WHY, "phone": CHEN_PHONE, "code": "123456", **changed}

    page = client.post(f"/en/s/{shoes.public_key}/correction/", told)

    assert (page.status_code, sentences(page)) == (422, [sentence])
    assert told["explanation"] in page.text
    assert not Correction.objects.exists()


def test_one_phone_objects_once_at_a_time(shoes: Merchant, office: Office) -> None:
    first = asked(shoes)
    with pytest.raises(AskedAlready):
        asked(shoes, figure="kept")
    asked(shoes, phone=LIN_PHONE)

    answer_correction(correction_id=first.pk, result="UNCHANGED", answer=ANSWER, by=office.li, at=MONDAY_NOON)
    assert asked(shoes).pk != first.pk


def test_nothing_personal_is_in_the_facts(shoes: Merchant) -> None:
    correction = asked(shoes)

    event = Event.objects.get(name="correction.asked")
    assert event.facts == {"correction": correction.pk, "about": "FIGURES"}
    assert event.chain == shoes.chain


# --- what the page says meanwhile ---------------------------------------------------------------------------


def test_the_figure_is_marked_until_the_answer(shoes: Merchant, office: Office, client: Client) -> None:
    assert "Disputed" not in page_of(shoes, client)
    correction = asked(shoes)

    page = page_of(shoes, client)
    assert page.count("Disputed") == 1
    assert "Disputed" in page.partition("#settled")[2].partition("</th>")[0]

    answer_correction(correction_id=correction.pk, result="CORRECTED", answer=ANSWER, by=office.li, at=MONDAY_NOON)
    assert "Disputed" not in page_of(shoes, client)


def test_an_objection_to_the_whole_record_stands_above_it(shoes: Merchant, client: Client) -> None:
    asked(shoes, figure="")

    assert "Somebody objects to this record." in page_of(shoes, client)


def test_an_objection_is_about_the_seller_also_after_a_merge(
    shoes: Merchant, office: Office, client: Client
) -> None:
    boots = closed_cases(office, 1)
    Merchant.objects.filter(pk=shoes.pk).update(merged_into=boots)
    correction = asked(shoes, figure="")

    assert "Somebody objects to this record." in page_of(boots, client)
    assert client.get(f"/en/s/{boots.public_key}/correction/{correction.key}/").status_code == 200


# --- the answer ---------------------------------------------------------------------------------------------


def test_an_officer_answers_at_the_desk_and_the_receipt_tells_it(
    shoes: Merchant, office: Office, client: Client
) -> None:
    correction = asked(shoes)
    officer, address = at_desk(office.li_officer), f"/en/desk/merchants/correction/{correction.pk}/change/"

    assert str(shoes) in officer.get("/en/desk/merchants/correction/?result=waiting").text
    page = officer.get(address).text
    assert WHY in page
    assert CHEN_PHONE not in page
    for told, sentence in (
        ({"result": "CORRECTED", "answer": "好"}, "Write 10 to 500 characters."),
        ({"answer": ANSWER}, "Choose what we answer."),
    ):
        refused = officer.post(address, told)
        assert (refused.status_code, sentences(refused)) == (422, [sentence])
    assert officer.post(address, {"result": "CORRECTED", "answer": ANSWER}).status_code == 302

    receipt = client.get(f"/en/s/{shoes.public_key}/correction/{correction.key}/").text
    assert ANSWER in receipt
    assert "We have put it right" in receipt
    assert clock_of(correction).met_at == MONDAY_NOON
    assert ANSWER in officer.get(address).text


def test_whoever_objected_is_told_by_text_message(shoes: Merchant, office: Office) -> None:
    correction = asked(shoes)
    answer_correction(correction_id=correction.pk, result="CORRECTED", answer=ANSWER, by=office.li, at=MONDAY_NOON)
    while deliver_next(at=MONDAY_NOON):
        continue

    told = Dispatch.objects.filter(recipient="asker").order_by("pk")
    assert [message.notice for message in told] == ["correction.asked:asker", "correction.answered:asker"]
    assert all(str(correction.key) in message.body and WHY not in message.body for message in told)
    assert {message.address for message in told} == {CHEN_PHONE}


@pytest.mark.parametrize(("at", "in_time"), [(ENDS - A_SECOND, True), (ENDS, False)])
def test_the_term_lasts_five_working_days(shoes: Merchant, office: Office, at: datetime, in_time: bool) -> None:
    correction = asked(shoes)

    answer_correction(correction_id=correction.pk, result="UNCHANGED", answer=ANSWER, by=office.li, at=at)

    term = clock_of(correction)
    assert (bool(term.met_at), bool(term.lapsed_at)) == (in_time, not in_time)


def test_when_it_lapses_the_supervisor_is_told_and_the_mark_stays(
    shoes: Merchant, office: Office, client: Client
) -> None:
    asked(shoes)
    while lapse_next(at=ENDS):
        continue
    while deliver_next(at=ENDS):
        continue

    (told,) = Dispatch.objects.filter(notice="profile.correction.lapsed:supervisors")
    assert told.address == office.zhao_supervisor.email
    assert "Disputed" in page_of(shoes, client)


def test_it_is_answered_once_in_words_and_by_the_office(shoes: Merchant, office: Office) -> None:
    correction = asked(shoes)
    for result, answer in (("", ANSWER), ("MAYBE", ANSWER), ("CORRECTED", "好")):
        with pytest.raises(OddAnswer):
            answer_correction(
                correction_id=correction.pk, result=result, answer=answer, by=office.li, at=MONDAY_NOON
            )
    with pytest.raises(NotAllowed):
        answer_correction(
            correction_id=correction.pk, result="CORRECTED", answer=ANSWER, by=chen(), at=MONDAY_NOON
        )
    answer_correction(correction_id=correction.pk, result="CORRECTED", answer=ANSWER, by=office.li, at=MONDAY_NOON)

    with pytest.raises(AnsweredAlready):
        answer_correction(
            correction_id=correction.pk, result="UNCHANGED", answer=ANSWER, by=office.li, at=MONDAY_NOON + A_DAY
        )


def test_a_receipt_of_another_seller_is_not_found(shoes: Merchant, office: Office, client: Client) -> None:
    correction, other = asked(shoes), closed_cases(office, 1)

    for address in (f"/s/{other.public_key}/correction/{correction.key}/", f"/s/{shoes.public_key}/correction/x/"):
        assert client.get(address).status_code == 404
