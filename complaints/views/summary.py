"""All answers of a complaint in the words in which they were given, for checking and for the case page."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from complaints.models import Complaint
from complaints.selectors import evidence_of
from merchants.selectors import profiles_of
from merchants.selectors.public_page import public_name
from microguard.core.money import yuan
from microguard.core.templatetags.mg import calendar_day


def summary_of(complaint: Complaint) -> list[dict[str, Any]]:
    """Return sections of {heading, rows}: each row {label, value, url}, url leading back to its step."""
    return [
        _section("seller", _("Who is the seller?"), _seller_rows(complaint)),
        _section("deal", _("The deal"), _deal_rows(complaint)),
        _section("problem", _("What went wrong?"), _problem_rows(complaint)),
        _section("want", _("What do you want?"), _want_rows(complaint)),
        _section("evidence", _("Evidence"), [(_("Files"), str(evidence_of(complaint).count() or ""))]),
        _section(
            "you",
            _("How can we reach you?"),
            [
                (_("Your name"), complaint.complainant_name),
                (_("Your phone number"), complaint.phone),
                (_("Where do you live?"), complaint.place),
                (_("E-mail"), complaint.email),
            ],
        ),
    ]


def _section(slug: str, heading: str, rows: list[tuple[str, str]]) -> dict[str, Any]:
    url = f"{reverse('complaints:step', args=[slug])}?change=1"
    return {
        "heading": heading,
        "rows": [
            {"label": label, "value": value, "url": url if not place else ""}
            for place, (label, value) in enumerate(rows)
        ],
    }


def _seller_rows(complaint: Complaint) -> list[tuple[str, str]]:
    mentions = [(str(mention.get_type_display()), mention.value) for mention in complaint.mentions.all()]
    if complaint.merchant is not None:
        name = public_name(profiles_of(complaint.merchant.pk)) or _("A seller without a public name")
        return [(_("Your complaint is about"), name), *mentions]
    return mentions or [(_("Picture"), _("Kept as evidence"))]


def _deal_rows(complaint: Complaint) -> list[tuple[str, str]]:
    about = _(" (about)") if complaint.paid_date_about else ""
    return [
        (_("What did you buy?"), complaint.item),
        (_("How much did you pay?"), yuan(complaint.amount_fen) if complaint.amount_fen else ""),
        (
            _("When did you pay?"),
            f"{calendar_day(complaint.paid_date)}{about}" if complaint.paid_date else "",
        ),
        (_("How did you pay?"), str(complaint.get_paid_by_display()) if complaint.paid_by else ""),
    ]


def _problem_rows(complaint: Complaint) -> list[tuple[str, str]]:
    return [
        (_("Problem"), str(complaint.get_problem_display()) if complaint.problem else ""),
        (_("Tell what happened"), complaint.story),
    ]


def _want_rows(complaint: Complaint) -> list[tuple[str, str]]:
    return [(str(claim.get_kind_display()), claim_value(claim)) for claim in complaint.claims.order_by("pk")] or [
        (_("What do you want?"), "")
    ]


def claim_value(claim: Any) -> str:
    """Return the sum of a claim in words, or that it is wanted."""
    if claim.as_law_sets:
        return _("as the law sets")
    return yuan(claim.amount_fen) if claim.amount_fen else _("yes")
