"""Vetoes and demotions: who reports them, of whom and for what; who confirms and lifts them.

One person's word neither caps a grade nor takes a cap away: a report counts once another person
has confirmed it, and until another person has confirmed that it is lifted (解除).
"""

from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import date
from typing import Literal

from chassis import persons
from chassis.refusals import Conflict, Fault, Invalid
from ranking.rules.demotions import DemotionRule, PlaceInList
from ranking.rules.reasons import Reason, of_report
from ranking.rules.scheme import Scheme


class ReportRejected(Invalid):
    """The scheme does not know what is reported."""

    zh = "所报送的内容不在方案之内。"
    remedy = (
        "Correct what `errors` names by the scheme in force: its kinds of vetoes and demotions, "
        "and its units.",
        "请对照现行方案规定的一票否决、降等种类和单位，改正 `errors` 所指内容。",
    )


class VetoLimitReached(Conflict):
    """The scheme allows no further kind of veto."""

    zh = "一票否决事项的种类已达到方案规定的上限。"
    remedy = (
        "Report one of the kinds of veto that the scheme already has.",
        "请按方案已有的一票否决事项种类上报。",
    )


class ReportNotOpen(Conflict):
    """The report is not in the state that this step starts from."""

    zh = "该报送不处于该步骤的起始状态。"
    remedy = (
        "Read the report: it has been decided or lifted meanwhile, or has still to be confirmed.",
        "请查看该事项的状态：可能已经办结、解除，或尚待确认。",
    )


class OwnReport(Conflict):
    """Another person than the one who asked for it has to confirm."""

    zh = "须由提出人以外的另一人确认。"
    remedy = (
        "Have it confirmed by another person.",
        "请由另一人确认。",
    )


class ReasonMissing(Invalid):
    """What was asked for needs a reason."""

    zh = "须说明理由。"
    remedy = (
        "Say why in `reason`, and send it again.",
        "请在 `reason` 中说明理由后重新提交。",
    )


class ReportsUndecided(Conflict):
    """Something reported of a unit of this category awaits another person."""

    zh = "该类别有报送事项尚待另一人确认。"
    remedy = (
        "Have the reports that `detail` names confirmed or refused first.",
        "请先对 `detail` 所指的报送事项予以确认或不予确认。",
    )


ReportKind = Literal["veto", "demotion"]
ReportState = Literal["reported", "confirmed", "refused", "lifting", "lifted"]

MOVES: Mapping[tuple[ReportState, ReportState], str] = {
    ("reported", "confirmed"): "another person confirms it",
    ("reported", "refused"): "another person refuses it, with a reason",
    ("confirmed", "lifting"): "somebody asks to lift it, with reason and document",
    ("lifting", "lifted"): "another person confirms",
    ("lifting", "confirmed"): "another person refuses, with a reason",
}
"""Every step of a report, and what makes it. What is not here cannot happen."""

COUNTING: Collection[ReportState] = ("confirmed", "lifting")
"""The states in which a report costs the unit its grade."""

OPEN: Collection[ReportState] = ("reported", "lifting")
"""The states in which a report awaits another person."""

STATE_ZH: Mapping[ReportState, str] = {
    "reported": "待确认",
    "confirmed": "已确认",
    "refused": "不予确认",
    "lifting": "待确认解除",
    "lifted": "已解除",
}


@dataclass(frozen=True, slots=True)
class Report:
    """A veto or demotion of one unit, with the document that decided it, and what became of it.

    `place` is the unit's in a superior's list, where that is what is reported; `expires_on` is the
    last day of a veto that is not for good.
    """

    unit: str
    code: str
    document_no: str
    decided_on: date
    note: str | None
    state: ReportState = "confirmed"
    place: PlaceInList | None = None
    expires_on: date | None = None

    @property
    def counts(self) -> bool:
        """Whether it costs the unit its grade."""
        return self.state in COUNTING


Part = Literal["report", "lifting"]
"""What another person confirms: that it is so, or that it is so no longer."""


def decided(state: ReportState, of: Part, *, confirmed: bool) -> ReportState:
    """Return what a report becomes when another person decides on it; refuse where nothing of
    that kind is open."""
    if state != ("reported" if of == "report" else "lifting"):
        raise _not_open(state)
    if of == "report":
        return "confirmed" if confirmed else "refused"
    return "lifted" if confirmed else "confirmed"


def lifting(state: ReportState) -> ReportState:
    """Return what a report becomes that somebody asks to lift; only what counts can be lifted."""
    if (state, "lifting") not in MOVES:
        raise _not_open(state)
    return "lifting"


def _not_open(state: ReportState) -> ReportNotOpen:
    return ReportNotOpen(f"It is {state}.", f"当前状态：{STATE_ZH[state]}。", state=state)


def check_second_person(asked_by: str, person: str, *, confirmed: bool, reason: str | None) -> None:
    """Refuse that one person decides on what the same person asked for; a refusal has a reason."""
    if persons.is_same(asked_by, person):
        raise OwnReport("The same person asked for it.", "该事项由同一人提出。")
    if not confirmed and reason is None:
        fault = Fault("/reason", "reason-missing", "Say why.", "须说明理由。")
        raise ReasonMissing(fault.en, fault.zh, faults=[fault])


