"""What the database itself refuses, whatever the code above it does; and what its application's role cannot do."""

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from psycopg2 import errors

from complaints.actions.evidence import add_evidence
from complaints.actions.tracing import Finding, note_tracing_step, start_tracing
from complaints.models import Breach, SetApart
from complaints.models.complaint import COMPLAINANT
from disputes.actions.mediation import answer_proposal, post_message, propose
from disputes.actions.negotiation import make_offer
from disputes.actions.signals import contest_signal
from disputes.models import Dispute
from disputes.models.dispute import RESPONDENT
from disputes.rules.terms import Terms
from disputes.selectors.sellers import SellerOfCases
from merchants.actions.agents import AgentTerms, note_agent_link
from merchants.actions.claiming import begin_claim, bring_proof, make_contest_link
from merchants.actions.commitments import make_commitment
from merchants.actions.corrections import Objection, ask_correction
from merchants.actions.identity import (
    Licensed,
    Registered,
    check_identity,
    state_licence,
    state_registration,
    state_turnover,
)
from merchants.actions.identity_changes import Change, tell_change
from merchants.actions.linking import keep_apart
from merchants.actions.ownership import end_cooling, refuse_claim
from merchants.actions.public_page import publish_name
from merchants.actions.shared import mark_shared
from merchants.actions.statements import offer_statement
from merchants.models import IdentityObjection, Licence, Merchant, Registration
from microguard.accounts.actions.codes import phone_hash
from microguard.core.models import DemoClock
from microguard.deadlines.changes import extend, suspend
from microguard.demo.models import ReceivedWebhook
from microguard.events.actions import deliver_next
from microguard.jurisdictions.models import Office as OutsideOffice
from microguard.notifications.actions.sending import send_code, send_next
from microguard.notifications.models import Circuit, Dispatch, Endpoint, HandDelivery, Letter
from tests.cases import a_filed_complaint, a_picture, a_seller, a_signed_dispute
from tests.clock import MONDAY_MORNING
from tests.database import execute
from tests.people import CHEN_PHONE, LIN_PHONE, ZHANG_PHONE, Office, chen, lin, zhang
from tests.stages import a_mediation, a_negotiation

OUR_APPS = {"accounts", "core", "events", "deadlines", "notifications", "merchants", "complaints", "disputes"}

