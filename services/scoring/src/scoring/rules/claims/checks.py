"""Checks of a single claim: document, holder, authority, link to an indicator, and year.

A claim meets the checks one after another; the first that has something to say decides it.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import Final, Literal
from uuid import UUID

from scoring.rules.claims.states import AWAITING, ClaimCorrection, ClaimStanding
from scoring.rules.scheme.document import (
    Adjustments,
    BonusPolicy,
    BonusRule,
    DeductionPolicy,
    DeductionRule,
    Scheme,
    UnitName,
    Window,
)

Kind = Literal["bonus", "deduction"]
BONUS: Final = "bonus"
DEDUCTION: Final = "deduction"

ClaimDecision = Literal[
    "accepted",
    "accepted_carried_over",
    "accepted_capped",
    "accepted_in_part",
    "accepted_against_proposal",
    "accepted_by_correction",
    "carried_to_next_year",
    "superseded_same_event",
    "unconfirmed",
    "withdrawn",
    "rejected_by_confirmer",
    "rejected_by_correction",
    "rejected_not_in_the_total",
    "rejected_no_document",
    "rejected_holder_mismatch",
    "rejected_authority",
    "rejected_unknown_rule",
    "rejected_unknown_place",
    "rejected_over_limit",
    "rejected_conditions_not_met",
    "rejected_not_linked_to_indicator",
    "rejected_scored_already",
    "rejected_out_of_window",
    "rejected_counted_before",
    "rejected_same_award",
]
"""What becomes of a claim in a score sheet."""

ACCEPTED: Final = "accepted"
CARRIED_OVER: Final = "accepted_carried_over"
CARRIED_FORWARD: Final = "carried_to_next_year"
AGAINST: Final = "accepted_against_proposal"
CORRECTED: Final = "accepted_by_correction"
TAKEN_OUT: Final = "rejected_by_correction"
COUNTING = frozenset({ACCEPTED, CARRIED_OVER, AGAINST, CORRECTED})
"""The decisions by which a claim has points; nothing else takes any of an award."""

NOTHING = Decimal(0)

HolderKind = Literal["unit", "subordinate", "person"]
OF_UNIT: Final = "unit"

Rule = BonusRule | DeductionRule

_JOINERS = "与和及、，, "


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim as it was handed in: an award (bonus) or a criticism (deduction) of a unit.

    `place` is the rank or tier that it has in its document; `holder_kind` says whether the unit
    holds the award, a body below it, or a person. A deduction that `revokes` a claim of an earlier
    year takes back the `revoked_points` that it brought there. `standing` is what became of it
    since. `scored_in` is an indicator in which an entry counts that names its document or matter;
    `corrected` is what a correction of the sealed record says of it.
    """

    claim_id: UUID
    claim_no: str
    unit: str
    kind: str
    level: str | None
    authority: str | None
    holder_name: str | None
    document_no: str | None
    document_date: date | None
    work_year: int | None
    event_key: str
    linked_indicator: str | None
    rule: str | None
    place: str | None = None
    holder_kind: str = OF_UNIT
    revokes: UUID | None = None
    revoked_points: Decimal | None = None
    standing: ClaimStanding = AWAITING
    scored_in: str | None = None
    corrected: ClaimCorrection | None = None


HANDED_IN_WITH = tuple(
    each.name for each in fields(Claim) if each.name not in ("standing", "scored_in", "corrected")
)
"""The fields of a claim that are stored as it is handed in; the others are found out since."""


@dataclass(frozen=True, slots=True)
class Why:
    """A reason: for programs as `code` and `params`, for people in English and in Chinese."""

    code: str
    en: str
    zh: str
    params: Mapping[str, str] = field(default_factory=dict)


Verdict = tuple[ClaimDecision, Why]
"""A decision, and the reason for it."""


