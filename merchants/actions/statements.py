"""A seller's own statement: offered by the seller, read at the desk, published or declined."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from merchants.models import Merchant, SellerStatement
from merchants.models.statements import LONGEST_STATEMENT
from merchants.states import StatementState
from microguard.accounts import policies
from microguard.accounts.actors import Actor, Subject
from microguard.core.errors import Refusal
from microguard.core.locks import hold
from microguard.events import actions as events

SHORTEST_STATEMENT, SHORTEST_REASON, LONGEST_REASON = 10, 10, 300


class OddStatement(Refusal):
    """The statement is too short or too long."""

    code = "odd_statement"


class NoReason(Refusal):
    """A statement is not declined without a word."""

    code = "no_reason"


class JudgedAlready(Refusal):
    """Somebody has read the statement, or a newer one has taken its place."""

    code = "judged_already"


@transaction.atomic
def offer_statement(
    *, merchant_id: int, text: str, speaks_for: Subject, by: Actor, at: datetime
) -> SellerStatement:
    """Offer a statement for the public page; it takes the place of one that still waits.

    `speaks_for` is the thing that knows whether the actor is this seller: its cases, or its claim.

    :raises microguard.accounts.policies.NotAllowed: when the actor is not known to be the seller
    :raises OddStatement: when it is too short or too long
    """
    hold(f"merchant/{merchant_id}")
    merchant: Merchant = Merchant.objects.lock(pk=merchant_id)
    policies.require(by, "statement.offer", speaks_for)
    text = text.strip().replace("\r\n", "\n")
    if not SHORTEST_STATEMENT <= len(text) <= LONGEST_STATEMENT:
        raise OddStatement(
            _("Write {least} to {most} characters."), least=SHORTEST_STATEMENT, most=LONGEST_STATEMENT
        )
    merchant.statements.filter(state=StatementState.WAITING).update(state=StatementState.REPLACED)
    statement: SellerStatement = SellerStatement.objects.create(
        merchant=merchant, text=text, offered_at=at, offered_by=by.reference
    )
    events.record("statement.offered", merchant, by=by, at=at, statement=statement.pk)
    return statement


@transaction.atomic
def judge_statement(
    *, statement_id: int, publishes: bool, reason: str = "", by: Actor, at: datetime
) -> SellerStatement:
    """Publish a statement as it is, in place of an older one, or decline it with a reason the seller reads.

    :raises JudgedAlready: when it waits no more
    :raises NoReason: when it is declined without a reason
    """
    merchant = SellerStatement.by_pk(statement_id).merchant
    hold(merchant.chain)
    statement: SellerStatement = SellerStatement.objects.lock(pk=statement_id)
    policies.require(by, "statement.judge")
    if statement.state != StatementState.WAITING:
        raise JudgedAlready(_("This statement waits no more. Load the page again."))
    statement.reason = "" if publishes else reason.strip()
    if not publishes and not SHORTEST_REASON <= len(statement.reason) <= LONGEST_REASON:
        raise NoReason(_("Say in {least} to {most} characters why."), least=SHORTEST_REASON, most=LONGEST_REASON)
    if publishes:
        merchant.statements.filter(state=StatementState.PUBLISHED).update(state=StatementState.REPLACED)
    statement.state = StatementState.PUBLISHED if publishes else StatementState.DECLINED
    statement.judged_at, statement.judged_by = at, by.reference
    statement.save()
    if publishes:
        events.record("statement.published", merchant, by=by, at=at, statement=statement.pk)
    else:
        events.record("statement.declined", merchant, by=by, at=at, statement=statement.pk)
    return statement
