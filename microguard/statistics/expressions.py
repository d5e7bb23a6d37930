"""What figures and files are made of, as expressions of one query: nothing is computed row by row here."""

from collections.abc import Mapping

from django.db.models import (
    Aggregate,
    CharField,
    DecimalField,
    F,
    FloatField,
    Func,
    IntegerField,
    JSONField,
    TextField,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, NullIf, Round, TruncDate

from microguard.core.clock import CHINA

# What a spreadsheet may take for a formula, also after blanks and in full width.
FORMULA_START = "^([[:space:]　]*[-=+@－＝＋＠]|[\t\r\n])"
LONG_NUMBER = "[0-9０-９]([- ]?[0-9０-９]){6,}"


def safe_text(value: Combinable) -> Func:
    """Return the text such that no spreadsheet takes it for a formula: such a start gets a leading '."""
    guarded = Func(value, Value(FORMULA_START), Value(r"'\1"), function="regexp_replace", output_field=TextField())
    return NullIf(guarded, Value("", output_field=TextField()))


def without_long_numbers(column: str) -> Func:
    """Return what a person typed with phone, account and order numbers blotted out."""
    return Func(
        F(column),
        Value(LONG_NUMBER),
        Value("***"),
        Value("g"),
        function="regexp_replace",
        output_field=TextField(),
    )


def word(column: str, words: Mapping[str, str]) -> Coalesce:
    """Return the word for the code in the column; a code without a word stands for itself."""
    found = Func(
        Value(dict(words), output_field=JSONField()),
        Cast(F(column), TextField()),
        function="jsonb_extract_path_text",
        output_field=CharField(),
    )
    return Coalesce(found, F(column), output_field=CharField())


def day(column: str) -> TruncDate:
    """Return the day in China of an instant."""
    return TruncDate(column, tzinfo=CHINA)


def yuan(column: str) -> Round:
    """Return an amount stored in fen as yuan with two decimals."""
    amount = DecimalField(max_digits=20, decimal_places=2)
    return Round(Cast(F(column), amount) / Value(100), 2, output_field=amount)


def days_between(first: Combinable, last: Combinable) -> Func:
    """Return the number of days from one date to another."""
    return Func(last, first, template="(%(expressions)s)", arg_joiner=" - ", output_field=IntegerField())


class Median(Aggregate):
    """The middle value; of an even number of values the mean of the two in the middle."""

    name = "Median"
    template = "percentile_cont(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()