class ClaimContext:
    """What the checks of claims need: the rules and indicators of each unit's category, and the
    units' names."""

    def __init__(self, scheme: Scheme, names: Iterable[UnitName]) -> None:
        self.scheme, self.year = scheme, scheme.assessment_year
        self._categories = scheme.category_of()
        self._indicators = {
            category.code: frozenset(category.indicators()) for category in scheme.categories
        }
        self._names: dict[str, list[UnitName]] = {}
        for name in names:
            self._names.setdefault(name.unit, []).append(name)

    def rules(self, unit: str) -> Adjustments:
        """Return the rules for bonus and deductions of the unit's category."""
        category = self._categories.get(unit)
        return self.scheme.adjustments_of(category) if category else self.scheme.adjustments

    def category_of(self, unit: str) -> str | None:
        """Return the category that a unit is assessed in; None where it is in none."""
        category = self._categories.get(unit)
        return category.code if category else None

    def members(self, category: str) -> frozenset[str]:
        """Return the units of a category."""
        return frozenset(unit for unit, of in self._categories.items() if of.code == category)

    def policy(self, claim: Claim) -> BonusPolicy | DeductionPolicy:
        """Return the rules for claims of this kind and unit."""
        rules = self.rules(claim.unit)
        return rules.bonus if claim.kind == BONUS else rules.deductions

    def looks_back(self, claim: Claim) -> bool:
        """Say whether it matters what the event of a claim brought in earlier years."""
        return claim.revokes is None and self.policy(claim).across_years != "each_year"

    def counts(self, claim: Claim) -> bool:
        """Say whether the total of the unit's category takes claims of this kind."""
        category = self._categories.get(claim.unit)
        composition = self.scheme.composition_of(category) if category else None
        return composition is None or composition.counts(claim.kind)

    def names(self, unit: str, on: date) -> frozenset[str]:
        """Return the legal names and aliases that the unit had on a day."""
        return frozenset(
            plain(name.name)
            for name in self._names.get(unit, ())
            if name.valid_from <= on and (name.valid_to is None or on < name.valid_to)
        )

    def measures(self, unit: str, indicator: str | None) -> bool:
        """Say whether the indicator is one of those that the unit is assessed by."""
        category = self._categories.get(unit)
        return category is not None and indicator in self._indicators[category.code]

    def most(self, claim: Claim) -> Decimal:
        """Return what the dearest rule for such claims gives or costs, or what a revoked award
        brought; 0 where none counts."""
        points = [rule.points for rule in self.policy(claim).rules]
        if claim.revoked_points is not None:
            points = [claim.revoked_points]
        return max(points, default=NOTHING) if self.counts(claim) else NOTHING

    def worth(self, claim: Claim) -> Decimal | None:
        """Return the points that the claim's rule sets; None when no rule fits it."""
        if claim.revoked_points is not None:
            return -claim.revoked_points
        rule = self.rule_of(claim)
        points = None if rule is None else _points(rule, claim.place)
        if points is None:
            return None
        return -points if claim.kind == DEDUCTION else points * self.part(claim)

    def rule_of(self, claim: Claim) -> Rule | None:
        """Return the rule that fits a claim: of several for bonus that which gives most."""
        if claim.kind == BONUS:
            return self.bonus_rule(claim.unit, claim.level, claim.authority, claim.place)
        rules = self.rules(claim.unit).deductions.rules
        return next((each for each in rules if each.code == claim.rule), None)

    def bonus_rule(
        self, unit: str, level: str | None, authority: str | None, place: str | None
    ) -> BonusRule | None:
        """Return the rule that gives most for an award of a unit; None where none fits it."""
        fitting = [
            rule
            for rule in self.rules(unit).bonus.rules
            if rule.level == level and granted_by(authority or "", rule.authorities)
        ]
        return max(fitting, key=lambda rule: _points(rule, place) or NOTHING, default=None)

    def part(self, claim: Claim) -> Decimal:
        """Return what of its points an award brings that somebody else than the unit holds."""
        if claim.kind == DEDUCTION or claim.holder_kind == OF_UNIT:
            return Decimal(1)
        return self.rules(claim.unit).bonus.holders.get(claim.holder_kind, NOTHING)


def _points(rule: Rule, place: str | None) -> Decimal | None:
    """Return what a rule gives or costs; None where it lists places and this is none of them."""
    if not rule.by_place:
        return rule.points
    places = {plain(each): points for each, points in rule.by_place.items()}
    return places.get(plain(place or ""))


def granted_by(authority: str, listed: Sequence[str]) -> bool:
    """Say whether an authority is one of those listed, or several of them together.

    "省委省政府" is made of 省委 and 省政府; "省农业厅" is made of nothing that is listed. The whole
    name must be used up, so that a department does not pass by the name of its superior.
    """
    name, words = plain(authority), [plain(word) for word in listed if word]
    if not name or name[-1] in _JOINERS:
        return False
    reached = {0}
    for at in range(len(name)):
        if at in reached:
            reached |= _read_on(name, at, words)
    return len(name) in reached


def _read_on(name: str, at: int, words: Iterable[str]) -> set[int]:
    """Return where the words or joiners end that a name has from here on."""
    joined = {at + 1} if at and name[at] in _JOINERS else set[int]()
    return joined | {at + len(word) for word in words if name.startswith(word, at)}


