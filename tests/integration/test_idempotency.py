"""A request that is repeated has its effect once and gets the first answer again."""

from collections.abc import Callable
from typing import Any

import pytest

from complaints.actions.filing import PhoneNotProven, file_complaint
from complaints.models import Complaint
from microguard.core.idempotency import KeyReused, once
from microguard.core.models import IdempotencyKey
from microguard.deadlines.models import Deadline
from microguard.events.models import Event
from tests.cases import a_draft
from tests.clock import MONDAY_MORNING
from tests.people import chen, zhang
from tests.threads import at_once


@pytest.fixture
def effects() -> list[str]:
    """The effects that took place."""
    return []


def request(effects: list[str], *, result: str = "first", **columns: Any) -> str:
    def effect() -> str:
        effects.append(result)
        return result

    sent: dict[str, Any] = {"actor": "complainant", "route": "test", "key": "k-1", "request_digest": "d-1"}
    return once(**(sent | columns), at=MONDAY_MORNING, effect=effect)


def test_the_second_request_gets_the_first_answer_without_a_second_effect(db: None, effects: list[str]) -> None:
    assert request(effects) == "first"
    assert request(effects, result="second") == "first"
    assert effects == ["first"]


@pytest.mark.parametrize("other", [{"key": "k-2"}, {"actor": "respondent"}, {"route": "another"}])
def test_another_key_actor_or_route_is_another_request(
    db: None, effects: list[str], other: dict[str, str]
) -> None:
    request(effects)

    assert request(effects, result="second", **other) == "second"


def test_the_same_key_with_other_content_is_refused(db: None, effects: list[str]) -> None:
    request(effects)

    with pytest.raises(KeyReused):
        request(effects, request_digest="d-2")

    assert effects == ["first"]


def test_an_effect_that_failed_leaves_no_key_behind(committed: None, effects: list[str]) -> None:
    def fail() -> str:
        raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError):
        once(actor="complainant", route="test", key="k-1", request_digest="d-1", at=MONDAY_MORNING, effect=fail)

    assert IdempotencyKey.objects.count() == 0
    assert request(effects, result="again") == "again"


def test_of_eight_at_once_one_has_the_effect_and_all_get_its_answer(committed: None, effects: list[str]) -> None:
    answers = at_once(*[lambda n=n: request(effects, result=f"of {n}") for n in range(8)])

    assert len(effects) == 1
    assert answers == effects * 8


def filing_of(draft: Complaint, key: str | None = None, **changes: Any) -> Callable[[], str]:
    asked: dict[str, Any] = {
        "key": key or str(draft.draft_key),
        "consents": frozenset({"SELLER"}),
        "by": zhang(),
        "at": MONDAY_MORNING,
    }
    return lambda: file_complaint(draft_key=draft.draft_key, **(asked | changes))


def test_eight_taps_on_the_file_button_make_one_complaint(committed: None) -> None:
    draft = a_draft()

    numbers = at_once(*[filing_of(draft)] * 8)

    draft.refresh_from_db()
    assert set(numbers) == {draft.number}
    assert Event.objects.filter(name="complaint.filed").count() == 1
    assert Deadline.objects.filter(rule="complaint.acceptance").count() == 1
    assert draft.consents.count() == 1


def test_two_browsers_that_file_one_draft_under_different_keys_make_one_complaint(committed: None) -> None:
    draft = a_draft()

    numbers = at_once(filing_of(draft, "browser-1"), filing_of(draft, "browser-2"))

    draft.refresh_from_db()
    assert numbers == [draft.number, draft.number]
    assert Event.objects.filter(name="complaint.filed").count() == 1


def test_a_filing_that_was_refused_may_be_repeated_with_the_same_key(committed: None) -> None:
    draft = a_draft()

    (refusal,) = at_once(filing_of(draft, by=chen()))
    number = filing_of(draft)()

    assert isinstance(refusal, PhoneNotProven)
    assert Complaint.objects.filed().get().number == number


def test_the_same_key_with_other_consents_is_refused_and_changes_nothing(db: None) -> None:
    draft = a_draft()
    filing_of(draft)()

    with pytest.raises(KeyReused):
        filing_of(draft, consents=frozenset({"SELLER", "REGULATOR"}))()

    assert list(draft.consents.values_list("recipient", flat=True)) == ["SELLER"]