def refuse_undecided(kinds: Mapping[ReportKind, Iterable[Report]]) -> None:
    """Refuse to pass a category on while reports about it are open; by kind of report."""
    waiting = [
        f"{kind} {each.code}/{each.unit}"
        for kind, reports in kinds.items()
        for each in reports
        if each.state in OPEN
    ]
    if waiting:
        raise ReportsUndecided(
            f"Open: {', '.join(waiting)}.", f"尚有{len(waiting)}项待确认。", reports=waiting
        )


def remarks(kind: ReportKind, reports: Iterable[Report]) -> list[Reason]:
    """Return what a ranking says of a unit's reports that do not count, or may not any longer."""
    said = (of_report(kind, each.code, each.state) for each in reports)
    return [each for each in said if each is not None]


def reporters_of_vetoes(scheme: Scheme) -> dict[str, tuple[str, ...]]:
    """Return the responsible units of every veto."""
    return {item.code: item.responsible_units for item in scheme.vetoes.items}


def reporters_of_demotions(scheme: Scheme) -> dict[str, tuple[str, ...]]:
    """Return the responsible units of every demotion by an event or a place in a superior's list.

    A demotion by weak indicators is read off the score sheet; nobody reports it.
    """
    return {rule.code: rule.responsible_units for rule in scheme.demotions if rule.is_reported}


def check_report(scheme: Scheme, reporters: Collection[str], report: Report) -> None:
    """Refuse a report whose code or unit the scheme does not know; name both faults at once."""
    faults = []
    if report.code not in reporters:
        known = ", ".join(reporters)
        faults.append(
            Fault(
                "/code",
                "unknown-code",
                f"What can be reported: {known or 'nothing'}.",
                f"可以报送的事项：{known or '无'}。",
            )
        )
    if scheme.category_of(report.unit) is None:
        faults.append(
            Fault(
                "/unit",
                "unknown-unit",
                f"{report.unit} is not assessed in this cycle.",
                f"{report.unit}不是本评估年度的被评估单位。",
            )
        )
    if faults:
        raise ReportRejected(
            f"{len(faults)} fault(s) in the report.", f"报送有{len(faults)}处错误。", faults=faults
        )


def future_faults(report: Report, today: date) -> list[Fault]:
    """Return the fault of a report of what is said to have been decided on a day to come."""
    if report.decided_on <= today:
        return []
    return [Fault("/decided_on", "in-the-future", f"Today is {today}.", f"今天是{today}。")]


def refuse_future(report: Report, today: date) -> None:
    """Refuse a report of what has not been decided yet."""
    faults = future_faults(report, today)
    if faults:
        raise ReportRejected(faults[0].en, faults[0].zh, faults=faults)


def check_demotion(scheme: Scheme, report: Report) -> None:
    """Refuse a demotion that the scheme does not know, that is not of the unit's category, or whose
    place in a superior's list demotes nobody."""
    check_report(scheme, reporters_of_demotions(scheme), report)
    category = scheme.category_of(report.unit)
    rule = next(each for each in scheme.demotions if each.code == report.code)
    if category is not None and not rule.concerns(category.code):
        fault = Fault(
            "/unit",
            "other-category",
            f"{report.code} is not of the category {category.code}.",
            f"{report.code} 不适用于类别 {category.code}。",
        )
        raise ReportRejected(fault.en, fault.zh, faults=[fault])
    check_place(rule, report.place)


def check_place(rule: DemotionRule, place: PlaceInList | None) -> None:
    """Refuse a report of a place in a superior's list that lacks the place or demotes nobody, and
    a place in the report of something else."""
    of, code = rule.superior_rank, rule.code
    if of is None or place is None:
        if of is not None:
            raise _misplaced(
                "place-missing",
                f"{code} is about a place in a list: say the rank and of how many.",
                f"{code}依据在名单中的名次：须填写名次和名单总数。",
            )
        if place is not None:
            raise _misplaced(
                "place-unused",
                f"{code} is an event; no place in a list is reported with it.",
                f"{code}为降等事项，报送时不填写名次。",
            )
        return
    if place.rank > place.of:
        raise _misplaced(
            "no-such-place",
            f"A list of {place.of} has no rank {place.rank}.",
            f"共{place.of}个的名单中没有第{place.rank}名。",
        )
    if not of.demotes(place):
        raise _misplaced(
            "demotes-nobody",
            f"Rank {place.rank} of {place.of} is not low enough for {code}.",
            f"第{place.rank}名（共{place.of}个）未达到{code}规定的靠后名次。",
        )


def _misplaced(code: str, en: str, zh: str) -> ReportRejected:
    return ReportRejected(en, zh, faults=[Fault("/place", code, en, zh)])


def relations_of(
    reporters: Mapping[str, Collection[str]], code: str, unit: str | None
) -> frozenset[str]:
    """Return `responsible` when the caller's unit may report this code."""
    return frozenset({"responsible"} if unit in reporters.get(code, ()) else ())


def check_veto_limit(scheme: Scheme, used: Set[str], code: str) -> None:
    """Refuse a veto of a further kind when the cycle has used as many kinds as it may.

    The limit is on what may veto, not on how many units are vetoed: it stops new kinds that come
    in with later versions of a scheme, not the second unit that has the same accident.
    """
    limit = scheme.vetoes.limit
    kinds = used | {code}
    if limit is not None and code not in used and len(kinds) > limit:
        raise VetoLimitReached(
            f"At most {limit} kinds of veto, and they are in use.",  # which ones, the list tells
            f"最多{limit}种一票否决事项，均已使用。",
            limit=limit,
        )
