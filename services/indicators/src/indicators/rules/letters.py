"""Responsibility letters (目标责任书): what a unit agreed to for the year, signed by both sides.

A letter is never changed. When what it says holds no longer it is outdated, and another version is
drawn up and signed.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from chassis import persons
from chassis.refusals import Conflict, Fault, pointer
from indicators.rules.deciders import is_office_of
from indicators.rules.scheme import Indicator, Scheme

Side = Literal["office", "unit"]
"""The sides of a letter: the office that gives the targets, and the unit that takes them on."""

LetterState = Literal["drawn_up", "signed_by_office", "signed_by_unit", "signed"]

Difference = Literal["targets", "indicators", "deadline", "plans"]
"""In what a letter may differ from what it would say now: values and versions of targets, names,
points and measures of their indicators, until when they may be revised, or how they are divided."""

MOVES: Mapping[tuple[str, LetterState], str] = {
    ("drawn_up", "signed_by_office"): "a person of the office signs",
    ("drawn_up", "signed_by_unit"): "a person of the unit signs",
    ("signed_by_office", "signed"): "another human being, of the unit, signs",
    ("signed_by_unit", "signed"): "another human being, of the office, signs",
}
"""Every step of a version of a letter. It stays what it was when a later version is drawn up."""


class LettersRefused(Conflict):
    """Some of the letters cannot be drawn up; none was."""

    zh = "部分目标责任书不能拟定，全部未拟定。"
    remedy = (
        "Leave out the units that `errors` names, or set their targets first.",
        "请去掉 `errors` 所指的单位，或先下达其目标。",
    )


class LetterSignaturesRefused(Conflict):
    """Some of the letters cannot be signed so; none was."""

    zh = "部分目标责任书不能这样签署，全部未签署。"
    remedy = (
        "Read the letters again, sign the latest version by its digest, and have the other side "
        "signed by another person.",
        "请重新查看目标责任书，按最新一版的摘要签署；另一方须由他人签署。",
    )


@dataclass(frozen=True, slots=True)
class Letter:
    """The latest version of a unit's letter: its digest, who drew it up for the office, and who has
    signed for which side."""

    version: int
    digest: str
    outdated: bool
    drawn_by: str
    signed: Mapping[Side, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Signing:
    """That somebody signs a version of a unit's letter, by its digest, for one side."""

    unit: str
    version: int
    digest: str
    side: Side


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs: the human being, the unit that it belongs to, and its roles."""

    person: str
    unit: str | None
    roles: Collection[str]


def state_of(signed: Collection[str]) -> LetterState:
    """Return the state of a version of which these sides have signed."""
    if len(signed) > 1:
        return "signed"
    return {"office": "signed_by_office", "unit": "signed_by_unit"}.get(  # type: ignore[return-value]
        next(iter(signed), ""), "drawn_up"
    )


def agreed_indicators(scheme: Scheme) -> dict[str, dict[str, Indicator]]:
    """Return by unit its leaf indicators by their codes, both in the order of the scheme."""
    found: dict[str, dict[str, Indicator]] = {}
    for category in scheme.categories:
        leaves = {each.code: each for each in category.walk() if not each.children}
        found |= dict.fromkeys(category.units, leaves)
    return found


_OF_TARGETS = ("indicator", "item", "version", "target", "baseline", "pledge")
_OF_INDICATORS = ("indicator", "name", "points", "measure")


def differences(
    said: Mapping[str, Any], now: Mapping[str, Any], *, is_signed: bool = False
) -> Iterator[Difference]:
    """Yield in what a letter differs from what it would say now; both as plain JSON.

    Another version of the scheme alone is no difference: what was agreed is the same. Nor is a plan
    of what was not divided when the letter was drawn up, nor any once a side has signed: a unit
    plans anew by itself, and would undo both signatures as often as it likes.
    """

    def told(letter: Mapping[str, Any], names: Sequence[str]) -> list[list[Any]]:
        return [[each[name] for name in names] for each in letter["targets"]]

    if told(said, _OF_TARGETS) != told(now, _OF_TARGETS):
        yield "targets"
    known = {each[0]: each for each in told(now, _OF_INDICATORS)}
    if any(known.get(each[0], each) != each for each in told(said, _OF_INDICATORS)):
        yield "indicators"
    if said["deadline"] != now["deadline"]:
        yield "deadline"
    plans = {(each["indicator"], each["item"]): each for each in now["plans"]}
    agreed = () if is_signed else said.get("plans", ())
    if any(plans.get((each["indicator"], each["item"]), each) != each for each in agreed):
        yield "plans"


def check_drawn(units: Sequence[str], scheme: Scheme, having: Collection[str]) -> None:
    """Refuse letters of units that the scheme does not assess, or that have no target in force."""
    assessed = {unit for category in scheme.categories for unit in category.units}
    faults: list[Fault] = []
    for i, unit in enumerate(units):
        at = pointer("units", i)
        if unit not in assessed:
            en, zh = f"The scheme measures no unit {unit}.", f"方案中没有被评估单位 {unit}。"
            faults.append(Fault(at, "unknown-unit", en, zh))
        elif unit not in having:
            en, zh = f"{unit} has no target in force.", f"{unit} 没有现行目标。"
            faults.append(Fault(at, "no-target", en, zh))
    if faults:
        n = len(faults)
        raise LettersRefused(f"{n} fault(s).", f"共 {n} 处错误。", faults=faults)


def check_signings(
    signings: Sequence[Signing], letters: Mapping[str, Letter], scheme: Scheme, signer: Signer
) -> None:
    """Refuse signatures under anything but the latest letter, which still holds, or by somebody
    who is not of that side, or has signed or drawn it up for the other one."""
    faults: list[Fault] = []
    seen: set[str] = set()
    for i, each in enumerate(signings):
        at = pointer("signatures", i)
        faults += _unsignable(each, letters.get(each.unit), at)
        faults += _barred(each, letters.get(each.unit), scheme, signer, at)
        if each.unit in seen:
            en, zh = "This letter stands here twice.", "同一目标责任书重复。"
            faults.append(Fault(at, "named-twice", en, zh, beside=True))
        seen.add(each.unit)
    if faults:
        n = len(faults)
        raise LetterSignaturesRefused(f"{n} fault(s).", f"共 {n} 处错误。", faults=faults)


def may_be_signed(unit: str, side: Side, letter: Letter, scheme: Scheme, signer: Signer) -> bool:
    """Say whether somebody may sign a letter for a side, by the rules of `check_signings`."""
    signing = Signing(unit, letter.version, letter.digest, side)
    faults = [*_unsignable(signing, letter, ""), *_barred(signing, letter, scheme, signer, "")]
    return not faults


def _unsignable(signing: Signing, letter: Letter | None, at: str) -> Iterator[Fault]:
    if letter is None:
        en, zh = f"{signing.unit} has no letter.", f"{signing.unit} 没有目标责任书。"
        yield Fault(f"{at}/unit", "no-letter", en, zh)
        return
    if signing.version != letter.version:
        en, zh = f"The latest is version {letter.version}.", f"最新为第 {letter.version} 版。"
        yield Fault(f"{at}/version", "other-version", en, zh)
    elif signing.digest != letter.digest:
        en = "This is not the digest of that letter."
        yield Fault(f"{at}/digest", "other-digest", en, "与该目标责任书的摘要不符。")
    if letter.outdated:
        en = "It says what holds no longer; have another version drawn up."
        yield Fault(at, "outdated", en, "所载内容已有变动，须另拟一版。")
    if signing.side in letter.signed:
        en, zh = "This side has signed already.", "该方已签署。"
        yield Fault(f"{at}/side", "signed-already", en, zh)


def _barred(
    signing: Signing, letter: Letter | None, scheme: Scheme, signer: Signer, at: str
) -> Iterator[Fault]:
    if signing.side == "unit":
        if signer.unit != signing.unit or "assessed_unit" not in signer.roles:
            en, zh = "Only a person of the unit signs for it.", "须由该单位人员签署。"
            yield Fault(f"{at}/side", "other-side", en, zh)
    elif not is_office_of(signing.unit, scheme, signer.unit, signer.roles):
        en = "The office signs here, or the body in its place; nobody for the own unit."
        zh = "此处由绩效办或代其办理的机构签署，本单位人员须回避。"
        yield Fault(f"{at}/side", "other-side", en, zh)
    if letter is not None and persons.is_among(signer.person, _of_other_side(letter, signing.side)):
        en = "The same person has signed it or drawn it up; another one signs for this side."
        yield Fault(at, "same-person", en, "同一人已签署或拟定，须由他人代表该方签署。")


def _of_other_side(letter: Letter, side: Side) -> list[str]:
    """Return who has acted for whom already; the office may sign what it has drawn up."""
    return [*letter.signed.values(), *([letter.drawn_by] if side == "unit" else [])]
