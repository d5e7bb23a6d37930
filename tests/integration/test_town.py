"""The demo's town: settled once by the real actions, true to its chains and clocks, and all but silent at the start."""

import io
import json
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import F, Q

from complaints.models import Breach, Complaint, Evidence
from complaints.selectors import cases_of_phone
from complaints.states import UNDECIDED
from complaints.states import State as ComplaintState
from disputes.models import Dispute
from disputes.selectors.signals import about_seller
from disputes.states import Outcome, State
from merchants.models import AgentLink, Merchant, Ownership, ProfileClaim
from merchants.selectors import profiles_of
from merchants.selectors.agents import chain_below
from merchants.selectors.claiming import owned_by
from merchants.selectors.commitments import open_commitments
from merchants.selectors.identity import level_of, reasons_to_check
from merchants.selectors.proposing import candidates_of
from merchants.selectors.public_page import disputed_figures
from merchants.states import ClaimState
from microguard.accounts.actions.codes import phone_hash
from microguard.core import files
from microguard.core.clock import CHINA, day_of
from microguard.deadlines.actions import OPEN, lapse_next
from microguard.deadlines.models import Deadline
from microguard.demo.management.commands import seed_demo
from microguard.demo.people import BUYER_PHONE, SELLER_PHONE
from microguard.demo.town.history import SWEPT_AFTER
from microguard.events import bell
from microguard.events.actions import deliver_next, first_broken_link
from microguard.events.models import Delivery, Event
from microguard.notifications.models import Dispatch
from microguard.statistics.periods import last_twelve_months
from microguard.statistics.publication import SMALLEST_COUNT
from microguard.statistics.sellers.standing import standing_of
from tests.clock import MONDAY_NOON

START = MONDAY_NOON + timedelta(hours=5)
THE_PAST, REGISTRY, SILENT, TODAY = 39, 14, 3, 60


def seeded() -> list[dict[str, Any]]:
    out = io.StringIO()
    call_command("seed_demo", stdout=out)
    accounts: list[dict[str, Any]] = json.loads(out.getvalue())
    return accounts


def counts() -> list[int]:
    return [model.objects.count() for model in (Complaint, Dispute, Event, Evidence, Deadline, Delivery)]


