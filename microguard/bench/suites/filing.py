"""The last step of filing, against the rows that it writes."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from complaints.actions.filing import StepAnswers, Wanted, save_step, start_draft
from complaints.models import Complaint
from complaints.states import State
from complaints.views.drafts import COOKIE
from merchants.states import HandleType
from microguard.accounts.actions.codes import phone_hash
from microguard.bench.people import HOST, Office, prove
from microguard.bench.rounds import Race, Stopwatch, expect
from microguard.core.references import case_number
from microguard.deadlines.models import Deadline
from microguard.events.models import Event

TICKS = {"truth": "on", "bar_known": "on", "platform": "on", "regulator": "on"}
PHONE = "13600000000"
JSON_COLUMNS = {"facts"}
Row = dict[str, Any]


def race(office: Office, at: datetime) -> Race:
    """Return the race: a form fetched and sent, against as many plain INSERTs in one transaction."""
    browser = Client(SERVER_NAME=HOST, enforce_csrf_checks=True)
    prove(browser, phone_hash(PHONE))
    filed: list[Complaint] = []

    def once(watch: Stopwatch) -> None:
        draft = _draft(at)
        browser.cookies[COOKIE] = signing.get_cookie_signer(salt=COOKIE).sign(str(draft.draft_key))
        page = reverse("complaints:check")
        with watch.running():
            form = browser.get(page)
            token = browser.cookies[settings.CSRF_COOKIE_NAME].value
            answer = browser.post(
                page, {**TICKS, "key": str(draft.draft_key), "csrfmiddlewaretoken": token, "other_purchase": "1"}
            )
        draft.refresh_from_db()
        expect((form.status_code, answer.status_code) == (200, 302), f"filing answered {answer.status_code}")
        expect(draft.state == State.FILED and draft.consents.count() == 3, "the complaint was not filed")
        filed[:] = [draft]

    def floor(watch: Stopwatch) -> None:
        rows = _rows_of(filed[0])
        with watch.running(), transaction.atomic():
            _insert_all(rows)

    return Race(
        "filing",
        "last step of filing, form GET + POST",
        once,
        "the rows of such a filing as plain INSERTs in one transaction",
        floor,
        samples=20,
    )


def _draft(at: datetime) -> Complaint:
    draft = start_draft(language="zh-hans", at=at)
    columns = {
        "item": "运动鞋",
        "amount_fen": 12_800,
        "paid_date": at.date() - timedelta(days=3),
        "paid_by": "WECHAT_TRANSFER",
        "problem": "DEFECT",
        "story": "在微信上付了款，鞋子穿一天就开胶，卖家不理我。",
        "complainant_name": "王示例",
        "phone": PHONE,
        "phone_hash": phone_hash(PHONE),
        "division": "440300",
    }
    mentions = [(HandleType.WECHAT_ID.value, f"demo_{draft.draft_key.hex[:12]}")]
    answers = StepAnswers(columns=columns, mentions=mentions, claims=[Wanted("REFUND", 12_800)])
    return save_step(draft_key=draft.draft_key, answers=answers)


def _rows_of(complaint: Complaint) -> dict[str, list[Row]]:
    """Return what the filing wrote, by table, as the database holds it."""
    events = list(Event.objects.filter(chain=complaint.chain).values_list("pk", flat=True))
    conditions: dict[str, tuple[str, list[Any]]] = {
        "core_idempotencykey": ("key = %s", [str(complaint.draft_key)]),
        "complaints_complaint": ("id = %s", [complaint.pk]),
        "complaints_consent": ("complaint_id = %s", [complaint.pk]),
        Deadline._meta.db_table: ("case_id = %s", [complaint.pk]),
        Event._meta.db_table: ("id = ANY(%s)", [events]),
        "events_delivery": ("event_id = ANY(%s)", [events]),
    }
    with connection.cursor() as cursor:
        found = {}
        for table, (condition, values) in conditions.items():
            cursor.execute(f"SELECT * FROM {table} WHERE {condition}", values)  # noqa: S608 - names of our own
            names = [column.name for column in cursor.description]
            found[table] = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return found


def _insert_all(rows: dict[str, list[Row]]) -> None:
    """Insert the rows once more, under fresh keys."""
    mark = uuid.uuid4()
    with connection.cursor() as cursor:

        def insert(table: str, **changed: Any) -> int:
            key = 0
            for place, row in enumerate(rows[table]):
                values = {name: value for name, value in {**row, **changed}.items() if name != "id"}
                if "digest" in values:
                    values["digest"] = f"{mark.hex}{place:032d}"
                names, marks = ", ".join(values), ", ".join(["%s"] * len(values))
                cursor.execute(
                    f"INSERT INTO {table} ({names}) VALUES ({marks}) RETURNING id",  # noqa: S608
                    list(values.values()),
                )
                key = cursor.fetchone()[0]
            return key

        insert("core_idempotencykey", key=str(mark))
        case = insert("complaints_complaint", number=case_number(), draft_key=mark)
        insert("complaints_consent", complaint_id=case)
        insert("deadlines_deadline", case_id=case, subject=f"case/{case}")
        event = insert("events_event", chain=f"bench/{case}")
        insert("events_delivery", event_id=event)
