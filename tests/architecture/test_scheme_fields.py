"""Every field of a scheme is read by somebody, or whoever saves it is told that it is not."""

from dataclasses import fields, is_dataclass

import pytest
from pydantic import BaseModel

from indicators.rules import policies, scheme
from indicators.rules.entry_forms import CategoryForms, IndicatorForm
from ranking.rules import composition, demotions, grades, order
from ranking.rules import scheme as ranking
from scoring.rules import scheme as scoring
from survey import peers as survey

READERS = {
    scheme.Scheme: (scoring.Scheme, ranking.Scheme, survey.Scheme),
    scheme.Category: (scoring.Category, ranking.Category, survey.Category, CategoryForms),
    scheme.Block: (scoring.Block, ranking.Block, survey.Block),
    scheme.Indicator: (scoring.Indicator, survey.Indicator, IndicatorForm),
    policies.Rounding: (scoring.Rounding, composition.Rounding, survey.Rounding),
    policies.LedgerPolicy: (scoring.LedgerPolicy,),
    policies.Step: (scoring.CalendarStep,),
    policies.Survey: (survey.PlannedSurvey,),
    policies.Composition: (scoring.Composition, composition.Composition),
    policies.Window: (scoring.Window,),
    policies.BonusRule: (scoring.BonusRule,),
    policies.BonusPolicy: (scoring.BonusPolicy,),
    policies.DeductionRule: (scoring.DeductionRule,),
    policies.DeductionPolicy: (scoring.DeductionPolicy,),
    policies.Adjustments: (scoring.Adjustments,),
    policies.Veto: (ranking.VetoItem,),
    policies.VetoPolicy: (ranking.VetoPolicy,),
    policies.Recusal: (scoring.Recusal, ranking.Recusal, survey.Recusal),
    policies.Demotion: (demotions.DemotionRule,),
    policies.GradeLevel: (grades.Level,),
    policies.GradePolicy: (grades.GradePolicy,),
    policies.RankingPolicy: (order.RankPolicy,),
}
"""Who reads each part of a scheme: the views of the other services, and what is shown of it."""

PEOPLE = {
    scheme.Scheme: {"title", "code"},
    policies.DeductionRule: {"name"},
    policies.Veto: {"name"},
}
"""What is a name of the thing itself, for people who read the scheme."""

HERE = {scheme.Category: {"total"}}
"""What the service itself holds a scheme to before it is published."""

NOBODY = {
    scheme.Indicator: {"reviewed_by", "external_result", "veto_link"},
    policies.Step: {"working_days"},
}
"""What has no effect, and is named wherever it stands."""


def named(shape):
    return {field.name for field in fields(shape)} if is_dataclass(shape) else {*shape.model_fields}


def test_every_part_of_a_scheme_has_readers():
    parts = {
        each
        for module in (scheme, policies)
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, policies.Part) and each is not policies.Part
    }
    assert parts == set(READERS)


@pytest.mark.parametrize("part", READERS, ids=lambda part: part.__name__)
def test_every_field_is_read_or_named_as_without_effect(part):
    """Caught: a field that is taken in, stored, published, and never asked for again."""
    assert all(is_dataclass(each) or issubclass(each, BaseModel) for each in READERS[part])
    read = {name for reader in READERS[part] for name in named(reader)}
    read |= {"code" if part is scheme.Category else ""}  # told as `category`
    elsewhere = PEOPLE.get(part, set()) | HERE.get(part, set())
    nobody = NOBODY.get(part, set())
    assert named(part) - read - elsewhere == nobody
    assert not read & nobody
