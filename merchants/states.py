"""Standing of a seller's profile."""

from django.db import models
from django.utils.translation import gettext_lazy as _


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
    PROBLEMS = "problems", _("Most frequent problems")
    WITHDRAWN = "withdrawn", _("Withdrawn complaints")


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
