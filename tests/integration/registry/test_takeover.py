"""The takeover machine: claims, proofs, objections, time, decisions, releases and merges in any order.

Whatever happens: never two owners, never an owner without proof and a cooling period, never without notice to the
contacts of that time.
"""

from datetime import timedelta
from typing import Any

import pytest
from django.test import TestCase as DjangoTestCase
from hypothesis import settings as trying
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from merchants.actions.claiming import begin_claim, bring_proof, contest_claim, make_contest_link, withdraw_claim
from merchants.actions.linking import merge_profiles, unmerge_profile
from merchants.actions.ownership import accept_proof, grant_claim, refuse_claim, release_profile
from merchants.models import Merchant, Ownership, ProfileClaim
from merchants.selectors import profiles_of
from merchants.selectors.claiming import other_phones
from merchants.states import CLAIM_OPEN, ProfileState
from microguard.accounts.actions.codes import phone_hash
from microguard.accounts.actors import Actor, visitor
from microguard.core.errors import Refusal
from microguard.deadlines.actions import OPEN, lapse_next
from microguard.deadlines.models import Deadline
from microguard.events.models import Event
from tests.cases import a_picture, a_seller
from tests.clock import MONDAY_MORNING
from tests.people import hire_office

PHONES = [f"1390000000{number}" for number in range(5)]
REASON = "营业执照和店铺名称一致，电话核实过。"
WORDS = {"reason": REASON}
COOLING = timedelta(days=7)
one_of_three, any_phone = st.integers(0, 2), st.sampled_from(PHONES)
any_claim = st.integers(0, 30)


