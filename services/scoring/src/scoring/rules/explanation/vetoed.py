"""How a total comes about in which vetoes have blocks count for nothing (一票否决板块)."""

from collections.abc import Iterator

from chassis.refusals import Fault, Invalid
from scoring.rules.explanation.nodes import Node
from scoring.rules.explanation.tree import explain
from scoring.rules.sheet.totals import UnitScores, with_vetoed


class BlockNotVetoable(Invalid):
    """A veto can take no such block out of the unit's total."""

    zh = "否决的板块不是该单位总分的组成部分，或该版得分表不能按否决计算。"
    remedy = (
        "Name blocks that are parts of the unit's total; an edition from before needs a new one.",
        "请填写计入该单位总分的板块；早期版次请重新计算得分表。",
    )


def explain_vetoed(scores: UnitScores, blocks: frozenset[str]) -> Node:
    """Return the tree of one unit, from the total without these blocks down to the entries; refuse
    blocks that are no parts of it."""
    faults = [*_faults(scores, blocks)]
    if faults:
        raise BlockNotVetoable(faults[0].en, faults[0].zh, faults=faults)
    return explain(with_vetoed(scores, blocks))


def _faults(scores: UnitScores, blocks: frozenset[str]) -> Iterator[Fault]:
    parts = [code for code in scores.blocks if code in scores.composition.parts]
    for code in sorted(blocks.difference(parts)):
        yield Fault(
            "/query/vetoed",
            "not-a-part",
            f"{code} is no part of the total of {scores.unit}; these are: {', '.join(parts)}.",
            f"{code}不是单位{scores.unit}总分的组成部分；组成部分有：{'、'.join(parts)}。",
        )
