"""Who states a registration wrongly: an unproven statement is ended with a reason, contested, and can stand again.

A credit code is current at one seller only, so a false word on it keeps the true holder out. The holder says so on
its own page and a person of the office looks at it; whoever stated it is told, reads the reason and can object.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from merchants.actions.identity import hold_code, own_seller, stated_elsewhere
from merchants.actions.ownership import OWNER, held_seller
from merchants.models import IdentityCheck, IdentityObjection, Merchant, Registration
from merchants.rules.identity import compact
from merchants.selectors import profiles_of
from merchants.selectors.claiming import owner_of
from merchants.selectors.identity import checks_in_force, ended_by_office, registration_of
from merchants.states import CorrectionResult, ObjectionKind
from microguard.accounts import policies
from microguard.accounts.actors import Actor
from microguard.core.errors import Refusal
from microguard.core.locks import hold
from microguard.core.reasons import in_words
from microguard.deadlines import actions as deadlines
from microguard.events import actions as events
from microguard.events.remarks import remark


class NotEndable(Refusal):
    """There is no unproven statement of a registration to end, or none to let stand again."""

    code = "not_endable"


class NotObjectable(Refusal):
    """There is nothing to object to, or an objection waits already."""

    code = "not_objectable"


class NotAnswerable(Refusal):
    """The objection was answered already, lacks its result, or somebody else has to answer it."""

    code = "not_answerable"


@transaction.atomic
def end_statement(*, merchant_id: int, reason: str, by: Actor, at: datetime) -> Registration:
    """End what the seller states of its registration, for a reason that the seller reads; its code is free then.

    :raises microguard.core.errors.NotFound: when there is no such seller
    :raises microguard.core.reasons.ReasonMissing: when the reason is too short
    :raises NotEndable: when no registration is stated, or when it is proven
    """
    _root, profiles = held_seller(merchant_id)
    policies.require(by, "identity.judge")
    fact = registration_of(profiles)
    if fact is None or fact.exemption:
        raise NotEndable(_("No business licence is stated here now."))
    return _end(fact, profiles, in_words(reason), by, at)


@transaction.atomic
def restore_statement(*, registration_id: int, by: Actor, at: datetime) -> Registration:
    """Let a statement stand again that the office had ended.

    :raises microguard.core.errors.NotFound: when there is no such statement
    :raises NotEndable: when it stands, when the seller has stated something since, or when its code is taken now
    """
    fact = Registration.by_pk(registration_id)
    _root, profiles = held_seller(fact.merchant_id)
    policies.require(by, "identity.judge")
    return _restore(fact, profiles, by, at)


@transaction.atomic
def withdraw_check(*, check_id: int, reason: str, by: Actor, at: datetime) -> IdentityCheck:
    """Take back that a statement was checked, because that was a mistake; it may be ended then like any other.

    :raises microguard.core.errors.NotFound: when there is no such check
    :raises microguard.core.reasons.ReasonMissing: when the reason is too short
    :raises NotEndable: when it was taken back already
    """
    fact = IdentityCheck.by_pk(check_id).registration
    _root, profiles = held_seller(fact.merchant_id)
    check: IdentityCheck = IdentityCheck.objects.lock(pk=check_id)
    policies.require(by, "identity.judge")
    words = in_words(reason)
    if check.withdrawn_at is not None:
        raise NotEndable(_("It is taken back already."), code="withdrawn")
    check.withdrawn_at, check.withdrawn_by = at, by.reference
    check.save(update_fields=["withdrawn_at", "withdrawn_by"])
    if not checks_in_force(fact, owner_of(profiles)).exists():
        deadlines.cancel(fact.merchant, "identity.check_again", at=at)
    remark(events.record("identity.check_withdrawn", fact.merchant, by=by, at=at, check=check.pk), words)
    return check


@transaction.atomic
def claim_code(*, merchant_id: int, code: str, explanation: str, by: Actor, at: datetime) -> IdentityObjection:
    """Say that a credit code is one's own which another profile states; a person of the office looks at it.

    :raises microguard.accounts.policies.NotAllowed: for anybody but the owner
    :raises microguard.core.reasons.ReasonMissing: when the explanation is too short
    :raises NotObjectable: when nobody else states it, or an earlier objection waits
    """
    merchant, profiles = own_seller(merchant_id, by)
    words = in_words(explanation)
    other = stated_elsewhere(compact(code), profiles)
    if other is None:
        raise NotObjectable(_("No other profile states this credit code now: you can state it yourself."))
    return _object(ObjectionKind.CODE_IS_MINE, merchant, other, words, at)


@transaction.atomic
def contest_end(*, merchant_id: int, explanation: str, by: Actor, at: datetime) -> IdentityObjection:
    """Object to it that the office ended what one had stated; somebody else of the office answers.

    :raises microguard.accounts.policies.NotAllowed: for anybody but the owner
    :raises microguard.core.reasons.ReasonMissing: when the explanation is too short
    :raises NotObjectable: when nothing was ended, something was stated since, or an earlier objection waits
    """
    merchant, profiles = own_seller(merchant_id, by)
    words = in_words(explanation)
    fact = ended_by_office(profiles)
    if fact is None:
        raise NotObjectable(_("Nothing that you stated was ended by us."))
    return _object(ObjectionKind.ENDED_WRONGLY, merchant, fact, words, at)


@transaction.atomic
def answer_objection(*, objection_id: int, result: str, answer: str, by: Actor, at: datetime) -> IdentityObjection:
    """Answer in words. With CORRECTED the other's statement ends, or the ended one stands again.

    Whoever stated it and whoever objects read the answer.

    :raises microguard.core.errors.NotFound: when there is no such objection
    :raises microguard.core.reasons.ReasonMissing: when the answer is too short
    :raises NotAnswerable: when it was answered, for an unknown result, or when one would confirm one's own deed
    :raises NotEndable: when what is about to follow is not possible
    """
    asked = IdentityObjection.by_pk(objection_id)
    chains = {f"merchant/{key}" for each in _sellers(asked) for key in profiles_of(each)}
    hold(*chains)  # of both sellers at once, in one order
    objection: IdentityObjection = IdentityObjection.objects.lock(pk=objection_id)
    fact, stated_by = objection.registration, profiles_of(objection.registration.merchant_id)
    policies.require(by, "identity.judge")
    words = in_words(answer)
    deadlines.catch_up(objection.merchant, at=at)
    if objection.answered_at:
        raise NotAnswerable(_("This was answered already. Load the page again."))
    if result not in CorrectionResult.values:
        raise NotAnswerable(_("Choose what we answer."))
    is_about_end = objection.kind == ObjectionKind.ENDED_WRONGLY
    if is_about_end and result == CorrectionResult.UNCHANGED and by.reference == fact.ended_by:
        raise NotAnswerable(_("You ended this statement yourself: somebody else decides that it stays so."))
    # What a person did meanwhile is not done twice.
    if result == CorrectionResult.CORRECTED and is_about_end and fact.end_reason:
        _restore(fact, stated_by, by, at)
    elif result == CorrectionResult.CORRECTED and not is_about_end and fact.ended_at is None:
        _end(fact, stated_by, words, by, at)
    objection.result, objection.answer = CorrectionResult(result), words
    objection.answered_at, objection.answered_by = at, by.reference
    objection.save()
    deadlines.meet("identity.objection", objection.merchant, at=at, subject=objection.subject)
    events.record("identity.objection_answered", objection.merchant, by=by, at=at, objection=objection.pk)
    return objection


def _sellers(objection: IdentityObjection) -> tuple[int, int]:
    return objection.merchant_id, objection.registration.merchant_id


def _object(
    kind: ObjectionKind, merchant: Merchant, about: Registration, words: str, at: datetime
) -> IdentityObjection:
    if merchant.identity_objections.filter(answered_at__isnull=True).exists():
        raise NotObjectable(_("Your earlier objection waits for our answer."))
    objection: IdentityObjection = IdentityObjection.objects.create(
        merchant=merchant, registration=about, kind=kind, explanation=words, made_at=at, made_by=OWNER.reference
    )
    deadlines.start("identity.objection", merchant, subject=objection.subject, at=at)
    events.record("identity.objection_made", merchant, by=OWNER, at=at, objection=objection.pk, kind=kind)
    return objection


def _end(fact: Registration, profiles: list[int], words: str, by: Actor, at: datetime) -> Registration:
    if checks_in_force(fact, owner_of(profiles)).exists():
        raise NotEndable(
            _("This statement was checked and is proven. If that was a mistake, take the check back first."),
            code="proven",
        )
    fact.changes.filter(ended_at__isnull=True).update(ended_at=at, ended_by=by.reference)
    deadlines.cancel(fact.merchant, "identity.check_again", at=at)
    deadlines.cancel(fact.merchant, "identity.update", at=at, subject=fact.subject)
    fact.ended_at, fact.ended_by, fact.end_reason = at, by.reference, words
    fact.save(update_fields=["ended_at", "ended_by", "end_reason"])
    event = events.record("identity.statement_ended", fact.merchant, by=by, at=at, registration=fact.pk)
    remark(event, words)
    return fact


def _restore(fact: Registration, profiles: list[int], by: Actor, at: datetime) -> Registration:
    fact.refresh_from_db()
    if not fact.end_reason:
        raise NotEndable(_("We have not ended this statement, or it stands again."), code="not_ended")
    last = ended_by_office(profiles)
    if last is None or last.pk != fact.pk:
        raise NotEndable(_("The seller has stated something new since. That counts now."), code="stated_since")
    hold_code(str(fact.code))
    if stated_elsewhere(str(fact.code), profiles) is not None:
        raise NotEndable(
            _("Another profile states this credit code now. Look at that one first."), code="code_taken"
        )
    fact.ended_at, fact.ended_by, fact.end_reason = None, "", ""  # why it was ended stays beside its event
    fact.save(update_fields=["ended_at", "ended_by", "end_reason"])
    events.record("identity.statement_restored", fact.merchant, by=by, at=at, registration=fact.pk)
    return fact
