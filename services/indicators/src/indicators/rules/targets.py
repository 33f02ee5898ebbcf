"""Which targets may be set: for a unit and a leaf indicator that the published scheme joins."""

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from chassis.refusals import Fault, Invalid, pointer
from indicators.rules.aims import Need, read_of
from indicators.rules.methods.catalogue import method_of
from indicators.rules.methods.method import AimedValue
from indicators.rules.scheme import Category, Indicator, Scheme

Key = tuple[str, str, str | None]
"""A target is of a unit, an indicator, and an item of it or none."""


class TargetsFaulty(Invalid):
    """Some targets are for units, indicators, items or values that the scheme does not have."""

    zh = "部分目标所涉单位、指标、分项或数值不在方案之内。"
    remedy = (
        "Mend the targets that `errors` names by the scheme in force, and send all of them again.",
        "请对照现行方案改正 `errors` 所指的目标，然后整批重新提交。",
    )


@dataclass(frozen=True, slots=True)
class Target:
    """What a unit is to reach (目标值), where it started (基数), what it pledged (自报数).

    The values are in the measure of the indicator; at least one is given.
    """

    unit: str
    indicator: str
    item: str | None
    target: Decimal | None
    baseline: Decimal | None
    pledge: Decimal | None

    @property
    def key(self) -> Key:
        """What the target is of."""
        return self.unit, self.indicator, self.item


def check_targets(
    targets: Sequence[Target],
    scheme: Scheme,
    known: Collection[Key] = (),
    needing: Collection[int] = (),
) -> None:
    """Refuse targets that the scheme cannot use, with all their faults at once.

    `known` are those that have versions, `needing` the places of those that change something and
    lack the reason for it.
    """
    expected = _Expected(scheme)
    written = {_plain(key): key for key in known}
    faults: list[Fault] = []
    seen: set[Key] = set()
    for i, target in enumerate(targets):
        at = pointer("targets", i)
        faults += _named(target, expected, at)
        faults += _valued(target, seen, at)
        if target.key not in known:
            before = written.setdefault(_plain(target.key), target.key)
            faults += _written(target, before, at, beside=before not in known)
        if i in needing:
            faults.append(
                Fault(at, "reason-missing", "A revision needs a reason.", "调整目标须说明理由。")
            )
        seen.add(target.key)
    if faults:
        n = len(faults)
        raise TargetsFaulty(f"{n} fault(s).", f"共 {n} 处错误。", faults=faults)


@dataclass(frozen=True, slots=True)
class UnusedValue:
    """A value of a target on which no score rests; `name` is the indicator's, None where the
    category of the unit does not have it."""

    target: Target
    name: str | None
    value: AimedValue


class Counting:
    """Tells which values of targets scores rest on by a scheme; any other counts nowhere."""

    def __init__(self, scheme: Scheme) -> None:
        self._expected = _Expected(scheme)

    def of(self, target: Target) -> Target | None:
        """Return a target with the values that count alone; None where none does."""
        unused = {each.value for each in self.unused(target)}
        left = replace(
            target,
            target=None if "target" in unused else target.target,
            baseline=None if "baseline" in unused else target.baseline,
            pledge=None if "pledge" in unused else target.pledge,
        )
        return left if any(getattr(left, name) is not None for name, _ in _VALUES) else None

    def unused(self, target: Target) -> Iterator[UnusedValue]:
        """Yield the values of a target that count nowhere."""
        category = self._expected.categories.get(target.unit, "")
        indicator = self._expected.leaves.get(category, {}).get(target.indicator)
        used: Collection[str] = ()
        if indicator is not None:
            used = _used(target.item, self._expected.read(category, target.indicator))
        for name, _ in _VALUES:
            if getattr(target, name) is not None and name not in used:
                yield UnusedValue(target, None if indicator is None else indicator.name, name)


def unmeasured(target: Target, scheme: Scheme, at: str) -> Iterator[Fault]:
    """Yield what of a target a scheme does not have any more."""
    return _named(target, _Expected(scheme), at)


def _plain(key: Key) -> Key:
    unit, indicator, item = key
    return unit, indicator, plain_item(item or "") or None


def plain_item(item: str) -> str:
    """Return an item as it is compared: without width, case, blanks, kinds of dashes, and what is
    not seen; "1" and "１" are one item."""
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", item).casefold())
    told = [unicodedata.category(c) for c in text]
    kept = (
        "-" if kind == "Pd" else c
        for c, kind in zip(text, told, strict=True)
        if kind not in _UNSEEN and not c.isspace() and c not in _BLANK
    )
    return "".join(kept)


_HIDDEN = frozenset({"Cf", "Cc", "Cs", "Co", "Cn"})
_UNSEEN = _HIDDEN | {"Mn", "Me"}
_BLANK = frozenset("\u115f\u1160\u3164\uffa0")


def hides_something(item: str) -> bool:
    """Say whether a text has characters that show nothing on paper."""
    return any(unicodedata.category(c) in _HIDDEN or c in _BLANK for c in item)


def _written(target: Target, known: Key, at: str, *, beside: bool) -> Iterator[Fault]:
    if known != target.key:
        yield Fault(
            f"{at}/item",
            "written-otherwise",
            f"This item is written “{known[2] or ''}” already; write it so.",
            f"该分项已写作“{known[2] or ''}”，请按此填写。",
            beside=beside,
        )


def overridden(key: Key, former: Collection[Key], scheme: Scheme) -> bool:
    """Say whether a first target would take the place of one that is or was in force, or dilute it.

    The target of a period comes before that of the year, and among items that a unit names itself
    each further one makes the others count for less. `former` are those that ever were in force.
    """
    unit, code, item = key
    if item is None or key in former:
        return False
    indicator = _leaf_of(unit, code, scheme)
    if indicator is None:
        return False
    if indicator.method == "periodic_weighted":
        return (unit, code, None) in former
    return not items_of(indicator) and any(one[:2] == (unit, code) for one in former)


