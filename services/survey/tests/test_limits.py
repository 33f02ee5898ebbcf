"""Limits of surveys at their last value and past it, where no other file tries them.

Planted bugs, seen to fail: `<` for `<=`; a list that is cut without its number.
"""

from collections import Counter, defaultdict
from decimal import Decimal
from types import SimpleNamespace

import pytest

from survey.api import file_intake, response_lines
from survey.rules import batch, decisions, disclosure, wordings
from survey.rules.decisions import BelowMinimum
from survey.rules.estimates import weighting
from survey.rules.estimates.weighting import Margin, RakingDiverges
from survey.rules.screens import chances
from survey.rules.screens import decisions as of_screens
from survey.rules.screens.chances import Count
from survey.rules.screens.decisions import FindingsUndecided


def test_a_token_and_an_opinion_are_as_long_as_they_may_be():
    token = "a" * batch.LONGEST_TOKEN
    assert batch._TOKEN.fullmatch(token)
    assert batch._TOKENS.fullmatch(f"{token}\n" * 3)
    assert not batch._TOKEN.fullmatch(token + "a")
    assert not batch._TOKENS.fullmatch(f"{token}a\n")
    assert wordings.is_opinion("好" * wordings.LONGEST_OPINION)
    assert not wordings.is_opinion("好" * (wordings.LONGEST_OPINION + 1))


@pytest.mark.parametrize("over", [0, 1])
def test_of_units_below_the_minimum_so_many_are_named_and_all_counted(over):
    number = decisions._MOST_NAMED + over
    short = SimpleNamespace(insufficient=True, valid_sample=1)
    with pytest.raises(BelowMinimum) as refused:
        decisions.refuse_short(
            SimpleNamespace(required=30), {f"A{n}": short for n in range(number)}, None
        )
    assert len(refused.value.facts["units"]) == decisions._MOST_NAMED
    assert refused.value.facts["count"] == number


@pytest.mark.parametrize("over", [0, 1])
def test_of_findings_so_many_are_named_and_all_counted(over):
    number = of_screens._MOST_NAMED + over
    found = [SimpleNamespace(screen="s", about="unit", subject=f"A{n}") for n in range(number)]
    with pytest.raises(FindingsUndecided) as refused:
        of_screens.refuse_undecided_findings(found, None)
    assert len(refused.value.facts["findings"]) == of_screens._MOST_NAMED
    assert str(number) in refused.value.detail_en


@pytest.mark.parametrize("over", [0, 1])
def test_columns_are_written_together_while_rows_differ_in_few_ways(over):
    """Planted bug: `>=` for `>`."""
    ways = response_lines._MOST_WAYS
    columns = {"a": [1, 2], "b": [*range(ways // 2 + over)]}
    first = {"x": [0]} | columns
    found = response_lines.together(first, ["x", "a", "b"])
    assert found == ([["x", "a", "b"]] if not over else [["x", "a"], ["b"]])


def test_raking_ends_after_its_rounds(monkeypatch):
    """With as many rounds as it needs, and one less."""
    margins = [
        Margin("sex", ["m", "m", "f", "f"], {"m": Decimal(60), "f": Decimal(40)}),
        Margin("age", ["o", "y", "o", "y"], {"o": Decimal(70), "y": Decimal(30)}),
    ]
    before, counts = [Decimal(1)] * 4, [7, 2, 3, 11]
    needed = weighting.raked(before, counts, margins).rounds
    assert 1 < needed <= weighting.MOST_ROUNDS
    monkeypatch.setattr(weighting, "MOST_ROUNDS", needed)
    assert weighting.raked(before, counts, margins).rounds == needed
    monkeypatch.setattr(weighting, "MOST_ROUNDS", needed - 1)
    with pytest.raises(RakingDiverges, match=str(needed - 1)):
        weighting.raked(before, counts, margins)


def test_two_interviews_are_alike_by_half_at_most():
    far = [Count(100, 100, 0.5), *(Count(0, 100, 0.5) for _ in range(9))]
    assert chances.scatter(far) == chances._MOST_SCATTER == 0.5
    near = [Count(50 + n % 3, 100, 0.5) for n in range(10)]
    assert chances.scatter(near) < chances._MOST_SCATTER
    assert chances.scatter([]) == chances._MOST_SCATTER


@pytest.mark.parametrize("over", [0, 1])
def test_an_error_of_so_many_options_is_looked_at(over, monkeypatch):
    """Who knows the sum of squares is sought among all that it may be of. Planted bug: `>=`."""
    monkeypatch.setattr(disclosure, "_bounds_by_squares", lambda *_, **__: [])
    many = {f"o{n}": n for n in range(disclosure.MOST_OPTIONS + over)}
    row = SimpleNamespace(values=many, counts=many, satisfied=(), answers=1_000)
    assert disclosure._stay_hidden(row, with_rate=False, with_error=True) == (not over)


@pytest.mark.parametrize("over", [0, 1])
def test_of_a_file_so_many_refused_rows_are_told_and_all_counted(over):
    """Planted bug: those that are not told are not counted either."""
    taking = next(
        e for e in vars(file_intake).values() if isinstance(e, type) and hasattr(e, "_refuse")
    )
    taken = object.__new__(taking)
    taken._fates, taken.refused, taken._mode = defaultdict(Counter), {}, "check"
    number = file_intake.MOST_TOLD + over
    for position in range(number):
        taken._refuse(position, ("A", "completed"), {"": batch.COUNT_MISMATCH})
    assert len(taken.refused) == file_intake.MOST_TOLD
    assert sum(each.total() for each in taken._fates.values()) == number
