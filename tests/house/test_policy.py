"""Every route by every role: what policy.yaml says is what the server answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from disputes.actions.mediation import assign_mediator, offer_mediation
from disputes.actions.opening import make_link
from disputes.models import Dispute
from merchants.models import ProfileClaim
from microguard.accounts import policies
from microguard.accounts.actions.codes import phone_hash
from microguard.accounts.actors import SYSTEM
from microguard.accounts.middleware import PROVEN_PHONE
from microguard.core import clock
from microguard.deadlines.models import Deadline
from tests.cases import an_invited_dispute
from tests.people import CHEN_PHONE, LIN_PHONE, ZHANG_PHONE, Office

RAW = yaml.safe_load(Path(policies.PATH).read_text(encoding="utf-8"))
PUBLIC = policies.PUBLIC
# Routes of libraries that the table closes by having no row for them, or that only redirect.
OPENED = {200, 201, 204, 302, 400, 405, 409, 410, 422}


def routes() -> Iterator[str]:
    """Every named route of the project."""

    def walk(patterns: list[Any], namespace: str) -> Iterator[str]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
                yield from walk(pattern.url_patterns, inner)
            elif isinstance(pattern, URLPattern) and pattern.name:
                yield namespace + pattern.name

    yield from walk(get_resolver().url_patterns, "")


ROUTES = sorted(set(routes()))
OURS = [route for route in ROUTES if not route.startswith(("account_", "mfa_", "admin:"))]


def test_every_route_of_ours_has_a_row() -> None:
    assert [route for route in OURS if route not in RAW["routes"]] == []


def test_every_row_belongs_to_a_route() -> None:
    assert [row for row in RAW["routes"] if "*" not in row and row not in ROUTES] == []


@dataclass(frozen=True)
class Town:
    """One case in mediation, its people, and a live link."""

    dispute: Dispute
    token: str


@pytest.fixture
def town(office: Office) -> Town:
    at = clock.now()
    dispute = an_invited_dispute(officer=office.li, at=at)
    token = make_link(dispute_id=dispute.pk, by=office.li, at=at)
    dispute = Dispute.objects.lock(pk=dispute.pk)
    offer_mediation(dispute, by=SYSTEM, at=at)
    assign_mediator(dispute_id=dispute.pk, mediator_id=office.wang_mediator.pk, by=office.zhao, at=at)
    return Town(dispute, token)


PARTIES = {"complainant": ZHANG_PHONE, "respondent": CHEN_PHONE, "stranger": LIN_PHONE, "visitor": ""}
STAFF = {
    "officer": "li_officer",
    "mediator": "wang_mediator",
    "supervisor": "zhao_supervisor",
    "auditor": "zhou_auditor",
    "operator": "chen_operator",
    "security_administrator": "qian_security",
    "intake_clerk": "he_clerk",
    "regulator": "sun_regulator",
    "platform": "wu_platform",
}


def _enter(client: Client, role: str, office: Office) -> None:
    if role in STAFF:
        client.force_login(getattr(office, STAFF[role]), backend="django.contrib.auth.backends.ModelBackend")
    elif PARTIES[role]:
        session = client.session
        session[PROVEN_PHONE] = phone_hash(PARTIES[role])
        session.save()


# Routes that one table cannot try, since what they show is of one person only; where their tests stand.
TRIED_ELSEWHERE = {
    "complaints:draft_file": "tests/integration/test_evidence.py",
    "complaints:remove_file": "tests/integration/test_evidence.py",
    "disputes:evidence": "tests/integration/test_evidence.py",
    "disputes:original": "tests/integration/test_evidence.py",
    "notifications:notice": "tests/integration/test_messages_at_desk.py",
    "ops:claim_file": "tests/integration/registry/test_claim_pages.py",
    "seller:profile": "tests/integration/registry/test_profile_pages.py",
    "sellers:receipt": "tests/integration/test_correction_of_record.py",
}


def _address(route: str, town: Town) -> str | None:
    if route in TRIED_ELSEWHERE:
        return None
    number = town.dispute.complaint.number
    of_seller = {"key": town.dispute.complaint.merchant.public_key}
    clock_of_both = Deadline.objects.get(case_id=town.dispute.case_id, rule="mediation.consent").pk
    kwargs: dict[str, Any] = {
        "complaints:done": {"number": number},
        "complaints:step": {"slug": "deal"},
        "demo:become": {"role": "buyer"},
        "law:duties": {"party": "seller"},
        "law:question": {"node": "goods"},
        "disputes:respond": {"token": town.token},
        "disputes:not_me": {"token": town.token},
        "disputes:accept": {"number": number, "offer": 1},
        "disputes:deadline": {"number": number, "key": clock_of_both},
        "seller:claim": of_seller,
        "seller:contest": {"token": "no-such-token"},
        "sellers:correction": of_seller,
        "sellers:page": of_seller,
        "sellers:statement": of_seller,
        "statistics:export": {"preset": "last-month-cases", "kind": "csv"},
    }.get(route, {"number": number} if route.startswith("disputes:") else {})
    if route == "ops:claim":
        kwargs = {"claim_id": _a_claim(town)}
    return reverse(route, kwargs=kwargs)


def _a_claim(town: Town) -> int:
    """The key of a claim to the seller's profile, the same each time."""
    columns = {"proof": "LICENCE", "phone": LIN_PHONE, "begun_at": clock.now()}
    made, _new = ProfileClaim.objects.get_or_create(
        merchant=town.dispute.complaint.merchant, phone_hash=phone_hash(LIN_PHONE), defaults=columns
    )
    key: int = made.pk
    return key