NOTICE_COLUMNS = "year, title, number, issued_date, rest_days, make_up_days, loaded_at, loaded_by"
NOTICE = f"INSERT INTO deadlines_holidaynotice ({NOTICE_COLUMNS})"
# constraint -> a statement that would break it
BROKEN_BY = {
    "notifications_endpoint_channel_of_offices": "UPDATE notifications_endpoint SET channel = 'SMS'",
    "notifications_dispatch_only_letters_are_delivered_by_hand": (
        "UPDATE notifications_dispatch SET state = 'TO_DELIVER', sent_at = NULL WHERE channel = 'SMS'"
    ),
    "notifications_circuit_open_with_probe": "UPDATE notifications_circuit SET opened_at = now()",
    "accounts_membership_office_of_outside_roles": (
        "UPDATE accounts_membership SET office_id = NULL WHERE role = 'regulator'"
    ),
    "accounts_membership_separated_administration": (
        "INSERT INTO accounts_membership (user_id, role) SELECT user_id, 'auditor' FROM accounts_membership"
        " WHERE role = 'security_administrator'"
    ),
    "accounts_onetimecode_five_tries": "UPDATE accounts_onetimecode SET wrong_tries = 6",
    "complaints_complaint_filed_is_complete": "UPDATE complaints_complaint SET story = ''",
    "complaints_complaint_accepted_names_seller": "UPDATE complaints_complaint SET merchant_id = NULL",
    "complaints_complaint_declined_has_ground": (
        "UPDATE complaints_complaint SET state = 'DECLINED', declined_at = now(), declined_by = 'user:1'"
    ),
    "complaints_complaint_withdrawn_has_instant": "UPDATE complaints_complaint SET state = 'WITHDRAWN'",
    "complaints_complaint_told_in_codes": 'UPDATE complaints_complaint SET told_facts = \'{"goods": "鞋"}\'',
    "complaints_right_decided_by_officer": "UPDATE complaints_complaintright SET source = 'REMOVED'",
    "complaints_contest_of_a_party": "UPDATE complaints_signalcontest SET side = 'OFFICE'",
    "complaints_contest_says_something": "UPDATE complaints_signalcontest SET text = ''",
    "complaints_claim_law_or_amount": "UPDATE complaints_claim SET as_law_sets = true",
    "complaints_tracing_found_or_nothing": "UPDATE complaints_tracingstep SET certainty = 'NOTHING'",
    "core_democlock_one_row": "INSERT INTO core_democlock VALUES (2, interval '1 day')",
    "deadlines_deadline_one_holder": "UPDATE deadlines_deadline SET merchant_id = 1",
    "merchants_claim_granted_after_cooling": "UPDATE merchants_profileclaim SET proven_at = NULL, proven_by = ''",
    "merchants_claim_decided_at_end": "UPDATE merchants_profileclaim SET decided_at = NULL, decided_by = ''",
    "merchants_registration_one_of_two": "UPDATE merchants_registration SET exemption = 'SPORADIC'",
    "merchants_identitycheck_by_a_person": "UPDATE merchants_identitycheck SET level = 'CONTACT'",
    "merchants_identitychange_of_one": "UPDATE merchants_identitychange SET registration_id = NULL, licence_id = NULL",
    "merchants_identityobjection_answered_with_result": (
        "UPDATE merchants_identityobjection SET result = 'CORRECTED'"
    ),
    "merchants_agentlink_ended_has_day": "UPDATE merchants_agentlink SET until_date = since_date",
    "merchants_agentlink_of_two": "UPDATE merchants_agentlink SET agent_id = supplier_id",
    "merchants_commitment_value_of_kind": "UPDATE merchants_commitment SET value = 101",
    "merchants_commitment_ended_has_day": "UPDATE merchants_commitment SET until_date = from_date",
    "merchants_keptapart_in_order": "UPDATE merchants_keptapart SET first_id = second_id",
    "merchants_merchant_not_into_itself": "UPDATE merchants_merchant SET merged_into_id = id",
    "merchants_correction_answered_in_words": (
        "UPDATE merchants_correction SET answered_at = now(), answered_by = 'user:1'"
    ),
    "merchants_publishedname_names": "UPDATE merchants_publishedname SET name = ''",
    "merchants_statement_published_was_read": "UPDATE merchants_sellerstatement SET state = 'PUBLISHED'",
    "merchants_statement_declined_has_reason": (
        "UPDATE merchants_sellerstatement SET state = 'DECLINED', judged_at = now(), judged_by = 'user:1'"
    ),
    "deadlines_deadline_one_end": "UPDATE deadlines_deadline SET met_at = now(), lapsed_at = now()",
    "deadlines_deadline_statute_cited": "UPDATE deadlines_deadline SET basis = 'STATUTORY', article = ''",
    "deadlines_suspension_holds_a_day": (
        "UPDATE deadlines_suspension SET until_date = since_date, ended_at = now(), ended_by = 'user:1'"
    ),
    "deadlines_suspension_ended_has_day": "UPDATE deadlines_suspension SET until_date = since_date + 1",
    "deadlines_holidaynotice_loaded_once": (
        f"{NOTICE} SELECT year, 'T', 'X', '2097-11-04'::date, '{{2098-01-01}}'::date[], '{{}}'::date[], now(), 'user:1'"
        " FROM generate_series(2098, 2099) AS year"
    ),
    "deadlines_holidaynotice_named": (
        f"{NOTICE} VALUES (2098, '', 'X', '2097-11-04', '{{2098-01-01}}', '{{}}', now(), 'user:1')"
    ),
    "deadlines_holidaynotice_names_days": (
        f"{NOTICE} VALUES (2098, 'T', 'X', '2097-11-04', '{{}}', '{{}}', now(), 'user:1')"
    ),
    "deadlines_holidaynotice_off_or_worked": (
        f"{NOTICE} VALUES (2098, 'T', 'X', '2097-11-04', '{{2098-01-04}}', '{{2098-01-04}}', now(), 'user:1')"
    ),
    "deadlines_extension_two_persons": "UPDATE deadlines_extension SET approved_by = asked_by",
    "disputes_dispute_closed_has_outcome": (
        "UPDATE disputes_dispute SET state = 'CLOSED', closed_at = now(), closed_by = 'user:1'"
    ),
    "disputes_offer_of_a_party": "UPDATE disputes_offer SET side = 'OFFICE'",
    "disputes_offer_pay_days": "UPDATE disputes_offer SET pay_within_days = 61",
    "disputes_obligation_confirmed_has_instant": "UPDATE disputes_obligation SET state = 'CONFIRMED'",
    "disputes_proposal_result_at_end": "UPDATE disputes_proposal SET ended_at = now()",
    "disputes_signature_of_a_party": "UPDATE disputes_signature SET side = 'OFFICE'",
    "events_event_numbers_from_one": "INSERT INTO events_event (chain, number, name, actor, at, facts, previous, digest)"
    " VALUES ('case/1', 0, 'x.y', 'system', now(), '{}', repeat('0', 64), repeat('a', 64))",
    "notifications_dispatch_sent_with_instant": "UPDATE notifications_dispatch SET state = 'SENT', sent_at = NULL",
}
# constraint -> the table of which no row may stand there twice, and what the second row has of its own
NEVER_TWICE: dict[str, tuple[str, dict[str, str]]] = {
    "accounts_membership_once": ("accounts_membership", {}),
    "complaints_breach_once": ("complaints_breach", {"noted_by": "'user:7'"}),
    "complaints_claim_once": ("complaints_claim", {}),
    "complaints_consent_once": ("complaints_consent", {}),
    "complaints_contest_once": ("complaints_signalcontest", {"text": "'again'"}),
    "complaints_setapart_once": ("complaints_setapart", {}),
    "complaints_evidence_once": ("complaints_evidence", {"key": "gen_random_uuid()"}),
    "complaints_mention_once": ("complaints_sellermention", {}),
    "complaints_right_once": ("complaints_complaintright", {}),
    "core_idempotency_once": ("core_idempotencykey", {"request_digest": "'other'"}),
    "deadlines_deadline_one_open": ("deadlines_deadline", {"due_at": "now()"}),
    "deadlines_extension_once": ("deadlines_extension", {"asked_by": "'user:7'"}),
    "deadlines_suspension_one_open": ("deadlines_suspension", {"since_date": "since_date - 1"}),
    "disputes_answer_once": ("disputes_proposalanswer", {}),
    "disputes_assignment_one_mediator": ("disputes_assignment", {}),
    "disputes_consent_once": ("disputes_mediationconsent", {"consents": "false"}),
    "disputes_message_once": ("disputes_message", {"text": "'again'"}),
    "disputes_obligation_numbered": ("disputes_obligation", {"amount_fen": "1"}),
    "disputes_offer_one_open": ("disputes_offer", {"amount_fen": "1"}),
    "disputes_proposal_one_open": ("disputes_proposal", {"amount_fen": "1"}),
    "disputes_settlement_one_in_force": ("disputes_settlement", {"version": "version + 1"}),
    "disputes_settlement_version": ("disputes_settlement", {"void_at": "now()"}),
    "disputes_signature_once": ("disputes_signature", {}),
    "events_delivery_once": ("events_delivery", {}),
    "events_event_numbered_once": ("events_event", {"digest": "repeat('a', 64)"}),
    "merchants_claim_one_open": (
        "merchants_profileclaim",
        {"state": "'AWAITING_PROOF'", "decided_at": "NULL", "decided_by": "''"},
    ),
    "merchants_claimfile_once": ("merchants_claimfile", {"size": "1"}),
    "merchants_ownership_one_owner": (
        "merchants_ownership",
        {"claim_id": "(SELECT min(id) FROM merchants_profileclaim)"},
    ),
    "merchants_registration_one_current": ("merchants_registration", {"code_hash": "'other'"}),
    "merchants_registration_one_shop": (
        "merchants_registration",
        {"merchant_id": "(SELECT min(id) FROM merchants_merchant)"},
    ),
    "merchants_identitychange_one_of_registration": ("merchants_identitychange", {"kind": "'ENDED'"}),
    "merchants_identitychange_one_of_licence": (
        "merchants_identitychange",
        {"registration_id": "NULL", "licence_id": "(SELECT min(id) FROM merchants_licence)"},
    ),
    "merchants_identityobjection_one_open": ("merchants_identityobjection", {"kind": "'ENDED_WRONGLY'"}),
    "merchants_licence_once": ("merchants_licence", {"valid_until": "now()"}),
    "merchants_turnover_once": ("merchants_turnover", {"amount_fen": "1"}),
    "merchants_agentlink_once": ("merchants_agentlink", {"reward": "'NONE'"}),
    "merchants_commitment_one_open": ("merchants_commitment", {"value": "3"}),
    "merchants_correction_one_open": ("merchants_correction", {"key": "gen_random_uuid()"}),
    "merchants_handle_once": ("merchants_handle", {}),
    "merchants_handlekey_once": ("merchants_handlekey", {}),
    "merchants_keptapart_once": ("merchants_keptapart", {"said_by": "'user:7'"}),
    "merchants_shared_marked_once": ("merchants_sharedhandle", {"because": "'FAMILY'"}),
    "merchants_sighting_once": ("merchants_handlesighting", {"seen_by": "'user:7'"}),
    "merchants_statement_one_of_each": ("merchants_sellerstatement", {"text": "'again'"}),
    "notifications_attempt_numbered": ("notifications_attempt", {}),
    "notifications_endpoint_once": ("notifications_endpoint", {"place": "9"}),
    "notifications_letter_numbered": (
        "notifications_letter",
        {"dispatch_id": "(SELECT min(id) FROM notifications_dispatch)"},
    ),
}
# columns that are unique by themselves
UNIQUE_COLUMNS = (
    ("complaints_complaint", "number"),
    ("complaints_legalbasis", "complaint_id"),
    ("complaints_complaint", "draft_key"),
    ("merchants_merchant", "public_key"),
    ("merchants_publishedname", "merchant_id"),
    ("merchants_correction", "key"),
    ("disputes_dispute", "complaint_id"),
    ("disputes_invitation", "token_hash"),
    ("notifications_dispatch", "effect_key"),
    ("notifications_circuit", "key"),
    ("notifications_letter", "dispatch_id"),
    ("notifications_handdelivery", "dispatch_id"),
    ("demo_receivedwebhook", "webhook_id"),
    ("events_event", "digest"),
    ("events_remark", "event_id"),
    ("merchants_contestlink", "token_hash"),
    ("merchants_ownership", "claim_id"),
    ("complaints_evidence", "key"),
)


