"""Last month's cases as files: what stands in them, who gets which rows, and what stays behind."""

import hashlib
import tracemalloc
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from tempfile import TemporaryFile

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from complaints.actions.decision import decline_complaint
from complaints.models import Complaint
from disputes.actions.opening import make_link, note_invitation
from disputes.actions.performance import confirm_performance
from disputes.models import Dispute
from microguard.accounts.actors import SYSTEM, Actor
from microguard.accounts.models import Membership, User
from microguard.accounts.policies import NotAllowed
from microguard.accounts.roles import Role
from microguard.core.clock import CHINA
from microguard.deadlines.actions import lapse_next
from microguard.events.actions import first_broken_link
from microguard.events.models import Event
from microguard.jurisdictions.models import Office as OutsideOffice
from microguard.statistics.actions import export_cases, scope_for
from microguard.statistics.cases import DEFINITIONS_VERSION
from tests.cases import STORY, a_draft, a_filed_complaint, a_signed_dispute, an_open_dispute
from tests.clock import A_DAY, A_SECOND, MONDAY_MORNING
from tests.people import CHEN_PHONE, ZHANG_PHONE, Office, zhang
from tests.unit.statistics.reading import rows_of_csv, rows_of_xlsx, workbook_of

OCTOBER_12 = datetime(2026, 10, 12, 10, 0, tzinfo=CHINA)
NOVEMBER_BEGINS = datetime(2026, 11, 1, 0, 0, tzinfo=CHINA)
OCTOBER_BEGINS = datetime(2026, 10, 1, 0, 0, tzinfo=CHINA)
BEIJING, SHENZHEN, GUANGZHOU = "110105", "440300", "440100"


def exported(
    kind: str = "csv", *, scope: str | None = None, language: str = "en", at: datetime = MONDAY_MORNING
) -> bytes:
    with TemporaryFile() as file:
        export_cases(file, preset="last-month-cases", kind=kind, scope=scope, language=language, by=SYSTEM, at=at)
        return file.read()


def numbers(content: bytes) -> set[str]:
    return {row["Case number"] for row in rows_of_csv(content)}


def a_performed_case(office: Office) -> Dispute:
    """Filed, accepted, answered and signed on 12 October, paid on the 15th."""
    dispute = a_signed_dispute(officer=office.li, at=OCTOBER_12)
    return confirm_performance(dispute_id=dispute.pk, by=zhang(), at=OCTOBER_12 + 3 * A_DAY)


# --- what stands in the files -------------------------------------------------------------------------------


def test_a_performed_case_is_one_row_of_the_csv_file(office: Office) -> None:
    dispute = a_performed_case(office)

    (row,) = rows_of_csv(exported())

    assert row == {
        "Case number": dispute.complaint.number,
        "Filed on": "2026-10-12",
        "Source": "Web",
        "Province": "广东省",
        "City or district": "深圳市",
        "Where the deal was made": "",
        "Paid by": "WeChat transfer",
        "Goods or service": "运动鞋",
        "Problem": "Bad quality or broken",
        "Consumer rights": "Fair trade",
        "Amount (yuan)": "128.00",
        "Stage of the complaint": "Accepted",
        "Ground for not accepting": "",
        "Accepted on": "2026-10-12",
        "Days to the decision": "0",
        "Stage of the dispute": "Closed",
        "Seller invited on": "2026-10-12",
        "Seller answered on": "2026-10-12",
        "Answered in time": "Yes",
        "Closed on": "2026-10-15",
        "Outcome": "Settled and kept",
        "Recovered (yuan)": "64.00",
    }


def test_the_workbook_holds_the_same_row_with_real_numbers_and_dates(office: Office) -> None:
    a_performed_case(office)

    (row,) = rows_of_xlsx(exported("xlsx"))

    assert (row["Amount (yuan)"], row["Recovered (yuan)"], row["Days to the decision"]) == (128, 64, 0)
    assert (row["Filed on"], row["Closed on"]) == (datetime(2026, 10, 12), datetime(2026, 10, 15))  # noqa: DTZ001
    in_csv = rows_of_csv(exported())[0]
    texts = {heading: value for heading, value in row.items() if isinstance(value, str)}
    assert texts == {heading: in_csv[heading] for heading in texts}
    assert set(row) == set(in_csv)


