"""Every limit of what a scheme may hold: at its last value it is taken, and one more is refused by
name.

Planted bugs, seen to fail: `>=` for `>` in five of the rules; a rule that is asked by nobody.
"""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from indicators.api import scheme_faults
from indicators.rules import (
    approvals,
    calendars,
    compiled,
    consistency,
    consultation,
    draft,
    inspections,
    lineage,
    numbers,
    overrides,
    panels,
    policies,
    questions,
    references,
    surveys,
    tags,
)
from indicators.rules.calendars import CalendarDay, CalendarRefused, KnownYear, check_correction
from indicators.rules.compiled import CompiledTooLarge, compile_scheme
from indicators.rules.consultation import CommentsFaulty, ConsultationFaulty, Node
from indicators.rules.draft import SchemeFaulty, complete
from indicators.rules.expressions import LONGEST, formula_faults
from indicators.rules.methods import parameters
from indicators.rules.policies import (
    ApprovalMember,
    ApprovalPolicy,
    ApprovalStep,
    Demotion,
    InspectionPolicy,
    Panel,
    PlacesByPoints,
    Question,
    Seat,
    SpecialPriority,
    Tag,
    Veto,
)
from indicators.rules.scheme import Predecessor, Subcategory, places
from indicators.rules.without_effect import WithoutEffect


def codes(n):
    return tuple(f"C{i}" for i in range(n))


def first(scheme, **changes):
    """Return the scheme with its first indicator changed."""
    category = scheme.categories[0]
    block = category.blocks[0]
    top = replace(block.indicators[0], **changes)
    block = replace(block, indicators=(top, *block.indicators[1:]))
    category = replace(category, blocks=(block, *category.blocks[1:]))
    return replace(scheme, categories=(category, *scheme.categories[1:]))


def with_survey(scheme, **changes):
    return replace(scheme, surveys=(replace(scheme.surveys[0], **changes),))


def with_approval(scheme, steps):
    return replace(scheme, approval=ApprovalPolicy(steps=steps))


def meeting(n):
    """A meeting of so many members, all of whom have to be there."""
    members = tuple(ApprovalMember(code=each) for each in codes(n))
    return ApprovalStep(code="m", role="committee", kind="meeting", members=members, at_least=1)


def with_ranking(scheme, n):
    category = scheme.categories[0]
    keys = tuple(codes(n))
    ranking = replace(category.ranking or scheme.ranking, tie_break=keys)
    return replace(scheme, ranking=ranking)


def parted(scheme, n):
    parts = tuple(Subcategory(code=each, name=each, units=()) for each in codes(n))
    category = replace(scheme.categories[0], subcategories=parts)
    return replace(scheme, categories=(category, *scheme.categories[1:]))


def graded(scheme, n):
    return replace(scheme, grades=replace(scheme.grades, order=codes(n)))


def vetoed(scheme, n):
    items = tuple(Veto(code=c, name=c, scope="block", block=c) for c in codes(n))
    return replace(scheme, vetoes=replace(scheme.vetoes, items=items))


def asked(n):
    return tuple(
        Question(code=c, name=c, weight=Decimal(0), options={"a": Decimal(1)}) for c in codes(n)
    )


def demotion(code):
    return Demotion(code=code, name=code, event=code, effect="down_one_grade")


def seats(n):
    return tuple(Seat(seat=each, account=each, unit=each) for each in codes(n))


def found_by(rule):
    return lambda scheme: {fault.code for fault in rule(scheme)}


def parameters_of(scheme):
    """What is said of a list of parameters as long as the scheme has tags."""
    faults = []
    parameters.too_many(scheme.tags, "/x", faults)
    return {each.code for each in faults}


