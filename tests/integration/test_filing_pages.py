"""Bad input on every screen of the filing: the exact sentence, nothing typed lost, one complaint filed."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections

from complaints.actions.filing import StepAnswers, Wanted, save_step, start_draft
from complaints.models import Complaint
from complaints.rules.filing import STEPS
from complaints.states import State
from complaints.views import filing
from merchants.states import HandleType
from microguard.accounts.actions.codes import issue_code
from microguard.accounts.models import CodePurpose
from microguard.events.models import Event
from tests.cases import a_draft, a_filed_complaint, a_picture
from tests.clock import MONDAY_MORNING, MONDAY_NOON
from tests.people import CHEN_PHONE, LIN_PHONE, ZHANG_PHONE
from tests.threads import at_once
from tests.visitors import ANSWERS, a_browser, last_code, sentences, titled

LANGUAGES = {"zh": "", "en": "/en"}
SCREENS = {slug: f"/file/{slug}/" for slug in STEPS}


@pytest.fixture(autouse=True)
def _monday_noon(clock_at: Callable[[datetime], None], request: pytest.FixtureRequest) -> None:
    if "committed" not in request.fixturenames:
        request.getfixturevalue("db")
    clock_at(MONDAY_NOON)


def post(slug: str, *, language: str = "en", draft: Complaint | None = None, **changes: Any) -> Any:
    """Zhang fills in this screen, with these answers in place of hers; None leaves an answer out."""
    given = {name: value for name, value in (ANSWERS[slug] | changes).items() if value is not None}
    return a_browser(draft=draft or a_draft()).post(LANGUAGES[language] + SCREENS[slug], given)


class Rule(NamedTuple):
    """One way to answer a screen wrongly, and the sentence for it in both languages."""

    name: str
    slug: str
    changes: dict[str, Any]
    zh: str
    en: str


CODE_WRONG = Rule(
    "otp.wrong",
    "you",
    {},
    "验证码不对。还可以试4次。",
    "That code is not right. You can try 4 more times.",
)
RULES = [
    Rule(
        "seller.none",
        "seller",
        {"value": ""},
        "请至少填一项：卖家的微信号、手机号、店铺名或昵称；也可以上传二维码或付款截图。",
        "Give at least one: the seller's WeChat ID, phone, shop name or nickname, "
        "or upload their QR code or a payment screenshot.",
    ),
    Rule(
        "seller.only-invisible-signs",
        "seller",
        {"value": "\u200b\u3000\ufeff"},
        "请至少填一项：卖家的微信号、手机号、店铺名或昵称；也可以上传二维码或付款截图。",
        "Give at least one: the seller's WeChat ID, phone, shop name or nickname, "
        "or upload their QR code or a payment screenshot.",
    ),
    Rule(
        "seller.wxid_odd",
        "seller",
        {"value": "小家鞋铺"},
        "这不太像微信号（以字母开头，6位以上）。如果是昵称，请选“店铺名或昵称”；确定没错可以继续。",
        "This does not look like a WeChat ID (starts with a letter, 6+ characters). If it is a nickname "
        "choose “Shop name or nickname”, or continue if you are sure.",
    ),
    Rule(
        "seller.phone.format",
        "seller",
        {"named_by": "phone", "value": "1390000"},
        "手机号应是11位数字。您填了7位。",
        "Phone number must be 11 digits. You entered 7.",
    ),
    Rule("seller.long", "seller", {"value": "s" * 65}, "最多64字。", "Use 64 characters or fewer."),
    Rule("item.none", "deal", {"item": "  "}, "请写买了什么，比如“运动鞋”。", "Enter what you bought."),
    Rule("item.long", "deal", {"item": "鞋" * 81}, "最多80字。", "Use 80 characters or fewer."),
    Rule("amount.none", "deal", {"amount_fen": ""}, "请填写付了多少钱。", "Enter how much you paid."),
    *(
        Rule(
            f"amount.format-{wrong[:9]}",
            "deal",
            {"amount_fen": wrong},
            "金额只能是数字，最多两位小数。",
            "Amount must be a number with up to 2 decimals.",
        )
        for wrong in ("12a", "1.234", "-5", "1e3", "NaN", "9" * 100_000)
    ),
    *(
        Rule(
            f"amount.range-{wrong}",
            "deal",
            {"amount_fen": wrong},
            "金额要大于0，不超过1,000,000元。",
            "Amount must be more than 0 and at most 1,000,000 yuan.",
        )
        for wrong in ("0", "0.00", "1000000.01")
    ),
    *(
        Rule(
            f"paid.none-{wrong}",
            "deal",
            {"paid_date": wrong},
            "请选择付款日期。记不清可以选“大概”。",
            "Choose the date you paid. Choose “About” if unsure.",
        )
        for wrong in ("", "2026-02-30", "soon", "0001-01-01", "99999-01-01")
    ),
    Rule(
        "paid.future",
        "deal",
        {"paid_date": "2026-11-24"},
        "付款日期不能晚于今天（2026-11-23）。",
        "Date paid must be today (2026-11-23) or earlier.",
    ),
    Rule("paid_by.none", "deal", {"paid_by": None}, "请选怎么付的款。", "Choose how you paid."),
    Rule("order.long", "deal", {"order_number": "9" * 65}, "最多64字。", "Use 64 characters or fewer."),
    *(
        Rule(
            f"problem.none-{wrong}",
            "problem",
            {"problem": wrong},
            "请选出了什么问题。都不对就选“其他”。",
            "Choose what went wrong, or “Something else”.",
        )
        for wrong in (None, "WAR")
    ),
    Rule(
        "story.short",
        "problem",
        {"story": "  鞋子开胶了。        "},
        "请用至少10个字说说发生了什么。",
        "Describe what happened in at least 10 characters.",
    ),
    Rule(
        "story.long",
        "problem",
        {"story": "胶" * 2001},
        "最多2000字，现在多了1字。",
        "Use 2,000 characters or fewer. You are 1 over.",
    ),
    Rule(
        "want.none",
        "want",
        {"kinds": None},
        "请选您想要的结果，可以多选。",
        "Choose what you want. You can choose more than one.",
    ),
    Rule(
        "want.amount_over",
        "want",
        {"refund_fen": "128.01"},
        "退款不能超过您付的¥128.00。想另外要赔偿，请勾选“赔偿”。",
        "Refund cannot be more than the ¥128.00 you paid. To ask for more, also choose “Compensation”.",
    ),
    Rule(
        "want.comp_none",
        "want",
        {"kinds": ["COMPENSATION"]},
        "请填写想要多少赔偿，或选“按法律规定算”。",
        "Enter the compensation you want, or choose “As the law sets”.",
    ),
    *(
        Rule(f"name.none-{len(wrong)}", "you", {"complainant_name": wrong}, "请填写您的姓名。", "Enter your name.")
        for wrong in ("", "张")
    ),
    Rule("name.long", "you", {"complainant_name": "张" * 51}, "最多50字。", "Use 50 characters or fewer."),
    *(
        Rule(
            f"phone.format-{digits}",
            "you",
            {"phone": wrong},
            f"手机号应是11位数字。您填了{digits}位。",
            f"Phone number must be 11 digits. You entered {digits}.",
        )
        for digits, wrong in ((0, ""), (10, "138 0000 000"), (12, "+86 138-0000-00011"))
    ),
    *(
        Rule(
            f"region.none-{wrong}",
            "you",
            {"division": wrong},
            "请选您所在的省和市。",
            "Choose your province and city.",
        )
        for wrong in ("", "999999")
    ),
    Rule(
        "email.format",
        "you",
        {"email": "zhang at home"},
        "请按name@example.com这样的格式填写邮箱，也可以不填。",
        "Enter an e-mail address like name@example.com, or leave it empty.",
    ),
    Rule("otp.long", "you", {"code": "1" * 13}, "请填写短信验证码。", "Enter the code from the text message."),
    Rule(
        "otp.expired",
        "you",
        {},
        "验证码过期了，请重新获取。",
        "The code has expired. Get a new one.",
    ),
    Rule(
        "truth.none",
        "check",
        {"truth": None},
        "请勾选“我说的是实话，同意把投诉发给卖家”。",
        "Tick “What I wrote is true and may be sent to the seller”.",
    ),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_wrong_answer_gets_its_sentence_and_keeps_what_was_typed(rule: Rule, language: str) -> None:
    page = post(rule.slug, language=language, **rule.changes)

    assert page.status_code == 422
    assert sentences(page) == [getattr(rule, language)]
    assert titled(page).startswith({"zh": "错误：", "en": "Error: "}[language])
    form = page.context["form"]
    for name, value in (ANSWERS[rule.slug] | rule.changes).items():
        if name in form.fields and value is not None:
            assert form[name].value() == (True if value == "on" else value)


def test_each_mistake_of_a_screen_has_its_own_sentence_beside_its_field() -> None:
    page = post("deal", item="", amount_fen="12a", paid_date="2026-11-24")

    assert len(sentences(page)) == 3
    for name in ("item", "amount_fen", "paid_date"):
        assert f'href="#id_{name}"' in page.text
        assert f'id="id_{name}_error"' in page.text
        assert page.context["form"].fields[name].get_bound_field(page.context["form"], name).aria_describedby


@pytest.mark.parametrize("slug", ["seller", "deal", "problem", "want", "you"])
def test_an_empty_screen_says_what_it_needs_and_keeps_the_draft_as_it_was(slug: str) -> None:
    draft = a_draft()

    page = post(slug, draft=draft, **dict.fromkeys(ANSWERS[slug]), nothing="1")

    assert page.status_code == 422
    assert sentences(page)
    kept = Complaint.by_pk(draft.pk)
    assert (kept.item, kept.story, kept.complainant_name) == (draft.item, draft.story, draft.complainant_name)


def test_evidence_is_not_a_must() -> None:
    page = post("evidence", kind=None)

    assert page.headers["Location"] == "/en/file/you/"


def test_what_was_typed_is_shown_as_text_and_never_as_markup() -> None:
    page = post("deal", item='"><script>alert(1)</script>', amount_fen="12a")

    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text


def test_an_odd_wechat_id_is_taken_when_the_buyer_is_sure() -> None:
    draft = a_draft()

    post("seller", draft=draft, value="小家鞋铺", sure="on")

    assert [(mention.type, mention.value) for mention in draft.mentions.all()] == [
        (HandleType.WECHAT_ID, "小家鞋铺")
    ]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("zh", "卖家的手机号和您的一样。请核对。"),
        ("en", "The seller's number is the same as yours. Check both numbers."),
    ],
)
def test_nobody_complains_about_the_own_phone(language: str, sentence: str) -> None:
    draft = a_draft()
    save_step(draft_key=draft.draft_key, answers=StepAnswers(mentions=[(HandleType.PHONE, "+86 138-0000-0001")]))

    page = post("you", language=language, draft=draft)

    assert sentences(page) == [sentence]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("zh", "您在2026-11-23投诉过同一笔交易（{number}）。去看进度，还是确实是另一笔？"),
        (
            "en",
            "You filed about the same purchase on 2026-11-23 ({number}). "
            "View it, or is this a different purchase?",
        ),
    ],
)
def test_the_same_purchase_is_asked_about_and_another_one_is_filed(language: str, sentence: str) -> None:
    earlier = a_filed_complaint()
    draft = a_draft(paid_date=date(2026, 11, 22))
    browser = a_browser(phone=ZHANG_PHONE, draft=draft)

    asked = browser.post(LANGUAGES[language] + SCREENS["check"], ANSWERS["check"])
    filed = browser.post(SCREENS["check"], ANSWERS["check"] | {"other_purchase": "1"})

    assert asked.status_code == 409
    assert sentence.format(number=earlier.number) in asked.text
    assert f"/file/done/{Complaint.by_pk(draft.pk).number}/" == filed.headers["Location"]


# --- the code ---


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wrong_code_says_how_many_tries_are_left(language: str) -> None:
    _row, digits = issue_code(phone=ZHANG_PHONE, purpose=CodePurpose.FILE, language="en", at=MONDAY_NOON)
    wrong = f"{(int(digits) + 1) % 1_000_000:06d}"

    page = post("you", language=language, code=wrong)

    assert sentences(page) == [getattr(CODE_WRONG, language)]
    assert page.context["form"]["complainant_name"].value() == "张三"


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("zh", "请等60秒再获取验证码。"),
        ("en", "Wait 60 seconds before getting another code."),
    ],
)
def test_a_second_code_is_asked_for_too_soon(language: str, sentence: str) -> None:
    issue_code(phone=ZHANG_PHONE, purpose=CodePurpose.FILE, language="en", at=MONDAY_NOON)

    page = post("you", language=language, send_code="1")

    assert sentences(page) == [sentence]


def test_the_code_proves_the_phone_and_the_answers_are_kept() -> None:
    browser = a_browser(draft=a_draft(phone="", phone_hash="", complainant_name=""))

    browser.post(SCREENS["you"], ANSWERS["you"] | {"send_code": "1"})
    proven = browser.post(SCREENS["you"], ANSWERS["you"] | {"code": last_code()})

    assert proven.headers["Location"] == SCREENS["check"]
    assert "张三" in browser.get(SCREENS["check"]).text


# --- once only ---


def filed_events() -> int:
    return Event.objects.filter(name="complaint.filed").count()


def test_a_double_tap_files_one_complaint_and_shows_the_same_receipt() -> None:
    browser = a_browser(phone=ZHANG_PHONE, draft=a_draft())

    first = browser.post(SCREENS["check"], ANSWERS["check"])
    second = browser.post(SCREENS["check"], ANSWERS["check"])

    assert first.headers["Location"] == second.headers["Location"]
    assert Complaint.objects.filed().get().number in first.headers["Location"]
    assert filed_events() == 1


@pytest.mark.parametrize(
    "difference",
    [
        pytest.param(lambda place: {}, id="the same form"),
        pytest.param(lambda place: {"key": f"tab-{place}"}, id="forms with keys of their own"),
        pytest.param(lambda place: {"regulator": "on"} if place % 2 else {}, id="the same form with other ticks"),
    ],
)
def test_browsers_that_file_the_same_draft_at_once_make_one_complaint(
    committed: None, difference: Callable[[int], dict[str, str]]
) -> None:
    draft = a_draft()
    browsers = [a_browser(phone=ZHANG_PHONE, draft=draft) for _ in range(4)]

    answers = at_once(
        *(
            partial(browser.post, SCREENS["check"], ANSWERS["check"] | difference(place))
            for place, browser in enumerate(browsers)
        )
    )

    assert [answer.status_code for answer in answers] == [302] * 4
    receipt = f"/file/done/{Complaint.objects.filed().get().number}/"
    assert {browser.get(SCREENS["check"]).headers["Location"] for browser in browsers} == {receipt}
    assert filed_events() == 1


@pytest.mark.parametrize("slug", [slug for slug in STEPS if slug not in ("seller", "check")])
def test_after_filing_the_back_button_leads_to_the_receipt_and_changes_nothing(slug: str) -> None:
    draft = a_draft()
    browser = a_browser(phone=ZHANG_PHONE, draft=draft)
    receipt = browser.post(SCREENS["check"], ANSWERS["check"]).headers["Location"]

    seen = browser.get(SCREENS[slug])
    sent = browser.post(SCREENS[slug], ANSWERS[slug] | {"item": "别的", "story": "别的" * 10})

    assert seen.headers["Location"] == sent.headers["Location"] == receipt
    assert Complaint.by_pk(draft.pk).item == "运动鞋"


def test_after_filing_the_first_screen_begins_another_complaint() -> None:
    draft = a_draft()
    browser = a_browser(phone=ZHANG_PHONE, draft=draft)
    browser.post(SCREENS["check"], ANSWERS["check"])

    again = browser.post(SCREENS["seller"], {"named_by": "nickname", "value": "小家茶铺"})

    assert again.headers["Location"] == SCREENS["deal"]
    assert Complaint.by_pk(draft.pk).mentions.get().value == "shoes_2026"
    assert Complaint.objects.get(state=State.DRAFT).mentions.get().value == "小家茶铺"


def test_a_screen_sent_in_the_moment_of_filing_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    draft = a_draft()
    a_browser(phone=ZHANG_PHONE, draft=draft).post(SCREENS["check"], ANSWERS["check"])
    monkeypatch.setattr(filing, "draft_from", lambda request: draft)  # as it was read before the filing

    answer = a_browser(draft=draft).post(SCREENS["deal"], ANSWERS["deal"] | {"item": "别的"})

    assert answer.headers["Location"] == SCREENS["check"]
    assert Complaint.by_pk(draft.pk).item == "运动鞋"


# --- a session that has ended ---

TIMED_OUT = {
    "zh": "为保护您的信息，页面已过期。您填的都保存了，验证手机后继续。",
    "en": "The page timed out to protect you. Your answers are saved; confirm your phone to go on.",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_dead_session_asks_for_the_phone_again_and_nothing_is_lost(language: str) -> None:
    draft = a_draft()
    browser = a_browser(draft=draft)

    page = browser.post(LANGUAGES[language] + SCREENS["check"], ANSWERS["check"], follow=True)

    assert page.redirect_chain == [(f"{LANGUAGES[language]}/file/you/?change=1", 302)]
    assert TIMED_OUT[language] in page.text
    assert page.context["form"]["complainant_name"].value() == "张三"
    browser.post(SCREENS["you"] + "?change=1", ANSWERS["you"] | {"send_code": "1"})
    browser.post(SCREENS["you"] + "?change=1", ANSWERS["you"] | {"code": last_code()})
    filed = browser.post(SCREENS["check"], ANSWERS["check"])
    assert filed.headers["Location"] == f"/file/done/{Complaint.by_pk(draft.pk).number}/"


def test_somebody_elses_session_does_not_file_the_draft() -> None:
    draft = a_draft()

    answer = a_browser(phone=LIN_PHONE, draft=draft).post(SCREENS["check"], ANSWERS["check"])

    assert answer.headers["Location"] == "/file/you/?change=1"
    assert Complaint.by_pk(draft.pk).state == State.DRAFT


def test_without_any_cookie_the_draft_is_found_again_by_its_phone() -> None:
    draft = a_draft()
    browser = a_browser()

    lost = browser.post(SCREENS["check"], ANSWERS["check"])
    issue_code(phone=LIN_PHONE, purpose=CodePurpose.OPEN_CASE, language="en", at=MONDAY_NOON)
    browser.post("/enter/?next=/file/resume/", {"phone": ZHANG_PHONE, "send_code": "1"})
    entered = browser.post("/enter/?next=/file/resume/", {"phone": ZHANG_PHONE, "code": last_code()})
    resumed = browser.post("/file/resume/", {"draft": str(draft.draft_key)})

    assert lost.headers["Location"] == SCREENS["seller"]
    assert entered.headers["Location"] == "/file/resume/"
    assert resumed.headers["Location"] == SCREENS["check"]
    assert "shoes_2026" in browser.get(SCREENS["check"]).text


def test_nobody_resumes_a_draft_of_another_phone() -> None:
    draft = a_draft()
    browser = a_browser(phone=LIN_PHONE)

    page = browser.post("/file/resume/", {"draft": str(draft.draft_key)})

    assert page.context["drafts"].count() == 0
    assert "mg_draft" not in browser.cookies


def test_a_forged_cookie_names_no_draft() -> None:
    browser = a_browser()
    browser.cookies["mg_draft"] = f"{a_draft().draft_key}:forged"

    assert browser.get(SCREENS["check"]).headers["Location"] == SCREENS["seller"]


# --- order and change ---


def test_a_screen_cannot_be_entered_without_a_draft() -> None:
    assert a_browser().get(SCREENS["you"]).headers["Location"] == SCREENS["seller"]


def test_the_check_screen_leads_to_what_is_missing() -> None:
    draft = start_draft(language="zh-hans", at=MONDAY_MORNING)
    save_step(draft_key=draft.draft_key, answers=StepAnswers(columns={"phone_hash": a_draft().phone_hash}))

    page = a_browser(phone=ZHANG_PHONE, draft=draft).post("/en/file/check/", ANSWERS["check"], follow=True)

    assert page.redirect_chain == [("/en/file/seller/?change=1", 302)]
    assert "Something is still missing on this page. Fill it in, then go on." in page.text


def test_a_price_put_right_afterwards_is_held_against_the_refund_again() -> None:
    draft = a_draft()
    browser = a_browser(phone=ZHANG_PHONE, draft=draft)

    changed = browser.post(SCREENS["deal"] + "?change=1", ANSWERS["deal"] | {"amount_fen": "100"})
    refused = browser.post(SCREENS["check"], ANSWERS["check"])
    want = browser.post(SCREENS["want"] + "?change=1", ANSWERS["want"])

    assert changed.headers["Location"] == SCREENS["check"]
    assert refused.headers["Location"] == "/file/want/?change=1"
    assert want.status_code == 422


def test_a_refund_that_is_not_named_is_the_whole_price() -> None:
    draft = a_draft()

    post("want", draft=draft, kinds=["REFUND", "RETURN_AND_REFUND"], refund_fen="")

    assert [(claim.kind, claim.amount_fen) for claim in draft.claims.all()] == [("RETURN_AND_REFUND", 12_800)]


def test_an_unknown_screen_is_404() -> None:
    assert a_browser(draft=a_draft()).get("/file/payment/").status_code == 404


# --- what no browser sends ---

NASTY = {
    "NUL": "a\x00b",
    "a million digits": "9" * 1_000_000,
    "as long as may be": "9" * 200_000,
    "right-to-left": "\u202e\u2066abc\u2069",
    "braces": "{n} %(n)s %s {{ 7|add:7 }} {0.__class__}",
    "astral": "😀" * 70,
}


@pytest.mark.parametrize("slug", SCREENS)
@pytest.mark.parametrize("nasty", NASTY)
def test_nasty_text_is_never_a_failure_of_ours(slug: str, nasty: str) -> None:
    draft, text = a_draft(), NASTY[nasty]
    field_by_field = [{name: text} for name in ANSWERS[slug]]

    answers = [
        post(slug, draft=draft, **change) for change in [*field_by_field, dict.fromkeys(ANSWERS[slug], text)]
    ]

    assert {answer.status_code for answer in answers} <= {302, 400, 413, 422}


@pytest.mark.parametrize("slug", SCREENS)
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"item=%ED%A0%80&story=%FF%FE&value=%ED%BF%BF&phone=%C0%80", "application/x-www-form-urlencoded"),
        (b"item=\xff\xfe&value=\xed\xa0\x80", "application/x-www-form-urlencoded; charset=no-such"),
        (b"no parts at all", "multipart/form-data"),
        (b"no parts at all", "multipart/form-data; boundary=x"),
        (b'{"item": "\\ud800"}', "application/json"),
    ],
)
def test_a_broken_body_is_never_a_failure_of_ours(slug: str, body: bytes, kind: str) -> None:
    browser = a_browser(phone=ZHANG_PHONE, draft=a_draft())

    answer = browser.generic("POST", SCREENS[slug], body, kind)

    assert answer.status_code in {302, 400, 422}


@pytest.mark.parametrize(
    "address",
    [
        "/file/done/MG%00/",
        "/file/%ED%A0%80/",
        "/c/MG-%00AAA-AAAA/",
        "/c/%FF/evidence/00000000-0000-0000-0000-000000000000/",
        f"/c/{'9' * 10_000}/",
        "/file/evidence/not-a-key/",
    ],
)
def test_a_broken_address_is_404(address: str) -> None:
    assert a_browser(phone=ZHANG_PHONE).get(address).status_code == 404


# --- how much it costs ---


def test_the_check_screen_asks_few_questions_of_the_database(django_assert_max_num_queries: Any) -> None:
    draft = a_draft()
    save_step(
        draft_key=draft.draft_key,
        answers=StepAnswers(
            mentions=[
                (HandleType.WECHAT_ID, "shoes_2026"),
                (HandleType.PHONE, CHEN_PHONE),
                (HandleType.NICKNAME, "鞋"),
            ],
            claims=[Wanted("REFUND", 12_800), Wanted("APOLOGY"), Wanted("COMPENSATION", None, as_law_sets=True)],
        ),
    )
    browser = a_browser(phone=ZHANG_PHONE, draft=draft)
    for shade in range(3):
        browser.post(SCREENS["evidence"], {"kind": "CHAT", "files": a_picture(shade=shade)})

    with django_assert_max_num_queries(7):
        page = browser.get(SCREENS["check"])

    assert "shoes_2026" in page.text


# --- the way in and the look-up ---


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("zh", "没查到。请核对查询码和手机尾号。"),
        ("en", "No match. Check the code and the last 4 digits."),
    ],
)
@pytest.mark.parametrize(
    "given",
    [
        {"number": "MG-0000-0000", "last_four": "0001"},
        {"number": "MG\x00", "last_four": "0001"},
        {"number": "9" * 100_000, "last_four": "9" * 100_000},
    ],
)
def test_a_look_up_that_finds_nothing_says_only_that(language: str, sentence: str, given: dict[str, str]) -> None:
    page = a_browser().post(f"{LANGUAGES[language]}/track/", given)

    assert page.status_code == 422
    if "\x00" not in given["number"]:
        assert set(sentences(page)) == {sentence}


def test_number_and_last_digits_show_the_stage_and_no_name() -> None:
    complaint = a_filed_complaint()
    typed = complaint.number.lower().replace("0", "o").replace("1", "l").replace("-", " ")

    page = a_browser().post("/en/track/", {"number": typed, "last_four": "0001"})

    assert page.status_code == 200
    assert complaint.number in page.text
    for secret in ("张三", ZHANG_PHONE, "shoes_2026", "运动鞋", complaint.story):
        assert secret not in page.text


def test_five_wrong_looks_close_the_look_up_for_an_hour() -> None:
    complaint = a_filed_complaint()
    look = {"number": complaint.number, "last_four": "0001"}
    browser = a_browser()

    for guess in range(5):
        browser.post("/en/track/", look | {"last_four": f"999{guess}"})

    assert browser.post("/en/track/", look).status_code == 422
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT max(expires) - now() FROM core_cache WHERE cache_key LIKE %s", [f"%{complaint.number}"]
        )
        (left,) = cursor.fetchone()
    assert left > timedelta(minutes=59)


def test_looks_that_come_at_once_are_all_counted(committed: None) -> None:
    complaint = a_filed_complaint()
    look = {"number": complaint.number}

    answers = at_once(
        *(partial(a_browser().post, "/en/track/", look | {"last_four": f"999{guess}"}) for guess in range(8))
    )
    after = a_browser().post("/en/track/", look | {"last_four": "0001"})

    assert [answer.status_code for answer in answers] == [422] * 8
    assert cache.get(f"track:{complaint.number}") == 5
    assert after.status_code == 422


def test_the_way_in_leads_only_to_places_of_ours() -> None:
    issue_code(phone=LIN_PHONE, purpose=CodePurpose.OPEN_CASE, language="en", at=MONDAY_NOON)
    browser = a_browser()
    browser.post("/enter/?next=https://elsewhere.invalid/", {"phone": ZHANG_PHONE, "send_code": "1"})

    entered = browser.post("/enter/?next=https://elsewhere.invalid/", {"phone": ZHANG_PHONE, "code": last_code()})

    assert entered.headers["Location"] == "/mine/"


def test_a_picture_names_the_seller_alone() -> None:
    browser = a_browser()

    onward = browser.post(SCREENS["seller"], {"named_by": "picture", "value": "", "picture": a_picture("qr.png")})

    draft = Complaint.objects.get()
    assert onward.headers["Location"] == SCREENS["deal"]
    assert [evidence.kind for evidence in draft.evidence.all()] == ["SELLER"]


def test_a_broken_picture_of_the_seller_keeps_what_was_typed() -> None:
    broken = SimpleUploadedFile("qr.png", b"MZ" + bytes(200))

    page = post("seller", picture=broken, value="shoes_2026")

    assert page.status_code == 422
    assert page.context["form"]["value"].value() == "shoes_2026"