@pytest.fixture
def world(office: Office) -> None:
    """At least one row of every table: one case signed, one in mediation with an offer."""
    send_code(phone=ZHANG_PHONE, purpose="FILE", language="en", at=MONDAY_MORNING)
    DemoClock.objects.create(shift=timedelta(0))
    a_signed_dispute(officer=office.li)
    talked_about = a_mediation(office)
    post_message(dispute_id=talked_about.pk, text="您好", key="k-1", by=zhang(), at=MONDAY_MORNING)
    make_offer(dispute_id=talked_about.pk, terms=Terms(6_400, 7), by=zhang(), at=MONDAY_MORNING)
    propose(dispute_id=talked_about.pk, terms=Terms(6_400, 7, note="各半"), by=office.wang, at=MONDAY_MORNING)
    answer_proposal(
        dispute_id=talked_about.pk, accepts=True, waives_reflection=True, by=zhang(), at=MONDAY_MORNING
    )
    add_evidence(
        complaint_id=talked_about.case_id,
        upload=a_picture(),
        side="COMPLAINANT",
        kind="CHAT",
        by=zhang(),
        at=MONDAY_MORNING,
    )
    a_clock_that_was_changed(a_negotiation(office), office)
    while deliver_next(at=MONDAY_MORNING) or send_next(at=MONDAY_MORNING):
        continue
    told_by_letter(OutsideOffice.objects.get(kind="PLATFORM"))
    two_sellers_with_one_code(office)
    a_shop_with_an_owner(office)
    looked_for(office)
    a_public_record(talked_about, office)
    ReceivedWebhook.objects.create(webhook_id="msg_1", body="{}", received_at=MONDAY_MORNING)
    execute("SET CONSTRAINTS ALL IMMEDIATE")