CASES = [
    (consistency.MOST_DEMOTIONS, "too-many-demotions", found_by(consistency.demotion_faults),
     lambda s, n: replace(s, demotions=tuple(demotion(c) for c in codes(n)))),
    (consistency.MOST_VETOED, "too-many-vetoed-blocks", found_by(consistency.veto_faults), vetoed),
    (consistency.MOST_GRADES, "too-many-grades", found_by(consistency.grade_faults), graded),
    (lineage.MOST_PREDECESSORS, "too-many", found_by(lineage.limit_faults),
     lambda s, n: first(s, succeeds=tuple(Predecessor(c, 2024) for c in codes(n)))),
    (panels.MOST_PANELS, "too-many", found_by(panels.panel_faults),
     lambda s, n: replace(s, panels=tuple(Panel(c, c, seats(1)) for c in codes(n)))),
    (panels.MOST_SEATS, "too-many", found_by(panels.panel_faults),
     lambda s, n: replace(s, panels=(Panel(code="P", name="P", seats=seats(n)),))),
    (surveys.MOST_SURVEYS, "too-many", found_by(surveys.shape_faults),
     lambda s, n: replace(s, surveys=tuple(replace(s.surveys[0], code=c) for c in codes(n)))),
    (surveys.MOST_QUESTIONS, "too-many", found_by(surveys.shape_faults),
     lambda s, n: with_survey(s, options={}, questions=asked(n))),
    (surveys.MOST_BODIES, "too-many", found_by(surveys.shape_faults),
     lambda s, n: with_survey(s, attested_by=codes(n))),
    (tags.MOST_TAGS, "too-many", found_by(tags.limit_faults),
     lambda s, n: replace(s, tags=tuple(Tag(code=c, name=c) for c in codes(n)))),
    (tags.MOST_OF_ONE, "too-many", found_by(tags.limit_faults),
     lambda s, n: first(s, tags=codes(n))),
    (draft.MOST_ROWS, "too-many", found_by(lambda s: draft._rounding(s.rounding.by_points, "/x")),
     lambda s, n: replace(s, rounding=replace(s.rounding, by_points=tuple(
         PlacesByPoints(from_points=Decimal(n - i), places=1) for i in range(n))))),
    (policies.MOST_STEPS, "too-many", found_by(approvals.approval_faults),
     lambda s, n: with_approval(s, tuple(ApprovalStep(c, "committee") for c in codes(n)))),
    (policies.MOST_MEMBERS, "too-many", found_by(approvals.approval_faults),
     lambda s, n: with_approval(s, (meeting(n),))),
    (references.MOST_KEYS, "too-many-keys", found_by(references._keys), with_ranking),
    (references.MOST_SUBCATEGORIES, "too-many-subcategories",
     found_by(lambda s: references._parted(s.categories[0], "/x")), parted),
    (parameters.MOST_ROWS, "too-many", parameters_of,
     lambda s, n: replace(s, tags=tuple(Tag(code=c, name=c) for c in codes(n)))),
]  # fmt: skip
"""The limit, the code of the fault past it, what looks, and a scheme of so many."""


@pytest.mark.parametrize(("most", "code", "look", "make"), CASES)
def test_a_scheme_holds_as_many_as_it_may_and_no_more(scheme, most, code, look, make):
    assert code not in look(make(scheme(), most))
    assert code in look(make(scheme(), most + 1))


def test_a_question_has_as_many_options_as_it_may():
    for n, expected in ((questions.MOST_OPTIONS, False), (questions.MOST_OPTIONS + 1, True)):
        question = replace(asked(1)[0], options={each: Decimal(1) for each in codes(n)})
        assert ("too-many" in {f.code for f in questions.question_shape(question, "")}) == expected


def test_formulas_and_their_length_have_an_end(scheme, monkeypatch):
    longest = "1" + " " * (LONGEST - 3) + "+1"
    assert not list(formula_faults(longest, (), "/x"))
    assert [f.code for f in formula_faults(longest + "1", (), "/x")] == ["formula-too-long"]
    whole = first(scheme(), params={"formula": "a + b", "gate": "a > 0"})
    length = len("a + b") + len("a > 0")
    for most, refused in ((length, set()), (length - 1, {"too-many-formulas"})):
        monkeypatch.setattr(draft, "MOST_FORMULAS", most)
        assert said_of(whole) & {"too-many-formulas"} == refused


