"""What follows from lapses for a seller."""

from datetime import datetime

from merchants.actions.ownership import end_cooling
from merchants.selectors import profiles_of
from microguard.core.locks import hold_free
from microguard.deadlines.consequences import on_lapse
from microguard.deadlines.models import Deadline


@on_lapse("claim.cooling")
def grant_in_silence(deadline: Deadline, at: datetime) -> None:
    """Make the claimant the owner: everybody concerned was told and nobody objected in time.

    The sweep holds the chain of one profile and never waits for those of the others: two who wait for each other
    would both stand still. While somebody works on them, the lapse is tried again later.

    :raises BlockingIOError: while somebody holds a profile of the seller
    """
    chains = {f"merchant/{key}" for key in profiles_of(deadline.merchant_id or 0)}
    if hold_free(chains) != chains:
        raise BlockingIOError("a profile of the seller is being worked on")
    end_cooling(claim_id=int(deadline.subject.removeprefix("claim/")), at=at)
