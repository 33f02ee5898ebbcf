"""How firm a ranking is: the same by any tool for a seed, exact without chance, and read by few."""

from decimal import Decimal
from statistics import NormalDist

import pytest

from ranking.rules.order import RankPolicy
from ranking.rules.uncertainty import Draw, Field, Standing

SKIP = RankPolicy((), "same_rank_skip")
POINTS = {"a": Decimal(60), "b": Decimal(40)}
_WORD = 2**64 - 1
_MULTIPLIERS = 0xD2E7470EE14C6C93, 0xCA5A826395121157
_WEYL = 0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B


def field(*units, policy=SKIP, points=POINTS, most=None):
    """Units of (code, rank, points of a, points of b, standard error)."""
    found = []
    for unit, rank, a, b, se in units:
        blocks = {"a": Decimal(a), "b": Decimal(b)}
        error = None if se is None else Decimal(se)
        found.append(Standing(unit, rank, sum(blocks.values(), Decimal(0)), blocks, error))
    return Field(found, points, policy, 4, most)


THREE = [("A", 1, 50, 40, "0.5"), ("B", 2, 55, "34.8", "0.5"), ("C", 3, 40, 30, None)]


def philox(key, blocks):
    """The numbers of Philox4x64-10 (Salmon and others, 2011) as its authors write it down."""
    for count in range(1, blocks + 1):
        counter, keys = [count, 0, 0, 0], [key, 0]
        for turn in range(10):
            if turn:
                keys = [(each + step) & _WORD for each, step in zip(keys, _WEYL, strict=True)]
            first, second = counter[0] * _MULTIPLIERS[0], counter[2] * _MULTIPLIERS[1]
            counter = [
                (second >> 64) ^ counter[1] ^ keys[0],
                second & _WORD,
                (first >> 64) ^ counter[3] ^ keys[1],
                first & _WORD,
            ]
        yield from counter