def test_the_town_is_settled_once(
    db: None, settings: Any, clock_at: Callable[[datetime], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seed_demo, "seed_cases", lambda **_: None)  # the town alone, without the generated cases
    settings.DEMO = True
    clock_at(START)

    accounts, first = seeded(), counts()
    clock_at(START + timedelta(days=1))

    assert seeded() == accounts
    assert counts() == first
    whole_and_silent()
    past_year()
    registry()
    silent_sellers()
    monday()
    who_finds_what()


def whole_and_silent() -> None:
    assert not Delivery.objects.filter(done_at__isnull=True).exists()
    assert [message.notice for message in Dispatch.objects.all()] == ["platform.identity_asked:platforms"]
    told: dict[str, list[datetime]] = defaultdict(list)
    for chain, at in Event.objects.order_by("chain", "number").values_list("chain", "at"):
        told[chain].append(at)
    assert {chain for chain in told if first_broken_link(chain) is not None} == set()
    assert {chain for chain, instants in told.items() if instants != sorted(instants)} == set()
    assert not Event.objects.filter(at__gt=START).exists()
    for evidence in Evidence.objects.all():
        assert files.path_of(evidence.sha256).exists()
        assert files.path_of(evidence.view_sha256).exists()


def past_year() -> None:
    past = Complaint.objects.filter(story__startswith="【演示】改编自")
    disputes = Dispute.objects.filter(complaint__in=past)
    closed = Counter(disputes.values_list("outcome", flat=True))

    assert past.count() == THE_PAST
    assert not disputes.exclude(state=State.CLOSED).exists()
    assert past.filter(filed_at__lt=START - timedelta(days=365)).count() == 0
    assert disputes.filter(closed_at__lt=START - timedelta(days=365)).count() == 0
    assert not past.filter(state__in=UNDECIDED).exists()
    assert past.filter(state__in=(ComplaintState.DECLINED, ComplaintState.WITHDRAWN)).count() == 5
    assert closed[Outcome.PERFORMED] == 4
    assert closed[Outcome.NO_RESPONSE] == 6
    paid = disputes.filter(outcome=Outcome.PERFORMED).values_list("recovered_fen", flat=True)
    assert sorted(paid) == [10_000, 150_000, 1_100_000, 3_000_000]
    assert len({closed_at.month for closed_at in disputes.values_list("closed_at", flat=True)}) >= 10
    assert not Deadline.objects.filter(
        OPEN, case_id__in=past.values("pk"), due_at__lte=START - SWEPT_AFTER
    ).exists()
    late = Deadline.objects.filter(lapsed_at__isnull=False)
    assert not late.exclude(lapsed_at=F("due_at") + SWEPT_AFTER).exists()


def registry() -> None:
    owned = {owner.merchant.published_name.name: owner.merchant for owner in Ownership.objects.all()}
    wigs, dresses = owned["陈四假发工作室"], owned["云裳阁"]
    record = standing_of([wigs.pk], last_twelve_months(day_of(START)), at=START)
    chain = chain_below(AgentLink.objects.order_by("pk")[0].supplier_id)
    tea = Merchant.objects.get(complaints__item="单丛茶半斤")

    assert list(owned_by(phone_hash(SELLER_PHONE)).values_list("merchant", flat=True)) == [wigs.pk]
    assert record.people > SMALLEST_COUNT  # so that a clock moved on by some weeks still shows figures
    assert (record.answered_in_time.part, record.kept.whole) == (5, 4)
    assert disputed_figures([wigs.pk]) == {"answered"}
    assert (level_of([wigs.pk]), len(open_commitments([wigs.pk], day_of(START)))) == ("REGISTER", 3)
    assert sorted(breach.withdrawn_at is None for breach in Breach.objects.all()) == [False, True]
    assert [(signal.key, len(signal.contests)) for signal in about_seller(dresses.pk, at=START)] == [
        ("threats", 1)
    ]
    assert len(profiles_of(dresses.pk)) == 2
    assert reasons_to_check([dresses.pk], on=day_of(START))
    open_ones = ProfileClaim.objects.filter(decided_at__isnull=True).values_list("state", flat=True)
    assert sorted(open_ones) == [ClaimState.CONTESTED, ClaimState.COOLING]
    assert (chain.levels, chain.persons, chain.is_clue) == (3, 3, True)
    assert [each.is_exact for each in candidates_of(tea.pk)] == [True]
    assert candidates_of(chain.links[0].supplier_id) == []  # one payment code, and two sellers
    assert Complaint.objects.get(state=ComplaintState.TRACING_SELLER).tracing_steps.count() == 3


def silent_sellers() -> None:
    ended = Deadline.objects.filter(OPEN, rule="respondent.answer", due_at__lte=START)

    assert ended.count() == SILENT
    # START is a Monday: the last term before it ended with Friday.
    assert set(ended.values_list("due_at", flat=True)) == {datetime(2026, 11, 21, tzinfo=CHINA)}
    while lapse_next(at=START) or deliver_next(at=START):
        continue
    told = Dispatch.objects.filter(office__isnull=False).values_list("office__name", "channel", "state")
    assert Counter(told) == {
        ("深圳市市场监管（演示）", "EMAIL", "DUE"): 3,
        ("社交平台（演示）", "WEBHOOK", "DUE"): 1,
        ("地址填错的直播平台（演示）", "WEBHOOK", "DUE"): 1,
        ("信件往来的平台（演示）", "LETTER", "TO_DELIVER"): 2,
    }


def monday() -> None:
    today = Complaint.objects.filter(filed_at__gte=START - timedelta(hours=8), filed_at__lt=START)
    stages = Counter(today.values_list("state", flat=True))

    assert today.count() == TODAY
    assert stages == {ComplaintState.FILED: 55, ComplaintState.NEEDS_INFORMATION: 2, ComplaintState.ACCEPTED: 3}
    assert not Dispute.objects.filter(complaint__in=today, state=State.CLOSED).exists()
    waiting = Deadline.objects.filter(OPEN, rule="complaint.acceptance", due_at__gt=START, case_id__in=today)
    assert waiting.count() == stages[ComplaintState.FILED] + stages[ComplaintState.NEEDS_INFORMATION]
    proven = today.filter(source="WEB").exclude(filed_by="complainant")
    assert not proven.exists()
    assert not today.exclude(Q(source="WEB") | Q(filed_by__startswith="user:")).exists()


def who_finds_what() -> None:
    mine = list(cases_of_phone(phone_hash(BUYER_PHONE)))
    theirs = list(cases_of_phone(phone_hash(SELLER_PHONE)))

    assert [complaint.state for complaint in mine] == [ComplaintState.FILED]
    # The shop of the demo's seller has a past; in one case of it nobody came in.
    assert Counter(complaint.dispute.state for complaint in theirs) == {State.AWAITING_ANSWER: 1, State.CLOSED: 5}
    phones = {complaint.phone for complaint in Complaint.objects.all()}
    assert all(phone.startswith("1380000") for phone in phones)
    assert (
        len(phones) == THE_PAST + REGISTRY + 1 + SILENT + TODAY - 26
    )  # the traced seller's buyer; twenty-seven letters have one sender
    names = [complaint.complainant_name for complaint in Complaint.objects.exclude(source="LETTER")]
    assert len(set(names)) == len(names)


def test_the_demos_mail_can_be_searched(client: Any, settings: Any, tmp_path: Any) -> None:
    settings.DEMO, settings.MAIL_DIR = True, str(tmp_path)
    for folder in ("new", "cur", "tmp"):
        (tmp_path / folder).mkdir()
    for number, to in enumerate(("13800000001@sms.invalid", "13900000002@sms.invalid")):
        (tmp_path / "new" / f"{number}.demo").write_text(
            f"To: {to}\nSubject: MG-0000-000{number}\nDate: Mon, 23 Nov 2026 12:00:0{number} +0800\n\nhello\n"
        )

    def found(about: str) -> list[str]:
        mails = client.get("/demo/mail/", {"format": "json", "about": about}).json()["mails"]
        return [mail["subject"] for mail in mails]

    assert found("") == ["MG-0000-0001", "MG-0000-0000"]
    assert found("13800000001") == ["MG-0000-0000"]
    assert found("MG-0000-0001") == ["MG-0000-0001"]
    assert found("nobody") == []


def test_no_bell_rings_while_the_town_is_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[str] = []
    monkeypatch.setattr(bell.app, "send_task", lambda task, **_options: rung.append(task))

    with bell.muffled():
        bell.ring("events.relay")
    bell.ring("notifications.dispatch")

    assert rung == ["notifications.dispatch"]


@pytest.mark.parametrize("name", ["history.toml", "monday.toml", "pictures.toml", "registry.toml"])
def test_the_towns_data_lie_beside_its_code(name: str) -> None:
    from microguard.demo.town.entries import DATA

    assert (DATA / name).is_file()
    assert DATA.parent.name == "demo"
