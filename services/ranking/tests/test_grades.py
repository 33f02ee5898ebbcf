"""Grades by quota and threshold together: one row per sentence of a scheme."""

import time
from dataclasses import replace
from decimal import Decimal
from typing import Any, Literal

import pytest

from ranking.rules.demotions import (
    Demotion,
    DemotionRule,
    PlaceInList,
    SuperiorRank,
    demotions_of,
    without_consequence,
)
from ranking.rules.grades import Candidate, GradePolicy, Level, award
from ranking.rules.marks import GradeCap, IndicatorScore
from ranking.rules.reasons import by_key, reported_event, weak_indicators

POLICY = GradePolicy(
    order=("excellent", "good", "qualified", "unqualified"),
    levels=(
        Level("excellent", Decimal("0.3"), "floor", 1, Decimal(85)),
        Level("good", Decimal("0.4"), "floor", 0, Decimal(75)),
    ),
    unqualified_below=Decimal(60),
    vacancy="backfill",
    outside_quota=frozenset(),
)
LEAVE = replace(POLICY, vacancy="leave")


def weak(*indicators: str) -> Demotion:
    cause = weak_indicators("DM01", None, indicators, "60")
    return Demotion("DM01", "not_excellent", indicators, cause)


def fall(code: str, event: str) -> Demotion:
    return Demotion(code, "down_one_grade", (), reported_event(code, None, event))


WEAK = weak("C10")
WEAKER = weak("C10", "C11")
FALL = fall("DM02", "group_incident_mishandled")
FALL_AGAIN = fall("DM03", "second_incident")
E, G, Q, U = POLICY.order


def unit(total: str, rank: int, *hits: Demotion | str, code: str = "") -> Candidate:
    return Candidate(
        unit=code or f"U{rank:02}",
        total=Decimal(total),
        rank=rank,
        vetoes=[hit for hit in hits if isinstance(hit, str)],
        demotions=[hit for hit in hits if isinstance(hit, Demotion)],
    )


def graded(
    candidates: list[Candidate], policy: GradePolicy = POLICY, cap: str = "qualified", n: int = 0
) -> list[tuple[str, str]]:
    given = award(policy, cap, candidates, n or len(candidates))
    return [(one.grade, "; ".join(reason.en for reason in one.reasons)) for one in given]


@pytest.mark.parametrize("rounding", ["floor", "half_up", "ceiling"])
def test_the_reference_vectors_round_quotas_all_three_ways(
    rounding: Literal["floor", "half_up", "ceiling"], vectors: dict[str, Any]
) -> None:
    for case in vectors["quota_rounding"]:
        level = Level("excellent", Decimal(case["rate"]), rounding, 1, Decimal(0))
        assert level.places(case["n"]) == case[rounding], case


@pytest.mark.parametrize(
    ("units", "min_count", "places"), [(1, 0, 0), (1, 1, 1), (3, 0, 0), (3, 1, 1), (10, 1, 3)]
)
def test_a_level_has_at_least_its_minimum_of_places(
    units: int, min_count: int, places: int
) -> None:
    assert Level("e", Decimal("0.3"), "floor", min_count, Decimal(0)).places(units) == places


TEN = ["99", "98", "97", "96", "95", "94", "93", "92", "91", "90"]


def test_quotas_are_filled_in_rank_order_and_the_end_of_the_last_one_is_a_reason() -> None:
    found = graded([unit(total, rank) for rank, total in enumerate(TEN, 1)])
    used_up = (Q, "good quota used up")
    assert found == [(E, "")] * 3 + [(G, "")] * 4 + [used_up] * 3


def test_the_levels_may_stand_in_any_order() -> None:
    candidates = [unit(total, rank) for rank, total in enumerate(TEN, 1)]
    upside_down = replace(POLICY, levels=POLICY.levels[::-1])
    assert graded(candidates, upside_down) == graded(candidates)


