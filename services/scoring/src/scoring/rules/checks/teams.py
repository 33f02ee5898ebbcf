"""Who checks a drawn unit (检查组): reviewers without an interest in it, by the seed of the draw or
named one by one.

Both go by one rule of who is barred. By the seed each drawn unit gets those who have the fewest
teams so far, and among these the first ones by the SHA-256 of seed, unit and person.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from chassis import persons
from chassis.refusals import Conflict, Fault, Forbidden, Invalid, pointer
from scoring.rules.checks.draw import SEPARATOR, sha256
from scoring.rules.scheme.document import Category, Scheme

TEAM = "team"
"""The relation of a person to a drawn unit that the person checks."""


class ReviewersFixed(Conflict):
    """The reviewers of a check are fixed once."""

    zh = "该项检查的检查人员已经固定，不能重新固定。"
    remedy = (
        "Once it is drawn, name another team for the unit, with a reason.",
        "抽取之后，可说明理由，为该单位另行指定检查组。",
    )


class ReviewersTooLate(Conflict):
    """From the day of the seed on nobody fixes reviewers any more: it could be chosen who is
    assigned."""

    zh = "已到种子的公布日，不能再固定检查人员。"
    remedy = (
        "Name a team for each drawn unit once the check is drawn.",
        "请在抽取之后为各抽中单位指定检查组。",
    )


class NotDrawn(Conflict):
    """The check has not drawn this unit, or nothing yet."""

    zh = "该项检查尚未抽取，或未抽中该单位。"
    remedy = "Read which units were drawn.", "请查阅抽中的单位。"


class TeamRefused(Invalid):
    """Some of the named persons may not check, or too few of them may."""

    zh = "部分人员不能参加检查，或可以参加的人数不足。"
    remedy = (
        "Name other persons in the place of those that `errors` tells of.",
        "请更换 `errors` 所指的人员。",
    )


class NamingBarred(Forbidden):
    """Nobody chooses who checks a unit of the category in which the own unit is assessed."""

    zh = "调用者所在单位参评该类别，不得确定其检查人员。"
    remedy = (
        "Have it done by somebody whose unit is not assessed there.",
        "请由所在单位不参评该类别的人员办理。",
    )


@dataclass(frozen=True, slots=True)
class Reviewer:
    """A person who may be on a team, the unit that the person belongs to, if any, and the units
    in which the person has declared an interest."""

    person: str
    unit: str | None = None
    conflicts: tuple[str, ...] = ()

    def is_caller(self, person: str, unit: str | None) -> bool:
        """Say whether a caller is this person, and still of this unit."""
        return persons.is_same(self.person, person) and self.unit == unit


def bar_of(reviewer: Reviewer, unit: str, category: Category) -> Fault | None:
    """Return why a reviewer does not check a unit of a category, as a fault that points nowhere
    yet; None where nothing bars."""
    own, who = reviewer.unit, reviewer.person
    if unit in reviewer.conflicts:
        return Fault(
            "", "conflict-declared", f"{who} declared an interest.", f"{who} 已申明利害关系。"
        )
    if own is None:
        return None
    if own == unit:
        return Fault("", "own-unit", f"{who} is of {unit} itself.", f"{who} 属于本单位 {unit}。")
    if own in category.units:
        en = f"{who} is of {own}, which competes with {unit}."
        return Fault("", "competes", en, f"{who} 所在单位 {own} 与 {unit} 同类参评。")
    if own in sources_of(category):
        en = f"{who} is of {own}, which enters or reviews what is checked."
        return Fault("", "checked-source", en, f"{who} 所在单位 {own} 报送或初审所检查的内容。")
    return None


def sources_of(category: Category) -> frozenset[str]:
    """Return the units that enter something in a category, or review it first."""
    found = set[str]()
    for each in category.indicators().values():
        found |= {each.data_source_unit, each.reviewed_by or "", *each.findings_by}
    return frozenset(found - {""})


def candidates_of(
    reviewers: Sequence[Reviewer], units: Iterable[str], scheme: Scheme
) -> dict[str, list[str]]:
    """Return for each unit the persons who may check it, in the order of bytes."""
    categories = scheme.category_of()
    return {
        unit: sorted(
            each.person for each in reviewers if bar_of(each, unit, categories[unit]) is None
        )
        for unit in units
        if unit in categories
    }


def pool_of(candidates: Mapping[str, Sequence[str]]) -> str:
    """Return who may check whom as a text: unit, `|` and person, a line each, in the order of
    bytes."""
    pairs = (f"{unit}{SEPARATOR}{each}\n" for unit, found in candidates.items() for each in found)
    return "".join(sorted(pairs))


def teams_by_seed(seed: str, units: Sequence[str], pool: str, members: int) -> dict[str, list[str]]:
    """Return the persons that the seed gives to each drawn unit, unit by unit in their order: those
    with the fewest teams so far, of equal ones the first by the SHA-256 of seed, unit and person.
    """
    candidates = dict[str, list[str]]()
    for line in pool.splitlines():
        unit, _, person = line.partition(SEPARATOR)
        candidates.setdefault(unit, []).append(person)
    load, teams = Counter[str](), dict[str, list[str]]()
    for unit in units:
        ranked = sorted(
            (load[each], sha256(f"{seed}{SEPARATOR}{unit}{SEPARATOR}{each}"), each)
            for each in candidates.get(unit, ())
        )
        teams[unit] = [each for _, _, each in ranked[:members]]
        load.update(teams[unit])
    return teams


def check_pool(
    reviewers: Sequence[Reviewer], units: Sequence[str], members: int, scheme: Scheme
) -> None:
    """Refuse reviewers of whom one is named twice, or of whom too few may check some unit."""
    faults = [*_named_twice(reviewers, "reviewers")]
    categories = scheme.category_of()
    for n, each in enumerate(reviewers):
        for i, unit in enumerate(each.conflicts):
            if unit not in categories:
                at = pointer("reviewers", n, "conflicts", i)
                en, zh = f"{unit} is not assessed.", f"{unit} 不是参评单位。"
                faults.append(Fault(at, "unknown-unit", en, zh))
    for unit, found in candidates_of(reviewers, units, scheme).items():
        if len(found) < members:
            en = f"{len(found)} of the reviewers may check {unit}; {members} are wanted."
            zh = f"可以检查 {unit} 的检查人员有{len(found)}人，需要{members}人。"
            faults.append(Fault("/reviewers", "too-few", en, zh))
    _refuse(faults)


def check_team(named: Sequence[Reviewer], unit: str, scheme: Scheme, person: str) -> None:
    """Refuse a team of which one is named twice, is barred, or names himself."""
    faults, category = [*_named_twice(named, "members")], scheme.category_of().get(unit)
    for n, each in enumerate(named):
        at = pointer("members", n)
        if category and (bar := bar_of(each, unit, category)) is not None:
            faults.append(replace(bar, pointer=at))
        if persons.is_same(each.person, person):
            en, zh = "Nobody names himself.", "不得指定本人。"
            faults.append(Fault(at, "names-oneself", en, zh))
    _refuse(faults)


def check_naming(units: Iterable[str], scheme: Scheme, own: str | None) -> None:
    """Refuse a caller whose unit competes in the category of one of the units."""
    if not may_name(units, scheme, own):
        raise NamingBarred(f"{own} is assessed in it.", f"{own} 参评该类别。")


def may_name(units: Iterable[str], scheme: Scheme, own: str | None) -> bool:
    """Say whether somebody of a unit, or of none, may choose who checks these units."""
    competing = (scheme.category_of().get(unit) for unit in units)
    return not any(each and own in each.units for each in competing)


def _named_twice(named: Sequence[Reviewer], where: str) -> Iterator[Fault]:
    seen = set[str]()
    for n, each in enumerate(named):
        if persons.folded(each.person) in seen:
            en, zh = f"{each.person} is named before.", f"{each.person} 重复列出。"
            yield Fault(pointer(where, n, "person"), "named-twice", en, zh)
        seen.add(persons.folded(each.person))


def _refuse(faults: Sequence[Fault]) -> None:
    if faults:
        en, zh = f"{len(faults)} fault(s).", f"共{len(faults)}处错误。"
        raise TeamRefused(en, zh, faults=faults)
