"""Who supplies whom: facts with their case, counted by one query, never a circle, never a finding."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.utils import translation

from merchants.actions.agents import AgentTerms, NotSupplied, end_agent_link, note_agent_link
from merchants.actions.linking import NotMerged, merge_profiles
from merchants.models import AgentLink, Merchant
from merchants.selectors.agents import chain_below, suppliers_of, supplies
from microguard.accounts.policies import NotAllowed
from microguard.core.reasons import ReasonMissing
from microguard.events.models import Event
from tests.cases import a_filed_complaint, a_seller
from tests.clock import MONDAY_MORNING, TUESDAY_MORNING
from tests.people import Office, zhang
from tests.visitors import at_desk, sentences

SEEN = "群公告写着交298元成为代理，每拉一人奖50元。"
WHY = "收款码和寄件人都一样，买家确认是同一人。"
SINCE = date(2026, 5, 1)


@pytest.fixture
def li_notes(office: Office) -> Callable[..., AgentLink]:
    """Li notes that one supplies the other, as case 7 shows."""

    def notes(supplier: Merchant, agent: Merchant, *, seen: str = SEEN, **terms: Any) -> AgentLink:
        return note_agent_link(
            supplier_id=supplier.pk,
            agent_id=agent.pk,
            terms=AgentTerms(**{"since_date": SINCE, **terms}),
            seen_in="case/7",
            seen=seen,
            by=office.li,
            at=MONDAY_MORNING,
        )

    return notes


def test_persons_and_levels_are_counted_over_merged_profiles_by_one_query(
    office: Office, li_notes: Callable[..., AgentLink], django_assert_max_num_queries: Any
) -> None:
    head, first, second, small_account, third, stranger = (a_seller() for _each in range(6))
    li_notes(head, first)
    li_notes(head, second)
    merge_profiles(merchant_id=small_account.pk, into_id=second.pk, reason=WHY, by=office.li, at=MONDAY_MORNING)
    li_notes(small_account, third)

    with django_assert_max_num_queries(2):
        chain = chain_below(head.pk)

    assert (chain.persons, chain.levels, len(chain.links)) == (4, 3, 3)
    assert (chain_below(stranger.pk).persons, chain_below(stranger.pk).levels) == (1, 1)
    assert supplies(head.pk, third.pk)
    assert not supplies(third.pk, head.pk)
    assert [link.supplier for link in suppliers_of(second.pk)] == [head]


def test_a_link_is_a_fact_with_its_case_and_what_was_seen(
    office: Office, li_notes: Callable[..., AgentLink]
) -> None:
    head, agent = a_seller(), a_seller()

    link = li_notes(head, agent, joining_fee_fen=29_800, reward="PER_RECRUIT")

    told = Event.objects.filter(name="agent.linked").order_by("pk")
    assert [(event.chain, event.remark.words) for event in told] == [(head.chain, SEEN), (agent.chain, SEEN)]
    assert told[0].facts == {"merchant": head.pk, "other": agent.pk, "link": link.pk, "seen_in": "case/7"}
    assert (link.joining_fee_fen, link.reward, link.noted_by) == (29_800, "PER_RECRUIT", office.li.reference)


def test_no_circle_arises_by_a_link_or_a_merge(office: Office, li_notes: Callable[..., AgentLink]) -> None:
    head, middle, last = a_seller(), a_seller(), a_seller()
    li_notes(head, middle)
    li_notes(middle, last)

    for supplier, agent, code in (
        (last, head, "circle"),
        (middle, head, "circle"),
        (head, head, "one_seller"),
        (head, middle, "noted"),
    ):
        with pytest.raises(NotSupplied) as refused:
            li_notes(supplier, agent)
        assert refused.value.code == code
    with pytest.raises(NotMerged) as not_merged:
        merge_profiles(merchant_id=last.pk, into_id=head.pk, reason=WHY, by=office.li, at=MONDAY_MORNING)
    assert not_merged.value.code == "supplied"


def test_a_link_needs_a_day_that_has_come_a_known_reward_words_and_somebody_of_the_office(
    li_notes: Callable[..., AgentLink],
) -> None:
    head, agent = a_seller(), a_seller()

    for bent in ({"since_date": date(2026, 11, 24)}, {"reward": "GIFTS"}):
        with pytest.raises(NotSupplied):
            li_notes(head, agent, **bent)
    with pytest.raises(ReasonMissing):
        li_notes(head, agent, seen="看到了")
    with pytest.raises(NotAllowed):
        note_agent_link(
            supplier_id=head.pk,
            agent_id=agent.pk,
            terms=AgentTerms(SINCE),
            seen_in="case/7",
            seen=SEEN,
            by=zhang(),
            at=MONDAY_MORNING,
        )


def test_a_link_ends_once_and_counts_no_more(office: Office, li_notes: Callable[..., AgentLink]) -> None:
    head, agent = a_seller(), a_seller()
    link = li_notes(head, agent)

    with pytest.raises(NotSupplied):
        end_agent_link(link_id=link.pk, until_date=date(2026, 4, 30), by=office.li, at=TUESDAY_MORNING)
    end_agent_link(link_id=link.pk, until_date=date(2026, 11, 1), by=office.li, at=TUESDAY_MORNING)
    with pytest.raises(NotSupplied):
        end_agent_link(link_id=link.pk, until_date=date(2026, 11, 1), by=office.li, at=TUESDAY_MORNING)

    assert chain_below(head.pk).persons == 1
    assert li_notes(agent, head).supplier == agent  # they have changed places


def test_the_clue_stands_at_the_desk_with_its_evidence_and_says_no_more(office: Office) -> None:
    li, case = at_desk(office.li_officer), a_filed_complaint()
    head, first, second = a_seller(), a_seller(), a_seller()

    def note(seller: Merchant, **given: object) -> Any:
        form = {
            "way": "supplies",
            "since_date": "2026-05-01",
            "reward": "UNKNOWN",
            "case": case.number,
            "seen": SEEN,
        }
        return li.post(f"/en/desk/merchants/merchant/{seller.pk}/do/agent/", form | given, follow=True)

    note(head, other=f"S-{first.pk}", joining_fee_fen="298", reward="PER_RECRUIT")
    bent = note(head, other="S-x", case="MG-0000-0000", since_date="")
    before = li.get(f"/en/desk/merchants/merchant/{head.pk}/change/").text
    note(second, other=f"{first.pk}", way="is_supplied")
    page = li.get(f"/en/desk/merchants/merchant/{head.pk}/change/").text

    assert (bent.status_code, len(sentences(bent))) == (422, 3)
    assert "clue for the regulator" not in before
    assert "clue for the regulator" in page
    assert "3 sellers on 3 levels, this one included" in page
    assert "¥298.00" in page
    assert page.count(str(case.number)) == 2
    assert re.search(r"is (a )?pyramid selling", page) is None
    with translation.override("zh-hans"):
        chinese = li.get(f"/desk/merchants/merchant/{head.pk}/change/").text
    assert re.search("(构成|属于|就是|是)传销", chinese) is None

    ended = li.post(
        f"/en/desk/merchants/merchant/{head.pk}/do/agent_ends/",
        {"subject": AgentLink.objects.get(agent=first).pk, "until_date": "2026-05-02"},
        follow=True,
    )
    assert "Nobody is noted as supplier or agent." in ended.text
