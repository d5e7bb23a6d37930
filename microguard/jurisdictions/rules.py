"""Which market regulator and which court a matter belongs to, with the reason: functions of what is known.

A place is a description ("where the seller is domiciled") and the division that the caller gave for it, or None.
What is not known becomes a condition of the place, never a guess; a place with no condition left is certain. The
words stand in `microguard/jurisdictions/wording.py`.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

# Channels of a deal. Whether one has the functions of a platform decides who is competent; for those of WeChat
# that is our reading, since no text names them.
WITHOUT_PLATFORM = ("moments", "group", "private_chat")
IN_PLATFORM = ("mini_program", "channels_live", "wechat_shop", "other_platform")
OWN_WEBSITE = "own_website"
CHANNELS = (*WITHOUT_PLATFORM, *IN_PLATFORM, OWN_WEBSITE)
READ_BY_US = frozenset(CHANNELS) - {"other_platform", OWN_WEBSITE}

INTERNET_COURTS_SINCE = date(2025, 11, 1)
INTERNET_COURT_CITIES = ("11", "4401", "3301")  # Beijing, Guangzhou, Hangzhou
DOMICILE_OF_A_PERSON = "CC-25"
PLACE_OF_RECEIPT, CONTRACT_VENUE = "SPC-CPL-20", "CPL-24"
INTERNET_COURTS, INTERNET_COURTS_BEFORE = "SPC-IC-2025-1", "SPC-IC-2018-2"


class NoRuleKnown(ValueError):
    """The day is before the first order that our data holds."""


class Answer(StrEnum):
    """What is known of a yes-or-no fact."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Seat(StrEnum):
    """What makes a place competent."""

    SELLER = "seller"  # actual place of business or domicile
    DOMICILE = "domicile"  # of the seller
    BUSINESS = "business"  # where the seller actually trades
    PUBLISHED = "published"  # the address that the seller published on the platform
    PLATFORM = "platform"  # domicile of the platform's operator
    CONDUCT = "conduct"  # where it was done
    ADVERTISER = "advertiser"
    RECEIPT = "receipt"  # where the goods were received
    DEFENDANT = "defendant"  # domicile of whoever is sued


class Reason(StrEnum):
    """Why a place is competent, or a court not."""

    DEFAULT = "default"
    OTHER_NETWORK_SERVICE = "other_network_service"
    PLATFORM_ITSELF = "platform_itself"
    IN_PLATFORM = "in_platform"
    NO_ADDRESS = "no_address"
    CONDUCT = "conduct"
    WHERE_IT_TRADES = "where_it_trades"
    PLATFORM_MAY = "platform_may"
    SELF_PUBLISHED = "self_published"
    PLACE_OF_RECEIPT = "place_of_receipt"
    DEFENDANT = "defendant"
    VIA_PLATFORM = "via_platform"
    NOT_VIA_PLATFORM = "not_via_platform"
    OUTSIDE_CITIES = "outside_cities"
    EARLIER_LIST = "earlier_list"


class Condition(StrEnum):
    """What has to be found out, or to hold, before the place is certain."""

    IDENTIFY_SELLER = "identify_seller"
    NAME_PLATFORM = "name_platform"
    NAME_PLACE = "name_place"
    CHECK_ADDRESS = "check_address"
    IF_PUBLISHED = "if_published"
    IF_IN_PLATFORM = "if_in_platform"
    NAME_CHANNEL = "name_channel"
    IF_FIRST = "if_first"
    IF_SELF_PUBLISHED = "if_self_published"
    IF_DELIVERED = "if_delivered"
    IF_IN_CITIES = "if_in_cities"
    CONTRACT_ONLY = "contract_only"
    OUR_READING = "our_reading"


class Likelihood(StrEnum):
    """Whether an internet court takes the matter; it is never certain."""

    POSSIBLE = "possible"
    PROBABLY_NOT = "probably_not"
    NO = "no"
    NOT_KNOWN = "not_known"


@dataclass(frozen=True, slots=True)
class Deal:
    """What is known of the deal; None and unknown are "not known".

    `seller` and `platform` are the divisions of their addresses; in a platform's shop `seller` is the address
    published there, and `address_published` is NO also when it cannot be reached. `receipt` is where the buyer
    received the goods. `against_platform` marks a complaint about the platform's operator itself.
    """

    channel: str | None = None
    seller: str | None = None
    platform: str | None = None
    address_published: Answer = Answer.UNKNOWN
    receipt: str | None = None
    problem: tuple[str, ...] = ()
    against_platform: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """One place that is competent under its conditions; `division` is None until somebody names it."""

    seat: Seat
    division: str | None
    reason: Reason
    articles: tuple[str, ...]
    conditions: tuple[Condition, ...] = ()

    @property
    def is_certain(self) -> bool:
        """Whether nothing is left to be found out."""
        return not self.conditions


