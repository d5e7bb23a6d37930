"""Standing of a seller's profile, kinds of handles, and why two mentions may be of one seller."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from microguard.core.machine import Machine


class ProfileState(models.TextChoices):
    """Whether somebody has proved to be the seller behind a profile."""

    UNCLAIMED = "UNCLAIMED", _("Unclaimed")
    CLAIMED = "CLAIMED", _("Claimed")


class HandleType(models.TextChoices):
    """Ways in which a buyer knows a seller."""

    WECHAT_ID = "wechat_id", _("WeChat ID")
    PHONE = "phone", _("Phone number")
    NICKNAME = "nickname", _("Nickname")
    PAYEE_NAME = "payee_name", _("Name on the payment slip")
    PAYMENT_QR = "payment_qr", _("Payment code")
    SHOP_LINK = "shop_link", _("Shop or link")
    GROUP = "group", _("Group")
    LIVE_ROOM = "live_room", _("Live room")
    PARCEL_SENDER = "parcel_sender", _("Sender on the parcel")
    BANK_ACCOUNT = "bank_account", _("Bank account")
    ALIPAY = "alipay", _("Alipay account")


class ClaimProof(models.TextChoices):
    """How somebody shows control of what the seller is known by."""

    PHONE = "PHONE", _("A code to a phone number of the seller")
    SIGNATURE = "SIGNATURE", _("A code in the signature of the WeChat profile, and a screenshot")
    LICENCE = "LICENCE", _("A photo of the business licence")


class ClaimState(models.TextChoices):
    """Stages of a claim to be the seller."""

    AWAITING_PROOF = "AWAITING_PROOF", _("Proof is missing")
    UNDER_REVIEW = "UNDER_REVIEW", _("We look at the proof")
    COOLING = "COOLING", _("Others may object")
    CONTESTED = "CONTESTED", _("Somebody objected; a person decides")
    GRANTED = "GRANTED", _("Granted")
    REFUSED = "REFUSED", _("Not approved")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")


CLAIM_ENDED = (ClaimState.GRANTED, ClaimState.REFUSED, ClaimState.WITHDRAWN)
CLAIM_OPEN = (ClaimState.AWAITING_PROOF, ClaimState.UNDER_REVIEW, ClaimState.COOLING, ClaimState.CONTESTED)
CLAIMS = Machine(
    bring_proof=({ClaimState.AWAITING_PROOF}, ClaimState.UNDER_REVIEW),
    begin_cooling=(
        {ClaimState.AWAITING_PROOF, ClaimState.UNDER_REVIEW, ClaimState.COOLING, ClaimState.CONTESTED},
        ClaimState.COOLING,
    ),
    review_again=({ClaimState.COOLING, ClaimState.CONTESTED}, ClaimState.UNDER_REVIEW),
    contest=({ClaimState.COOLING}, ClaimState.CONTESTED),
    grant=({ClaimState.COOLING, ClaimState.CONTESTED}, ClaimState.GRANTED),
    refuse=({ClaimState.UNDER_REVIEW, ClaimState.CONTESTED}, ClaimState.REFUSED),
    withdraw=(CLAIM_OPEN, ClaimState.WITHDRAWN),
)


class SharedBecause(models.TextChoices):
    """Why one handle does not mean one seller."""

    PASSED_ON = "PASSED_ON", _("An agent passes on its supplier's code or number")
    FAMILY = "FAMILY", _("A family uses it together")
    RECYCLED = "RECYCLED", _("The number or account was given to somebody else")
    SEVERAL_SELLERS = "SEVERAL_SELLERS", _("Several sellers use it, such as a group or a parcel shop")


class LinkReason(models.TextChoices):
    """What speaks for or against two mentions being of one seller."""

    SAME_WECHAT_ID = "same_wechat_id", _("Same WeChat ID")
    SAME_PHONE = "same_phone", _("Same phone number")
    SAME_PAYMENT_QR = "same_payment_qr", _("Same payment code")
    SAME_SHOP_LINK = "same_shop_link", _("Same shop or link")
    SAME_BANK_ACCOUNT = "same_bank_account", _("Same bank account")
    SAME_ALIPAY = "same_alipay", _("Same Alipay account")
    SAME_NUMBER_IN_ANOTHER_PLACE = (
        "same_number_in_another_place",
        _("The phone number of one stands as Alipay account or on the parcel of the other"),
    )
    MASKED_PHONE_FITS = "masked_phone_fits", _("What is legible of a masked phone number fits")
    NEARLY_SAME_WECHAT_ID = "nearly_same_wechat_id", _("WeChat IDs that one or two slips of the finger part")
    NEARLY_SAME_PHONE = "nearly_same_phone", _("Phone numbers that one or two slips of the finger part")
    NEARLY_SAME_PAYMENT_QR = "nearly_same_payment_qr", _("Payment codes that one or two characters part")
    NEARLY_SAME_SHOP_LINK = "nearly_same_shop_link", _("Links that one or two characters part")
    NEARLY_SAME_BANK_ACCOUNT = (
        "nearly_same_bank_account",
        _("Bank accounts that one or two slips of the finger part"),
    )
    NEARLY_SAME_ALIPAY = "nearly_same_alipay", _("Alipay accounts that one or two slips of the finger part")
    SAME_NICKNAME = "same_nickname", _("Same nickname, decorations aside")
    NEARLY_SAME_NICKNAME = "nearly_same_nickname", _("Nicknames of which one holds the other")
    PAYEE_NAMES_FIT = "payee_names_fit", _("The legible parts of the payees' names fit")
    SAME_REGION = "same_region", _("Same region")
    SAME_GROUP = "same_group", _("Same group")
    SAME_LIVE_ROOM = "same_live_room", _("Same live room")
    SAME_PARCEL_SENDER = "same_parcel_sender", _("Same sender on the parcel")
    DIFFERENT_WECHAT_ID = "different_wechat_id", _("Different WeChat IDs")
    DIFFERENT_PHONE = "different_phone", _("Different phone numbers")
    DIFFERENT_PAYMENT_QR = "different_payment_qr", _("Different payment codes")
    DIFFERENT_SHOP_LINK = "different_shop_link", _("Different shops or links")
    DIFFERENT_BANK_ACCOUNT = "different_bank_account", _("Different bank accounts")
    DIFFERENT_ALIPAY = "different_alipay", _("Different Alipay accounts")
    DIFFERENT_NICKNAME = "different_nickname", _("Different nicknames")
    DIFFERENT_PAYEE_NAME = "different_payee_name", _("The payees' names do not fit")
    DIFFERENT_REGION = "different_region", _("Different regions")
    SELLERS_THERE_ARE = "sellers_there_are", _("So many sellers there are whom it may be of")
    NAMES_ALONE_ARE_NEVER_SURE = "names_alone_are_never_sure", _("Names and places alone are never sure")


class AgentReward(models.TextChoices):
    """What an agent is rewarded for beside its own sales."""

    NONE = "NONE", _("Nothing but own sales")
    PER_RECRUIT = "PER_RECRUIT", _("Each person recruited")
    SALES_OF_RECRUITS = "SALES_OF_RECRUITS", _("What recruits sell or pay")
    UNKNOWN = "UNKNOWN", _("Not known")


class StatementState(models.TextChoices):
    """What became of a seller's own statement on its public page."""

    WAITING = "WAITING", _("Waiting to be read by us")
    PUBLISHED = "PUBLISHED", _("Published")
    DECLINED = "DECLINED", _("Not published")
    REPLACED = "REPLACED", _("Replaced by a newer one")


