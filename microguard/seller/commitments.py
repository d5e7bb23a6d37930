"""The door where a seller promises something to everybody who buys from it, and ends a promise."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from merchants.actions.commitments import end_commitment, make_commitment, tomorrow
from merchants.models import Ownership
from merchants.selectors import profiles_of
from merchants.selectors.claiming import owned_by
from merchants.selectors.commitments import open_commitments
from merchants.selectors.public_page import public_name
from merchants.states import COMMITMENT_RANGES, CommitmentKind
from microguard.accounts.actors import visitor
from microguard.accounts.middleware import PROVEN_PHONE
from microguard.core import clock
from microguard.core.errors import NotFound, Refusal

LABELS: dict[str, str | Promise] = {
    CommitmentKind.RETURN_WITHIN: gettext_lazy("How many days after receipt?"),
    CommitmentKind.MULTIPLE_IF_FAKE: gettext_lazy("How many times the price?"),
    CommitmentKind.ANSWERS_WITHIN: gettext_lazy("Within how many working days?"),
}
MEANINGS: dict[str, str | Promise] = {
    CommitmentKind.RETURN_WITHIN: gettext_lazy(
        "A buyer may send goods back within these days, also where the law would not let them. "
        "You pay the price back."
    ),
    CommitmentKind.MULTIPLE_IF_FAKE: gettext_lazy(
        "If goods turn out to be fake, you pay this many times the price. A buyer can claim it in law."
    ),
    CommitmentKind.ACCEPTS_MEDIATION: gettext_lazy(
        "You will take part when a buyer asks us to mediate. Each time you are still asked, and you still decide "
        "whether you agree to a result."
    ),
    CommitmentKind.ANSWERS_WITHIN: gettext_lazy(
        "You answer a complaint within these working days after it reaches you. Our own term to answer stays as "
        "it is."
    ),
}


class CommitmentForm(forms.Form):
    """The number of one kind of promise; a kind without a number asks for nothing."""

    use_required_attribute = False

    def __init__(self, sent: Any = None, *, kind: str, shop: int) -> None:
        super().__init__(sent, prefix=f"{shop}-{kind}")
        self.kind, self.shop = kind, shop
        if kind in COMMITMENT_RANGES:
            least, most = COMMITMENT_RANGES[CommitmentKind(kind)]
            odd = _("Enter a whole number from {least} to {most}.").format(least=least, most=most)
            self.fields["value"] = forms.IntegerField(
                label=str(LABELS[kind]),
                min_value=least,
                max_value=most,
                help_text=_("From {least} to {most}.").format(least=least, most=most),
                widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short"}),
                error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), odd),
            )


@require_http_methods(["GET", "POST"])
def commitments(request: HttpRequest) -> HttpResponse:
    """Show the promises of each shop of whoever proved the phone; make or end one."""
    proven = request.session.get(PROVEN_PHONE, "")
    if not proven:
        return redirect(f"{reverse('complaints:enter')}?next={reverse('seller:commitments')}")
    owned = list(owned_by(proven))
    bound = _pressed(request, owned)
    if request.method == "POST":
        try:
            if _done(request, bound):
                return redirect("seller:commitments")
        except NotFound:
            messages.error(request, _("This promise or shop is not yours. Load the page again."))
            return redirect("seller:commitments")
        except Refusal as refusal:
            if bound is None or "value" not in bound.fields:
                messages.error(request, refusal.message)
                return redirect("seller:commitments")
            bound.add_error("value", refusal.message)
    context = {"shops": [_shop(owner, bound) for owner in owned], "form": bound}
    return render(request, "seller/commitments.html", context, status=422 if bound and bound.errors else 200)


def _pressed(request: HttpRequest, owned: list[Ownership]) -> CommitmentForm | None:
    """Return the form whose button was pressed, if it is one of the reader's shops."""
    shop, _dash, kind = request.POST.get("make", "").partition("-")
    if kind not in CommitmentKind.values or shop not in {str(owner.merchant_id) for owner in owned}:
        return None
    return CommitmentForm(request.POST, kind=kind, shop=int(shop))


def _done(request: HttpRequest, form: CommitmentForm | None) -> bool:
    """Make or end the promise, and tell whether it is done; a form with a mistake is not."""
    by, at = visitor(request.session[PROVEN_PHONE]), clock.now()
    key = request.POST.get("end", "")
    if key.isdecimal() and len(key) < 19:
        end_commitment(commitment_id=int(key), until_date=tomorrow(at), by=by, at=at)
        messages.success(request, _("It ends tomorrow. It stays good for deals made until then."))
        return True
    if form is None:
        raise NotFound("not found")
    if not form.is_valid():
        return False
    value = form.cleaned_data.get("value")
    made = make_commitment(merchant_id=form.shop, kind=form.kind, value=value, by=by, at=at)
    messages.success(request, _("Promised: {words}").format(words=made.words))
    return True


def _shop(owner: Ownership, bound: CommitmentForm | None) -> dict[str, Any]:
    """Return a shop with each kind of promise: what it means, what stands, and the form where one can be made."""
    shop, profiles = owner.merchant, profiles_of(owner.merchant_id)
    standing = list(open_commitments(profiles, clock.day_of(clock.now())))
    kinds = []
    for kind in CommitmentKind:
        made = [each for each in standing if each.kind == kind]
        is_bound = bound is not None and (bound.shop, bound.kind) == (shop.pk, kind)
        kinds.append(
            {
                "label": kind.label,
                "meaning": MEANINGS[kind],
                "made": made,
                "button": f"{shop.pk}-{kind}",
                "form": None
                if any(each.ended_at is None for each in made)
                else bound
                if is_bound
                else CommitmentForm(kind=kind, shop=shop.pk),
            }
        )
    return {"merchant": shop, "name": public_name(profiles) or _("A seller without a public name"), "kinds": kinds}