@pytest.mark.parametrize(
    ("sentence", "candidate", "result"),
    [
        ("a threshold is needed besides the place", unit("84.9999", 1), (G, "")),
        ("a threshold is inclusive", unit("85", 1), (E, "")),
        ("below every threshold there is no reason to give", unit("74.9999", 1), (Q, "")),
        ("the floor is exclusive", unit("60", 1), (Q, "")),
        ("below the floor", unit("59.9999", 1), (U, "total below 60")),
        ("a veto caps", unit("90", 1, "V02"), (Q, "capped by veto V02")),
        ("several vetoes are all named", unit("90", 1, "V01", "V02"),
         (Q, "capped by veto V01, V02")),
        ("a veto raises nobody", unit("50", 1, "V02"), (U, "total below 60")),
        ("a weak indicator bars the best grade", unit("90", 1, WEAK),
         (G, "DM01: C10 below 60 % of its points, place backfilled")),
        ("several weak indicators are joined", unit("90", 1, WEAKER),
         (G, "DM01: C10, C11 below 60 % of its points, place backfilled")),
        ("who never competed lost nothing", unit("80", 1, WEAK), (G, "")),
        ("an event lowers by a grade", unit("90", 1, FALL),
         (G, "DM02: group_incident_mishandled, place backfilled")),
        ("also from good", unit("80", 1, FALL),
         (Q, "DM02: group_incident_mishandled, place backfilled")),
        ("also from qualified", unit("70", 1, FALL),
         (U, "DM02: group_incident_mishandled, one grade lower")),
        ("not from the last grade", unit("50", 1, FALL), (U, "total below 60")),
        ("a bar and a fall add up", unit("90", 1, WEAK, FALL),
         (Q, "DM01: C10 below 60 % of its points, place backfilled; "
             "DM02: group_incident_mishandled, place backfilled")),
        ("two falls are two grades", unit("90", 1, FALL, FALL_AGAIN),
         (Q, "DM02: group_incident_mishandled, place backfilled; "
             "DM03: second_incident, place backfilled")),
        ("the cap already holds what a fall from above it would do", unit("90", 1, "V02", FALL),
         (Q, "capped by veto V02")),
        ("a fall from the cap goes below it", unit("70", 1, "V02", FALL),
         (U, "capped by veto V02; DM02: group_incident_mishandled, one grade lower")),
    ],
)  # fmt: skip
def test_the_grade_of_the_first_of_ten(
    sentence: str, candidate: Candidate, result: tuple[str, str]
) -> None:
    assert graded([candidate], n=10) == [result], sentence


@pytest.mark.parametrize(
    ("sentence", "first", "policy", "next_ones"),
    [
        ("a demoted unit's place is backfilled", unit("95", 1, WEAK), POLICY, [E, E, E, G]),
        ("a vetoed unit's place is backfilled", unit("95", 1, "V02"), POLICY, [E, E, E, G]),
        ("or it stays empty after a demotion", unit("95", 1, WEAK), LEAVE, [E, E, G, G]),
        ("or it stays empty after a veto", unit("95", 1, "V02"), LEAVE, [E, E, G, G]),
        ("a unit leaves one place empty, not one per level",
         unit("95", 1, FALL, FALL_AGAIN), LEAVE, [E, E, G, G, G, G, Q]),
        ("a place that was never in reach is not lost", unit("84", 1, WEAK), LEAVE, [E, E, E, G]),
    ],
)  # fmt: skip
def test_who_gets_the_place_that_the_first_of_ten_loses(
    sentence: str, first: Candidate, policy: GradePolicy, next_ones: list[str]
) -> None:
    """Planted bug: count a demoted or vetoed unit against the quota."""
    others = [unit("90", rank) for rank in range(2, 2 + len(next_ones))]
    found = [grade for grade, _ in graded([first, *others], policy, n=10)[1:]]
    assert found == next_ones, sentence


def test_a_vacancy_that_is_left_is_named_so() -> None:
    [(_, reason)] = graded([unit("95", 1, WEAK)], LEAVE, n=10)
    assert reason == "DM01: C10 below 60 % of its points, place left vacant"


def test_a_demoted_unit_takes_a_place_of_the_level_that_it_falls_to() -> None:
    units = [unit("95", 1, WEAK), *(unit("84", rank) for rank in range(2, 6))]
    assert [grade for grade, _ in graded(units, n=10)] == [G, G, G, G, Q]


def test_after_a_demotion_the_next_quota_can_be_used_up_too() -> None:
    policy = replace(POLICY, levels=(POLICY.levels[0], replace(POLICY.levels[1], rate=Decimal(0))))
    assert graded([unit("95", 1, WEAK)], policy, n=10) == [
        (Q, "DM01: C10 below 60 % of its points, place backfilled; good quota used up")
    ]


def test_a_demotion_that_finds_no_place_free_is_no_reason() -> None:
    units = [*(unit("95", rank) for rank in range(1, 4)), unit("90", 4, WEAK)]
    assert graded(units, n=10)[3] == (G, "")