def a_public_record(dispute: Dispute, office: Office) -> None:
    """The seller shows a name and says something for itself; the buyer contests what stands out about her."""
    merchant = dispute.complaint.merchant
    Merchant.objects.filter(pk=merchant.pk).update(state="CLAIMED")
    publish_name(merchant_id=merchant.pk, name="小李家鞋铺", by=office.li, at=MONDAY_MORNING)
    offer_statement(
        merchant_id=merchant.pk,
        text="我们已经给每位买家退款。",
        speaks_for=SellerOfCases([merchant.pk]),
        by=chen(),
        at=MONDAY_MORNING,
    )
    objection = Objection("OTHER", "", "记录里有一件不是我的。", ZHANG_PHONE, phone_hash(ZHANG_PHONE), "zh-hans")
    ask_correction(merchant_id=merchant.pk, objection=objection, by=zhang(), at=MONDAY_MORNING)
    contest_signal(
        complaint_id=dispute.complaint_id, signal="no_purchase", text="有付款记录", by=zhang(), at=MONDAY_MORNING
    )


def a_clock_that_was_changed(dispute: Dispute, office: Office) -> None:
    """Both agreed to talk longer; the term of mediation stands still for an appraisal."""
    extend("negotiation.term", dispute, asked_by=COMPLAINANT, by=RESPONDENT, at=MONDAY_MORNING)
    since = MONDAY_MORNING.date()
    suspend("mediation.term", dispute, reason="appraisal", since=since, by=office.li, at=MONDAY_MORNING)