class Figure(models.TextChoices):
    """The figures of a seller's public record; the code is their place on the page of definitions."""

    CLOSED = "closed", _("Complaints closed")
    ANSWERED = "answered", _("Answered in time")
    MEDIAN_ANSWER = "median-answer", _("Median time to answer")
    SETTLED = "settled", _("Settled")
    MEDIAN_CLOSING = "median-closing", _("Median days to closing")
    KEPT = "kept", _("Agreements kept")
    BREACHES = "breaches", _("Agreements not kept so far")
    PROMISES = "promises", _("Public promises kept")
    PROBLEMS = "problems", _("Most frequent problems")
    WITHDRAWN = "withdrawn", _("Withdrawn complaints")
    SET_APART = "set-apart", _("Complaints set apart")


class Wrong(models.TextChoices):
    """What somebody says is wrong with a seller's public record."""

    NOT_ME = "NOT_ME", _("This is not me")
    FIGURES = "FIGURES", _("A figure is wrong")
    SETTLED = "SETTLED", _("A settlement is not counted yet")
    OTHER = "OTHER", _("Something else")


class CorrectionResult(models.TextChoices):
    """What we answered."""

    CORRECTED = "CORRECTED", _("We have put it right")
    UNCHANGED = "UNCHANGED", _("It stays as it is")


