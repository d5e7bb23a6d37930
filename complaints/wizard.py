"""The filing steps as data: which form and which template draw each."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from complaints.forms.seller import SellerForm
from complaints.forms.steps import (
    DealForm,
    EvidenceForm,
    ProblemForm,
    StepForm,
    WantForm,
    YouForm,
)
from complaints.rules.filing import STEPS


@dataclass(frozen=True)
class Step:
    """One screen: its slug in the address, the question as heading, and its form."""

    slug: str
    heading: str | Promise
    form: type[StepForm]

    @property
    def number(self) -> int:
        """Its place among the screens, from one."""
        return STEPS.index(self.slug) + 1

    @property
    def following(self) -> str:
        """The slug of the next screen."""
        return STEPS[self.number]

    @property
    def preceding(self) -> str | None:
        """The slug of the screen before, None for the first."""
        return STEPS[self.number - 2] if self.number > 1 else None


FORM_STEPS = {
    step.slug: step
    for step in (
        Step("seller", _("Who is the seller?"), SellerForm),
        Step("deal", _("The deal"), DealForm),
        Step("problem", _("What went wrong?"), ProblemForm),
        Step("want", _("What do you want?"), WantForm),
        Step("evidence", _("Upload evidence"), EvidenceForm),
        Step("you", _("How can we reach you?"), YouForm),
    )
}
TOTAL = len(STEPS)