def two_sellers_with_one_code(office: Office) -> None:
    """Two profiles carry one payment code: a person says why, and that they are two sellers."""
    shop, cousin = (a_seller(("payment_qr", "wxp://one-code")) for _each in range(2))
    mark_shared(handle_id=shop.handles.get().pk, because="FAMILY", by=office.li, at=MONDAY_MORNING)
    reason = "表兄弟两家共用一个收款码。"
    keep_apart(merchant_id=shop.pk, other_id=cousin.pk, reason=reason, by=office.li, at=MONDAY_MORNING)
    note_agent_link(
        supplier_id=shop.pk,
        agent_id=cousin.pk,
        terms=AgentTerms(MONDAY_MORNING.date()),
        seen_in="case/1",
        seen="聊天里说货从这家店拿。",
        by=office.li,
        at=MONDAY_MORNING,
    )


def looked_for(office: Office) -> None:
    """Li looks for the seller of a case and finds a name on a parcel."""
    complaint = start_tracing(complaint_id=a_filed_complaint().pk, by=office.li, at=MONDAY_MORNING)
    finding = Finding("PARCEL", "CARRIER", MONDAY_MORNING.date(), "CLAIMED", "陈四")
    note_tracing_step(complaint_id=complaint.pk, finding=finding, by=office.li, at=MONDAY_MORNING)


def a_shop_with_an_owner(office: Office) -> None:
    """Chen's claim was granted; Zhang's, brought before, is refused; Lin's waits for a decision."""
    shop = a_seller(("phone", CHEN_PHONE))
    told = {"merchant_id": shop.pk, "language": "en", "at": MONDAY_MORNING}
    other = begin_claim(proof="LICENCE", phone=ZHANG_PHONE, by=zhang(), **told)
    bring_proof(claim_id=other.pk, uploads=[a_picture()], by=zhang(), at=MONDAY_MORNING)
    refuse_claim(claim_id=other.pk, reason="照片上看不清信用代码。", by=office.li, at=MONDAY_MORNING)
    claim = begin_claim(proof="PHONE", phone=CHEN_PHONE, by=chen(), **told)
    make_contest_link(claim, at=MONDAY_MORNING)
    end_cooling(claim_id=claim.pk, at=MONDAY_MORNING + timedelta(days=8))
    commitment = make_commitment(
        merchant_id=shop.pk, kind="MULTIPLE_IF_FAKE", value=10, by=chen(), at=MONDAY_MORNING + timedelta(days=9)
    )
    Breach.objects.create(
        complaint=a_filed_complaint(),
        commitment=commitment,
        reason="没有按承诺赔偿。",
        noted_at=MONDAY_MORNING,
        noted_by="user:1",
    )
    SetApart.objects.create(
        complaint=a_filed_complaint(), reason="四件投诉的图片相同。", since_at=MONDAY_MORNING, since_by="user:1"
    )
    waiting = begin_claim(proof="LICENCE", phone=LIN_PHONE, by=lin(), **told)
    bring_proof(claim_id=waiting.pk, uploads=[a_picture()], by=lin(), at=MONDAY_MORNING)
    says_who_it_is(shop, office)


