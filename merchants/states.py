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
