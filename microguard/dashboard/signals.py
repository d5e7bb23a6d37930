"""What stands out about the people of a case, for the desk: reasons, cases, and what was said against it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from complaints.models import Complaint
from disputes.selectors.signals import Shown, about_complainant, about_seller

MOST_LINKS = 8


def signals_of_case(complaint: Complaint, *, at: datetime) -> list[dict[str, Any]]:
    """Return what stands out about the buyer and about the seller of a case; a side without any is left out."""
    groups = [(_("About the buyer"), about_complainant(complaint, at=at))]
    if complaint.merchant_id:
        groups.append((_("About the seller"), about_seller(complaint.merchant_id, at=at)))
    return grouped(groups)


def signals_of_seller(merchant_id: int, *, at: datetime) -> list[dict[str, Any]]:
    """Return what stands out about the seller to whom this profile belongs, for its page at the desk."""
    return grouped([(_("About the seller"), about_seller(merchant_id, at=at))])


def grouped(groups: Iterable[tuple[str, list[Shown]]]) -> list[dict[str, Any]]:
    """Return the groups that are not empty, with links to the first cases behind each signal."""
    found = [(heading, shown) for heading, shown in groups if shown]
    named = {case for _heading, shown in found for signal in shown for case in signal.cases[:MOST_LINKS]}
    numbers = dict(Complaint.objects.filter(pk__in=named).values_list("pk", "number"))
    return [{"heading": heading, "rows": [_row(signal, numbers) for signal in shown]} for heading, shown in found]


def _row(signal: Shown, numbers: dict[int, str]) -> dict[str, Any]:
    linked = [case for case in signal.cases[:MOST_LINKS] if case in numbers]
    return {
        "title": signal.title,
        "reason": signal.reason,
        "article": signal.article,
        "links": [
            {"number": numbers[case], "url": reverse("admin:complaints_complaint_change", args=[case])}
            for case in linked
        ],
        "more": len(signal.cases) - len(linked),
        "contests": signal.contests,
    }
