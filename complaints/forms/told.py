"""What is told of a case beyond its columns: questions of the law's vocabulary, in plain words, all optional."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from complaints.forms.fields import AmountField
from complaints.rules.law_facts import SEVERAL
from microguard.law.words import answers_to, question_of, words

NOT_OFFERED = _("Choose one of the answers, or leave it open.")


class ToldForm(forms.Form):
    """The questions that `facts` names, with the answers so far; none has to be answered."""

    use_required_attribute = False

    def __init__(
        self, *args: Any, facts: Iterable[str], known: Mapping[str, Any], compact: bool = False, **kwargs: Any
    ) -> None:
        """Take the questions; `compact` draws lists to choose from, otherwise every answer can be tapped."""
        super().__init__(*args, **kwargs)
        self.fields = {fact: _field(fact, compact=compact) for fact in facts}
        self.unmarked = tuple(self.fields)
        self.initial = {fact: _shown(fact, known[fact]) for fact in self.fields if fact in known}

    def answers(self) -> dict[str, Any]:
        """Return an answer to each question, None where it was left open."""
        return {fact: _taken(fact, value) for fact, value in self.cleaned_data.items()}


def _shown(fact: str, value: Any) -> Any:
    return round(value * 100) if fact.endswith("_cny") else value


def _taken(fact: str, value: Any) -> Any:
    if value in (None, "", []):
        return None
    if fact == "promised_multiple":
        return float(value)
    return value / 100 if fact.endswith("_cny") else value


def _field(fact: str, *, compact: bool) -> forms.Field:
    language = get_language()
    label = question_of(fact).in_language(language)
    answers = [(value, words_.in_language(language)) for value, words_ in answers_to(fact).items()]
    if fact in SEVERAL:
        return forms.MultipleChoiceField(
            label=label,
            choices=answers,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            error_messages={"invalid_choice": NOT_OFFERED, "invalid_list": NOT_OFFERED},
        )
    if answers:
        open_ = [("", words().unknown.in_language(language))]
        return forms.ChoiceField(
            label=label,
            choices=[*open_, *answers] if compact else [*answers, *open_],
            required=False,
            widget=forms.Select if compact else forms.RadioSelect,
            error_messages={"invalid_choice": NOT_OFFERED},
        )
    if fact.endswith("_cny"):
        return AmountField(label=label)
    if fact == "promised_multiple":
        return forms.DecimalField(label=label, required=False, min_value=1, max_value=1000, decimal_places=1)
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=36_500)