# Relations that hold in the town: Wang is its mediator, Sun the regulator of its place.
HOLDING = {("mediator", "assigned"), ("regulator", "consented")}


def _expected(route: str, method: str, role: str) -> bool:
    row = RAW["routes"][route]
    action = row if isinstance(row, str) else row.get(method)
    if action is None:
        return False
    if action == PUBLIC:
        return True
    allowed = RAW["actions"][action]
    as_role = "visitor" if role == "stranger" else role
    if as_role not in allowed:
        return False
    relation = allowed[as_role]
    return not relation or (as_role, relation) in HOLDING


@pytest.mark.parametrize("role", [*PARTIES, *STAFF])
def test_the_table_decides_for_this_role(
    role: str, town: Town, office: Office, client: Client, settings: Any
) -> None:
    settings.DEMO = False
    settings.PUBLIC_RECORD_REVIEW = "2026-11-01, counsel"
    client.raise_request_exception = False
    differs = []
    for route in OURS:
        address = _address(route, town)
        if address is None or route.startswith("demo:"):
            continue
        for method in ("GET", "POST"):
            client.logout()
            _enter(client, role, office)
            if role in STAFF:
                _prove_second_factor(office, role)
            answer = client.generic(method, address, b"", "application/x-www-form-urlencoded")
            to_sign_in = answer.status_code == 302 and "/accounts/login/" in answer.headers["Location"]
            opened = answer.status_code in OPENED and not to_sign_in
            if opened != _expected(route, method, role):
                differs.append((method, route, answer.status_code, answer.headers.get("Location")))
    assert differs == []


def _prove_second_factor(office: Office, role: str) -> None:
    from allauth.mfa.models import Authenticator

    Authenticator.objects.get_or_create(
        user=getattr(office, STAFF[role]), type=Authenticator.Type.TOTP, defaults={"data": {"secret": "x"}}
    )


def test_staff_without_a_second_factor_are_led_to_setting_it_up(
    office: Office, client: Client, settings: Any
) -> None:
    settings.DEMO = False
    client.force_login(office.li_officer, backend="django.contrib.auth.backends.ModelBackend")

    answer = client.get("/desk/")

    assert answer.status_code == 302
    assert answer.headers["Location"] == reverse("mfa_activate_totp")


def test_outside_demo_mode_the_demo_answers_404(client: Client, settings: Any, db: None) -> None:
    settings.DEMO = False
    for route, kwargs in (("demo:mail", {}), ("demo:clock", {}), ("demo:become", {"role": "buyer"})):
        address = reverse(route, kwargs=kwargs)
        assert {client.get(address).status_code, client.post(address).status_code} == {404}
