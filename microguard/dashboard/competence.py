"""Which market regulator is competent for a complaint: advice to the officer, which sends nothing on."""

from dataclasses import dataclass

from complaints.models import Complaint
from microguard.core.clock import day_of
from microguard.jurisdictions.rules import Deal, competent
from microguard.jurisdictions.wording import PlaceWords, choice_words, place_words


@dataclass(frozen=True)
class Advice:
    """The places competent for the complaint, and what holds if there are several."""

    places: list[PlaceWords]
    choice: str


def competent_regulator(complaint: Complaint) -> Advice:
    """Return the regulators competent by the rules of the day of filing.

    The registry keeps no address of a seller or a platform, so the advice says what has to be found out.
    """
    assert complaint.filed_at is not None
    deal = Deal(channel=complaint.channel.lower() or None, receipt=complaint.division)
    competence = competent(deal, on=day_of(complaint.filed_at))
    return Advice([place_words(place) for place in competence.complaint], choice_words(competence))
