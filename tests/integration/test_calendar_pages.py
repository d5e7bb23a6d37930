"""The calendars at /ops/calendars/: looked at, a notice previewed and saved, and each refusal with what was pasted."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from microguard.accounts.models import User
from microguard.core.clock import CHINA
from microguard.dashboard import calendars
from microguard.deadlines.actions import OPEN
from microguard.deadlines.calendar import shipped_calendar
from microguard.deadlines.models import Deadline, HolidayNotice
from microguard.events.models import Event
from tests.cases import a_filed_complaint, an_open_dispute
from tests.clock import MONDAY_MORNING, TUESDAY_MORNING
from tests.notices import notice_of_2027, text_of_year
from tests.people import Office

PAGE = "/en/ops/calendars/"
DAY = "/en/desk/"
IN_DECEMBER = datetime(2026, 12, 1, 9, 0, tzinfo=CHINA)


@pytest.fixture(autouse=True)
def _now(settings: Any, clock_at: Callable[[datetime], None]) -> None:
    settings.DEMO = True  # no second factor
    clock_at(TUESDAY_MORNING)


def signed_in(user: User) -> Client:
    browser = Client()
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return browser


@pytest.fixture
def operator(office: Office) -> Client:
    return signed_in(office.chen_operator)


def entered(**changed: Any) -> dict[str, Any]:
    """The invented notice of 2027 as the form sends it."""
    paper = notice_of_2027()._asdict()
    return {**paper, "issued": paper["issued"].isoformat(), **changed}


def save(browser: Client, **changed: Any) -> Any:
    page = browser.post(PAGE, {**entered(**changed), "preview": "1"})
    return browser.post(PAGE, {**entered(**changed), "previewed": page.context["digest"], "save": "1"})


# --- looking --------------------------------------------------------------------------------------------


def test_the_page_shows_the_year_and_that_the_next_one_is_missing(operator: Client) -> None:
    page = operator.get(PAGE)

    assert page.status_code == 200
    assert "2027 holidays not loaded; Monday–Friday assumed." in page.text
    assert page.context["shown"] == 2026
    assert [line["year"] for line in page.context["years"]] == [2026, 2025, 2024, 2023, 2022, 2021, 2020]
    assert "国办发明电〔2025〕7号" in page.text


def test_the_missing_year_is_told_in_chinese(operator: Client) -> None:
    assert "2027年还没导入放假安排，期限暂按周一至周五算。" in operator.get("/ops/calendars/").text


def test_the_grid_shows_what_differs_from_the_week(operator: Client) -> None:
    page = operator.get(PAGE, {"year": "2025"})

    february = page.context["months"][1]
    kinds = {day.number: day.kind for week in february.weeks for day in week if day}
    assert [number for number, kind in kinds.items() if kind == "off"] == [3, 4]
    assert [number for number, kind in kinds.items() if kind == "work"] == [8]
    assert [number for number, kind in kinds.items() if kind == "weekend"] == [1, 2, 9, 15, 16, 22, 23]
    assert [day.number if day else 0 for day in february.weeks[0]] == [0, 0, 0, 0, 0, 1, 2]


@pytest.mark.parametrize("bent", ["1066", "x", "９９９９", "20266", ""])
def test_a_year_that_is_not_known_shows_this_one(operator: Client, bent: str) -> None:
    assert operator.get(PAGE, {"year": bent}).context["shown"] == 2026


@pytest.mark.parametrize("person", ["li_officer", "zhao_supervisor", "sun_regulator", "qian_security"])
def test_others_do_not_find_the_page(office: Office, person: str) -> None:
    browser = signed_in(getattr(office, person))

    assert (browser.get(PAGE).status_code, browser.post(PAGE, entered()).status_code) == (404, 404)


def test_the_page_costs_few_queries(office: Office, operator: Client, django_assert_max_num_queries: Any) -> None:
    for _number in range(30):
        a_filed_complaint()

    with django_assert_max_num_queries(8):
        operator.get(PAGE)


# --- loading --------------------------------------------------------------------------------------------


def test_the_preview_shows_what_would_move_and_saves_nothing(office: Office, operator: Client) -> None:
    moving = an_open_dispute(officer=office.li)
    an_open_dispute(officer=office.li, at=MONDAY_MORNING + timedelta(days=3))

    page = operator.post(PAGE, {**entered(), "preview": "1"})

    assert page.status_code == 200
    assert "Deadlines affected: 2" in page.text
    assert page.context["preview"]["rules"] == [("Mediation term", 1, 1)]
    first = page.context["preview"]["rows"][0]
    assert (first["number"], first["before"], first["due"]) == (
        moving.complaint.number,
        date(2027, 1, 22),
        date(2027, 1, 25),
    )
    assert entered()["text"].splitlines()[3] in page.text
    assert not HolidayNotice.objects.exists()
    assert not Event.objects.filter(name="deadline.recomputed").exists()


def test_saving_what_was_previewed_loads_it_and_moves_the_dates(office: Office, operator: Client) -> None:
    an_open_dispute(officer=office.li)

    answer = save(operator)

    assert (answer.status_code, answer.headers["Location"]) == (302, PAGE)
    page = operator.get(PAGE)
    assert "Loaded: 国务院办公厅关于2027年部分节假日安排的通知" in page.text
    assert (page.context["following"], page.context["recounting"]) == (None, 0)
    assert page.context["years"][0]["year"] == 2027
    term = Deadline.objects.get(OPEN, rule="mediation.term")
    assert (term.due_rolled_date, term.provisional) == (date(2027, 1, 25), False)


def test_what_was_changed_after_the_preview_is_previewed_again(operator: Client) -> None:
    digest = operator.post(PAGE, {**entered(), "preview": "1"}).context["digest"]

    page = operator.post(PAGE, {**entered(number="国办发明电〔2026〕10号"), "previewed": digest, "save": "1"})

    assert page.status_code == 200
    assert page.context["digest"] != digest
    assert not HolidayNotice.objects.exists()


def test_a_notice_pressed_twice_is_loaded_once(operator: Client) -> None:
    assert [save(operator).status_code for _press in range(1)] == [302]
    again = operator.post(PAGE, {**entered(), "save": "1"})

    assert again.status_code == 422
    assert HolidayNotice.objects.count() == 1


def test_many_rows_are_counted_and_the_first_hundred_shown(
    office: Office, operator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calendars, "ROWS", 2)
    for _number in range(5):
        an_open_dispute(officer=office.li)

    page = operator.post(PAGE, {**entered(), "preview": "1"})

    assert (len(page.context["preview"]["rows"]), page.context["preview"]["more"]) == (2, 3)
    assert "and 3 more" in page.text


OF_2026 = text_of_year(shipped_calendar().years[-1])


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"text": "一、元旦：1月1放假。"}, "text", "Row 1: date not understood: 一、元旦：1月1放假."),
        ({"text": OF_2026}, "text", "Row 1: this is about 2026, not 2027"),
        ({"text": "2027年1月1日放假。\n2月30日放假。"}, "text", "Row 2: there is no such day: 2月30日放假."),
        ({"text": "1月1日（周三）放假"}, "text", "Row 1: 2027-01-01 does not fall on the weekday in brackets"),
        ({"text": "2027-01-01 off\n2027-01-01 off"}, "text", "Row 2: 2027-01-01 stands there twice."),
        ({"text": "2027-01-02 off\n2027-01-02 work"}, "text", "Row 2: 2027-01-02 is both a day off and"),
        ({"text": "2027-01-04 work"}, "text", "Row 1: 2027-01-04 is no weekend day"),
        ({"text": "1月1日至3日放假，共5天"}, "text", "the days from first to last are 3, the notice says 5"),
        ({"text": "2027-01-01 off"}, "text", "A part of the notice is missing"),
        ({"text": "1" * 200_000}, "text", "This text is too long for a notice."),
        ({"title": "国务院办公厅关于2026年部分节假日安排的通知"}, "title", "This is not the title of a notice for 2027."),
        ({"year": "2026", "title": "国务院办公厅关于2026年部分节假日安排的通知"}, "title", "The notice of 2026 is loaded already."),
        ({"number": "7"}, "number", "Enter the number as it stands there"),
        ({"issued": "2026-12-24"}, "issued", "The notice cannot have been issued after today."),
        ({"title": ""}, "title", "Enter the title: a year is known only by its notice."),
        ({"number": ""}, "number", "Enter the number: a year is known only by its notice."),
        ({"issued": ""}, "issued", "Choose the date of issue."),
        ({"text": " "}, "text", "Paste the text of the notice."),
        ({"year": "2031"}, "year", "2031"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("button", ["preview", "save"])
def test_a_refusal_is_one_sentence_and_keeps_what_was_pasted(
    operator: Client, changed: dict[str, Any], field: str, sentence: str, button: str
) -> None:
    page = operator.post(PAGE, {**entered(**changed), button: "1"})

    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]
    ((said,),) = page.context["form"].errors.values()
    assert sentence in said
    assert page.context["form"]["text"].value() == entered(**changed)["text"]
    assert not HolidayNotice.objects.exists()
    assert not Event.objects.exists()


def test_ten_megabytes_are_not_even_read(operator: Client) -> None:
    page = operator.post(PAGE, {**entered(text="1" * 10_000_000), "preview": "1"})

    assert page.status_code == 413
    assert "This is more text than a page can take. Go back and send less of it." in page.text
    assert not HolidayNotice.objects.exists()


# --- the desk's first page ------------------------------------------------------------------------------


def test_from_december_on_the_first_page_of_the_operator_says_that_a_year_is_missing(
    office: Office, operator: Client, clock_at: Callable[[datetime], None]
) -> None:
    said = "2027 holidays not loaded"
    assert said not in operator.get(DAY).text

    clock_at(IN_DECEMBER)

    assert said in operator.get(DAY).text
    assert "is-danger" in operator.get(PAGE).text
    assert said not in signed_in(office.li_officer).get(DAY).text
    save(operator)
    assert said not in operator.get(DAY).text
