"""How totals are composed, as far as a scheme says more than a plain sum of blocks."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction

from chassis.refusals import Fault, pointer
from indicators.rules.numbers import plain
from indicators.rules.policies import Composition, PartOfTotal
from indicators.rules.scheme import Block, Category, Scheme, places

ONE = Decimal(1)


def composition_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield what compositions say of parts that cannot be so, of themselves or of the categories
    that go by them."""
    for at, composition, categories in composed_by(scheme):
        found = list(_of_parts(composition, at))
        yield from found
        if not found:
            yield from _weights(composition, at)
            yield from _adjustment(composition, at)
            for category in categories:
                yield from _of_category(composition, category, at)
    yield from _excess(scheme)


def composed_by(scheme: Scheme) -> Iterator[tuple[str, Composition, Sequence[Category]]]:
    """Yield all compositions, with the JSON pointer to each and the categories it is of."""
    usual = [category for category in scheme.categories if category.composition is None]
    yield pointer("composition"), scheme.composition, usual
    for c, category in enumerate(scheme.categories):
        if category.composition is not None:
            yield pointer("categories", c, "composition"), category.composition, [category]


def most_of(blocks: Iterable[Block], composition: Composition, category: Category) -> Decimal:
    """Return what blocks bring to the total of their category at most."""
    exact = sum((_most(each, composition, category) for each in blocks), Fraction(0))
    with localcontext(prec=60):
        return (Decimal(exact.numerator) / Decimal(exact.denominator)).normalize()


def idle(scheme: Scheme) -> Iterator[Fault]:
    """Yield what compositions say that changes nothing."""
    for at, composition, categories in composed_by(scheme):
        yield from _said_of_nothing(composition, at)
        parts = set(composition.parts)
        if composition.rounding == "each_part" and not composition.by_part:
            yield Fault(
                f"{at}/rounding",
                "rounded-already",
                "The score of a block is rounded already; what is converted or weighed is not.",
                "板块得分已经舍入，只有折算或加权后的才需要舍入。",
            )
        there = [{block.code for block in each.blocks} for each in categories]
        if composition.lacking != "refused" and all(parts <= each for each in there):
            yield Fault(
                f"{at}/lacking",
                "nothing-is-lacking",
                "Every category that goes by it has all of the parts.",
                "适用的类别均有全部计分板块。",
            )


def _said_of_nothing(composition: Composition, at: str) -> Iterator[Fault]:
    for i, part in enumerate(composition.by_part):
        if part == PartOfTotal(part.block):
            yield Fault(
                f"{at}/by_part/{i}",
                "counts-as-it-is",
                f"Of {part.block} nothing is said but that it counts as it is.",
                f"{part.block} 未作任何规定，按其得分计入。",
            )


def _most(block: Block, composition: Composition, category: Category) -> Fraction:
    settings = composition.settings_of(block.code)
    converted = Fraction(block.points) * _ratio(settings)
    if settings.cap is not None:
        converted = min(converted, Fraction(settings.cap))
    weight = ONE if settings.weight is None else settings.weight
    return converted * Fraction(weight) / _weights_there(composition, category)


def _ratio(settings: PartOfTotal) -> Fraction:
    if settings.scale is None or settings.points is None:
        return Fraction(1)
    return Fraction(settings.points) / Fraction(settings.scale)


def _weights_there(composition: Composition, category: Category) -> Fraction:
    """Return what the weights of the parts that a category has come to, where they are scaled."""
    if composition.lacking != "scaled_up":
        return Fraction(1)
    there = {block.code for block in category.blocks}
    weights = (each.weight or 0 for each in composition.by_part if each.block in there)
    return sum(map(Fraction, weights), Fraction(0)) or Fraction(1)


def _of_parts(composition: Composition, at: str) -> Iterator[Fault]:
    """Yield blocks that are no part, or named twice, and scales without points."""
    named = set[str]()
    for i, part in enumerate(composition.by_part):
        here = f"{at}/by_part/{i}"
        if part.block not in composition.parts:
            yield _no_part(f"{here}/block", part.block)
        elif part.block in named:
            yield Fault(
                f"{here}/block",
                "named-twice",
                f"The block {part.block} is named twice.",
                f"板块 {part.block} 重复。",
            )
        named.add(part.block)
        if (part.scale is None) != (part.points is None):
            yield Fault(
                here,
                "scale-and-points",
                "A scale goes with the points that it is converted to, and neither without the "
                "other.",
                "满分刻度与折算后的分值须同时填写。",
            )


