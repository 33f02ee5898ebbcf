"""What is tried on totals whose blocks are converted, weighed and capped before they are added."""

import json
from decimal import Decimal

import pytest
from pydantic import TypeAdapter

from ranking.rules.fields import TotalsOtherwiseMade, fields_of, points_of_blocks
from ranking.rules.results import UnitResult
from ranking.rules.scheme import Scheme
from ranking.rules.uncertainty import Draw

PARTS = [
    {"block": "a", "scale": "1000", "points": "100", "weight": "0.6"},
    {"block": "b", "weight": "0.3", "cap": "90"},
    {"block": "c", "weight": "0.1"},
]


def a_scheme(**composition) -> Scheme:
    blocks = [{"code": "a", "points": "1000"}, {"code": "b", "points": "100"}]
    document = {
        "rounding": {"places": 2, "mode": "half_up"},
        "categories": [{"code": "ALL", "units": ["U1", "U2", "U3"], "blocks": blocks}],
        "composition": {"parts": ["a", "b", "c"], "by_part": PARTS} | composition,
        "vetoes": {"grade_cap": "x", "limit": None, "items": []},
        "demotions": [],
        "grades": {
            "order": ["x"],
            "levels": [],
            "unqualified_below": "0",
            "vacancy": "leave",
            "outside_quota": [],
        },
        "ranking": {"tie_break": [], "ties": "same_rank_skip"},
    }
    return TypeAdapter(Scheme).validate_json(json.dumps(document))


def a_line(unit, rank, a, b, adjustment, total):
    blocks = {"a": Decimal(a), "b": Decimal(b)}
    points = Decimal(total)
    return UnitResult(unit, unit, blocks, points, Decimal(adjustment), points, rank, "x", (), ())


def fields(scheme, *lines):
    return fields_of(scheme, scheme.categories[0], lines, {})


def test_blocks_count_for_what_they_are_worth_in_the_total():
    """Planted bugs: the block's own points; weights that are not scaled up."""
    scheme = a_scheme()
    [field] = fields(
        scheme, a_line("U1", 1, "900", "80", "1", "79"), a_line("U2", 2, "800", "90", "0", "75")
    )
    assert field.points == {"a": Decimal(60), "b": Decimal(30)}
    assert [each.blocks for each in field.units] == [
        {"a": Decimal(54), "b": Decimal(24)},
        {"a": Decimal(48), "b": Decimal(27)},
    ]
    assert [(each.rank, each.best, each.worst) for each in field.ranges(Draw(1, 100, 0))] == [
        (1, 1, 1),
        (2, 2, 2),
    ]
    assert field.without("a").ranks == {"U1": 2, "U2": 1}
    scaled = a_scheme(lacking="scaled_up")
    points = points_of_blocks(scaled, scaled.categories[0])
    assert points["a"].quantize(Decimal("0.01")) == Decimal("66.67")


@pytest.mark.parametrize(
    ("composition", "line"),
    [
        ({"adjustment": {"into": "b"}}, ("900", "80", "10", "81")),
        ({"rounding": "each_part"}, ("900.25", "80.35", "0", "78.13")),
        ({"max_total": "70"}, ("900", "80", "0", "70")),
    ],
)
def test_what_a_composition_makes_is_made_again(composition, line):
    """Planted bugs: the adjustment inside a part counts in full; parts not rounded by themselves;
    not cut at the most."""
    [field] = fields(a_scheme(**composition), a_line("U1", 1, *line))
    assert len(field.units) == 1


@pytest.mark.parametrize("line", [("900", "95", "0", "81"), ("900", "80", "0", "78.01")])
def test_what_is_cut_at_a_cap_or_not_made_so_is_refused(line):
    """A part over its cap counts for no more, whatever its weight. Planted bug: it is varied."""
    with pytest.raises(TotalsOtherwiseMade):
        fields(a_scheme(), a_line("U1", 1, *line))
