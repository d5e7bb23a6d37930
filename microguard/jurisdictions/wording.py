"""Who is competent, in the reader's language: the place, why, on which article it rests, and what is left open."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from microguard.jurisdictions.divisions import full_name
from microguard.jurisdictions.rules import Competence, Condition, InternetCourt, Likelihood, Place, Reason, Seat

SEATS = {
    Seat.SELLER: gettext_lazy("the seller's actual place of business or domicile"),
    Seat.DOMICILE: gettext_lazy("the seller's domicile"),
    Seat.BUSINESS: gettext_lazy("the seller's actual place of business"),
    Seat.PUBLISHED: gettext_lazy("the address that the seller published on the platform"),
    Seat.PLATFORM: gettext_lazy("the domicile of the platform's operator"),
    Seat.CONDUCT: gettext_lazy("the place where it was done"),
    Seat.ADVERTISER: gettext_lazy("the place of the seller that advertised"),
    Seat.RECEIPT: gettext_lazy("the place where the goods were received"),
    Seat.DEFENDANT: gettext_lazy("the domicile of the one who is sued"),
}
REASONS = {
    Reason.DEFAULT: gettext_lazy("The rule for sellers in general."),
    Reason.OTHER_NETWORK_SERVICE: gettext_lazy(
        "A sale in Moments, a group, a private chat or on a website of one's own counts as “other network "
        "services”. A person's domicile is the household registration, or where the person usually lives."
    ),
    Reason.PLATFORM_ITSELF: gettext_lazy("The complaint is about the operator of the platform."),
    Reason.IN_PLATFORM: gettext_lazy("For a shop on a platform: both places may be chosen."),
    Reason.NO_ADDRESS: gettext_lazy(
        "The seller published no address on the platform, or cannot be reached there: only the place of the "
        "platform is left."
    ),
    Reason.CONDUCT: gettext_lazy("A tip-off goes to the place of the conduct."),
    Reason.WHERE_IT_TRADES: gettext_lazy("A tip-off about a shop on a platform goes to where the seller trades."),
    Reason.PLATFORM_MAY: gettext_lazy("The place of the platform may handle a tip-off that it receives first."),
    Reason.SELF_PUBLISHED: gettext_lazy("An advertisement that the seller published itself."),
    Reason.PLACE_OF_RECEIPT: gettext_lazy("For goods bought online and sent, the contract is performed there."),
    Reason.DEFENDANT: gettext_lazy("A suit over a contract may be brought there."),
    Reason.VIA_PLATFORM: gettext_lazy(
        "The internet courts of Beijing, Guangzhou and Hangzhou take shopping through platforms and online "
        "services, where a court of their city would be competent."
    ),
    Reason.NOT_VIA_PLATFORM: gettext_lazy(
        "Probably not: the internet courts take shopping through e-commerce platforms, and this deal was private."
    ),
    Reason.OUTSIDE_CITIES: gettext_lazy(
        "No: neither place lies in Beijing, Guangzhou or Hangzhou, the cities of the internet courts."
    ),
    Reason.EARLIER_LIST: gettext_lazy("An earlier list held on that day, which we have not checked."),
}
CONDITIONS = {
    Condition.IDENTIFY_SELLER: gettext_lazy("First find out who and where the seller is."),
    Condition.NAME_PLATFORM: gettext_lazy(
        "Which place that is stands in the platform's licence on its home page."
    ),
    Condition.NAME_PLACE: gettext_lazy("Which place that is has still to be said."),
    Condition.CHECK_ADDRESS: gettext_lazy("Check that the known address is of this kind."),
    Condition.IF_PUBLISHED: gettext_lazy(
        "Only if an address is published there and the seller can be reached at it."
    ),
    Condition.IF_IN_PLATFORM: gettext_lazy("Only if the seller has a shop on a platform."),
    Condition.NAME_CHANNEL: gettext_lazy(
        "Say where the deal was made: for Moments, groups and private chats the domicile alone counts."
    ),
    Condition.IF_FIRST: gettext_lazy("Only if it receives the tip-off first."),
    Condition.IF_SELF_PUBLISHED: gettext_lazy("Only if the seller advertised on its own."),
    Condition.IF_DELIVERED: gettext_lazy("Only if goods were sent there."),
    Condition.IF_IN_CITIES: gettext_lazy(
        "Only if the seller or the place of receipt lies in one of these cities."
    ),
    Condition.CONTRACT_ONLY: gettext_lazy("Only for what the contract gives, not for product liability."),
    Condition.OUR_READING: gettext_lazy("This is our reading of the rule; the office asked decides for itself."),
}
ARTICLES = {
    "SAMR-121": gettext_lazy("SAMR Order 121, art. {article}"),
    "SAMR-20": gettext_lazy("SAMR Order 20, art. {article}"),
    "CC": gettext_lazy("Civil Code, art. {article}"),
    "CPL": gettext_lazy("Civil Procedure Law, art. {article}"),
    "SPC-CPL": gettext_lazy("Interpretation of the Civil Procedure Law, art. {article}"),
    "SPC-IC-2025": gettext_lazy("Internet court rules of 2025, art. {article}"),
    "SPC-IC-2018": gettext_lazy("Internet court rules of 2018, art. {article}"),
}
INTERNET_COURT_TITLES = {
    Likelihood.POSSIBLE: gettext_lazy("An internet court may take it"),
    Likelihood.PROBABLY_NOT: gettext_lazy("Probably no internet court"),
    Likelihood.NO: gettext_lazy("No internet court"),
    Likelihood.NOT_KNOWN: gettext_lazy("Internet court: not known for that day"),
}


@dataclass(frozen=True)
class PlaceWords:
    """One place as it is read; `name` is empty while nobody knows which it is."""

    seat: str
    name: str
    why: str
    provision: str
    open_points: list[str]


def place_words(place: Place) -> PlaceWords:
    """Return the place in the reader's language."""
    return PlaceWords(
        seat=str(SEATS[place.seat]),
        name=full_name(place.division or ""),
        why=str(REASONS[place.reason]),
        provision=provision_words(place.articles),
        open_points=[str(CONDITIONS[condition]) for condition in place.conditions],
    )


def internet_court_words(court: InternetCourt) -> PlaceWords:
    """Return in the reader's language whether an internet court takes it, and by which place."""
    return PlaceWords(
        seat=str(INTERNET_COURT_TITLES[court.likelihood]),
        name=" · ".join(full_name(place.division or "") for place in court.places),
        why=str(REASONS[court.reason]),
        provision=provision_words((court.article,)),
        open_points=[str(CONDITIONS[condition]) for condition in court.conditions],
    )


def provision_words(articles: tuple[str, ...]) -> str:
    """Return the articles in the reader's language; those of one order that follow each other as one span."""
    spans: dict[str, list[str]] = {}
    for key in articles:
        instrument, _dash, article = key.rpartition("-")
        spans.setdefault(instrument, []).append(article)
    return "; ".join(
        str(ARTICLES[instrument]).format(article=found[0] if len(found) == 1 else f"{found[0]}–{found[-1]}")
        for instrument, found in spans.items()
    )


def choice_words(competence: Competence) -> str:
    """Return what holds when several regulators are competent for the complaint; nothing for one."""
    if len(competence.complaint) < 2:
        return ""
    return _(
        "If several are competent, the one that receives the complaint first handles it ({provision})."
    ).format(provision=provision_words((competence.first_recipient,)))