def verdict(claim: Claim, context: ClaimContext) -> Verdict:
    """Return the decision of the first check that has something to say, with the reason."""
    for check in _CHECKS:
        if found := check(claim, context):
            return found
    return _window(claim, context)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the rules say of a claim by itself, before whoever examines it decides.

    `points` are those of its rule, before shares, the highest of an event, and caps; below 0 for a
    deduction. `against` are the reasons for which it would not count, `reason` is the first of
    them, or why it counts; that an indicator scores its matter stands there also where the scheme
    does not mind.
    """

    decision: ClaimDecision
    points: Decimal
    reason: Why
    against: tuple[Why, ...]


def propose(claim: Claim, context: ClaimContext) -> Proposal:
    """Return what the rules propose of a claim, with everything that they hold against it."""
    word, why = verdict(claim, context)
    counts = word in COUNTING
    points = context.worth(claim) if counts else None
    found = [check(claim, context) for check in _CHECKS]
    against = [*_to_weigh(claim, context), *(each[1] for each in found if each)]
    last, window = _window(claim, context)
    if last not in COUNTING and claim.document_date is not None:
        against.append(window)
    return Proposal(word, points or NOTHING, why, tuple(against))


def _to_weigh(claim: Claim, context: ClaimContext) -> Iterator[Why]:
    """Yield what whoever examines a claim weighs, though the scheme does not mind it."""
    if claim.kind == BONUS and claim.scored_in and _scored(claim, context) is None:
        yield scored_already(claim.scored_in)


def _counted(claim: Claim, context: ClaimContext) -> Verdict | None:
    if context.counts(claim):
        return None
    return "rejected_not_in_the_total", not_in_the_total(claim)


def not_in_the_total(claim: Claim) -> Why:
    """Return the reason why a claim counts for nothing by the composition of its unit's total."""
    en, zh = ("bonus", "加分") if claim.kind == BONUS else ("deductions", "减分")
    return Why(
        "not_in_the_total",
        f"The total of {claim.unit} takes no {en}.",
        f"{claim.unit} 的总分构成不含{zh}。",
        {"kind": claim.kind},
    )


def wants_evidence(claim: Claim, context: ClaimContext) -> bool:
    """Say whether a claim counts with evidence alone."""
    return claim.kind == BONUS and "evidence" in context.rules(claim.unit).bonus.requires


def _document(claim: Claim, context: ClaimContext) -> Verdict | None:
    needed = claim.kind == BONUS and "document" in context.rules(claim.unit).bonus.requires
    if claim.document_date is None or (needed and not claim.document_no):
        why = Why(
            "no_document",
            "There is no official document with number and date; a plaque alone does not count.",
            "缺少有文号和日期的正式文件；仅有奖牌奖杯不予认定。",
        )
        return "rejected_no_document", why
    return None


def _holder(claim: Claim, context: ClaimContext) -> Verdict | None:
    if claim.kind == BONUS and claim.holder_kind != OF_UNIT:
        return None if context.part(claim) else ("rejected_holder_mismatch", _other_holder(claim))
    if claim.kind == DEDUCTION or "holder_match" not in context.rules(claim.unit).bonus.requires:
        return None
    on = claim.document_date or date.min
    if plain(claim.holder_name or "") in context.names(claim.unit, on):
        return None
    why = Why(
        "holder_is_not_the_unit",
        f"The award is held by {claim.holder_name}, which is no name of the unit on {on}.",
        f"获奖单位为“{claim.holder_name}”，与申报单位在{on}的名称不一致。",
        {"holder_name": claim.holder_name or "", "document_date": str(on)},
    )
    return "rejected_holder_mismatch", why


def _other_holder(claim: Claim) -> Why:
    en, zh = {"person": ("a person", "个人")}.get(
        claim.holder_kind, ("a body below the unit", "下属单位")
    )
    return Why(
        "holder_kind_not_taken",
        f"The award is held by {en}, {claim.holder_name}; the scheme takes none of those.",
        f"获奖的是{zh}“{claim.holder_name}”，方案不计此类奖项。",
        {"holder_name": claim.holder_name or "", "holder_kind": claim.holder_kind},
    )


def _place(claim: Claim, context: ClaimContext) -> Verdict | None:
    rule = context.rule_of(claim)
    if rule is None or _points(rule, claim.place) is not None:
        return None
    known = list(rule.by_place)
    why = Why(
        "unknown_place",
        f"{claim.place} is none of the places of rule {rule.code}: {', '.join(known)}.",
        f"“{claim.place or ''}”不在规则“{rule.code}”所列名次或等次之内：{'、'.join(known)}。",
        {"place": claim.place or "", "rule": rule.code},
    )
    return "rejected_unknown_place", why