@dataclass(frozen=True, slots=True)
class InternetCourt:
    """Whether an internet court takes the matter, and the given places by which it would."""

    likelihood: Likelihood
    reason: Reason
    article: str
    places: tuple[Place, ...] = ()
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Order:
    """The articles of one order of the market regulators on who is competent."""

    since: date
    venue: str
    first_recipient: str
    tip_off: tuple[str, ...]
    dispute: str
    asks_for_published_address: bool


# Order 20 until 14 April 2026, Order 121 since. How long two regulators have to agree is the clock DISPUTE_CLOCK.
ORDERS = (
    Order(
        date(2020, 1, 1),
        venue="SAMR-20-12",
        first_recipient="SAMR-20-13",
        tip_off=("SAMR-20-25", "SAMR-20-26", "SAMR-20-27", "SAMR-20-28"),
        dispute="SAMR-20-30",
        asks_for_published_address=False,
    ),
    Order(
        date(2026, 4, 15),
        venue="SAMR-121-13",
        first_recipient="SAMR-121-14",
        tip_off=("SAMR-121-29", "SAMR-121-30", "SAMR-121-31", "SAMR-121-32"),
        dispute="SAMR-121-33",
        asks_for_published_address=True,
    ),
)
DISPUTE_CLOCK = "jurisdiction.dispute"


@dataclass(frozen=True, slots=True)
class Competence:
    """Who is competent: market regulators for a complaint and for a tip-off, courts, an internet court.

    Of several regulators the first to receive the complaint handles it (`first_recipient`); if they disagree,
    the clock DISPUTE_CLOCK runs (`dispute`).
    """

    complaint: tuple[Place, ...]
    tip_off: tuple[Place, ...]
    court: tuple[Place, ...]
    internet_court: InternetCourt
    first_recipient: str
    dispute: str

    @property
    def seller_unknown(self) -> bool:
        """Whether the seller has to be identified before the regulator can be named."""
        return all(place.division is None for place in self.complaint)


def competent(deal: Deal, *, on: date) -> Competence:
    """Return who is competent for the deal, by the rules of the day on which the matter is received.

    :raises NoRuleKnown: when the day is before the first order
    :raises ValueError: when the channel is none of CHANNELS
    """
    if deal.channel is not None and deal.channel not in CHANNELS:
        raise ValueError(f"{deal.channel!r} is no channel.")
    order = _order(on)
    court = _court(deal)
    return Competence(
        complaint=_complaint(deal, order),
        tip_off=_tip_off(deal, order),
        court=court,
        internet_court=_internet_court(deal, court, on),
        first_recipient=order.first_recipient,
        dispute=order.dispute,
    )


def _order(on: date) -> Order:
    for order in reversed(ORDERS):
        if order.since <= on:
            return order
    raise NoRuleKnown(f"No order on who is competent is known for {on.isoformat()}.")


def _complaint(deal: Deal, order: Order) -> tuple[Place, ...]:
    """Return the county regulators for a complaint: art. 13 of Order 121, art. 12 of Order 20."""
    venue = (order.venue,)
    if deal.against_platform:  # (2)
        return (_at_platform(deal, Reason.PLATFORM_ITSELF, venue),)
    if deal.channel is None:  # (1), and (3) should the sale turn out to be a platform's
        return (
            _at_seller(deal, Seat.SELLER, Reason.DEFAULT, venue, Condition.NAME_CHANNEL),
            _at_platform(deal, Reason.IN_PLATFORM, venue, Condition.IF_IN_PLATFORM),
        )
    reading = _reading(deal)
    if deal.channel not in IN_PLATFORM:  # (2)
        articles = (order.venue, DOMICILE_OF_A_PERSON)
        return (_at_seller(deal, Seat.DOMICILE, Reason.OTHER_NETWORK_SERVICE, articles, *reading),)
    if not order.asks_for_published_address:  # Order 20
        return (
            _at_seller(deal, Seat.BUSINESS, Reason.IN_PLATFORM, venue, *reading),
            _at_platform(deal, Reason.IN_PLATFORM, venue, *reading),
        )
    if deal.address_published is Answer.NO:  # (3), second sentence
        return (_at_platform(deal, Reason.NO_ADDRESS, venue, *reading),)
    return (
        _at_published_address(deal, venue, reading),
        _at_platform(deal, Reason.IN_PLATFORM, venue, *reading),
    )


