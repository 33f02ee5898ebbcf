"""Every field of a scheme is read by somebody, or whoever saves it is told that it is not."""

from collections.abc import Iterator
from dataclasses import is_dataclass
from typing import Any, get_args, get_type_hints

import pytest
from pydantic import BaseModel

from indicators.rules import adjustments, policies, scheme
from indicators.rules.entry_forms import CategoryForms, IndicatorForm
from ranking.peers import PublishedScheme as OfRanking
from scoring.peers import PublishedScheme as OfScoring
from survey.peers import PublishedScheme as OfSurvey

SHOWN = {scheme.Category: CategoryForms, scheme.Indicator: IndicatorForm}
"""What is shown of a scheme to whoever enters something by it."""

PEOPLE = {
    scheme.Scheme: {"title", "code"},
    adjustments.DeductionRule: {"name"},
    adjustments.Family: {"name"},
    policies.Veto: {"name"},
    policies.Panel: {"name", "name_en"},
    policies.Seat: {"name"},
}
"""What is a name of the thing itself, for people who read the scheme."""

HERE = {
    policies.InspectionPolicy: {"most_in_month", "most_in_year"},
    policies.SpecialPriority: {"name"},
    scheme.Category: {"total"},
    scheme.Indicator: {"matter"},
    policies.Composition: {"shown"},
    policies.Question: {"preset"},
}
"""What the service itself holds a scheme to, or what follows it, targets among them."""

NOBODY = {
    scheme.Indicator: {"external_result", "veto_link"},
    policies.Step: {"working_days"},
}
"""What has no effect, and is named wherever it stands."""


def kinds_in(hint: Any) -> Iterator[type]:
    """Yield the classes with fields that stand in an annotation, however deep."""
    if isinstance(hint, type) and (is_dataclass(hint) or issubclass(hint, BaseModel)):
        yield hint
    for each in get_args(hint):
        yield from kinds_in(each)


def read_by(part: type, views: frozenset[type], found: dict[type, set[str]]) -> None:
    """Note which fields of a part of the scheme stand in the views of it, and of those below."""
    is_new, known = part not in found, found.setdefault(part, set())
    hints = [get_type_hints(view) for view in views]
    names = {name for hint in hints for name in hint}
    if names <= known and not is_new:
        return
    known |= names
    for name, hint in get_type_hints(part).items():
        below = frozenset(kind for each in hints if name in each for kind in kinds_in(each[name]))
        for kind in kinds_in(hint):
            read_by(kind, below, found)


def readers() -> dict[type, set[str]]:
    views = [get_type_hints(each)["scheme"] for each in (OfScoring, OfRanking, OfSurvey)]
    found: dict[type, set[str]] = {}
    read_by(scheme.Scheme, frozenset(views), found)
    for part, shown in SHOWN.items():
        found[part] |= {*get_type_hints(shown)}
    return found


READ = readers()
PARTS = sorted(
    {
        each
        for module in (scheme, policies, adjustments)
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, policies.Part) and each is not policies.Part
    },
    key=lambda part: part.__name__,
)


def test_every_part_of_a_scheme_is_looked_at():
    """Caught: a walk that ends before the scheme does."""
    assert set(READ) == set(PARTS)
    assert READ[policies.GradeLevel] >= {"grade", "rate", "min_score"}


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_every_field_is_read_or_named_as_without_effect(part):
    """Caught: a field that is taken in, stored, published, and never asked for again.

    What has no effect has a row in the table of `test_without_effect.py`.
    """
    fields = {*part.__dataclass_fields__}
    elsewhere = PEOPLE.get(part, set()) | HERE.get(part, set())
    assert fields - READ[part] - elsewhere == NOBODY.get(part, set())
    assert not READ[part] & NOBODY.get(part, set())
