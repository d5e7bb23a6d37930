"""Chains of agents at the desk: who supplies whom, on which terms, and when that is a clue for the regulator."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.forms.fields import AmountField
from complaints.models import Complaint
from merchants.actions.agents import AgentTerms, end_agent_link, note_agent_link
from merchants.models import AgentLink, Merchant
from merchants.selectors import sellers_of
from merchants.selectors.agents import chain_below, suppliers_of
from merchants.states import AgentReward
from microguard.accounts.actors import Actor
from microguard.core.references import read_case_number
from microguard.dashboard.forms import day, words
from microguard.dashboard.seller_deeds import SellerDeed, SellerForm

MOST_SHOWN = 200
SUPPLIES, IS_SUPPLIED = "supplies", "is_supplied"


class LinkForm(SellerForm):
    """Who the other is, which of the two supplies, on which terms, and which case shows it."""

    way = forms.ChoiceField(
        label=gettext_lazy("Who supplies whom?"),
        choices=[
            (SUPPLIES, gettext_lazy("This seller supplies the other")),
            (IS_SUPPLIED, gettext_lazy("The other supplies this seller")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose who supplies whom.")},
    )
    other = forms.CharField(
        label=gettext_lazy("The other, by its number"),
        help_text=gettext_lazy("As it stands in the list of sellers, such as S-12"),
        max_length=20,
        error_messages={"required": gettext_lazy("Write the number as it stands in the list, such as S-12.")},
    )
    since_date = day(gettext_lazy("Since when?"), gettext_lazy("The first day on which it is known"))
    joining_fee_fen = AmountField(
        label=gettext_lazy("Paid to join"),
        help_text=gettext_lazy("Fees and goods that had to be bought; leave it empty when it is not known."),
    )
    reward = forms.ChoiceField(
        label=gettext_lazy("What is the agent rewarded for?"),
        choices=AgentReward.choices,
        initial=AgentReward.UNKNOWN,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what the agent is rewarded for.")},
    )
    case = forms.CharField(
        label=gettext_lazy("Case that shows it"),
        max_length=20,
        error_messages={"required": gettext_lazy("Write the number of the case whose files show it.")},
    )
    seen = words(
        gettext_lazy("What was seen there"),
        gettext_lazy("Write at least 10 characters, in words the reader understands."),
        most=500,
        help_text=gettext_lazy("What the file shows, not what follows from it. Only the office reads this."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["subject"]

    def clean_other(self) -> int:
        """Return the key of the other profile."""
        number = str(self.cleaned_data["other"]).strip().upper().removeprefix("S-")
        if not number.isdecimal() or len(number) > 18:
            raise forms.ValidationError(_("Write the number as it stands in the list, such as S-12."))
        if not Merchant.objects.filter(pk=int(number)).exists():
            raise forms.ValidationError(_("There is no such profile."))
        return int(number)

    def clean_case(self) -> str:
        """Return the chain of the case."""
        number = read_case_number(self.cleaned_data["case"])
        case = Complaint.objects.filed().filter(number=number or "").first()
        if case is None:
            raise forms.ValidationError(_("There is no such case."))
        return str(case.chain)


class EndForm(SellerForm):
    """From which day on one no longer supplies the other."""

    until_date = day(
        gettext_lazy("First day on which it no longer does"),
        gettext_lazy("Today, or the earlier day that is known"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        link = AgentLink.objects.filter(pk=self.subject_key).first()
        if link is not None:
            self.about = _("S-{supplier} supplies S-{agent}.").format(
                supplier=link.supplier_id, agent=link.agent_id
            )


def _note(form: LinkForm, by: Actor, at: datetime) -> None:
    given = form.cleaned_data
    own, other = form.merchant.pk, given["other"]
    supplier, agent = (own, other) if given["way"] == SUPPLIES else (other, own)
    terms = AgentTerms(given["since_date"], given["joining_fee_fen"], given["reward"])
    note_agent_link(
        supplier_id=supplier,
        agent_id=agent,
        terms=terms,
        seen_in=given["case"],
        seen=given["seen"],
        by=by,
        at=at,
    )


AGENT_DEEDS = {
    "agent": SellerDeed(
        gettext_lazy("Note who supplies whom"), gettext_lazy("Noted as a fact, with its case."), LinkForm, _note
    ),
    "agent_ends": SellerDeed(
        gettext_lazy("It has ended"),
        gettext_lazy("Noted."),
        EndForm,
        lambda form, by, at: end_agent_link(
            link_id=form.subject_key, until_date=form.cleaned_data["until_date"], by=by, at=at
        ),
    ),
}


def agents_panel(root: Merchant) -> dict[str, Any]:
    """Return who supplies the seller, and the tree of its agents with the numbers and the clue, if it is one."""
    chain, above = chain_below(root.pk), list(suppliers_of(root.pk))
    links = [*above, *chain.links[:MOST_SHOWN]]
    roots = sellers_of({key for link in links for key in (link.supplier_id, link.agent_id)})
    cases = _cases([link.seen_in for link in links])
    below: dict[int, list[AgentLink]] = defaultdict(list)
    for link in chain.links[:MOST_SHOWN]:
        below[roots[link.supplier_id]].append(link)
    return {
        "chain": chain,
        "suppliers": [_line(link, roots[link.supplier_id], cases) for link in above],
        "agents": _tree(root.pk, below, roots, cases, above=frozenset()),
    }


def _tree(
    seller: int,
    below: dict[int, list[AgentLink]],
    roots: dict[int, int],
    cases: dict[str, Any],
    above: frozenset[int],
) -> list[dict[str, Any]]:
    """Return the agents of a seller, each with its own below it; nobody stands below itself."""
    above = above | {seller}
    lines = []
    for link in below.get(seller, []):
        agent = roots[link.agent_id]
        if agent not in above:
            lines.append(_line(link, agent, cases) | {"agents": _tree(agent, below, roots, cases, above)})
    return lines


def _line(link: AgentLink, other: int, cases: dict[str, Any]) -> dict[str, Any]:
    return {"link": link, "other": other, "case": cases.get(link.seen_in)}


def _cases(chains: list[str]) -> dict[str, Any]:
    keys = {int(key) for chain in chains if (key := chain.partition("/")[2]).isdecimal()}
    return {case.chain: case for case in Complaint.objects.filter(pk__in=keys).only("pk", "number")}
