"""Who speaks for a seller: whoever answered as the seller in one of its cases, and who owns its profile."""

from collections.abc import Collection
from dataclasses import dataclass

from disputes.models import Dispute
from merchants.models import Ownership
from microguard.accounts.actors import Actor
from microguard.accounts.roles import Role


@dataclass(frozen=True)
class SellerOfCases:
    """The seller with these profiles, as its cases and its claims know it."""

    profiles: Collection[int]

    def roles_of(self, actor: Actor) -> frozenset[Role]:
        """Return RESPONDENT for whoever proved the phone of the seller in a case, or of the owner of a profile."""
        if not actor.phone_hash:
            return frozenset()
        answered = Dispute.objects.filter(
            complaint__merchant_id__in=self.profiles, respondent_phone_hash=actor.phone_hash
        )
        owned = Ownership.objects.filter(
            merchant_id__in=self.profiles, phone_hash=actor.phone_hash, ended_at__isnull=True
        )
        return frozenset({Role.RESPONDENT}) if answered.exists() or owned.exists() else frozenset()

    def relations_of(self, actor: Actor) -> frozenset[str]:
        """Return nothing: no relation to the seller matters here."""
        return frozenset()