def test_the_notes_of_the_workbook_say_what_the_rows_are(office: Office) -> None:
    a_filed_complaint(OCTOBER_12)

    notes = workbook_of(exported("xlsx", scope="4403"))["Notes"]

    terms = dict(notes.iter_rows(values_only=True, max_col=2))
    assert terms["Period"] == "2026-10-01 – 2026-10-31"
    assert terms["Places"] == "广东省 深圳市"
    assert terms["Version of the definitions"] == DEFINITIONS_VERSION
    assert terms["Made at"] == "2026-11-23 09:00:00+08:00"
    assert terms["Answered in time"].startswith("Yes or no")


def test_a_declined_complaint_shows_its_ground_and_has_no_dispute(office: Office) -> None:
    complaint = a_filed_complaint(OCTOBER_12)
    decline_complaint(
        complaint_id=complaint.pk,
        ground="TOO_OLD",
        reason="The purchase was more than three years ago.",
        by=office.li,
        at=OCTOBER_12 + 4 * A_DAY,
    )

    (row,) = rows_of_csv(exported())

    assert row["Ground for not accepting"] == "More than three years old"
    assert row["Days to the decision"] == "4"
    assert (row["Accepted on"], row["Stage of the dispute"], row["Outcome"], row["Recovered (yuan)"]) == ("",) * 4


def test_a_seller_who_lets_the_term_lapse_did_not_answer_in_time(office: Office) -> None:
    dispute = an_open_dispute(officer=office.li, at=OCTOBER_12)
    make_link(dispute_id=dispute.pk, by=office.li, at=OCTOBER_12)
    note_invitation(dispute_id=dispute.pk, by=office.li, at=OCTOBER_12)
    assert rows_of_csv(exported())[0]["Answered in time"] == ""

    while lapse_next(at=MONDAY_MORNING):
        pass

    assert rows_of_csv(exported())[0]["Answered in time"] == "No"


def test_no_name_phone_handle_or_story_leaves_the_house(office: Office) -> None:
    a_performed_case(office)

    whole = exported().decode()

    assert "运动鞋" in whole
    for personal in ("张三", "陈四", ZHANG_PHONE, CHEN_PHONE, "shoes_2026", STORY):
        assert personal not in whole


@pytest.mark.parametrize(
    "typed", ["加微信 13800000001 买的鞋", "鞋，电话１３８０００００００１", "鞋 138-0000-0001"]
)
def test_a_number_that_was_typed_among_the_goods_is_blotted_out(db: None, typed: str) -> None:
    a_filed_complaint(OCTOBER_12, item=typed)

    goods = rows_of_csv(exported())[0]["Goods or service"]

    assert "***" in goods
    assert "鞋" in goods
    assert "0000" not in goods
    assert "００００" not in goods


# --- texts that a spreadsheet would take for a formula ------------------------------------------------------

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "\rcmd", "＝cmd", "＋1", "－1", "＠a", " =1+1", '="a","b"']


@pytest.mark.parametrize("typed", FORMULAS)
def test_a_formula_among_the_goods_stays_text_in_both_files(db: None, typed: str) -> None:
    a_filed_complaint(OCTOBER_12, item=typed)

    in_csv = rows_of_csv(exported())[0]["Goods or service"]
    cell = workbook_of(exported("xlsx")).worksheets[0]["H2"]

    assert in_csv == f"'{typed}"
    assert cell.data_type == "s"
    assert str(cell.value).startswith("'")


@pytest.mark.parametrize("typed", ["a=b", "鞋-红色", "https://example.cn/a", "'引号'", '双"引号",逗号\n换行'])
def test_an_ordinary_text_reaches_both_files_unchanged(db: None, typed: str) -> None:
    a_filed_complaint(OCTOBER_12, item=typed)

    in_csv = rows_of_csv(exported())[0]["Goods or service"]
    cell = workbook_of(exported("xlsx")).worksheets[0]["H2"]

    assert in_csv == cell.value == typed
    assert cell.hyperlink is None


# --- what COPY and a spreadsheet could read differently ------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "\\.",  # alone on a line it once ended COPY's data
        "\\N",  # COPY's own word for nothing, in its other format
        "a\\b\\\\c",
        "鞋\r\n第二行\n第三行",
        '"整句加引号"',
        "  前后有空格  ",
        "全角　空格、逗号，句号。",
        "👟 🧧",
    ],
)
def test_every_sign_reaches_the_csv_file_as_it_was_typed(db: None, typed: str) -> None:
    a_filed_complaint(OCTOBER_12, item=typed)
    a_filed_complaint(OCTOBER_12 + A_SECOND, item="第二件")

    goods = [row["Goods or service"] for row in rows_of_csv(exported())]

    assert goods == [typed, "第二件"]