def _tip_off(deal: Deal, order: Order) -> tuple[Place, ...]:
    """Return the regulators for a tip-off: arts. 29-32 of Order 121, arts. 25-28 of Order 20."""
    articles, reading = order.tip_off, _reading(deal)
    if deal.against_platform:
        return (_at_platform(deal, Reason.PLATFORM_ITSELF, articles),)
    if deal.channel is None:
        places = [Place(Seat.CONDUCT, None, Reason.CONDUCT, articles, (Condition.NAME_PLACE,))]
    elif deal.channel in IN_PLATFORM:
        places = [
            _at_seller(deal, Seat.BUSINESS, Reason.WHERE_IT_TRADES, articles, *reading),
            _at_platform(deal, Reason.PLATFORM_MAY, articles, Condition.IF_FIRST, *reading),
        ]
    else:
        places = [_at_seller(deal, Seat.DOMICILE, Reason.OTHER_NETWORK_SERVICE, articles, *reading)]
    if "false_advertising" in deal.problem:
        if_own = Condition.IF_SELF_PUBLISHED
        places.append(_at_seller(deal, Seat.ADVERTISER, Reason.SELF_PUBLISHED, articles, if_own))
    return tuple(places)


def _court(deal: Deal) -> tuple[Place, ...]:
    """Return the courts: where the goods were received (SPC CPL Interpretation 20), the defendant's domicile."""
    if deal.against_platform:
        return (_at_platform(deal, Reason.DEFENDANT, (CONTRACT_VENUE,)),)
    unnamed = () if deal.receipt else (Condition.NAME_PLACE,)
    at_receipt = Place(
        Seat.RECEIPT,
        deal.receipt,
        Reason.PLACE_OF_RECEIPT,
        (PLACE_OF_RECEIPT, CONTRACT_VENUE),
        (Condition.IF_DELIVERED, *unnamed),
    )
    return at_receipt, _at_seller(deal, Seat.DEFENDANT, Reason.DEFENDANT, (CONTRACT_VENUE,))


def _internet_court(deal: Deal, court: tuple[Place, ...], on: date) -> InternetCourt:
    """Return whether an internet court takes it: platform shopping and online services, no product liability."""
    if on < INTERNET_COURTS_SINCE:
        return InternetCourt(Likelihood.NOT_KNOWN, Reason.EARLIER_LIST, INTERNET_COURTS_BEFORE)
    if deal.channel is not None and deal.channel not in IN_PLATFORM:
        return InternetCourt(Likelihood.PROBABLY_NOT, Reason.NOT_VIA_PLATFORM, INTERNET_COURTS)
    inside = [_in_cities(place.division) for place in court]
    if not any(inside) and None not in inside:
        return InternetCourt(Likelihood.NO, Reason.OUTSIDE_CITIES, INTERNET_COURTS)
    by_city = () if any(inside) else (Condition.IF_IN_CITIES,)
    by_channel = (Condition.IF_IN_PLATFORM,) if deal.channel is None else _reading(deal)
    return InternetCourt(
        Likelihood.POSSIBLE,
        Reason.VIA_PLATFORM,
        INTERNET_COURTS,
        tuple(place for place, is_inside in zip(court, inside, strict=True) if is_inside),
        (Condition.CONTRACT_ONLY, *by_city, *by_channel),
    )


def _in_cities(division: str | None) -> bool | None:
    """Tell whether the division lies in a city with an internet court; None if unknown or a whole province."""
    if division is None:
        return None
    if division.startswith(INTERNET_COURT_CITIES):
        return True
    is_around = division.endswith("0000") and any(city.startswith(division[:2]) for city in INTERNET_COURT_CITIES)
    return None if is_around else False


def _reading(deal: Deal) -> tuple[Condition, ...]:
    return (Condition.OUR_READING,) if deal.channel in READ_BY_US else ()


def _at_seller(deal: Deal, seat: Seat, reason: Reason, articles: tuple[str, ...], *more: Condition) -> Place:
    """Return a place of the seller; a known address has still to be of the kind that counts here."""
    missing = Condition.CHECK_ADDRESS if deal.seller else Condition.IDENTIFY_SELLER
    return Place(seat, deal.seller, reason, articles, (missing, *more))


def _at_published_address(deal: Deal, articles: tuple[str, ...], reading: tuple[Condition, ...]) -> Place:
    missing = () if deal.seller else (Condition.IDENTIFY_SELLER,)
    unsure = () if deal.address_published is Answer.YES else (Condition.IF_PUBLISHED,)
    return Place(Seat.PUBLISHED, deal.seller, Reason.IN_PLATFORM, articles, (*missing, *unsure, *reading))


def _at_platform(deal: Deal, reason: Reason, articles: tuple[str, ...], *more: Condition) -> Place:
    missing = () if deal.platform else (Condition.NAME_PLATFORM,)
    return Place(Seat.PLATFORM, deal.platform, reason, articles, (*missing, *more))