def _authority(claim: Claim, context: ClaimContext) -> Verdict | None:
    if context.rule_of(claim) is not None or claim.revokes is not None:
        return None
    if claim.kind == DEDUCTION:
        why = Why(
            "unknown_rule",
            f"The scheme has no deduction rule {claim.rule}.",
            f"方案中没有减分规则“{claim.rule}”。",
            {"rule": claim.rule or ""},
        )
        return "rejected_unknown_rule", why
    why = Why(
        "authority_not_recognised",
        f"{claim.authority} is no authority of level {claim.level} that the scheme recognises.",
        f"“{claim.authority}”不属于方案对所报级别认可的授奖机关。",
        {"authority": claim.authority or "", "level": claim.level or ""},
    )
    return "rejected_authority", why


def _link(claim: Claim, context: ClaimContext) -> Verdict | None:
    needed = claim.kind == BONUS and "indicator_link" in context.rules(claim.unit).bonus.requires
    if not needed or context.measures(claim.unit, claim.linked_indicator):
        return None
    why = Why(
        "not_linked_to_indicator",
        "The award is not tied to an indicator that the unit is assessed by.",
        "奖项内容与申报单位的考评指标没有关联。",
        {"linked_indicator": claim.linked_indicator or ""},
    )
    return "rejected_not_linked_to_indicator", why


def _scored(claim: Claim, context: ClaimContext) -> Verdict | None:
    if claim.kind == DEDUCTION or not claim.scored_in:
        return None
    if "not_scored" not in context.rules(claim.unit).bonus.requires:
        return None
    return "rejected_scored_already", scored_already(claim.scored_in)


def scored_already(indicator: str) -> Why:
    """Return that an indicator scores what a claim is about."""
    return Why(
        "scored_already",
        f"An entry that names the document or matter counts in indicator {indicator}.",
        f"写明同一文号或事项编号的台账记录已在指标 {indicator} 中计分。",
        {"indicator": indicator},
    )


_CHECKS: tuple[Callable[[Claim, ClaimContext], Verdict | None], ...] = (
    _counted,
    _document,
    _holder,
    _authority,
    _place,
    _link,
    _scored,
)


def _window(claim: Claim, context: ClaimContext) -> Verdict:
    """Return the decision by date and work year: in the window, one year late, or outside."""
    dated, work_year = claim.document_date or date.min, claim.work_year or context.year
    rules = context.rules(claim.unit)
    window, params = rules.window, {"work_year": str(work_year), "document_date": str(dated)}
    if window.opens <= dated <= window.closes and claim.revokes is not None:
        said = (
            f"An award of an earlier year was revoked on {dated}: what it brought is taken back.",
            f"以前年度的奖项于{dated}被撤销，扣回当年所加分值。",
        )
        return ACCEPTED, Why("revoked", *said, {"document_date": str(dated)})
    if window.opens <= dated <= window.closes and work_year == context.year:
        said = f"The document of {dated} is in the window.", f"文件日期{dated}在期限内。"
        return ACCEPTED, Why("in_window", *said, params)
    late = _late(dated, work_year, window, context.year, params)
    if late is not None and rules.carry_over == "once":
        return late
    said = (
        f"Work of {work_year} with a document of {dated} does not count in {context.year}.",
        f"{work_year}年度工作、文件日期{dated}，不在{context.year}年度计算范围内。",
    )
    return "rejected_out_of_window", Why("out_of_window", *said, params)


def _late(
    dated: date, work_year: int, window: Window, year: int, params: Mapping[str, str]
) -> Verdict | None:
    """Return the verdict on a claim that is carried over by one year, None when it is not.

    Work of the year before counts now if its document fell into this window; a document that
    comes after the window has its claim count in the next one. Either happens once.
    """
    opens, closes = window.opens, window.closes
    if opens <= dated <= closes and work_year == year - 1:
        said = (
            f"Work of {work_year}, document of {dated}: carried over once.",
            f"{work_year}年度工作，文件日期{dated}：顺延一次计入本年。",
        )
        return CARRIED_OVER, Why("carried_over", *said, params)
    if closes < dated <= _a_year_later(closes) and work_year == year:
        said = (
            f"The document of {dated} came after {closes}: it counts next year.",
            f"文件日期{dated}晚于{closes}，顺延至下一年度。",
        )
        return CARRIED_FORWARD, Why("after_window", *said, {**params, "closes": str(closes)})
    return None


def plain(name: str) -> str:
    """Return a name without what only the typing differs in: width, and spaces around it."""
    return unicodedata.normalize("NFKC", name).strip()


def _a_year_later(day: date) -> date:
    if day.year == date.max.year:  # a window that never closes
        return date.max
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year + 1, day=28)