def says_who_it_is(shop: Merchant, office: Office) -> None:
    """The shop stated registration, licence and turnover; Li saw documents; then they changed, and Chen objects."""
    at = MONDAY_MORNING + timedelta(days=9)
    owner = {"merchant_id": shop.pk, "by": chen(), "at": at}
    state_registration(told=Registered("91440300708461136T", "陈记", "SOLE_TRADER", needs_licence=True), **owner)
    state_licence(told=Licensed("FOOD", "JY1440300123456", "陈记", at.date()), **owner)
    state_turnover(year=2026, shop="微信小店", amount_fen=100, **owner)
    seen = {"level": "DOCUMENTS", "looked_at": "营业执照照片和本人核对过。", "looked_date": at.date()}
    check_identity(merchant_id=shop.pk, by=office.li, at=at, **seen)
    for licence in (Licence.objects.get().pk, None):
        tell_change(told=Change("CHANGED", at.date(), licence), **owner)
    IdentityObjection.objects.create(
        merchant=shop,
        registration=Registration.objects.get(),
        kind="CODE_IS_MINE",
        explanation="执照是我的。",
        made_at=at,
        made_by="owner",
    )


def told_by_letter(office: OutsideOffice) -> None:
    """A platform whose mail server is down was told by a letter, which was delivered."""
    endpoint = Endpoint.objects.create(office=office, place=1, channel="EMAIL", address="a@platform.cn")
    Circuit.objects.create(key="webhook/1", failures=1)
    dispatch = Dispatch.objects.create(
        effect_key="letter#1",
        notice="test",
        office=office,
        endpoint=endpoint,
        channel="LETTER",
        address="演示路1号",
        subject="信",
        body="信",
        state="SENT",
        created_at=MONDAY_MORNING,
        due_at=MONDAY_MORNING,
        sent_at=MONDAY_MORNING,
    )
    Letter.objects.create(dispatch=dispatch, year=2026, serial=1)
    HandDelivery.objects.create(
        dispatch=dispatch,
        manner="FAX",
        delivered_date=MONDAY_MORNING.date(),
        noted_at=MONDAY_MORNING,
        noted_by="user:1",
    )


def constraints() -> set[str]:
    """The names of all constraints of our models but those made by `one_of` and `paired`."""
    names = {
        constraint.name
        for model in apps.get_models()
        if model._meta.app_label in OUR_APPS
        for constraint in model._meta.constraints
    }
    return {name for name in names if name not in vocabularies() and not name.endswith("_pair")}


def vocabularies() -> dict[str, tuple[str, str]]:
    """Constraint -> table and column, of all columns that hold one of a few words."""
    return {
        f"{model._meta.app_label}_{model._meta.model_name}_{field.name}_known": (
            model._meta.db_table,
            field.column,
        )
        for model in apps.get_models()
        if model._meta.app_label in OUR_APPS
        for field in model._meta.fields
        for constraint in model._meta.constraints
        if isinstance(field, models.CharField) and constraint.name.endswith(f"_{field.name}_known")
    }


def columns_of(table: str) -> list[str]:
    with connection.cursor() as cursor:
        description = connection.introspection.get_table_description(cursor, table)
    return [column.name for column in description if column.name != "id"]


def copy_of_one_row(table: str, changes: dict[str, str]) -> str:
    columns = columns_of(table)
    values = ", ".join(changes.get(name, name) for name in columns)
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table} ORDER BY id DESC LIMIT 1"


