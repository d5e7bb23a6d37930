"""The first step of filing: who the seller is, by a handle, a picture, or the public page the buyer came from."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.actions.filing import StepAnswers
from complaints.forms.fields import refuse_odd_phone
from complaints.forms.steps import StepForm
from complaints.models import Complaint
from complaints.states import EvidenceKind
from merchants.selectors.public_page import PublicSeller
from merchants.states import HandleType
from microguard.core import normal_forms

SELLER_NAMED_BY = (
    (HandleType.WECHAT_ID, _("WeChat ID")),
    (HandleType.PHONE, _("Phone number")),
    (HandleType.NICKNAME, _("Shop name or nickname")),
    ("picture", _("Picture of the seller's QR code or of the payment")),
)


class SellerForm(StepForm):
    """Who is the seller? `about` is the one whose public page the buyer came from, who may take the tick away."""

    about = forms.MultipleChoiceField(
        label=_("Your complaint is about"),
        help_text=_("From the seller's public page. Take the tick away if it is somebody else."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose this seller, or take the tick away.")},
    )
    named_by = forms.ChoiceField(
        label=_("What do you know of the seller?"),
        choices=SELLER_NAMED_BY,
        widget=forms.RadioSelect,
        initial=HandleType.WECHAT_ID,
        error_messages={"required": _("Choose what you know of the seller.")},
    )
    value = forms.CharField(
        label=_("The seller's WeChat ID, phone number or name"),
        required=False,
        max_length=64,
        error_messages={"max_length": _("Use 64 characters or fewer.")},
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}),
    )
    sure = forms.BooleanField(label=_("It is right as I wrote it"), required=False)
    picture = forms.FileField(
        label=_("Picture"),
        required=False,
        allow_empty_file=True,
        help_text=_("The seller's QR code or a screenshot of the payment. It is kept as evidence."),
        widget=forms.FileInput(attrs={"accept": "image/*"}),
    )
    unmarked = ("about", "value", "sure", "picture")

    def __init__(self, *args: Any, about: PublicSeller | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seller = about
        self.replaces = False  # whether the answers shown would take the place of others
        self.odd_handle = False
        if about is None:
            del self.fields["about"]
        else:
            name = about.name or _("A seller without a public name")
            self.fields["about"].choices = [(str(about.merchant.public_key), name)]  # type: ignore[attr-defined]
            self.fields["value"].help_text = _("If you know it. It helps us to reach the seller.")
        if not (self.data and self.data.get("sure")):
            self.fields["sure"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        """Check that the seller is named, and that the name fits its kind."""
        cleaned = super().clean() or {}
        kind, value = cleaned.get("named_by"), normal_forms.plain(cleaned.get("value") or "")
        if "value" in self.errors or "named_by" in self.errors:
            return cleaned
        named = value or cleaned.get("about") or cleaned.get("picture") or self._has_picture()
        if not named:
            self.add_error(
                "value",
                _(
                    "Give at least one: the seller's WeChat ID, phone, shop name or nickname, "
                    "or upload their QR code or a payment screenshot."
                ),
            )
        elif value and kind == HandleType.PHONE:
            self._check_phone(value)
        elif value and kind == HandleType.WECHAT_ID and not cleaned.get("sure"):
            self._warn_of_odd_handle(value)
        return cleaned

    def _has_picture(self) -> bool:
        return bool(
            self.draft and self.draft.evidence.filter(kind=EvidenceKind.SELLER, removed_at__isnull=True).exists()
        )

    def _check_phone(self, value: str) -> None:
        try:
            refuse_odd_phone(normal_forms.phone(normal_forms.handle(value)))
        except forms.ValidationError as error:
            self.add_error("value", error)

    def _warn_of_odd_handle(self, value: str) -> None:
        if normal_forms.is_usual_wechat_id(normal_forms.handle(value)):
            return
        self.odd_handle = True
        self.fields["sure"].widget = forms.CheckboxInput()
        self.add_error(
            "value",
            _(
                "This does not look like a WeChat ID (starts with a letter, 6+ characters). If it is a nickname "
                "choose “Shop name or nickname”, or continue if you are sure."
            ),
        )

    def answers(self) -> StepAnswers:
        """Return the handle as a mention; "picture" alone leaves none."""
        value = (self.cleaned_data.get("value") or "").strip()
        kind = self.cleaned_data["named_by"]
        if kind == "picture":
            kind = HandleType.NICKNAME
        merchant = self.seller.merchant if self.seller and self.cleaned_data.get("about") else None
        return StepAnswers(columns={"merchant": merchant}, mentions=[(kind, value)] if value else [])

    @classmethod
    def known(cls, draft: Complaint) -> dict[str, Any]:
        """Return the handle and the seller that the draft holds."""
        mention = draft.mentions.first()
        about = {"about": [str(draft.merchant.public_key)]} if draft.merchant else {}
        return {**about, "named_by": mention.type, "value": mention.value} if mention else about

    @staticmethod
    def beginning(about: PublicSeller, typed: str) -> dict[str, Any]:
        """Return the answers of somebody who comes from a seller's page, or from a look-up of what was `typed`.

        Nothing is in them but what was typed and what the page shows: of a name that the seller has published the
        whole, where nothing or its beginning was typed.
        """
        known = normal_forms.handle(typed)
        if about.published and normal_forms.handle(about.published).startswith(known):
            return _chosen(about, HandleType.NICKNAME, about.published)
        if normal_forms.is_mobile(normal_forms.phone(known)):
            return _chosen(about, HandleType.PHONE, typed)
        is_usual = not known or normal_forms.is_usual_wechat_id(known)
        return _chosen(about, HandleType.WECHAT_ID if is_usual else HandleType.NICKNAME, typed)


def _chosen(about: PublicSeller, kind: str, value: str) -> dict[str, Any]:
    return {"about": [str(about.merchant.public_key)], "named_by": kind, "value": value}