def is_lowered(former: Iterable[Target], wanted: Target, scheme: Scheme) -> bool:
    """Say whether a target asks less of the unit than any of the `former`, once in force, did.

    Not only than the last one: what is lowered twice, or is taken back and issued anew, would
    otherwise pass for a raise the second time.
    """
    indicator = _leaf_of(wanted.unit, wanted.indicator, scheme)
    if indicator is None:
        return False
    less = method_of(indicator).less_is_better(wanted.item)
    return any(_asks_less(before, wanted, less_is_better=less) for before in former)


def _asks_less(before: Target, wanted: Target, *, less_is_better: bool) -> bool:
    pairs = (
        (before.target, wanted.target),
        (before.baseline, wanted.baseline),
        (before.pledge, wanted.pledge),
    )
    return any(
        old is not None and (new is None or (new > old if less_is_better else new < old))
        for old, new in pairs
    )


def _leaves(category: Category) -> dict[str, Indicator]:
    """Return the indicators of a category that have no children, by code."""
    tops = (indicator for block in category.blocks for indicator in block.indicators)
    return {each.code: each for top in tops for each in top.walk() if not each.children}


def _leaf_of(unit: str, code: str, scheme: Scheme) -> Indicator | None:
    """Return the leaf indicator as the category of the unit has it, if it has it.

    A code may stand in several categories, with other methods.
    """
    category = next((each for each in scheme.categories if unit in each.units), None)
    return None if category is None else _leaves(category).get(code)


class _Expected:
    """The leaf indicators of a scheme by category, and which category each unit is of."""

    def __init__(self, scheme: Scheme) -> None:
        self.leaves = {each.code: _leaves(each) for each in scheme.categories}
        self.categories = {unit: each.code for each in scheme.categories for unit in each.units}
        self.codes = {code for leaves in self.leaves.values() for code in leaves}
        self._read = dict[tuple[str, str], Collection[Need]]()

    def read(self, category: str, code: str) -> Collection[Need]:
        """Return which values of an indicator's targets any score of the category rests on."""
        if (category, code) not in self._read:
            leaves = self.leaves[category]
            methods = [method_of(each) for each in leaves.values()]
            self._read[category, code] = read_of(code, method_of(leaves[code]), methods)
        return self._read[category, code]


def _named(target: Target, expected: _Expected, at: str) -> Iterator[Fault]:
    unit, code = target.unit, target.indicator
    category = expected.categories.get(unit)
    if category is None:
        yield Fault(
            f"{at}/unit",
            "unknown-unit",
            f"The scheme measures no unit {unit}.",
            f"方案中没有被评估单位 {unit}。",
        )
    if code not in expected.codes:
        yield Fault(
            f"{at}/indicator",
            "unknown-indicator",
            f"The scheme has no leaf indicator {code}.",
            f"方案中没有末级指标 {code}。",
        )
    elif category is not None:
        indicator = expected.leaves[category].get(code)
        if indicator is not None:
            unknown = list(_item(target.item, indicator, f"{at}/item"))
            yield from unknown or _unread(target, expected.read(category, code), at)
            return
        yield Fault(
            f"{at}/indicator",
            "other-category",
            f"{category}, the category of {unit}, has no leaf indicator {code}.",
            f"{unit} 所在类别 {category} 没有末级指标 {code}。",
        )


def _item(item: str | None, indicator: Indicator, at: str) -> Iterator[Fault]:
    items = items_of(indicator)
    if item in items or (item is not None and not items):
        return
    if set(items) == {None}:
        yield Fault(
            at, "item-unused", f"{indicator.code} has no items.", f"{indicator.code} 不分项。"
        )
        return
    known = [each or "-" for each in items]
    yield Fault(
        at,
        "unknown-item",
        f"The items of {indicator.code} are: {', '.join(known) or 'set by the unit'}.",
        f"{indicator.code} 的分项为：{', '.join(known) or '由单位自定'}。",
    )


_VALUES: Sequence[tuple[AimedValue, str]] = (
    ("target", "目标值"),
    ("baseline", "基数"),
    ("pledge", "自报数"),
)


def _used(item: str | None, read: Collection[Need]) -> set[AimedValue]:
    return {need.value for need in read if need.is_of(item)}


def _unread(target: Target, read: Collection[Need], at: str) -> Iterator[Fault]:
    """Yield values that no score rests on: in force, they would count nowhere."""
    used = _used(target.item, read)
    en = ", ".join(name for name, _ in _VALUES if name in used) or "none"
    zh = "、".join(name_zh for name, name_zh in _VALUES if name in used) or "无"
    for name, name_zh in _VALUES:
        if getattr(target, name) is not None and name not in used:
            yield Fault(
                f"{at}/{name}",
                "value-unused",
                f"No score rests on a {name} of {target.indicator}; of its targets are read: {en}.",
                f"没有任何得分使用 {target.indicator} 的{name_zh}；可设定的有：{zh}。",
            )


def items_of(indicator: Indicator) -> Sequence[str | None]:
    """Return the items that have targets of their own, None for the indicator as a whole; empty
    when each unit sets its items itself."""
    return method_of(indicator).aims()


def _valued(target: Target, seen: Collection[Key], at: str) -> Iterator[Fault]:
    if target.target is None and target.baseline is None and target.pledge is None:
        yield Fault(
            at,
            "no-value",
            "Give a target, a baseline or a pledge.",
            "目标值、基数、自报数至少填一项。",
        )
    if target.key in seen:
        yield Fault(
            at, "named-twice", "This target stands here twice.", "同一目标重复。", beside=True
        )