def refused_by(statement: str) -> str:
    """The constraint that refuses the statement, or "" when the database takes it."""
    try:
        with transaction.atomic():
            execute(statement)
    except IntegrityError as error:
        diagnosis: Any = error.__cause__
        return str(diagnosis.diag.constraint_name)
    return ""


def test_every_constraint_is_tried_below() -> None:
    assert constraints() == BROKEN_BY.keys() | NEVER_TWICE.keys()


def test_no_statement_breaks_a_promise(world: None) -> None:
    refusals = {name: refused_by(statement) for name, statement in BROKEN_BY.items()}

    assert {name: by for name, by in refusals.items() if name != by} == {}


def test_nothing_stands_there_twice(world: None) -> None:
    refusals = {
        name: refused_by(copy_of_one_row(table, changes)) for name, (table, changes) in NEVER_TWICE.items()
    }

    assert {name: by for name, by in refusals.items() if name != by} == {}


def test_unique_columns_are_unique(world: None) -> None:
    def same_value_again(table: str, column: str) -> str:
        others = {
            name: value
            for name, value in {
                "draft_key": "gen_random_uuid()",
                "serial": "serial + 1000",
                "number": "'MG-0000-0000'" if table == "complaints_complaint" else "number + 1000",
                "key": "gen_random_uuid()",
            }.items()
            if name != column
        }
        return copy_of_one_row(table, others)

    refusals = {(table, column): refused_by(same_value_again(table, column)) for table, column in UNIQUE_COLUMNS}

    assert {place: by for place, by in refusals.items() if place[1] not in by} == {}


def test_a_column_with_a_vocabulary_takes_no_other_word(world: None) -> None:
    refusals = {
        name: refused_by(f"UPDATE {table} SET {column} = 'LOST'")
        for name, (table, column) in vocabularies().items()
    }

    assert len(refusals) >= 15
    assert [name for name, by in refusals.items() if not by] == []


def test_a_closed_case_has_an_outcome_and_an_open_one_has_none(world: None) -> None:
    closed_without = "UPDATE disputes_dispute SET state = 'CLOSED', closed_at = now(), closed_by = 'user:1'"
    open_with = "UPDATE disputes_dispute SET outcome = 'PERFORMED'"
    closed_with = f"{closed_without}, outcome = 'PERFORMED'"

    assert refused_by(closed_without) == "disputes_dispute_closed_has_outcome"
    assert refused_by(open_with) == "disputes_dispute_closed_has_outcome"
    assert refused_by(closed_with) == ""


def test_what_a_case_rests_on_cannot_be_deleted(world: None) -> None:
    for table in ("complaints_complaint", "disputes_dispute", "merchants_merchant", "disputes_settlement"):
        with pytest.raises(IntegrityError), transaction.atomic():
            execute(f"DELETE FROM {table}")
            execute("SET CONSTRAINTS ALL IMMEDIATE")


# --- the application's role ---------------------------------------------------------------------------------


def one(statement: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()


def test_the_application_is_no_superuser_and_makes_no_roles_or_databases(db: None) -> None:
    rights = one(
        "SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls FROM pg_roles"
        " WHERE rolname = current_user"
    )

    assert rights == (False,) * 5


def test_the_application_owns_nothing(db: None) -> None:
    (owned,) = one("SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = current_user")
    (member_of,) = one(
        "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND pg_has_role(current_user, tableowner, 'USAGE')"
    )

    assert (owned, member_of) == (0, 0)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id integer)",
        "CREATE FUNCTION mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        "DROP TABLE events_event",
        "ALTER TABLE events_event DISABLE TRIGGER ALL",
        "ALTER TABLE deadlines_deadline DROP CONSTRAINT deadlines_deadline_one_open",
        "CREATE OR REPLACE FUNCTION events_append_only() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "DELETE FROM django_migrations",
        "TRUNCATE complaints_complaint CASCADE",
        "SET session_replication_role = 'replica'",
        "COPY core_idempotencykey TO PROGRAM 'cat'",
    ],
)
def test_the_application_cannot_change_the_house(db: None, statement: str) -> None:
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        execute(statement)

    assert isinstance(refused.value.__cause__, errors.InsufficientPrivilege)
