"""Who speaks for a seller: whoever has proven the phone with which the seller answered in one of its cases."""

from collections.abc import Collection
from dataclasses import dataclass

from disputes.models import Dispute
from microguard.accounts.actors import Actor
from microguard.accounts.roles import Role


@dataclass(frozen=True)
class SellerOfCases:
    """The seller with these profiles, as its cases know it."""

    profiles: Collection[int]

    def roles_of(self, actor: Actor) -> frozenset[Role]:
        """Return RESPONDENT for whoever proved the phone of the seller in a case about one of the profiles."""
        if not actor.phone_hash:
            return frozenset()
        answered = Dispute.objects.filter(
            complaint__merchant_id__in=self.profiles, respondent_phone_hash=actor.phone_hash
        )
        return frozenset({Role.RESPONDENT}) if answered.exists() else frozenset()

    def relations_of(self, actor: Actor) -> frozenset[str]:
        """Return nothing: no relation to the seller matters here."""
        return frozenset()