def test_a_cap_at_a_level_lets_a_vetoed_unit_compete_for_that_level() -> None:
    units = [unit("95", 1, "V02"), unit("90", 2), unit("70", 3, "V02")]
    assert graded(units, cap="good", n=10) == [
        (G, "capped by veto V02"),
        (E, ""),
        (Q, "capped by veto V02"),
    ]


def test_fraud_caps_the_grade_whatever_the_rank_and_the_place_goes_on() -> None:
    """Planted bugs: the cap forgotten where no level is free; the veto's cap taken for both."""
    fraud = [GradeCap(Q, "C01", "C02")]
    first, second = replace(unit("95", 1), caps=fraud), replace(unit("90", 2, "V02"), caps=fraud)
    told = "no grade above qualified: check C02 found fraud in C01"
    assert graded([first, second, unit("88", 3)], cap="good", n=3) == [
        (Q, told),
        (Q, f"capped by veto V02; {told}"),
        (E, ""),
    ]
    unknown = replace(unit("95", 1), caps=[GradeCap("gone", "C01", "C02")])
    assert [grade for grade, _ in graded([unknown], n=3)] == [U]


def test_a_unit_outside_the_quota_is_graded_by_its_score_and_takes_no_place() -> None:
    policy = replace(POLICY, outside_quota=frozenset({"U01", "U05", "U06"}))
    units = [unit("95", rank) for rank in range(1, 6)] + [unit("80", 6)]
    found = [grade for grade, _ in graded(units, policy, n=10)]
    assert found == [E, E, E, E, E, G]


def test_a_grade_that_no_place_was_left_for_is_told_to_be_outside_the_quota() -> None:
    """Planted bug: a unit behind has a better grade than one before it, and nobody says why."""
    policy = replace(POLICY, outside_quota=frozenset({"U01", "U05"}))
    units = [unit("95", rank) for rank in range(1, 6)]
    found = graded(units, policy, n=9)
    alone = (E, "excellent by its score alone, outside the quota")
    assert found == [(E, ""), (E, ""), (E, ""), (G, ""), alone]


def tied(*totals: str) -> list[Candidate]:
    """Give units with competition ranks, named by their position."""
    return [
        unit(total, totals.index(total) + 1, code=f"unit{number}")
        for number, total in enumerate(totals, 1)
    ]


def test_the_reference_tie_across_the_line_admits_none_of_the_tied(vectors: dict[str, Any]) -> None:
    """Planted bug: admit the first of the tied by code, or the unit below them."""
    policy = replace(POLICY, levels=(Level(E, Decimal("0.6"), "floor", 1, Decimal(85)),))
    candidates = tied(*map(str, vectors["ties"]["scores"]))
    given = award(policy, Q, candidates, 5)
    admitted = [one.unit for one in given if one.grade == E]
    assert admitted == vectors["ties"]["quota_3_boundary_tie"]["admit_none_over"]
    reason = "unresolved tie at the excellent quota line"
    assert [[each.en for each in one.reasons] for one in given[1:4]] == [[reason]] * 3
    [closed] = given[4].reasons
    assert (closed.code, closed.en) == (
        "quota_closed",
        "excellent quota closed by an unresolved tie",
    )


def test_a_tie_that_fits_is_admitted_whole() -> None:
    found = graded(tied("91", "90", "90", "80"), n=10)
    assert [grade for grade, _ in found] == [E, E, E, G]


def test_a_tie_at_the_line_still_competes_for_the_next_level() -> None:
    found = graded(tied("91", "91", "90", "90", "88"), n=10)
    reason = "unresolved tie at the excellent quota line"
    assert found == [(E, ""), (E, ""), (G, reason), (G, reason), (G, "")]


ALL, BY_KEY = (replace(POLICY, tie_at_line=line) for line in ("all", "tie_break"))


def test_the_reference_tie_across_the_line_admits_all_where_the_scheme_says_so(
    vectors: dict[str, Any],
) -> None:
    """Planted bug: admit whoever is below them too, or take the places of the next level."""
    policy = replace(ALL, levels=(Level(E, Decimal("0.6"), "floor", 1, Decimal(85)),))
    given = award(policy, Q, tied(*map(str, vectors["ties"]["scores"])), 5)
    admitted = [one.unit for one in given if one.grade == E]
    assert admitted == vectors["ties"]["quota_3_boundary_tie"]["admit_all_tied"]
    reason = "admitted to excellent with all tied at the quota line"
    assert [[each.en for each in one.reasons] for one in given] == [
        [], [reason], [reason], [reason], ["excellent quota used up"],
    ]  # fmt: skip


