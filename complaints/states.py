"""Where a complaint stands, and the fixed vocabularies of what is alleged."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from microguard.core.machine import Machine


class State(models.TextChoices):
    """Stages of a complaint, up to the decision on acceptance."""

    DRAFT = "DRAFT", _("Draft")
    FILED = "FILED", _("Filed")
    NEEDS_INFORMATION = "NEEDS_INFORMATION", _("More asked for")
    TRACING_SELLER = "TRACING_SELLER", _("Looking for the seller")
    ACCEPTED = "ACCEPTED", _("Accepted")
    DECLINED = "DECLINED", _("Not accepted")
    REDIRECTED = "REDIRECTED", _("Sent on")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")


UNDECIDED = {State.FILED, State.NEEDS_INFORMATION, State.TRACING_SELLER}

MACHINE = Machine(
    file=({State.DRAFT}, State.FILED),
    ask_information=({State.FILED}, State.NEEDS_INFORMATION),
    give_information=({State.NEEDS_INFORMATION}, State.FILED),
    start_tracing=({State.FILED}, State.TRACING_SELLER),
    end_tracing=({State.TRACING_SELLER}, State.FILED),
    accept=(UNDECIDED, State.ACCEPTED),
    decline=(UNDECIDED, State.DECLINED),
    withdraw=(UNDECIDED, State.WITHDRAWN),
)


class Source(models.TextChoices):
    """How the matter reached us."""

    WEB = "WEB", _("Web")
    PHONE = "PHONE", _("Phone")
    LETTER = "LETTER", _("Letter")
    WINDOW = "WINDOW", _("Service window")
    WORK_ORDER = "WORK_ORDER", _("Work order")


class Problem(models.TextChoices):
    """What went wrong, as the buyer chooses it."""

    NOT_DELIVERED = "NOT_DELIVERED", _("Nothing arrived")
    DEFECT = "DEFECT", _("Bad quality or broken")
    NOT_AS_DESCRIBED = "NOT_AS_DESCRIBED", _("Not as described")
    COUNTERFEIT = "COUNTERFEIT", _("Fake goods")
    REFUND_REFUSED = "REFUND_REFUSED", _("Return or refund refused")
    UNSAFE_FOOD = "UNSAFE_FOOD", _("Unsafe food")
    SERVICE_NOT_GIVEN = "SERVICE_NOT_GIVEN", _("Course or service not given")
    OTHER = "OTHER", _("Something else")


class PaidBy(models.TextChoices):
    """How the buyer paid."""

    WECHAT_TRANSFER = "WECHAT_TRANSFER", _("WeChat transfer")
    RED_PACKET = "RED_PACKET", _("WeChat red packet")
    PAYMENT_CODE = "PAYMENT_CODE", _("Scanned a payment code")
    MINI_SHOP = "MINI_SHOP", _("Mini program or WeChat shop")
    ALIPAY = "ALIPAY", _("Alipay")
    BANK = "BANK", _("Bank card")
    CASH_ON_DELIVERY = "CASH_ON_DELIVERY", _("Cash on delivery")
    OTHER = "OTHER", _("Other")


class Channel(models.TextChoices):
    """Where the deal was made."""

    PRIVATE_CHAT = "PRIVATE_CHAT", _("Private chat")
    MOMENTS = "MOMENTS", _("Moments")
    GROUP = "GROUP", _("Group")
    MINI_PROGRAM = "MINI_PROGRAM", _("Mini program")
    CHANNELS_LIVE = "CHANNELS_LIVE", _("Live room")
    WECHAT_SHOP = "WECHAT_SHOP", _("WeChat shop")
    OTHER_PLATFORM = "OTHER_PLATFORM", _("Another platform")


class Relationship(models.TextChoices):
    """How the buyer came to know the seller; never public."""

    FRIEND = "FRIEND", _("A friend")
    FRIEND_OF_FRIEND = "FRIEND_OF_FRIEND", _("A friend of a friend")
    GROUP_MEMBER = "GROUP_MEMBER", _("Member of the same group")
    AGENT_CUSTOMER = "AGENT_CUSTOMER", _("Customer of an agent")
    LIVE_FOLLOWER = "LIVE_FOLLOWER", _("Follower of a live room")
    STRANGER = "STRANGER", _("A stranger")


class ClaimKind(models.TextChoices):
    """What the buyer wants."""

    REFUND = "REFUND", _("Money back")
    RETURN_AND_REFUND = "RETURN_AND_REFUND", _("Return the goods and money back")
    EXCHANGE = "EXCHANGE", _("Exchange")
    RESEND = "RESEND", _("Send again")
    REPAIR = "REPAIR", _("Repair")
    COMPENSATION = "COMPENSATION", _("Compensation")
    APOLOGY = "APOLOGY", _("An apology")
    OTHER = "OTHER", _("Other")


class Side(models.TextChoices):
    """Who put something into the case."""

    COMPLAINANT = "COMPLAINANT", _("Buyer")
    RESPONDENT = "RESPONDENT", _("Seller")
    OFFICE = "OFFICE", _("MicroGuard")


class EvidenceKind(models.TextChoices):
    """What a file shows."""

    SELLER = "SELLER", _("The seller's code or profile")
    PAYMENT = "PAYMENT", _("Payment")
    CHAT = "CHAT", _("Chat")
    GOODS = "GOODS", _("Goods")
    PARCEL = "PARCEL", _("Parcel slip")
    PERFORMANCE = "PERFORMANCE", _("Proof of payment or delivery")
    OTHER = "OTHER", _("Other")


class ConsentRecipient(models.TextChoices):
    """To whom the complainant lets us pass the complaint on."""

    SELLER = "SELLER", _("the seller")
    PLATFORM = "PLATFORM", _("the platform")
    REGULATOR = "REGULATOR", _("the market regulator")


class DeclineGround(models.TextChoices):
    """Why a complaint is not accepted."""

    NOT_OURS = "NOT_OURS", _("The matter is not ours to handle")
    HANDLED_ELSEWHERE = "HANDLED_ELSEWHERE", _("The same dispute is handled elsewhere")
    NOT_FOR_LIVING = "NOT_FOR_LIVING", _("Not bought for daily living, or no proof of the dispute")
    TOO_OLD = "TOO_OLD", _("More than three years old")
    MATERIAL_MISSING = "MATERIAL_MISSING", _("Necessary material is missing or false")
    IDENTITY_REFUSED = "IDENTITY_REFUSED", _("Identity false or not proved")
    OTHER = "OTHER", _("Another ground set by law")


class Right(models.TextChoices):
    """The rights of a consumer that a complaint may allege to be infringed; microguard.law.titles names them."""

    SAFETY = "safety"
    KNOWLEDGE = "knowledge"
    CHOICE = "choice"
    FAIR_TRADE = "fair_trade"
    COMPENSATION = "compensation"
    PERSONAL_DATA = "personal_data"


class RightSource(models.TextChoices):
    """Whether the rules say that a right is alleged to be infringed, or an officer does or denies it."""

    DERIVED = "DERIVED", _("by the rules")
    CONFIRMED = "CONFIRMED", _("confirmed")
    REMOVED = "REMOVED", _("removed")


class TracingKind(models.TextChoices):
    """Where the office looks for a seller that is known by a handle only."""

    PARCEL = "PARCEL", _("Sender of the parcel")
    PAYEE = "PAYEE", _("Payee on the payment slip")
    PHONE = "PHONE", _("Phone number")
    PLATFORM = "PLATFORM", _("Letter to the platform")
    REGISTER = "REGISTER", _("Search of a register")
    OTHER = "OTHER", _("Something else")


class TracingSource(models.TextChoices):
    """Who told what a step of tracing found."""

    BUYER = "BUYER", _("The buyer's files")
    CARRIER = "CARRIER", _("The parcel company")
    PAYMENT = "PAYMENT", _("The bank or payment service")
    PLATFORM = "PLATFORM", _("The platform")
    PUBLIC_REGISTER = "PUBLIC_REGISTER", _("A public register")
    OFFICE = "OFFICE", _("Another authority")
    OTHER_CASE = "OTHER_CASE", _("Another case with us")
    SELLER = "SELLER", _("The person we reached")


class Certainty(models.TextChoices):
    """How sure it is what a step of tracing found."""

    KNOWN = "KNOWN", _("Known")
    CLAIMED = "CLAIMED", _("Only claimed")
    NOTHING = "NOTHING", _("Nothing found")