def _weights(composition: Composition, at: str) -> Iterator[Fault]:
    """Yield weights that some parts lack or that do not sum to 1."""
    weights = [composition.settings_of(code).weight for code in composition.parts]
    given = [each for each in weights if each is not None]
    yield from _lacking(composition, at, weighed=bool(given))
    if given and len(given) < len(weights):
        yield Fault(
            f"{at}/by_part",
            "weight-missing",
            "Either every part has a weight, or none has.",
            "各部分须均有权重，或均无权重。",
        )
    elif given and sum(given) != 1:
        sums = plain(sum(given, Decimal(0)))
        yield Fault(
            f"{at}/by_part",
            "weights-not-one",
            f"The weights of the parts sum to {sums}, not to 1.",
            f"各部分权重合计 {sums}，应为 1。",
        )


def _lacking(composition: Composition, at: str, *, weighed: bool) -> Iterator[Fault]:
    """Yield what cannot become of the parts that a category lacks."""
    if composition.lacking == "scaled_up" and not weighed:
        yield Fault(
            f"{at}/lacking",
            "no-weights",
            "Without weights there is nothing to scale up.",
            "没有权重，无法按比例放大。",
        )
    if composition.lacking == "nothing" and weighed:
        yield Fault(
            f"{at}/lacking",
            "weights-would-be-lost",
            "Where a category lacks a part, weights are scaled up or the scheme is refused.",
            "类别缺少某一部分时，权重须按比例放大，否则方案不予通过。",
        )


def _adjustment(composition: Composition, at: str) -> Iterator[Fault]:
    """Yield an adjustment inside of what is no part, or has no cap."""
    if composition.adjustment is None:
        return
    into, here = composition.adjustment.into, f"{at}/adjustment/into"
    if into not in composition.parts:
        yield _no_part(here, into)
    elif composition.settings_of(into).cap is None:
        yield Fault(
            here,
            "no-cap",
            f"{into} has no cap that bonus and deductions could stay within.",
            f"{into} 未设上限，加减分无从计入其内。",
        )
    if not (composition.bonus or composition.deductions):
        yield Fault(
            here,
            "not-in-the-total",
            "The composition of the total takes neither bonus nor deductions.",
            "总分构成不含加分和减分。",
        )


def _of_category(composition: Composition, category: Category, at: str) -> Iterator[Fault]:
    """Yield scales that are not those of a category's blocks, and what it has nothing for."""
    blocks = {block.code: block for block in category.blocks}
    for i, part in enumerate(composition.by_part):
        block = blocks.get(part.block)
        if block is not None and part.scale not in (None, block.points):
            points, scale = plain(block.points), plain(part.scale or Decimal(0))
            yield Fault(
                f"{at}/by_part/{i}/scale",
                "not-the-scale",
                f"{category.code}/{part.block} has {points} points, not {scale}.",
                f"{category.code}/{part.block} 的分值为 {points}，不是 {scale}。",
            )
    place = composition.adjustment
    if place and place.into in composition.parts and place.into not in blocks:
        yield Fault(
            f"{at}/adjustment/into",
            "unknown-block",
            f"{category.code} has no block {place.into}.",
            f"{category.code} 没有板块 {place.into}。",
        )
    if not blocks.keys() & set(composition.parts):
        yield Fault(
            f"{at}/parts",
            "no-part-there",
            f"{category.code} has none of the parts.",
            f"{category.code} 没有任何计分板块。",
        )


def _excess(scheme: Scheme) -> Iterator[Fault]:
    """Yield losses that shall be deducted in points of a block that are not those of the total."""
    for place in places(scheme):
        settings = scheme.composition_of(place.category).settings_of(place.block.code)
        if place.indicator.params.get("excess_to") != "deductions":
            continue
        if settings.scale is not None or settings.weight is not None:
            yield Fault(
                f"{place.at}/params/excess_to",
                "excess-of-a-converted-block",
                f"A point of {place.block.code} is no point of the total; nothing lost beyond its "
                "indicators can be deducted.",
                f"{place.block.code} 的分值须折算或加权，超出指标分值的扣分不能计入减分。",
            )


def _no_part(at: str, block: str) -> Fault:
    return Fault(
        at,
        "not-a-part",
        f"{block} is no part of the total.",
        f"{block} 不是计入总分的板块。",
    )