def test_a_tie_below_the_line_admits_nobody_beyond_the_places() -> None:
    """Planted bug: admit tied units to a level that is full."""
    found = graded(tied("95", "94", "93", "90", "90"), ALL, n=10)
    assert [grade for grade, _ in found] == [E, E, E, G, G]


@pytest.mark.parametrize("vacancy", ["backfill", "leave"])
@pytest.mark.parametrize("demoted", ["A", "B"])
def test_whoever_of_the_tied_loses_a_place_all_others_get_theirs(
    demoted: str, vacancy: Literal["backfill", "leave"]
) -> None:
    """Planted bug: close the level to B because A, who comes first by code, left a place empty."""
    hits = {demoted: [WEAK]}
    units = [unit("95", 1), unit("94", 2)]
    units += [unit("90", 3, *hits.get(code, []), code=code) for code in "ABC"]
    found = award(replace(ALL, vacancy=vacancy), Q, units, 10)
    assert [one.unit for one in found if one.grade == E] == [
        "U01", "U02", *(code for code in "ABC" if code != demoted),
    ]  # fmt: skip


def keyed(*orders: int) -> list[Candidate]:
    """Give two units and some that are tied behind them, in this order by the keys."""
    behind = [
        replace(
            unit("90", 3, code="ABCD"[n]),
            order=order,
            by_key=[by_key(["X"], 1, ("block", "f", None), (Decimal(2), Decimal(1)), ahead=True)],
        )
        for n, order in enumerate(orders)
    ]
    return [unit("95", 1), unit("94", 2), *behind]


@pytest.mark.parametrize(
    ("sentence", "orders", "levels"),
    [
        ("the first by the keys gets the place", [1, 0, 2], "G E G"),
        ("whom the keys leave equal get none", [0, 0, 1], "G G G"),
        ("nor do those who are equal for what is left", [1, 1, 0], "G G E"),
    ],
)
def test_at_the_line_of_a_quota_the_keys_can_decide(
    sentence: str, orders: list[int], levels: str
) -> None:
    """Planted bugs: admit the first by code; let nobody in because they share a rank."""
    found = award(BY_KEY, Q, keyed(*orders), 10)[2:]
    assert [one.grade for one in found] == [{"E": E, "G": G}[each] for each in levels.split()]


def test_that_a_key_decided_at_the_line_is_said_to_those_about_whom_it_did() -> None:
    """Planted bug: say it to all who share a rank."""
    (_, _, a, b), (c, *_) = award(BY_KEY, Q, keyed(1, 0), 10), award(BY_KEY, Q, keyed(1, 0)[2:], 10)
    assert [reason.code for reason in b.reasons] == ["place_by_key"]
    assert [reason.code for reason in a.reasons] == ["place_by_key"]
    assert a.reasons[0].en == (
        "equal total with X: ahead by block f, 2 to 1, which decides at the excellent quota line"
    )
    assert c.reasons == ()


def test_rates_are_of_all_units_or_of_those_who_compete() -> None:
    """Planted bugs: leave out who is demoted; count who is outside the quota."""
    units = [unit("95", 1, "V02"), unit("94", 2, WEAK), unit("93", 3, WEAK), unit("92", 4)]
    units.append(unit("91", 5))
    of = replace(POLICY, outside_quota=frozenset({"U04"}))
    assert of.base(units) == 5
    assert replace(of, quota_base="eligible").base(units) == 3


def test_a_level_may_have_a_number_of_places_instead_of_a_rate() -> None:
    level = Level(E, None, None, 0, Decimal(85), count=2)
    assert (level.places(3), level.places(300)) == (2, 2)


def test_of_tied_units_the_demoted_one_leaves_the_place_to_the_other() -> None:
    units = [unit("95", 1), unit("94", 2), unit("90", 3, WEAK, code="A"), unit("90", 3, code="B")]
    found = [grade for grade, _ in graded(units, n=10)]
    assert found == [E, E, G, E]


C10 = DemotionRule("DM01", ("C10", "C11"), Decimal("0.6"), None, "not_excellent", ())
INCIDENT = DemotionRule("DM02", (), None, "group_incident_mishandled", "down_one_grade", ())