def by_hand(of, draw):
    """The ranks of each replication in plain Python, a step at a time, from the description."""
    size = len(of.points) + len(of.units)
    words = list(philox(draw.seed, -(-draw.replications * size // 16)))
    numbers = [(word >> shift) & 0xFFFF for word in words for shift in (0, 16, 32, 48)]
    for at in range(draw.replications):
        drawn = numbers[at * size : (at + 1) * size]
        shares = [(2 * each + 1) / 131072 for each in drawn]
        x = draw.weights_by / 100
        factors = [1 - x + 2 * x * share for share in shares[: len(of.points)]]
        worth = [float(each) for each in of.points.values()]
        scale = sum(worth) / sum(f * each for f, each in zip(factors, worth, strict=True))
        totals = []
        for unit, share in zip(of.units, shares[len(of.points) :], strict=True):
            moved = sum(
                (f * scale - 1) * float(unit.blocks[code])
                for f, code in zip(factors, of.points, strict=True)
            )
            error = float(unit.se or 0) * round(NormalDist().inv_cdf(share), 6)
            totals.append(round((float(unit.total) + moved + error) * 10**of.places))
        yield [1 + sum(other > each for other in totals) for each in totals]


def test_a_seed_gives_the_ranks_that_plain_python_finds_from_the_description():
    """Planted bugs: the high half of each 64 bits first; weights drawn for each unit; a key that
    begins elsewhere; weights that are worth more together than before."""
    for seed in (1, 2**53 - 1):
        draw = Draw(seed, 300, 25)
        of = field(*THREE)
        assert of.replications(draw).tolist() == list(by_hand(of, draw)), seed
    assert of.ranges(Draw(7, 500, 10)) == of.ranges(Draw(7, 500, 10))
    assert of.ranges(Draw(7, 500, 10)) != of.ranges(Draw(8, 500, 10))


def test_without_chance_the_order_is_that_of_the_ranking():
    """Ties keep what the ranking made of them. Planted bug: equal totals ranked as though one."""
    tied = [("A", 1, 50, 40, 0), ("B", 2, 40, 50, 0), ("C", 2, 50, 40, 0), ("D", 4, 30, 60, 0)]
    one, two, three, four = field(*tied).ranges(Draw(1, 100, 0))
    assert [(e.best, e.worst, e.same) for e in (one, two, three, four)] == [
        (1, 1, 1),
        (2, 2, 1),
        (2, 2, 1),
        (4, 4, 1),
    ]
    assert (two.not_distinguishable, three.not_distinguishable) == (("C",), ("B",))
    assert one.not_distinguishable == ()
    dense = RankPolicy((), "dense")
    again = [*tied[:3], ("D", 3, 20, 60, 0)]
    assert [e.best for e in field(*again, policy=dense).ranges(Draw(1, 100, 0))] == [1, 2, 2, 3]


def test_who_is_far_from_others_stays_and_who_is_near_does_not():
    """Planted bugs: ranges of the middle half; neighbours named on one side only."""
    a, b, c = field(*THREE).ranges(Draw(1, 1000, 0))
    assert ((a.best, a.worst), (b.best, b.worst), (c.best, c.worst)) == ((1, 2), (1, 2), (3, 3))
    assert (a.not_distinguishable, b.not_distinguishable) == (("B",), ("A",))
    # 0.2 apart with errors of 0.5 each: the first stays so with the probability of 0.283 errors.
    assert abs(float(a.same) - NormalDist().cdf(0.2 / 0.5**0.5)) < 0.05
    assert (c.same, c.se, c.not_distinguishable) == (1, None, ())
    # Swapped in 15 of 100 it is within the range, in 3 of 100 it is not.
    for apart, worst in (("0.733", 2), ("1.33", 1)):
        near = [("A", 1, 50, 40, "0.5"), ("B", 2, 50, Decimal(40) - Decimal(apart), "0.5")]
        first, _ = field(*near).ranges(Draw(1, 2000, 0))
        assert (first.best, first.worst) == (1, worst), apart


def test_without_a_block_and_by_other_weights_the_order_is_counted_exactly():
    """Planted bugs: weights that are not brought to the same sum; a block of today that the
    earlier year did not have counted in full; a cap that holds no longer."""
    of = field(*THREE)
    assert (of.without("b").ranks, of.without("b").moved) == ({"A": 2, "B": 1, "C": 3}, 2)
    assert of.without("a").ranks == {"A": 1, "B": 2, "C": 3}
    assert of.weighed({"a": Decimal(600), "b": Decimal(400)}).moved == 0
    other = of.weighed({"a": Decimal(80), "b": Decimal(20)})
    assert (other.ranks, other.moved, other.most) == ({"A": 2, "B": 1, "C": 3}, 2, 1)
    assert of.weighed({"a": Decimal(60)}).ranks == of.without("b").ranks
    capped = field(("A", 1, 50, 40, 0), ("B", 1, 50, 45, 0), most=Decimal(90))
    assert [e.same for e in capped.ranges(Draw(1, 100, 0))] == [1, 1]


@pytest.fixture
def weighed(peers):
    """Have the scheme tell what its blocks are worth."""
    before = peers.scheme
    worth = {"function": "61", "public_review": "14", "comprehensive": "25"}
    category, *others = before["categories"]
    blocks = [each | {"points": worth[each["code"]]} for each in category["blocks"]]
    peers.scheme = before | {"categories": [category | {"blocks": blocks}, *others]}
    yield
    peers.scheme = before


async def test_the_committee_reads_how_firm_a_ranking_is_and_the_same_question_is_answered_alike(
    cycle, peers, weighed
):
    """Planted bug: the digest of the seed alone. Whoever takes no part reads nothing of it."""
    edition = await cycle.rank()
    path = f"/rankings/{edition}/uncertainty?seed=7&replications=200&earlier_cycle={cycle.cycle_id}"
    first = await cycle.get(path, "committee")
    assert first.status_code == 200, first.text
    found = first.json()
    assert (await cycle.get(path, "performance_office")).json() == found
    ranking = (await cycle.get(f"/rankings/{edition}", "auditor")).json()
    ranks = {each["unit"]: each["rank"] for each in ranking["units"]}
    assert {e["unit"]: e["rank"] for e in found["units"]} == ranks
    assert all(e["best"] <= e["worst"] for e in found["units"])
    assert found["ranking_digest"] == ranking["digest"]
    assert found["earlier"]["ranks"] == ranks
    assert (found["earlier"]["moved"], found["earlier"]["blocks_unknown"]) == (0, [])
    assert set(found["without"]) == {"function", "public_review", "comprehensive"}
    another = (await cycle.get(path.replace("seed=7", "seed=8"), "committee")).json()
    assert another["digest"] != found["digest"]
    for role in ("any", "unit", "standing_committee", "organiser"):
        assert (await cycle.get(path, role)).status_code == 403, role


@pytest.fixture
def worth_by_indicator(peers, weighed):
    """Have the scheme tell what each indicator is worth, as the sheet does."""
    before, listed = peers.scheme, peers.sheet_units[0]["indicator_scores"]
    category, *others = before["categories"]
    blocks = []
    for block in category["blocks"]:
        own = [each for each in reversed(listed) if each["block"] == block["code"]]
        told = [{"code": each["indicator"], "points": each["points"]} for each in own]
        blocks.append(block | {"indicators": told})
    points = {each["indicator"]: each["points"] for each in listed}
    peers.scheme = before | {"categories": [category | {"blocks": blocks}, *others]}
    yield points
    peers.scheme = before


async def test_points_of_indicators_vary_as_plain_python_has_them_vary(
    cycle, peers, worth_by_indicator
):
    """Planted bugs: indicators of one block drawn together; their scores in the order of the sheet
    and not of the scheme; blocks varied after all."""
    edition = await cycle.rank()
    path = f"/rankings/{edition}/uncertainty?seed=5&replications=200&weights_by=30&vary=indicators"
    found = (await cycle.get(path, "auditor")).json()
    ranking = (await cycle.get(f"/rankings/{edition}", "auditor")).json()
    scores = {
        each["unit"]: {e["indicator"]: Decimal(e["score"]) for e in each["indicator_scores"]}
        for each in peers.sheet_units
    }
    order = [e["code"] for b in peers.scheme["categories"][0]["blocks"] for e in b["indicators"]]
    points = {code: Decimal(worth_by_indicator[code]) for code in order}
    se = {each["unit"]: each["se"] and Decimal(each["se"]) for each in found["units"]}
    units = [
        Standing(e["unit"], e["rank"], Decimal(e["final_total"]), scores[e["unit"]], se[e["unit"]])
        for e in ranking["units"]
    ]
    columns = [*zip(*by_hand(Field(units, points, SKIP, 4), Draw(5, 200, 30)), strict=True)]
    same = {
        each.unit: sum(rank == each.rank for rank in column) / 200
        for each, column in zip(units, columns, strict=True)
    }
    assert {each["unit"]: float(each["same"]) for each in found["units"]} == same
    assert any(share < 1 for share in same.values())
    by_blocks = (await cycle.get(path.replace("=indicators", "=blocks"), "auditor")).json()
    assert (found["vary"], by_blocks["vary"]) == ("indicators", "blocks")
    assert by_blocks["units"] != found["units"]
    assert (by_blocks["without"], by_blocks["earlier"]) == (found["without"], found["earlier"])


async def test_indicators_that_do_not_come_to_their_block_are_refused(
    cycle, peers, worth_by_indicator
):
    """Planted bug: varied all the same, by what is not in the total."""
    edition = await cycle.rank()
    before = peers.sheet_units
    first, *others = before
    [one, *more] = first["indicator_scores"]
    cut = first | {"indicator_scores": [one | {"score": "0"}, *more]}
    peers.sheet_units = [cut, *others]
    answer = await cycle.get(f"/rankings/{edition}/uncertainty?vary=indicators", "auditor")
    peers.sheet_units = before
    assert answer.json()["type"] == "totals-otherwise-made"


async def test_what_cannot_be_tried_is_refused_by_name(cycle, peers, weighed):
    """Planted bug: a scheme that is no longer that of the ranking."""
    edition = await cycle.rank()
    path = f"/rankings/{edition}/uncertainty"
    assert (await cycle.get(f"{path}?replications=99", "auditor")).status_code == 422
    assert (await cycle.get("/rankings/99/uncertainty", "auditor")).json()["type"] == (
        "no-such-ranking"
    )
    scheme = peers.scheme
    peers.scheme = scheme | {"categories": scheme["categories"][1:]}
    answer = await cycle.get(path, "auditor")
    peers.scheme = scheme
    assert answer.json()["type"] == "unknown-category"