class TakeOvers(RuleBasedStateMachine):
    """Three profiles with phones of their own and one in common; five people; one officer; the clock goes on."""

    office: Any

    @initialize()
    def three_profiles(self) -> None:
        self.at = MONDAY_MORNING
        self.shops = [a_seller(("phone", PHONES[n]), ("phone", PHONES[3])) for n in range(3)]
        self.claims_by_phone(0, 0)
        self.time_passes(8)

    def attempt(self, deed: Any, **told: Any) -> None:
        """What may be refused, by a sentence and nothing else; no two deeds fall on one instant."""
        self.at += timedelta(seconds=1)
        try:
            deed(**told, at=self.at)
        except Refusal:
            return

    def claim(self, number: int) -> ProfileClaim | None:
        claims = list(ProfileClaim.objects.order_by("pk"))
        return claims[number % len(claims)] if claims else None

    def whose(self, phone: str) -> Actor:
        return visitor(phone_hash(phone))

    @rule(shop=one_of_three, number=st.sampled_from([0, 1, 2, 3, 3, 4]))
    def claims_by_phone(self, shop: int, number: int) -> None:
        told = {"proof": "PHONE", "phone": PHONES[number], "language": "en", "by": self.whose(PHONES[number])}
        self.attempt(begin_claim, merchant_id=self.shops[shop].pk, **told)

    @rule(shop=one_of_three, phone=any_phone, accepted=st.sampled_from([True, True, False]))
    def claims_by_licence(self, shop: int, phone: str, accepted: bool) -> None:
        by = self.whose(phone)
        told = {"proof": "LICENCE", "phone": phone, "language": "en", "by": by}
        self.attempt(begin_claim, merchant_id=self.shops[shop].pk, **told)
        for claim in ProfileClaim.objects.filter(phone_hash=by.phone_hash, state="AWAITING_PROOF"):
            self.attempt(bring_proof, claim_id=claim.pk, uploads=[a_picture(size=(8, 8))], by=by)
            decide = accept_proof if accepted else refuse_claim
            self.attempt(decide, claim_id=claim.pk, by=self.office.li, **({} if accepted else WORDS))

    @rule(number=any_claim, decided=st.sampled_from([None, grant_claim, grant_claim, refuse_claim]))
    def contests(self, number: int, decided: Any) -> None:
        cooling = list(ProfileClaim.objects.filter(state="COOLING").order_by("pk"))
        if cooling:
            claim = cooling[number % len(cooling)]
            self.attempt(contest_claim, token=make_contest_link(claim, at=self.at))
            if decided:
                self.attempt(decided, claim_id=claim.pk, by=self.office.li, **WORDS)

    @rule(number=any_claim)
    def takes_back(self, number: int) -> None:
        if claim := self.claim(number):
            self.attempt(withdraw_claim, claim_id=claim.pk, by=self.whose(str(claim.phone)))

    @rule(shop=one_of_three, phone=any_phone)
    def releases(self, shop: int, phone: str) -> None:
        self.attempt(release_profile, merchant_id=self.shops[shop].pk, by=self.whose(phone))

    @rule(shop=one_of_three, into=one_of_three)
    def merges(self, shop: int, into: int) -> None:
        profile, root = self.shops[shop], self.shops[into]
        self.attempt(merge_profiles, merchant_id=profile.pk, into_id=root.pk, by=self.office.li, **WORDS)

    @rule(shop=one_of_three)
    def unmerges(self, shop: int) -> None:
        self.attempt(unmerge_profile, merchant_id=self.shops[shop].pk, by=self.office.li)

    @rule(days=st.sampled_from([1, 4, 8, 8]))
    def time_passes(self, days: int) -> None:
        self.at += timedelta(days=days)
        while lapse_next(at=self.at):
            continue

    @invariant()
    def never_two_owners(self) -> None:
        trees = {tuple(profiles_of(shop.pk)) for shop in getattr(self, "shops", [])}
        for tree in trees:
            owners = Ownership.objects.filter(merchant__in=tree, ended_at__isnull=True).count()
            claimed = Merchant.objects.filter(pk__in=tree, state=ProfileState.CLAIMED).count()
            assert owners == claimed <= 1

    @invariant()
    def never_an_owner_without_proof_and_cooling(self) -> None:
        for owner in Ownership.objects.select_related("claim"):
            claim = owner.claim
            assert claim.proven_at is not None
            assert claim.proven_at <= claim.cooling_at <= owner.since_at
            silent = owner.since_by == "system"
            assert silent == (claim.contested_at is None)
            assert not silent or owner.since_at - claim.cooling_at >= COOLING - timedelta(days=1)

    @invariant()
    def never_without_notice_to_those_known_at_that_time(self) -> None:
        for owner in Ownership.objects.select_related("claim__told_owner"):
            claim = owner.claim
            told = Event.objects.filter(name="claim.cooling_began", facts__claim=claim.pk, at=claim.cooling_at)
            assert told.exists()
            before = Ownership.objects.filter(
                merchant=owner.merchant_id, since_at__lte=owner.since_at, ended_at=owner.since_at
            ).exclude(pk=owner.pk)
            numbers = {number for number, _key, _language in other_phones(claim)} | {str(claim.phone)}
            assert {str(one.phone) for one in before if one.ended_by == owner.since_by} <= numbers
            assert owner.merchant_id == claim.told_profiles[0]

    @invariant()
    def every_clock_belongs_to_a_claim_that_waits(self) -> None:
        waiting = {claim.subject for claim in ProfileClaim.objects.filter(state__in=CLAIM_OPEN)}
        assert set(Deadline.objects.filter(OPEN).values_list("subject", flat=True)) <= waiting


class TakeOversInAnyOrder(TestCase):
    """Each run begins with an empty registry: what it wrote is rolled back."""

    def test_at_most_one_owner_and_never_unheard(self) -> None:
        self.play(8)

    @pytest.mark.drill
    def test_at_most_one_owner_and_never_unheard_in_many_runs(self) -> None:
        self.play(200)

    def play(self, runs: int) -> None:
        TakeOvers.office = hire_office()
        reached: set[str] = set()
        taken_over: list[int] = []

        class InSavepoint(TakeOvers):
            def __init__(self) -> None:
                super().__init__()
                self.atomics = DjangoTestCase._enter_atomics()

            def teardown(self) -> None:
                reached.update(claim.state for claim in ProfileClaim.objects.all())
                taken_over.append(
                    Ownership.objects.filter(ended_by__in=("system", self.office.li.reference)).count()
                )
                DjangoTestCase._rollback_atomics(self.atomics)

        run_state_machine_as_test(
            InSavepoint,
            settings=trying(max_examples=runs, stateful_step_count=25, deadline=None, derandomize=True),
        )

        assert {"GRANTED", "REFUSED", "CONTESTED", "COOLING"} <= reached  # the runs came so far
        assert any(taken_over)
