"""A notice that an operator loads: what is refused, what is kept, and how every process comes to know it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from microguard.accounts.actors import Actor, actor_of
from microguard.accounts.policies import NotAllowed
from microguard.core.clock import CHINA
from microguard.core.errors import Refusal
from microguard.deadlines import loaded_years
from microguard.deadlines.calendar import load_calendar, shipped_calendar
from microguard.deadlines.loaded_years import (
    alarm_missing_year,
    forget,
    load_notice,
    missing_year,
    with_notices,
    work_calendar,
)
from microguard.deadlines.models import HolidayNotice
from microguard.events.actions import deliver_next
from microguard.events.models import Event
from microguard.notifications.models import Dispatch
from tests.clock import A_DAY, MONDAY_MORNING
from tests.notices import OFF_2027, WORKED_2027, notice_of_2027, notice_text
from tests.people import Office

DECEMBER = datetime(2026, 12, 1, 0, 0, tzinfo=CHINA)


@pytest.fixture
def operator(office: Office) -> Actor:
    return actor_of(office.chen_operator)


def load(by: Actor, at: datetime = MONDAY_MORNING, **changed: Any) -> HolidayNotice:
    return load_notice(paper=notice_of_2027(**changed), by=by, at=at)


# --- what is kept ---------------------------------------------------------------------------------------


def test_a_notice_is_kept_with_its_days_and_makes_its_year_official(operator: Actor) -> None:
    kept = load(operator)

    kept.refresh_from_db()
    assert (kept.year, kept.number, kept.issued_date) == (2027, "国办发明电〔2026〕9号", date(2026, 11, 20))
    assert (set(kept.rest_days), set(kept.make_up_days)) == (OFF_2027, WORKED_2027)
    assert (kept.loaded_at, kept.loaded_by) == (MONDAY_MORNING, operator.reference)
    calendar = work_calendar(fresh=True)
    assert calendar.known_until == date(2027, 12, 31)
    assert calendar.is_working_day(date(2026, 12, 26))
    assert not calendar.is_working_day(date(2026, 12, 31))
    assert Event.objects.get(name="calendar.loaded").facts == {"notice": kept.pk, "year": 2027}


def test_only_an_operator_may_load(office: Office) -> None:
    for actor in (office.li, office.zhao, office.sun):
        with pytest.raises(NotAllowed):
            load(actor)

    assert not HolidayNotice.objects.exists()


def test_a_notice_that_amends_a_year_is_kept_as_a_further_version(operator: Actor) -> None:
    load(operator)
    load(
        operator,
        title="国务院办公厅关于调整2027年元旦假期安排的通知",
        number="国办发明电[2026]12号",
        text="2027-01-04 off\n2027-01-09 work",
    )

    calendar = work_calendar(fresh=True)
    year = calendar.year(2027)
    assert year is not None
    assert [notice.number for notice in year.notices] == ["国办发明电〔2026〕9号", "国办发明电〔2026〕12号"]
    assert calendar.is_working_day(date(2027, 1, 9))
    assert not calendar.is_working_day(date(2027, 1, 4))
    assert not calendar.is_working_day(date(2026, 12, 31))


def test_a_year_that_ships_can_be_amended_too(operator: Actor) -> None:
    load(
        operator,
        year=2026,
        title="国务院办公厅关于调整2026年国庆节假期安排的通知",
        number="国办发明电〔2026〕8号",
        issued=date(2026, 9, 1),
        text="2026-10-08 off",
    )

    assert work_calendar(fresh=True).edition == shipped_calendar().edition + 1
    assert not work_calendar(fresh=True).is_working_day(date(2026, 10, 8))


def test_a_notice_that_ships_later_is_taken_from_its_file(operator: Actor, tmp_path: Any) -> None:
    from shutil import copytree

    from microguard.deadlines.calendar import DATA

    wrongly_pasted = load(operator)
    folder = copytree(DATA, tmp_path / "calendars")
    (folder / "2027.toml").write_text(
        'year = 2027\nstatus = "official"\n'
        'notices = [{ title = "as shipped", number = "国办发明电〔2026〕9号", issued = 2026-11-20 }]\n'
        "off = [[2027-01-01, 2027-01-03]]\nwork = [2027-01-09]\n",
        encoding="utf-8",
    )

    calendar = with_notices(load_calendar(folder), [wrongly_pasted])

    assert calendar.edition == shipped_calendar().edition + 1
    assert calendar.is_working_day(date(2027, 1, 9))
    assert calendar.is_working_day(date(2026, 12, 31))


# --- what is refused, whole -----------------------------------------------------------------------------

OF_2026 = shipped_calendar().year(2026)
assert OF_2026 is not None
TEXT_OF_2026 = notice_text(2026, OF_2026.rest_days, OF_2026.make_up_days)
HALF_A_NOTICE = notice_text(2027, OFF_2027, WORKED_2027).partition("五、")[0]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"text": TEXT_OF_2026}, "wrong_year"),
        ({"title": "国务院办公厅关于2026年部分节假日安排的通知"}, "wrong_year"),
        ({"title": "放假安排"}, "wrong_year"),
        ({"year": 2028, "title": "国务院办公厅关于2028年部分节假日安排的通知"}, "wrong_year"),
        ({"year": 2019, "title": "国务院办公厅关于2019年部分节假日安排的通知"}, "wrong_year"),
        (
            {"year": 2026, "title": "国务院办公厅关于2026年部分节假日安排的通知", "text": TEXT_OF_2026},
            "already_loaded",
        ),
        (
            {
                "year": 2026,
                "title": "国务院办公厅关于调整2026年元旦假期安排的通知",
                "number": "国办发明电〔2025〕7号",
                "issued": date(2025, 11, 4),
            },
            "already_loaded",
        ),
        ({"number": "7号"}, "bad_number"),
        ({"number": ""}, "bad_number"),
        ({"number": "国办发明电〔2025〕7号"}, "bad_number"),
        ({"issued": date(2026, 11, 24)}, "not_issued"),
        ({"text": HALF_A_NOTICE}, "incomplete"),
        ({"text": "2027-01-01 off"}, "incomplete"),
        ({"text": "2月30日放假"}, "no_such_day"),
        ({"text": "1" * 10_000_000}, "too_long"),
        ({"text": ""}, "nothing_found"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_wrong_is_refused_and_nothing_is_loaded(
    operator: Actor, changed: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refusal) as refusal:
        load(operator, **changed)

    assert refusal.value.code == code
    assert refusal.value.message
    assert not HolidayNotice.objects.exists()
    assert not Event.objects.exists()
    assert work_calendar(fresh=True).edition == shipped_calendar().edition


def test_a_notice_is_loaded_once(operator: Actor) -> None:
    load(operator)

    for title in ("国务院办公厅关于2027年部分节假日安排的通知", "国务院办公厅关于调整2027年元旦假期的通知"):
        with pytest.raises(Refusal) as refusal:
            load(operator, title=title)
        assert refusal.value.code == "already_loaded"


def a_row(**columns: Any) -> HolidayNotice:
    return HolidayNotice(
        **{
            "year": 2027,
            "title": "a notice",
            "number": "7",
            "issued_date": date(2026, 11, 1),
            "rest_days": [date(2027, 1, 1)],
            "make_up_days": [],
            "loaded_at": MONDAY_MORNING,
            "loaded_by": "user:1",
            **columns,
        }
    )


@pytest.mark.parametrize(
    ("columns", "constraint"),
    [
        ({"number": ""}, "named"),
        ({"title": ""}, "named"),
        ({"loaded_by": ""}, "named"),
        ({"rest_days": []}, "names_days"),
        ({"make_up_days": [date(2027, 1, 1)]}, "off_or_worked"),
    ],
)
def test_the_database_keeps_the_promises(db: None, columns: dict[str, Any], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=f"deadlines_holidaynotice_{constraint}"):
        a_row(**columns).save()


def test_the_database_takes_a_number_once(db: None) -> None:
    a_row().save()

    with pytest.raises(IntegrityError, match="loaded_once"):
        a_row(year=2026).save()


def test_a_notice_is_never_changed_and_never_removed(db: None) -> None:
    row = a_row()
    row.save()

    for change in (lambda: HolidayNotice.objects.update(year=2028), lambda: row.delete()):
        with pytest.raises(DatabaseError, match=r"append-only|permission denied"), transaction.atomic():
            change()


# --- every process comes to know ------------------------------------------------------------------------


@pytest.fixture
def ticks(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """The seconds that this process counts: `ticks(1.5)` lets some pass."""
    now = [100.0]
    monkeypatch.setattr(loaded_years, "monotonic", lambda: now[0])

    def pass_time(seconds: float) -> None:
        now[0] += seconds

    return pass_time


def test_a_process_that_knows_the_calendar_asks_again_after_two_seconds(
    operator: Actor, ticks: Callable[[float], None], django_assert_num_queries: Any
) -> None:
    forget()
    before = work_calendar()
    a_row(rest_days=sorted(OFF_2027)).save()  # another process loads the year

    with django_assert_num_queries(0):
        assert work_calendar() is before
        ticks(1.9)
        assert work_calendar() is before
    ticks(0.2)
    with django_assert_num_queries(2):
        after = work_calendar()
    assert after.known_until == date(2027, 12, 31)
    ticks(2.1)
    with django_assert_num_queries(1):
        assert work_calendar() is after


# --- the alarm ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "year"),
    [
        (date(2026, 11, 30), None),
        (date(2026, 12, 1), 2027),
        (date(2026, 12, 31), 2027),
        (date(2027, 1, 1), 2027),
        (date(2027, 11, 30), 2027),
        (date(2027, 12, 1), 2028),
    ],
)
def test_from_the_first_of_december_the_next_year_is_missing(on: date, year: int | None) -> None:
    assert missing_year(shipped_calendar(), on=on) == year


def test_a_missing_year_alarms_the_operators_once_a_day(office: Office) -> None:
    for at in (
        DECEMBER - timedelta(seconds=1),
        DECEMBER,
        DECEMBER + timedelta(hours=12),
        DECEMBER + A_DAY - timedelta(seconds=1),
        DECEMBER + A_DAY,
    ):
        alarm_missing_year(at=at)
    while deliver_next(at=DECEMBER + A_DAY):
        continue

    alarms = Event.objects.filter(name="calendar.missing")
    assert [(alarm.at, alarm.facts) for alarm in alarms] == [
        (DECEMBER, {"year": 2027}),
        (DECEMBER + A_DAY, {"year": 2027}),
    ]
    mails = Dispatch.objects.filter(notice="calendar.missing:operators")
    assert {mail.address for mail in mails} == {office.chen_operator.email}
    assert {mail.subject for mail in mails} == {"2027年的放假安排还没有导入"}
    assert all("/ops/calendars/" in mail.body for mail in mails)


def test_the_alarm_ends_when_the_year_is_loaded(operator: Actor) -> None:
    load(operator)
    forget()

    assert alarm_missing_year(at=DECEMBER) is False
    assert not Event.objects.filter(name="calendar.missing").exists()