@pytest.mark.parametrize(
    ("sentence", "scores", "reported", "expected"),
    [
        ("nothing applies", {"C10": "5", "C11": "4"}, set(), []),
        ("exactly the share is not below it", {"C10": "3.0", "C11": "2.4"}, set(), []),
        ("one is weak", {"C10": "2.9999", "C11": "4"}, set(), [WEAK]),
        ("both are weak, in the scheme's order", {"C11": "0", "C10": "0"}, set(), [WEAKER]),
        ("an indicator that the unit does not have is not weak", {"C12": "0"}, set(), []),
        ("an event was reported", {"C10": "5"}, {"DM02"}, [FALL]),
        ("what the scheme does not know is not applied", {}, {"DM09"}, []),
        ("weakness is measured, not reported", {"C10": "5"}, {"DM01"}, []),
    ],
)
def test_which_demotions_apply(
    sentence: str, scores: dict[str, str], reported: set[str], expected: list[Demotion]
) -> None:
    points = {"C10": Decimal(5), "C11": Decimal(4), "C12": Decimal(3)}
    given = {code: IndicatorScore(points[code], Decimal(score)) for code, score in scores.items()}
    found = demotions_of([C10, INCIDENT], given, {code: [None] for code in reported})
    assert found == expected, sentence


def in_list(code: str = "DM03", at_least: int = 1, **line: int) -> DemotionRule:
    of = SuperiorRank("全市环保排名", indicator="C12", **line)
    none: tuple[str, ...] = ()
    return DemotionRule(
        code,
        none,
        None,
        None,
        "not_excellent",
        none,
        "环保",
        superior_rank=of,
        at_least=at_least,
    )


@pytest.mark.parametrize(
    ("sentence", "rule", "places", "en"),
    [
        ("the place at the line is not after it", in_list(worse_than=10), [(10, 14)], None),
        ("the next one is", in_list(worse_than=10), [(11, 14)],
         "DM03: rank 11 of 14 in the superior's list"),
        ("the last three begin after the eleventh of fourteen", in_list(last=3), [(11, 14)], None),
        ("at the twelfth", in_list(last=3), [(12, 14)],
         "DM03: rank 12 of 14 in the superior's list"),
        ("one of two lists is enough, the worst is told", in_list(last=3),
         [(1, 14), (13, 14), (12, 14)], "DM03: rank 13 of 14 in the superior's list"),
        ("two of three lists that are asked for", in_list(at_least=3, last=3),
         [(14, 14), (13, 14), (5, 14)], None),
        ("three of them", in_list(at_least=3, last=3), [(14, 14), (13, 14), (12, 14)],
         "DM03: rank 14 of 14 in the superior's list, reported 3 times"),
    ],
)  # fmt: skip
def test_a_low_place_in_a_superiors_list_demotes(
    sentence: str, rule: DemotionRule, places: list[tuple[int, int]], en: str | None
) -> None:
    """Planted bugs: `>=` for `>`; count places that are not low; forget how long the list is."""
    reported = {"DM03": [PlaceInList(*each) for each in places]}
    found = demotions_of([rule], {}, reported)
    assert [each.cause.en for each in found] == ([en] if en else []), sentence
    assert [each.indicators for each in found] == ([("C12",)] if en else [])
    assert bool(without_consequence([rule], reported)) == (en is None)


@pytest.mark.parametrize(("times", "applies"), [(1, False), (2, True), (5, True)])
def test_an_event_demotes_once_it_was_reported_often_enough(times: int, applies: bool) -> None:
    """Planted bug: let one report do for any number."""
    rule, reported = replace(INCIDENT, at_least=2), {"DM02": [None] * times}
    found = demotions_of([rule], {}, reported)
    said = [f"DM02: group_incident_mishandled, reported {times} times"] if applies else []
    assert [each.cause.en for each in found] == said
    told = [] if applies else ["DM02 does not apply: 1 of 2 reports that it needs"]
    assert [each.en for each in without_consequence([rule], reported)] == told


def test_who_competes_is_found_among_any_number_of_units() -> None:
    """Planted bug: a tuple of those outside the quota, looked through for each unit."""
    units = [unit("90", n, code=f"U{n}") for n in range(30_000)]
    policy = replace(POLICY, outside_quota=frozenset(each.unit for each in units))
    since = time.process_time()
    assert {grade for grade, _ in graded(units, policy)} == {"excellent"}
    assert time.process_time() - since < 4
