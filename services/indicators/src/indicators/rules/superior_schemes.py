"""The superior's scheme as it assesses one of its units, and a decomposition held against it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from chassis.refusals import Conflict, Fault, pointer
from indicators.rules.decomposition import Decomposition
from indicators.rules.methods.catalogue import METHODS
from indicators.rules.numbers import plain, tidy
from indicators.rules.scheme import Block, Category, Indicator, Scheme


class NotHandedUp(Conflict):
    """The decomposition is not handed up to the superior."""

    zh = "责任分解未上报。"
    remedy = (
        "Hand up the latest version, once, after it was made of the superior's scheme in force.",
        "请依上级现行方案分解后，上报最新版本；每一版只上报一次。",
    )


@dataclass(frozen=True, slots=True)
class AskedOf:
    """An indicator by which a superior assesses a unit; `parent` is the one whose points it is a
    part of, null where it stands by itself."""

    code: str
    name: str
    block: str
    points: Decimal
    parent: str | None


@dataclass(frozen=True, slots=True)
class Drift:
    """An indicator whose points are others in the decomposition than in the superior's scheme; null
    where it is not in one of them."""

    indicator: str
    decomposed: Decimal | None
    superior: Decimal | None


def category_of(scheme: Scheme, unit: str) -> Category | None:
    """Return the category in which a unit is assessed, None where it is in none."""
    return next((each for each in scheme.categories if unit in each.units), None)


def asked_of(scheme: Scheme, category: Category) -> list[AskedOf]:
    """Return what a category is asked for, parents before their children: what makes its total, and
    the parts by which its points can be divided."""
    shown = scheme.composition_of(category).shown
    blocks = (block for block in category.blocks if block.code not in shown)
    return [each for block in blocks for top in block.indicators for each in _below(top, block)]


def _below(indicator: Indicator, block: Block, parent: str | None = None) -> Iterator[AskedOf]:
    of = (indicator.code, indicator.name, block.name, tidy(indicator.points))
    yield AskedOf(*of, parent)
    if not METHODS[indicator.method].points_are_scale:
        for child in indicator.children:
            yield from _below(child, block, indicator.code)


def drift_of(given: Decomposition, asked: Sequence[AskedOf]) -> list[Drift]:
    """Return where a decomposition is another than the superior's scheme, in the order of that: of
    each indicator itself or all of its children are named, for just as many points."""
    said = {each.code: each.points for each in given.indicators}
    theirs = {each.code: each.points for each in _as_named(asked, said)}
    return [
        Drift(code, said.get(code), theirs.get(code))
        for code in {**theirs, **said}
        if said.get(code) != theirs.get(code)
    ]


def _as_named(asked: Sequence[AskedOf], named: dict[str, Decimal]) -> Iterator[AskedOf]:
    """Yield the indicators that make the total, divided as far as a decomposition divides them."""
    children: dict[str | None, list[AskedOf]] = {}
    for each in asked:
        children.setdefault(each.parent, []).append(each)
    divided = set[str]()
    for each in reversed(asked):
        if each.parent is not None and (each.code in named or each.code in divided):
            divided.add(each.parent)

    def cut(one: AskedOf) -> Iterator[AskedOf]:
        if one.code in named or one.code not in divided:
            yield one
        else:
            for child in children[one.code]:
                yield from cut(child)

    for top in children.get(None, ()):
        yield from cut(top)


def drift_faults(given: Decomposition, drift: Sequence[Drift]) -> Iterator[Fault]:
    """Yield what a decomposition has otherwise than the scheme that it is of."""
    at = {each.code: pointer("indicators", n) for n, each in enumerate(given.indicators)}
    for each in drift:
        if each.superior is None:
            en = f"By the superior's scheme {each.indicator} is none of what makes our total."
            zh = f"上级方案中，{each.indicator} 不计入本单位总分。"
            yield Fault(f"{at[each.indicator]}/code", "not-in-superiors-scheme", en, zh)
        elif each.decomposed is None:
            en = f"{each.indicator} of the superior's scheme is missing."
            zh = f"缺少上级方案中的指标 {each.indicator}。"
            yield Fault("/indicators", "not-decomposed", en, zh)
        else:
            points = plain(each.superior)
            en = f"By the superior's scheme it has {points} points."
            zh = f"按上级方案，该指标为 {points} 分。"
            yield Fault(f"{at[each.indicator]}/points", "not-the-superiors-points", en, zh)


def check_handing_up(
    version: int, latest: int, *, is_linked: bool, stands: bool, is_handed_up: bool
) -> None:
    """Refuse to hand up what is no decomposition of the superior's scheme in force, is not the
    latest version, or was handed up before."""
    if version != latest:
        en, zh = f"The latest version is {latest}.", f"最新为第 {latest} 版。"
    elif not is_linked:
        en = "It does not say of which of the superior's cycles it is."
        zh = "该版未注明依据上级的哪个评估年度。"
    elif is_handed_up:
        en, zh = f"Version {version} was handed up.", f"第 {version} 版已上报。"
    elif not stands:
        en = "The superior's scheme is another by now: decompose that first."
        zh = "上级方案已有变动，请先重新分解。"
    else:
        return
    raise NotHandedUp(en, zh, version=version)