class Exemption(models.TextChoices):
    """Why somebody trades without being registered: E-Commerce Law art. 10, Order 37 art. 8; its own word."""

    OWN_PRODUCE = "OWN_PRODUCE", _("I sell farm products and by-products that I produce myself")
    HANDICRAFT = "HANDICRAFT", _("I sell products of a family handicraft")
    LABOUR = "LABOUR", _("I do convenience labour with my own skill, which by law needs no licence")
    SPORADIC = "SPORADIC", _("I trade now and then and in small amounts")


class LegalForm(models.TextChoices):
    """What a registered seller is in law."""

    SOLE_TRADER = "SOLE_TRADER", _("Sole trader")
    COMPANY = "COMPANY", _("Company")
    PARTNERSHIP = "PARTNERSHIP", _("Partnership")
    SOLE_PROPRIETORSHIP = "SOLE_PROPRIETORSHIP", _("Sole proprietorship")
    COOPERATIVE = "COOPERATIVE", _("Farmers' cooperative")
    OTHER_FORM = "OTHER_FORM", _("Another form")


class LicenceKind(models.TextChoices):
    """For which goods a licence or filing is needed by law."""

    FOOD = "FOOD", _("Food")
    DRUGS = "DRUGS", _("Drugs")
    COSMETICS = "COSMETICS", _("Cosmetics")
    MEDICAL_DEVICES = "MEDICAL_DEVICES", _("Medical devices")
    OTHER_GOODS = "OTHER_GOODS", _("Other goods or services")


class ChangeKind(models.TextChoices):
    """What happened to a registration or licence, in the seller's own word."""

    CHANGED = "CHANGED", _("It has changed: name, address, number or what it is for")
    ENDED = "ENDED", _("It has ended: given back, withdrawn or run out")


class ObjectionKind(models.TextChoices):
    """What a seller objects to."""

    CODE_IS_MINE = "CODE_IS_MINE", _("Another profile states the credit code of this seller")
    ENDED_WRONGLY = "ENDED_WRONGLY", _("What this seller stated was ended by us")


class IdentityLevel(models.TextChoices):
    """How far it is proven who a seller is, from nothing upward."""

    NOTHING = "NOTHING", _("Nothing is proven")
    CONTACT = "CONTACT", _("The contact is proven")
    DOCUMENTS = "DOCUMENTS", _("We have seen documents")
    REGISTER = "REGISTER", _("Checked in the register")


CHECKED_LEVELS = (IdentityLevel.DOCUMENTS, IdentityLevel.REGISTER)


# Why a person looks at a registration again, by the words of `merchants.rules.standing_in_register.Because`.
IN_WORDS = {
    "nothing_stated": _("Nothing is stated yet on the business licence."),
    "over_the_line": _("The turnover of all shops together is above the line for trade without registration."),
    "no_turnover_stated": _("For trade in small amounts the turnover of each shop is missing."),
    "licensed_is_registered": _("What needs a licence is registered whatever the amount."),
    "licence_missing": _("A licence is needed for what is sold, and none is stated."),
    "licence_run_out": _("A licence has run out."),
    "changed_since": _("The seller said that what it stated has changed or ended; the new state is missing."),
}


class CommitmentKind(models.TextChoices):
    """What a seller promises to everybody who buys from it."""

    RETURN_WITHIN = "RETURN_WITHIN", _("Takes goods back")
    MULTIPLE_IF_FAKE = "MULTIPLE_IF_FAKE", _("Pays a multiple for fakes")
    ACCEPTS_MEDIATION = "ACCEPTS_MEDIATION", _("Accepts our mediation")
    ANSWERS_WITHIN = "ANSWERS_WITHIN", _("Answers complaints quickly")


# The least and the most of the number that a promise holds: days, times the price, working days.
COMMITMENT_RANGES = {
    CommitmentKind.RETURN_WITHIN: (7, 90),
    CommitmentKind.MULTIPLE_IF_FAKE: (2, 100),
    CommitmentKind.ANSWERS_WITHIN: (1, 10),
}
