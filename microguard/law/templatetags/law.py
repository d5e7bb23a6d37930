"""How the law data are written in a template."""

from django import template
from django.utils.translation import get_language

from microguard.law.checklist import Facts, told
from microguard.law.wording import Wording

register = template.Library()


@register.filter
def worded(text: Wording | None) -> str:
    """Return the text in the reader's language; nothing for None."""
    return text.in_language(get_language()) if text else ""


@register.filter
def answers(facts: Facts) -> list[tuple[str, str]]:
    """Return the short name of each question that has answers, and these in one line."""
    language = get_language()
    return [
        (question.name.in_language(language), " / ".join(choice.says.in_language(language) for choice in choices))
        for question, choices in told(facts)
    ]


@register.filter
def one_line(facts: Facts) -> str:
    """Return answers in one line, each after the short name of its question."""
    colon, stop = (": ", "; ") if get_language() == "en" else ("：", "；")
    return stop.join(f"{name}{colon}{said}" for name, said in answers(facts))
