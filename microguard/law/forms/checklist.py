"""The questions to a seller, as one form whose answers stand in the address and nowhere else."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from microguard.law.checklist import Facts, Question, questions
from microguard.law.duties import register, with_figure


class WithHints:
    """Choices with a line under the label where the data have one."""

    hints: dict[str, str] = {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the hint, which the templates of our choices draw."""
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)  # type: ignore[misc]
        return option | {"hint": self.hints.get(str(value), "")}


class OneChoice(WithHints, forms.RadioSelect):
    """Cells of which one is chosen."""


class SeveralChoices(WithHints, forms.CheckboxSelectMultiple):
    """Cells of which any number is chosen."""


class ChecklistForm(forms.Form):
    """One field a question."""

    use_required_attribute = False

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in questions():
            self.fields[question.key] = _field(question, on)

    @property
    def facts(self) -> Facts:
        """The answers, each question with those chosen."""
        answers = self.cleaned_data
        return {
            question.key: answers[question.key] if question.several else [answers[question.key]]
            for question in questions()
        }


def _field(question: Question, on: date) -> forms.Field:
    """Return the field of one question, in the reader's language."""
    language = get_language()
    figure = register().threshold_of(question.threshold_of, on) if question.threshold_of else None
    name = question.name.in_language(language)
    widget = SeveralChoices() if question.several else OneChoice()
    widget.hints = {choice.key: choice.hint.in_language(language) for choice in question.choices if choice.hint}
    return (forms.MultipleChoiceField if question.several else forms.ChoiceField)(
        label=with_figure(question.asks, figure).in_language(language),
        choices=[(choice.key, choice.says.in_language(language)) for choice in question.choices],
        widget=widget,
        error_messages={
            "required": _("Answer “{question}”.").format(question=name),
            "invalid_choice": _("“{value}” is no answer to “{question}”.").format(
                value="%(value)s", question=name
            ),
        },
    )