def test_a_line_of_the_csv_file_byte_by_byte(db: None) -> None:
    complaint = a_filed_complaint(OCTOBER_12, item='鞋,"红"', amount_fen=1_234_500, channel="MOMENTS")

    heading, line, rest = exported(language="zh-hans").split(b"\n")

    assert heading.startswith("\ufeff查询码,提交日期,".encode())
    # What is empty and what is missing look the same: nothing between two commas.
    assert line.decode() == (
        f'{complaint.number},2026-10-12,网上提交,广东省,深圳市,朋友圈,微信转账,"鞋,""红""",质量不好或坏了,公平交易权,12345.00,已提交'
        ",,,,,,,,,,"
    )
    assert rest == b""


# --- languages ----------------------------------------------------------------------------------------------


def test_the_csv_file_speaks_the_readers_language(office: Office) -> None:
    a_performed_case(office)

    (english,) = rows_of_csv(exported(language="en"))
    (chinese,) = rows_of_csv(exported(language="zh-hans"))

    assert list(chinese)[1] == "提交日期"
    assert (english["Answered in time"], chinese["是否按期答复"]) == ("Yes", "是")
    assert chinese["处理结果"] != english["Outcome"] != ""
    assert list(chinese.values())[3:5] == list(english.values())[3:5] == ["广东省", "深圳市"]


@pytest.mark.parametrize(("language", "sheets"), [("zh-hans", ["数据", "说明"]), ("en", ["Data", "Notes"])])
def test_the_sheets_of_the_workbook_are_named_in_the_readers_language(
    db: None, language: str, sheets: list[str]
) -> None:
    assert workbook_of(exported("xlsx", language=language)).sheetnames == sheets


# --- which rows ---------------------------------------------------------------------------------------------


def test_the_month_is_counted_in_beijing_time(db: None) -> None:
    too_early = a_filed_complaint(OCTOBER_BEGINS - A_SECOND)
    first = a_filed_complaint(OCTOBER_BEGINS)
    last = a_filed_complaint(NOVEMBER_BEGINS - A_SECOND)
    too_late = a_filed_complaint(NOVEMBER_BEGINS)

    october = exported(at=MONDAY_MORNING)
    november = exported(at=NOVEMBER_BEGINS + timedelta(days=30))

    assert numbers(october) == {first.number, last.number}
    assert numbers(november) == {too_late.number}
    assert numbers(exported(at=OCTOBER_BEGINS)) == {too_early.number}
    assert [row["Filed on"] for row in rows_of_csv(october)] == ["2026-10-01", "2026-10-31"]


def test_drafts_are_left_out(db: None) -> None:
    a_draft(OCTOBER_12)

    assert rows_of_csv(exported()) == []


def test_the_file_keeps_to_the_scope(db: None) -> None:
    filed = {
        division: a_filed_complaint(OCTOBER_12, division=division).number
        for division in (BEIJING, SHENZHEN, GUANGZHOU)
    }

    assert numbers(exported(scope=None)) == set(filed.values())
    assert numbers(exported(scope="44")) == {filed[SHENZHEN], filed[GUANGZHOU]}
    assert numbers(exported(scope="4403")) == {filed[SHENZHEN]}
    assert numbers(exported(scope="110105")) == {filed[BEIJING]}
    assert numbers(exported(scope="")) == set()


def test_supervisors_see_everything_and_regulators_their_own_place(office: Office) -> None:
    assert scope_for(office.zhao) is None
    assert scope_for(office.sun) == "4403"
    with pytest.raises(NotAllowed):
        scope_for(office.li)
    with pytest.raises(NotAllowed):
        scope_for(Actor(reference="user:0", roles=frozenset({Role.REGULATOR})))


# --- over HTTP ----------------------------------------------------------------------------------------------

DOWNLOAD = "/en/reg/export/last-month-cases"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    return client


@pytest.fixture
def november(clock_at: Callable[[datetime], None]) -> None:
    clock_at(MONDAY_MORNING)


