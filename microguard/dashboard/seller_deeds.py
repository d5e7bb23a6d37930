"""What a person may say of a seller at the desk: each step with its form and its one action."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from merchants.actions.linking import end_keep_apart, keep_apart, merge_profiles, unmerge_profile
from merchants.actions.shared import mark_shared, unmark_shared
from merchants.models import Handle, Merchant
from merchants.selectors import profiles_of, sellers_of
from merchants.states import ProfileState, SharedBecause
from microguard.accounts.actors import Actor
from microguard.dashboard.forms import words


class SellerForm(forms.Form):
    """A form about one seller; `named` holds what the link to it named."""

    use_required_attribute = False
    about = ""  # who or what it is about, in words
    subject: forms.Field  # the key of the other profile, the handle or the earlier word

    def __init__(self, *args: Any, merchant: Merchant, named: Mapping[str, Any], **kwargs: Any) -> None:
        self.merchant = merchant
        super().__init__(*args, **kwargs)
        key = str(named.get("subject", ""))
        self.subject_key = int(key) if key.isdecimal() and len(key) < 19 else 0
        self.fields["subject"] = forms.CharField(
            widget=forms.HiddenInput,
            initial=key,
            max_length=18,
            error_messages={"required": gettext_lazy("Choose it on the seller's page.")},
        )


class OtherForm(SellerForm):
    """The other profile, and why."""

    reason = words(
        gettext_lazy("Why?"),
        gettext_lazy("Write at least 10 characters, in words the reader understands."),
        most=500,
        help_text=gettext_lazy("Only the office reads this. Write what you saw, and in which case."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keys = sellers_of([self.merchant.pk, self.subject_key])
        roots = Merchant.objects.in_bulk(keys.values())
        self.ours = roots[keys[self.merchant.pk]]
        self.other = roots.get(keys.get(self.subject_key, 0))

    def clean(self) -> dict[str, Any]:
        """Refuse a profile that does not exist."""
        if self.other is None:
            raise forms.ValidationError(_("There is no such profile."))
        return super().clean() or {}


class SameForm(OtherForm):
    """That two profiles are one seller."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.other is None:
            return
        # The profile with an owner stays at the root; else the one that is looked at.
        stays, goes = self.ours, self.other
        if goes.state == ProfileState.CLAIMED and stays.state != ProfileState.CLAIMED:
            stays, goes = goes, stays
        self.stays, self.goes = stays, goes
        self.about = _(
            "{goes} will point to {stays}. Nothing else of either changes, and it can be taken back."
        ).format(goes=goes, stays=stays)


class DifferentForm(OtherForm):
    """That two profiles are not the same seller."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.other is not None:
            self.about = _(
                "{one} and {other} are no longer proposed for one another, nor merged, until that is taken back."
            ).format(one=self.ours, other=self.other)


class MarkForm(SellerForm):
    """Why several people use a handle."""

    because = forms.ChoiceField(
        label=gettext_lazy("Why do several people use it?"),
        choices=SharedBecause.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose why several people use it.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = profiles_of(self.merchant.pk)
        self.handle = Handle.objects.filter(pk=self.subject_key, merchant__in=own).first()
        if self.handle is not None:
            self.about = _("{handle} will hardly propose a seller any more, whoever carries it.").format(
                handle=self.handle
            )


Performing = Callable[[Any, Actor, datetime], object]


@dataclass(frozen=True)
class SellerDeed:
    """One step: its button, its form, the action, and what it says then. A press asks for nothing."""

    label: str | Promise
    done: str | Promise
    form: type[SellerForm]
    perform: Performing
    is_press: bool = False


def _merge(form: SameForm, by: Actor, at: datetime) -> None:
    reason = form.cleaned_data["reason"]
    merge_profiles(merchant_id=form.goes.pk, into_id=form.stays.pk, reason=reason, by=by, at=at)


def _apart(form: DifferentForm, by: Actor, at: datetime) -> None:
    reason, other = form.cleaned_data["reason"], form.other
    assert other is not None
    keep_apart(merchant_id=form.ours.pk, other_id=other.pk, reason=reason, by=by, at=at)


def _mark(form: MarkForm, by: Actor, at: datetime) -> None:
    mark_shared(handle_id=form.subject_key, because=form.cleaned_data["because"], by=by, at=at)


# By the word in the address.
LINKING_DEEDS: dict[str, SellerDeed] = {
    "same": SellerDeed(
        gettext_lazy("They are the same seller"),
        gettext_lazy("Merged. It can be taken back at any time."),
        SameForm,
        _merge,
    ),
    "different": SellerDeed(
        gettext_lazy("They are not the same"), gettext_lazy("Noted. They stay two."), DifferentForm, _apart
    ),
    "mark": SellerDeed(gettext_lazy("Several people use it"), gettext_lazy("Marked."), MarkForm, _mark),
    "unmerge": SellerDeed(
        gettext_lazy("Take the merge back"),
        gettext_lazy("Taken back. Everything is as it was before."),
        SellerForm,
        lambda form, by, at: unmerge_profile(merchant_id=form.subject_key, by=by, at=at),
        is_press=True,
    ),
    "unmark": SellerDeed(
        gettext_lazy("Take the mark back"),
        gettext_lazy("Taken back."),
        SellerForm,
        lambda form, by, at: unmark_shared(handle_id=form.subject_key, by=by, at=at),
        is_press=True,
    ),
    "together": SellerDeed(
        gettext_lazy("Take that back"),
        gettext_lazy("Taken back. They may be proposed again."),
        SellerForm,
        lambda form, by, at: end_keep_apart(kept_apart_id=form.subject_key, by=by, at=at),
        is_press=True,
    ),
}
