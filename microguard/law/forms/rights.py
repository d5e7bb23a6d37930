"""One question of /rights/ as a form, and the price on its own."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from microguard.core.amounts import AmountField
from microguard.law.explorer import PRICE
from microguard.law.tree import Node

CLOSEST = _("Choose the closest answer.")


class PriceForm(forms.Form):
    """How much was paid; without it no sums can be told."""

    use_required_attribute = False
    price = AmountField(
        label=_("How much did you pay?"), help_text=_("Then we work out the sums. It is not kept.")
    )
    unmarked: tuple[str, ...] = (PRICE,)


class QuestionForm(PriceForm):
    """The choices of one question, and the price where it is asked with it."""

    def __init__(self, node: Node, *, labels: dict[str, str], question: str, hint: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not node.asks_price:
            del self.fields[PRICE]
        self.fields[node.key] = forms.ChoiceField(
            label=question,
            help_text=hint,
            choices=list(labels.items()),
            widget=forms.RadioSelect,
            error_messages={"required": CLOSEST, "invalid_choice": CLOSEST},
        )
        self.order_fields([node.key, PRICE])
        self.asked = self[node.key]