def said_of(scheme):
    try:
        complete(scheme)
    except SchemeFaulty as refused:
        return {fault.code for fault in refused.faults}
    return set()


def test_overrides_and_forms_have_an_end(scheme, stored, monkeypatch):
    """At the number that the small scheme has, and one below it."""
    unit = scheme().categories[0].units[0]
    whole = first(scheme(), per_unit_params={unit: {}})
    work = sum(overrides.work(place.indicator) for place in places(whole))
    assert work > 0
    for most, refused in ((work, False), (work - 1, True)):
        monkeypatch.setattr(draft, "MOST_OVERRIDDEN", most)
        assert ("too-many-overrides" in said_of(whole)) == refused
    words = sum(
        sum(map(compiled._words, each.indicators)) for each in compile_scheme(stored()).categories
    )
    monkeypatch.setattr(compiled, "MOST_WORDS", words)
    compile_scheme(stored())
    monkeypatch.setattr(compiled, "MOST_WORDS", words - 1)
    with pytest.raises(CompiledTooLarge):
        compile_scheme(stored())


def test_a_number_has_as_many_digits_and_places_as_it_may():
    whole, part = "9" * numbers.MOST_DIGITS, "9" * numbers.MOST_PLACES
    assert numbers.exact(f"{whole}.{part}") == Decimal(f"{whole}.{part}")
    assert numbers.exact(f"9{whole}") is None
    assert numbers.exact(f"0.{part}9") is None
    assert numbers.refusal(f"9{whole}")[0] == "too-many-digits"


def test_a_consultation_is_as_long_and_a_unit_says_as_much_as_it_may(stored):
    day = dt.date(2025, 1, 1)
    consultation.check_term(day, day + consultation.LONGEST)
    with pytest.raises(ConsultationFaulty):
        consultation.check_term(day, day + consultation.LONGEST + dt.timedelta(1))
    scheme = stored()
    node = (Node(scheme.categories[0].code, None), "x")
    consultation.check_comments([node], scheme, consultation.MOST_COMMENTS - 1)
    with pytest.raises(CommentsFaulty) as refused:
        consultation.check_comments([node], scheme, consultation.MOST_COMMENTS)
    assert [f.code for f in refused.value.faults] == ["too-many"]


def test_as_many_days_of_a_year_are_unlike_others_as_may_be():
    """Corrections add up. Planted bug: only those of one correction are counted."""
    days = [dt.date(2025, 1, 1) + dt.timedelta(7 * n) for n in range(52)]
    days += [dt.date(2025, 1, 2) + dt.timedelta(7 * n) for n in range(52)]
    resting = [CalendarDay(day, "resting", "节", "x") for day in days]
    known = KnownYear(
        announced=True, days={each.day: (each, 1) for each in resting[: calendars.MOST_DAYS - 1]}
    )
    check_correction(2025, [resting[calendars.MOST_DAYS - 1]], known)
    with pytest.raises(CalendarRefused, match=str(calendars.MOST_DAYS)):
        check_correction(2025, resting[calendars.MOST_DAYS - 1 : calendars.MOST_DAYS + 1], known)


def test_a_year_has_as_many_special_priorities_as_it_may(scheme):
    for n, expected in ((policies.MOST_PRIORITIES, False), (policies.MOST_PRIORITIES + 1, True)):
        policy = InspectionPolicy(priorities=tuple(SpecialPriority(c, c) for c in codes(n)))
        told = {f.code for f in inspections.priority_faults(replace(scheme(), inspections=policy))}
        assert ("too-many" in told) == expected


@pytest.mark.parametrize("over", [0, 1])
def test_of_what_has_no_effect_so_much_is_told_and_all_counted(over, monkeypatch):
    number = scheme_faults.MOST_SHOWN + over
    one = WithoutEffect("/x", "code", "One.", "一。")
    monkeypatch.setattr(scheme_faults, "without_effect", lambda _: [one] * number)
    found = scheme_faults.effects_of(None, "/scheme")
    assert len(found.without_effect) == scheme_faults.MOST_SHOWN
    assert found.without_effect_count == number