@pytest.mark.usefixtures("november")
@pytest.mark.parametrize(
    ("kind", "content_type"),
    [
        ("csv", "text/csv; charset=utf-8"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)
def test_the_regulator_downloads_the_cases_of_her_place(office: Office, kind: str, content_type: str) -> None:
    own = a_filed_complaint(OCTOBER_12, division=SHENZHEN)
    a_filed_complaint(OCTOBER_12, division=BEIJING)

    response = signed_in(office.sun_regulator).get(f"{DOWNLOAD}.{kind}")

    assert response.status_code == 200
    assert response["Content-Type"] == content_type
    assert response["Content-Disposition"] == f'attachment; filename="last-month-cases-2026-10.{kind}"'
    assert response["Cache-Control"] == "no-store"
    content = response.getvalue()
    rows = rows_of_csv(content) if kind == "csv" else rows_of_xlsx(content)
    assert [row["Case number"] for row in rows] == [own.number]


@pytest.mark.usefixtures("november")
def test_the_supervisor_downloads_all_cases(office: Office) -> None:
    filed = {a_filed_complaint(OCTOBER_12, division=division).number for division in (SHENZHEN, BEIJING)}

    response = signed_in(office.zhao_supervisor).get(f"{DOWNLOAD}.csv")

    assert numbers(response.getvalue()) == filed


@pytest.mark.usefixtures("november")
def test_each_download_is_a_fact_on_record(office: Office) -> None:
    a_filed_complaint(OCTOBER_12)

    content = signed_in(office.sun_regulator).get(f"{DOWNLOAD}.csv").getvalue()

    fact = Event.objects.get(name="statistics.exported")
    assert (fact.chain, fact.actor, fact.at) == ("statistics/exports", office.sun.reference, MONDAY_MORNING)
    assert fact.facts == {
        "preset": "last-month-cases",
        "first": "2026-10-01",
        "kind": "csv",
        "scope": "4403",
        "rows": 1,
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    assert first_broken_link("statistics/exports") is None


@pytest.mark.usefixtures("november")
@pytest.mark.parametrize("path", ["last-month-cases.pdf", "month.csv", "last-month-cases.CSV"])
def test_a_file_that_does_not_exist_is_not_found(office: Office, path: str) -> None:
    assert signed_in(office.zhao_supervisor).get(f"/en/reg/export/{path}").status_code == 404


@pytest.mark.usefixtures("november")
def test_nobody_else_gets_a_file(office: Office) -> None:
    placeless = User.objects.create(username="placeless", name="placeless")
    without_division = OutsideOffice.objects.create(kind="REGULATOR", name="无辖区")
    Membership.objects.create(user=placeless, role=Role.REGULATOR, office=without_division)

    assert signed_in(office.li_officer).get(f"{DOWNLOAD}.csv").status_code == 404
    assert signed_in(placeless).get(f"{DOWNLOAD}.csv").status_code == 404
    assert Client().get(f"{DOWNLOAD}.csv").status_code == 302
    assert not Event.objects.filter(name="statistics.exported").exists()


@pytest.mark.usefixtures("november")
def test_asking_for_the_headers_alone_or_posting_makes_no_file(office: Office) -> None:
    client = signed_in(office.zhao_supervisor)

    assert client.head(f"{DOWNLOAD}.csv").status_code == 405
    assert client.post(f"{DOWNLOAD}.csv").status_code == 404
    assert not Event.objects.filter(name="statistics.exported").exists()


# --- many rows ----------------------------------------------------------------------------------------------


def many_copies(complaint: Complaint, count: int) -> None:
    columns = {field.attname: getattr(complaint, field.attname) for field in Complaint._meta.concrete_fields}
    Complaint.objects.bulk_create(
        Complaint(**{**columns, "id": None, "number": f"T{number}", "draft_key": uuid.uuid4()})
        for number in range(count)
    )


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_neither_queries_nor_memory_grow_with_the_rows(
    db: None, kind: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    many_copies(a_filed_complaint(OCTOBER_12), 3000)
    exported(kind)  # what is loaded once is loaded

    with TemporaryFile() as file, django_assert_max_num_queries(8):
        tracemalloc.start()
        try:
            done = export_cases(
                file,
                preset="last-month-cases",
                kind=kind,
                scope=None,
                language="en",
                by=SYSTEM,
                at=MONDAY_MORNING,
            )
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()

    assert done.rows == 3001
    assert peak < 2_000_000
