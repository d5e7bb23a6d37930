"""The pages of a case: whose it is, the seller's link, one-time codes, the sentences of the parties' forms."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.test import Client

from complaints.actions.decision import ask_information
from complaints.actions.evidence import add_evidence
from complaints.states import EvidenceKind, Side
from disputes.actions.mediation import post_message, propose
from disputes.actions.negotiation import make_offer
from disputes.actions.opening import LINK_LIFE, LinkDead, enter_by_link, make_link
from disputes.models import Dispute
from disputes.rules.terms import Terms
from microguard.accounts.actions.codes import LIFE, LOCK, WrongCode, issue_code, phone_hash, prove_phone
from microguard.accounts.models import CodePurpose, OneTimeCode
from microguard.events.models import Event
from tests.cases import (
    a_dispute_to_sign,
    a_filed_complaint,
    a_picture,
    a_signed_dispute,
    an_invited_dispute,
    an_open_dispute,
)
from tests.clock import A_SECOND, MONDAY_MORNING, MONDAY_NOON
from tests.people import CHEN_PHONE, LIN_PHONE, ZHANG_PHONE, Office, chen, hire_office, zhang
from tests.stages import a_mediation
from tests.threads import at_once
from tests.visitors import a_browser, last_code, sentences


@pytest.fixture(autouse=True)
def _monday_noon(clock_at: Callable[[datetime], None]) -> None:
    clock_at(MONDAY_NOON)


def page_of(dispute: Dispute, part: str = "", language: str = "/en") -> str:
    return f"{language}/c/{dispute.complaint.number}/{part}"


def mediated(office: Office) -> Dispute:
    """Wang mediates and has proposed 80 yuan."""
    dispute = a_mediation(office)
    propose(dispute_id=dispute.pk, terms=Terms(8_000, 7, note="各让一步。"), by=office.wang, at=MONDAY_MORNING)
    return dispute


# --- whose case it is ---

SOME_KEY = "0d0f4a5e-6a4c-4b5f-9d7e-1c2b3a495867"
PAGES = (
    *("", "inform/", "withdraw/", "reply/", "offers/", "offers/1/accept/", "mediation/", "room/"),
    *("settlement/", "performance/", "add-file/", "deadlines/1/"),
    *(f"evidence/{SOME_KEY}/", f"evidence/{SOME_KEY}/original/"),
)
DEEDS = ("mediation/ask/", "room/proposal/", "settlement/refuse/", "settlement/rescind/")


@pytest.mark.parametrize("who", ["nobody", "somebody else"])
def test_a_case_that_is_not_yours_looks_like_one_that_does_not_exist(who: str, office: Office) -> None:
    dispute = a_signed_dispute(officer=office.li)
    browser = a_browser(phone="" if who == "nobody" else LIN_PHONE)

    answers = {part: browser.get(page_of(dispute, part)) for part in PAGES}
    answers |= {f"POST {part}": browser.post(page_of(dispute, part), {"x": "1"}) for part in (*PAGES, *DEEDS)}
    answers["receipt"] = browser.get(f"/en/file/done/{dispute.complaint.number}/")
    missing = browser.get("/en/c/MG-0000-0000/")

    assert {
        part: answer.status_code for part, answer in answers.items() if answer.status_code not in (404, 405)
    } == {}
    assert missing.status_code == 404
    assert answers[""].text == missing.text.replace("MG-0000-0000", dispute.complaint.number)


def test_buyer_and_seller_open_the_case_and_only_the_buyer_its_receipt(office: Office) -> None:
    dispute = an_invited_dispute(officer=office.li)
    receipt = f"/en/file/done/{dispute.complaint.number}/"
    buyer, seller = a_browser(phone=ZHANG_PHONE), a_browser(phone=CHEN_PHONE)

    assert [browser.get(page_of(dispute)).status_code for browser in (buyer, seller)] == [200, 200]
    assert [browser.get(receipt).status_code for browser in (buyer, seller)] == [200, 404]


def test_the_seller_does_not_see_the_buyers_phone_nor_the_buyer_the_sellers(office: Office) -> None:
    dispute = an_invited_dispute(officer=office.li)

    bought = a_browser(phone=ZHANG_PHONE).get(page_of(dispute))
    sold = a_browser(phone=CHEN_PHONE).get(page_of(dispute))

    assert CHEN_PHONE not in bought.text
    assert ZHANG_PHONE not in sold.text
    assert "shoes_2026" not in sold.text


def test_each_party_does_only_what_is_its_own(office: Office) -> None:
    dispute = a_signed_dispute(officer=office.li)
    buyer, seller = a_browser(phone=ZHANG_PHONE), a_browser(phone=CHEN_PHONE)

    assert buyer.get(page_of(dispute, "reply/")).status_code == 404
    for part in ("inform/", "withdraw/", "settlement/rescind/"):
        assert seller.post(page_of(dispute, part), {"reason": "other", "answer": "x"}).status_code == 404
    assert Dispute.by_pk(dispute.pk).state == "COOLING_OFF"


@pytest.mark.parametrize("part", PAGES)
def test_pages_of_a_dispute_do_not_exist_before_it(part: str, office: Office) -> None:
    complaint = a_filed_complaint()

    answer = a_browser(phone=ZHANG_PHONE).get(f"/en/c/{complaint.number}/{part}")

    assert answer.status_code == (200 if part in ("", "inform/", "withdraw/", "add-file/") else 404)


# --- the seller's link ---

LINK_DEAD = {"": "这个链接已失效", "/en": "This link no longer works"}


def linked(office: Office) -> tuple[Dispute, str]:
    """An open dispute and a link for its seller, made on Monday morning."""
    dispute = an_open_dispute(officer=office.li)
    return dispute, make_link(dispute_id=dispute.pk, by=office.li, at=MONDAY_MORNING)


def entered(token: str, browser: Client | None = None, phone: str = CHEN_PHONE) -> Any:
    """Somebody opens the link, asks for a code and sends it."""
    browser = browser or a_browser()
    browser.post(f"/en/r/{token}/", {"phone": phone, "send_code": "1"})
    return browser.post(f"/en/r/{token}/", {"phone": phone, "code": last_code()})


def test_the_link_shows_what_it_is_about_and_no_story_no_file_no_full_name(office: Office) -> None:
    dispute, token = linked(office)

    page = a_browser().get(f"/en/r/{token}/")

    assert page.status_code == 200
    assert "运动鞋" in page.text
    for secret in ("张三", ZHANG_PHONE, dispute.complaint.story, "shoes_2026"):
        assert secret not in page.text


def test_whoever_proves_a_phone_enters_and_the_link_is_used_up(office: Office) -> None:
    dispute, token = linked(office)
    browser = a_browser()

    inside = entered(token, browser)
    again = a_browser().get(f"/en/r/{token}/")

    assert inside.headers["Location"] == page_of(dispute)
    assert browser.get(page_of(dispute)).status_code == 200
    assert again.status_code == 410


@pytest.mark.parametrize("language", LINK_DEAD)
@pytest.mark.parametrize("fate", ["used", "too old", "replaced", "never made", "denied"])
def test_a_dead_link_says_so_and_offers_a_new_one(
    fate: str, language: str, office: Office, clock_at: Callable[[datetime], None]
) -> None:
    dispute, token = linked(office)
    if fate == "used":
        entered(token)
    elif fate == "too old":
        clock_at(MONDAY_MORNING + LINK_LIFE)
    elif fate == "replaced":
        make_link(dispute_id=dispute.pk, by=office.li, at=MONDAY_NOON)
    elif fate == "denied":
        a_browser().post(f"/en/r/{token}/not-me/", {"reason": "打错号码了"})
    else:
        token = "never-made"

    pages = [a_browser().get(f"{language}/r/{token}/{part}") for part in ("", "not-me/")]
    pages.append(a_browser().post(f"{language}/r/{token}/", {"phone": LIN_PHONE, "send_code": "1"}))

    for page in pages:
        assert page.status_code == 410
        assert LINK_DEAD[language] in page.text
        assert 'name="renew"' in page.text
        assert "运动鞋" not in page.text


def test_a_link_lives_to_its_last_second(office: Office, clock_at: Callable[[datetime], None]) -> None:
    _dispute, token = linked(office)
    clock_at(MONDAY_MORNING + LINK_LIFE - A_SECOND)

    assert a_browser().get(f"/en/r/{token}/").status_code == 200


def test_a_new_link_goes_to_the_known_phone_only_and_the_answer_is_the_same_for_all(office: Office) -> None:
    dispute, token = linked(office)
    entered(token)

    pages = {
        phone: a_browser().post(f"/en/r/{token}/", {"phone": phone, "renew": "1"})
        for phone in (CHEN_PHONE, LIN_PHONE, ZHANG_PHONE)
    }
    unknown = a_browser().post("/en/r/never-made/", {"phone": CHEN_PHONE, "renew": "1"})

    assert len({page.text for page in pages.values()}) == 1
    assert {page.status_code for page in (*pages.values(), unknown)} == {410}
    assert unknown.text.replace("never-made", token) == pages[CHEN_PHONE].text
    assert Event.objects.filter(chain=dispute.chain, name="respondent.link_asked").count() == 1


def test_a_new_link_needs_a_phone_number(office: Office) -> None:
    _dispute, token = linked(office)
    entered(token)

    page = a_browser().post(f"/en/r/{token}/", {"phone": "12", "renew": "1"})

    assert page.status_code == 422
    assert sentences(page) == ["Phone number must be 11 digits. You entered 2."]


def test_the_buyer_cannot_enter_as_the_seller(office: Office) -> None:
    dispute, token = linked(office)

    page = entered(token, phone=ZHANG_PHONE)

    assert page.status_code == 422
    assert sentences(page) == ["The seller's number is the same as yours. Check both numbers."]
    assert Dispute.by_pk(dispute.pk).respondent_phone_hash == ""


def test_a_second_phone_cannot_enter_a_case_whose_seller_is_known(office: Office) -> None:
    dispute = an_invited_dispute(officer=office.li)
    token = make_link(dispute_id=dispute.pk, by=office.li, at=MONDAY_MORNING)

    page = a_browser().post(f"/en/r/{token}/", {"phone": LIN_PHONE, "send_code": "1"})

    assert page.status_code == 422
    assert not OneTimeCode.objects.filter(phone_hash=phone_hash(LIN_PHONE)).exists()


def test_two_who_open_one_link_at_once_do_not_both_enter(committed: None) -> None:
    office = hire_office()
    dispute, token = linked(office)

    def enter(phone: str) -> str:
        enter_by_link(token=token, phone=phone, phone_hash=phone_hash(phone), language="en", at=MONDAY_NOON)
        return phone

    answers = at_once(partial(enter, CHEN_PHONE), partial(enter, LIN_PHONE))

    (winner,) = [answer for answer in answers if not isinstance(answer, LinkDead)]
    assert Dispute.by_pk(dispute.pk).respondent_phone == winner


# --- one-time codes ---


def issued(at: datetime = MONDAY_MORNING, purpose: str = CodePurpose.OPEN_CASE) -> str:
    return issue_code(phone=CHEN_PHONE, purpose=purpose, language="en", at=at)[1]


def other_than(code: str, number: int = 1) -> str:
    return f"{(int(code) + number) % 1_000_000:06d}"


def proven(code: str, at: datetime = MONDAY_NOON, purpose: str = CodePurpose.OPEN_CASE) -> str:
    """The code of the refusal, or "proven"."""
    try:
        prove_phone(phone=CHEN_PHONE, purpose=purpose, code=code, at=at)
    except WrongCode as refusal:
        return refusal.code
    return "proven"


def test_a_code_is_good_once(db: None) -> None:
    code = issued(MONDAY_NOON)

    assert [proven(f" {code} "), proven(code)] == ["proven", "otp_expired"]


def test_a_code_is_good_until_its_last_second(db: None) -> None:
    code = issued(MONDAY_NOON)

    assert proven(code, MONDAY_NOON + LIFE) == "otp_expired"
    assert proven(code, MONDAY_NOON + LIFE - A_SECOND) == "proven"


def test_a_code_for_one_thing_opens_no_other(db: None) -> None:
    code = issued(MONDAY_NOON, CodePurpose.SIGN)

    assert proven(code) == "otp_expired"


def test_a_newer_code_ends_the_older(db: None) -> None:
    older = issued(MONDAY_NOON)
    newer = issued(MONDAY_NOON + timedelta(minutes=1))

    later = MONDAY_NOON + timedelta(minutes=2)
    assert [proven(older, later), proven(newer, later)] == (
        ["otp_wrong", "proven"] if older != newer else ["proven", "otp_expired"]
    )


def test_the_fifth_wrong_code_locks_the_phone_for_half_an_hour(db: None) -> None:
    code = issued(MONDAY_NOON)

    answers = [proven(other_than(code, number)) for number in range(1, 6)]

    assert answers == ["otp_wrong"] * 4 + ["otp_locked"]
    assert proven(code) == "otp_locked"
    with pytest.raises(WrongCode, match=r"Too many tries|试错次数太多"):
        issued(MONDAY_NOON + LOCK - A_SECOND)
    fresh = issued(MONDAY_NOON + LOCK)
    assert proven(fresh, MONDAY_NOON + LOCK) == "proven"


def test_codes_of_a_day_come_to_an_end(db: None) -> None:
    for minute in range(5):
        issued(MONDAY_NOON + timedelta(minutes=minute))

    page = a_browser().post("/en/enter/", {"phone": CHEN_PHONE, "send_code": "1"})

    assert page.status_code == 422
    assert OneTimeCode.objects.count() == 5


def test_twenty_who_guess_at_once_get_five_tries(committed: None) -> None:
    code = issued(MONDAY_NOON)

    answers = at_once(*(partial(proven, other_than(code, number)) for number in range(1, 21)))

    assert sorted(answers) == ["otp_locked"] * 16 + ["otp_wrong"] * 4
    assert OneTimeCode.objects.get().wrong_tries == 5
    assert proven(code) == "otp_locked"


def test_twenty_who_send_the_right_code_at_once_are_let_in_once(committed: None) -> None:
    code = issued(MONDAY_NOON)

    answers = at_once(*[partial(proven, code)] * 20)

    assert sorted(answers) == ["otp_expired"] * 19 + ["proven"]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("", "试错次数太多，请30分钟后再来，或拨打0000-123456。"),
        ("/en", "Too many tries. Come back in 30 minutes or call 0000-123456."),
    ],
)
def test_the_page_says_that_the_phone_is_locked(language: str, sentence: str, db: None) -> None:
    code = issued(MONDAY_NOON)
    for number in range(1, 6):
        proven(other_than(code, number))

    page = a_browser().post(f"{language}/enter/", {"phone": CHEN_PHONE, "code": code})

    assert page.status_code == 422
    assert sentences(page) == [sentence]


def test_a_wrong_code_on_the_page_opens_nothing(db: None) -> None:
    code = issued(MONDAY_NOON)
    browser = a_browser()

    page = browser.post("/en/enter/", {"phone": CHEN_PHONE, "code": other_than(code)})

    assert sentences(page) == ["That code is not right. You can try 4 more times."]
    assert page.context["form"]["phone"].value() == CHEN_PHONE
    assert browser.get("/en/mine/").status_code == 302


# --- sentences of the parties' forms ---

FORMS = [
    ("reply/", CHEN_PHONE, an_invited_dispute, {}, "请选您的答复：同意、提另一个方案，或不同意。",
     "Choose your answer: agree, offer something else, or disagree."),
    ("reply/", CHEN_PHONE, an_invited_dispute, {"answer": "contest", "reason": "不对"},
     "请写明不同意的原因，至少10个字。", "Say why you disagree, in at least 10 characters."),
    ("offers/", CHEN_PHONE, an_invited_dispute, {"amount_fen": "", "pay_within_days": "7"},
     "方案里至少要有一项：退款金额、换货、补发、道歉或其他。",
     "An offer needs at least one thing: money, exchange, resend, apology or other."),
    ("offers/", CHEN_PHONE, an_invited_dispute, {"amount_fen": "many", "pay_within_days": "7"},
     "金额只能是数字，最多两位小数。", "Amount must be a number with up to 2 decimals."),
    ("offers/", CHEN_PHONE, an_invited_dispute, {"amount_fen": "64"}, "请选付款期限，最长60天。",
     "Choose a day for payment within 60 days."),
    ("offers/", CHEN_PHONE, an_invited_dispute, {"amount_fen": "64", "pay_within_days": "7", "note": "换" * 201},
     "最多200字。", "Use 200 characters or fewer."),
    ("settlement/", ZHANG_PHONE, a_dispute_to_sign, {"name": "张三", "code": "000000"},
     "请先看完协议再签。", "Read the agreement to the end before signing."),
    ("settlement/", ZHANG_PHONE, a_dispute_to_sign, {"read": "on", "name": "", "code": "000000"},
     "请填写您的姓名。", "Enter your name."),
    ("settlement/", ZHANG_PHONE, a_dispute_to_sign, {"read": "on", "name": "张三", "code": ""},
     "请填写短信验证码。", "Enter the code from the text message."),
    ("performance/", CHEN_PHONE, a_signed_dispute, {}, "请上传付款截图。", "Add a screenshot of the payment."),
    ("withdraw/", ZHANG_PHONE, an_invited_dispute, {}, "请选撤回的原因。", "Choose why you withdraw."),
    ("room/", ZHANG_PHONE, None, {"text": " ", "key": "k"}, "请写点什么，或附上一个文件。",
     "Write something or attach a file."),
    ("room/proposal/", CHEN_PHONE, None, {}, "请选同意还是不同意。", "Choose whether you accept."),
]  # fmt: skip


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("part", "phone", "stage", "given", "zh", "en"), FORMS, ids=lambda value: str(value)[:24])
def test_a_partys_mistake_gets_its_sentence(
    part: str,
    phone: str,
    stage: Callable[..., Dispute] | None,
    given: dict[str, str],
    zh: str,
    en: str,
    language: str,
    office: Office,
) -> None:
    dispute = stage(officer=office.li) if stage else mediated(office)
    settlement = dispute.settlements.first()
    digest = {"digest": settlement.digest} if settlement else {}

    page = a_browser(phone=phone).post(
        page_of(dispute, part, "" if language == "zh" else "/en"), given | digest | {"x": "1"}
    )

    assert page.status_code == 422
    assert sentences(page) == [zh if language == "zh" else en]


def test_an_offer_is_at_most_what_is_asked(office: Office) -> None:
    dispute = an_invited_dispute(officer=office.li)

    page = a_browser(phone=CHEN_PHONE).post(
        page_of(dispute, "offers/"), {"amount_fen": "128.01", "pay_within_days": "7", "note": "不行"}
    )

    assert sentences(page) == ["That is more than the ¥128.00 the buyer asks for."]
    assert (page.context["form"]["amount_fen"].value(), page.context["form"]["note"].value()) == ("128.01", "不行")


def test_a_changed_agreement_is_read_again_before_it_is_signed(office: Office) -> None:
    dispute = a_dispute_to_sign(officer=office.li)
    browser = a_browser(phone=ZHANG_PHONE)
    browser.post(page_of(dispute, "settlement/"), {"send_code": "1"})

    page = browser.post(
        page_of(dispute, "settlement/"),
        {"read": "on", "name": "张三", "code": last_code(), "digest": "of an older version"},
    )

    assert page.status_code == 422
    assert sentences(page) == ["The agreement has changed. Read the new version before signing."]
    assert not dispute.settlements.get().signatures.exists()


def test_an_offer_that_is_gone_cannot_be_accepted(office: Office) -> None:
    dispute = an_invited_dispute(officer=office.li)
    gone = make_offer(dispute_id=dispute.pk, terms=Terms(6_400, 7), by=chen(), at=MONDAY_MORNING)
    make_offer(dispute_id=dispute.pk, terms=Terms(3_200, 7), by=chen(), at=MONDAY_NOON)

    page = a_browser(phone=ZHANG_PHONE).post(page_of(dispute, f"offers/{gone.pk}/accept/"), {"x": "1"})

    assert page.status_code == 409
    assert sentences(page) == ["This offer is no longer valid. Load the page again to see the present one."]
    assert Dispute.by_pk(dispute.pk).state == "NEGOTIATION"


@pytest.mark.parametrize("offer", ["999999", "9" * 40, "9" * 5000])
def test_an_offer_that_never_was_is_not_accepted(offer: str, office: Office) -> None:
    dispute = an_invited_dispute(officer=office.li)

    answer = a_browser(phone=ZHANG_PHONE).post(page_of(dispute, f"offers/{offer}/accept/"), {"x": "1"})

    assert answer.status_code in {302, 404}
    assert Dispute.by_pk(dispute.pk).state == "AWAITING_ANSWER"


def test_a_message_sent_twice_is_posted_once(office: Office) -> None:
    dispute = mediated(office)
    browser = a_browser(phone=ZHANG_PHONE)

    for _tap in range(2):
        browser.post(page_of(dispute, "room/"), {"text": "鞋子照片已上传。", "key": "one-tap"})

    assert [message.text for message in dispute.messages.all()] == ["鞋子照片已上传。"]


def test_what_the_office_asked_is_answered_once(office: Office) -> None:
    complaint = a_filed_complaint()
    ask_information(
        complaint_id=complaint.pk, question="请补充付款截图，谢谢您。", by=office.li, at=MONDAY_MORNING
    )
    browser = a_browser(phone=ZHANG_PHONE)
    address = f"/en/c/{complaint.number}/inform/"

    first = browser.post(address, {"answer": "截图在这里。", "file": a_picture()})
    second = browser.post(address, {"answer": "截图在这里。"})

    assert (first.status_code, second.status_code) == (302, 422)
    assert second.context["form"]["answer"].value() == "截图在这里。"
    assert Event.objects.filter(chain=complaint.chain, name="complaint.information_given").count() == 1


@pytest.mark.parametrize("nasty", ["a\x00b", "9" * 1_000_000, "\u202e😀{n}%s{{ 7 }}", "9" * 4_999])
@pytest.mark.parametrize(
    "part", ["reply/", "offers/", "withdraw/", "settlement/", "performance/", "room/", "inform/"]
)
def test_nasty_text_is_never_a_failure_of_ours(part: str, nasty: str, office: Office) -> None:
    dispute = mediated(office)
    names = ("answer", "reason", "amount_fen", "pay_within_days", "note", "text", "key", "code", "name", "digest")
    boxes = dict.fromkeys((*names, "recovered_fen", "read"), nasty)

    for phone in (ZHANG_PHONE, CHEN_PHONE):
        answer = a_browser(phone=phone).post(page_of(dispute, part), boxes)
        assert answer.status_code in {200, 302, 400, 404, 409, 413, 422}


# --- how much it costs ---


@pytest.mark.parametrize(("phone", "most"), [(ZHANG_PHONE, 16), (CHEN_PHONE, 14)], ids=["buyer", "seller"])
def test_the_case_page_asks_few_questions_of_the_database(
    phone: str, most: int, office: Office, django_assert_max_num_queries: Any
) -> None:
    dispute = mediated(office)
    for shade in range(5):
        add_evidence(
            complaint_id=dispute.complaint_id,
            upload=a_picture(shade=shade),
            side=Side.COMPLAINANT,
            kind=EvidenceKind.CHAT,
            by=zhang(),
            at=MONDAY_MORNING,
        )
        post_message(dispute_id=dispute.pk, text=f"第{shade}条", key=str(shade), by=zhang(), at=MONDAY_MORNING)
    browser = a_browser(phone=phone)

    with django_assert_max_num_queries(most):
        page = browser.get(page_of(dispute))

    assert page.status_code == 200
