"""Who and when belong together: every pair `x_at` and `x_by` is both there or both missing, by constraint."""

import pytest
from django.apps import apps
from django.db import models

from microguard.core.models import paired

OUR_APPS = {"accounts", "core", "events", "deadlines", "notifications", "merchants", "complaints", "disputes"}


def pairs() -> list[tuple[type[models.Model], str]]:
    """Every model of ours with the verb of each of its pairs."""
    found = []
    for model in apps.get_models():
        names = {field.name for field in model._meta.get_fields()}
        verbs = sorted(name.removesuffix("_at") for name in names if name.endswith("_at"))
        if model._meta.app_label in OUR_APPS:
            found += [(model, verb) for verb in verbs if f"{verb}_by" in names]
    return found


PAIRS = pairs()


def test_the_pairs_are_found() -> None:
    found = {f"{model.__name__}.{verb}" for model, verb in PAIRS}

    assert found >= {
        "Complaint.filed",
        "Complaint.accepted",
        "Dispute.closed",
        "Dispute.invited",
        "Evidence.added",
    }
    assert len(found) >= 10


@pytest.mark.parametrize(("model", "verb"), PAIRS, ids=[f"{model.__name__}.{verb}" for model, verb in PAIRS])
def test_a_pair_that_may_be_missing_has_its_constraint(model: type[models.Model], verb: str) -> None:
    when, who = model._meta.get_field(f"{verb}_at"), model._meta.get_field(f"{verb}_by")
    conditions = [
        constraint.condition
        for constraint in model._meta.constraints
        if isinstance(constraint, models.CheckConstraint)
    ]

    if when.null:
        assert paired(verb).condition in conditions
        assert (who.null, who.blank) == (False, True)
    else:
        assert (who.null, who.blank) == (False, False)
