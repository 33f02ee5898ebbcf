"""What vetoes (一票否决) do beyond this year's grade: next year, titles, the term of office."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from chassis.refusals import Conflict, Fault
from ranking.rules import reasons
from ranking.rules.consequences import Ban
from ranking.rules.lineage import Lineage
from ranking.rules.reasons import Reason
from ranking.rules.reports import Report, ReportRejected, ReportState, future_faults
from ranking.rules.scheme import Scheme


@dataclass(frozen=True, slots=True)
class CountingVeto:
    """A veto of a unit that counts: of which year, and what it does.

    One of `all` caps the grade, one of a `block` has that count for nothing in the total, one of a
    `title` bars the unit from being proposed for that. It counts in the `next_year` too where the
    scheme says so, unless it `expires_on` a day before. `of_unit` is the unit that was vetoed,
    where this one goes on from it.
    """

    code: str
    scope: Literal["all", "block", "title"]
    year: int
    title: str | None = None
    next_year: bool = False
    expires_on: date | None = None
    of_unit: str | None = None
    block: str | None = None

    def of_block(self, parts: Collection[str], names: Mapping[str, str]) -> list[Reason]:
        """Return what is to be said of the block that it is of, if it is of one: that it does not
        count, or is none of the `parts` of the total."""
        if self.block is None:
            return []
        say = reasons.block_vetoed if self.block in parts else reasons.block_not_there
        return [say(self.code, self.block, names.get(self.block))]


@dataclass(frozen=True, slots=True)
class TermVeto:
    """A veto of a term of office: its year and code, and of which unit if not of this one."""

    year: int
    code: str
    of_unit: str | None = None


@dataclass(frozen=True, slots=True)
class EarlierVetoes:
    """What last year's release tells of a unit: its vetoes, and those of the term until then.

    It is `unknown` where the releases tell neither of the unit nor of any that it goes on from.
    """

    vetoes: tuple[CountingVeto, ...] = ()
    in_term: tuple[TermVeto, ...] = ()
    unknown: bool = False


NO_VETOES = EarlierVetoes()


@dataclass(frozen=True, slots=True)
class UnitVetoes:
    """The vetoes of a unit that count in a year, its own and last year's, and those of the term."""

    counting: tuple[CountingVeto, ...]
    in_term: tuple[TermVeto, ...]
    removal_at: int | None
    unknown: bool = False

    @property
    def capping(self) -> list[str]:
        """Return the codes of those that cap the grade."""
        return sorted({each.code for each in self.counting if each.scope == "all"})

    def blocks(self, parts: Collection[str]) -> frozenset[str]:
        """Return which of the parts of a total they have count for nothing."""
        return frozenset(each.block for each in self.counting if each.block in parts and each.block)

    def told(
        self, year: int, parts: Collection[str] = (), names: Mapping[str, str] | None = None
    ) -> list[Reason]:
        """Return what is to be said of them: last year's, the blocks that do not count and the
        titles that they bar, and what the scheme proposes after several in a term. `parts` are the
        blocks that make the unit's total, `names` what people call them."""
        said = list[Reason]()
        for each in self.counting:
            if each.of_unit is not None:
                said.append(reasons.veto_of_predecessor(each.code, each.year, each.of_unit))
            elif each.year < year:
                said.append(reasons.veto_of_earlier_year(each.code, each.year))
            said += each.of_block(parts, names or {})
            if each.title is not None:
                said.append(reasons.title_barred(each.code, each.title))
        if self.removal_at is not None and len(self.in_term) >= self.removal_at:
            found = [(each.year, each.code, each.of_unit) for each in self.in_term]
            said.append(reasons.removal_proposed(found, self.removal_at))
        if self.unknown:
            said.append(reasons.lineage_unknown())
        return said


def vetoes_of(scheme: Scheme, reports: Iterable[Report], earlier: EarlierVetoes) -> UnitVetoes:
    """Return the vetoes of a unit that count: what was reported of it, and what last year left."""
    own = [_counting(scheme, each) for each in reports if each.counts]
    term = scheme.vetoes.term
    in_term = list[TermVeto]()
    if term is not None:
        in_term = [each for each in earlier.in_term if each.year >= term.began]
        in_term += (TermVeto(each.year, each.code) for each in own if each.scope == "all")
    return UnitVetoes(
        (*own, *_left(scheme, earlier.vetoes)),
        tuple(sorted(in_term, key=lambda each: (each.year, each.code, each.of_unit or ""))),
        None if term is None else term.removal_at,
        earlier.unknown,
    )


def carried_on(told: Mapping[str, EarlierVetoes], lineage: Lineage) -> dict[str, EarlierVetoes]:
    """Return what last year's releases tell of the vetoes of each unit of this year, with those of
    the units that it goes on from, each once."""
    return {unit: _carried(unit, told, lineage) for unit in lineage.present}


def _carried(unit: str, told: Mapping[str, EarlierVetoes], lineage: Lineage) -> EarlierVetoes:
    vetoes, in_term = dict[CountingVeto, None](), dict[TermVeto, None]()
    sources = lineage.sources(unit)
    for source in sources:
        found = told.get(source, NO_VETOES)
        vetoes |= {replace(e, of_unit=_of(e.of_unit or source, unit)): None for e in found.vetoes}
        in_term |= {replace(e, of_unit=_of(e.of_unit or source, unit)): None for e in found.in_term}
    return EarlierVetoes((*vetoes,), (*in_term,), unknown=not sources)


def _of(vetoed: str, unit: str) -> str | None:
    return None if vetoed == unit else vetoed


def title_bans(unit: str, vetoes: UnitVetoes) -> list[Ban]:
    """Return the bans on titles that the vetoes of a unit are, each until it expires."""
    return [
        Ban(unit, date.min, each.expires_on, each.title, each.code, each.of_unit)
        for each in vetoes.counting
        if each.title is not None
    ]


def _counting(scheme: Scheme, report: Report) -> CountingVeto:
    """Return a report as a veto; one that the scheme has no more caps the grade in its own year."""
    item, year = scheme.vetoes.item(report.code), scheme.assessment_year
    if item is None:
        return CountingVeto(report.code, "all", year, expires_on=report.expires_on)
    lasts = item.years > 1
    block, expires_on = item.block, report.expires_on
    return CountingVeto(report.code, item.scope, year, item.title, lasts, expires_on, block=block)


def _left(scheme: Scheme, earlier: Sequence[CountingVeto]) -> list[CountingVeto]:
    """Return which of last year's vetoes count this year: those in force on its first day."""
    year = scheme.assessment_year
    return [
        each
        for each in earlier
        if each.next_year
        and each.year == year - 1
        and (each.expires_on is None or each.expires_on >= date(year, 1, 1))
    ]


MOST_VETOED = 3
"""How many blocks of one unit may be vetoed at once: of these a score sheet tells the totals."""


class TooManyVetoedBlocks(Conflict):
    """So many blocks of a unit are vetoed that no score sheet tells its total."""

    zh = "该单位被否决的板块超过上限。"
    remedy = (
        "Lift one of the vetoes of blocks of the unit (one of last year in that year, and release "
        "it so), or report one of its whole (`scope` all).",
        "请解除其中一项板块否决（上年的在上年解除并重新公布），或改为上报范围为全部的一票否决。",
    )


def check_blocks(
    scheme: Scheme, report: Report, known: Iterable[Report], earlier: EarlierVetoes = NO_VETOES
) -> None:
    """Refuse a veto of a block that is no part of the unit's total, and one of more blocks of it
    than may be vetoed; `known` are the reports of the cycle, of which those lifted do not count,
    `earlier` what last year's releases tell of the unit."""
    item, category = scheme.vetoes.item(report.code), scheme.category_of(report.unit)
    if item is None or item.block is None or category is None:
        return
    parts = scheme.parts_of(category)
    if item.block not in parts:
        en = f"{item.block} is no part of the total in {category.code}: {', '.join(parts)}."
        zh = f"板块{item.block}不是类别{category.code}总分的组成部分：{'、'.join(parts)}。"
        fault = Fault("/unit", "block-not-in-total", en, zh)
        raise ReportRejected(en, zh, faults=[fault])
    own = (each for each in known if each.unit == report.unit and each.state not in GONE)
    left = (each.block for each in _left(scheme, earlier.vetoes) if each.block is not None)
    refuse_too_many(report.unit, {item.block, *_blocks_of(scheme, own), *left}.intersection(parts))


def _blocks_of(scheme: Scheme, reports: Iterable[Report]) -> Iterator[str]:
    """Yield the blocks that reported vetoes are of."""
    for each in reports:
        item = scheme.vetoes.item(each.code)
        if item is not None and item.block is not None:
            yield item.block


def refuse_too_many(unit: str, blocks: Collection[str]) -> None:
    """Refuse that more blocks of a unit are vetoed than a score sheet tells the total of."""
    if len(blocks) > MOST_VETOED:
        raise TooManyVetoedBlocks(
            f"Of {unit} these would be vetoed: {', '.join(sorted(blocks))}; at most {MOST_VETOED}.",
            f"单位{unit}将被否决的板块：{'、'.join(sorted(blocks))}；最多{MOST_VETOED}个。",
        )


GONE: Collection[ReportState] = ("refused", "lifted")
"""The states in which a veto neither counts nor may yet."""


def check_day(scheme: Scheme, report: Report, late_reason: str | None, today: date) -> None:
    """Refuse a veto that expires before it was decided, and one that comes after the last day for
    reports without a reason, or in time with one."""
    item, faults = scheme.vetoes.item(report.code), future_faults(report, today)
    if report.expires_on is not None and report.expires_on < report.decided_on:
        faults.append(
            Fault(
                "/expires_on",
                "expires-before-decided",
                f"It was decided on {report.decided_on}.",
                f"决定日期为{report.decided_on}。",
            )
        )
    if report.expires_on is not None and item and item.scope != "title" and item.years == 1:
        en, zh = "It counts in this year alone, whole.", "该事项只在本年度有效，不设期满日。"
        faults.append(Fault("/expires_on", "ends-nothing", en, zh))
    last = None if item is None else item.report_by
    faults += _lateness(report.code, last, late_reason, today)
    if faults:
        raise ReportRejected(
            f"{len(faults)} fault(s) in the report.", f"报送有{len(faults)}处错误。", faults=faults
        )


def _lateness(
    code: str, last: date | None, late_reason: str | None, today: date
) -> Iterator[Fault]:
    is_late = last is not None and today > last
    if is_late and late_reason is None:
        yield Fault(
            "/late_reason",
            "reported-late",
            f"{code} was to be reported until {last}: say why it comes later.",
            f"{code}应于{last}前报送，逾期报送须说明理由。",
        )
    if not is_late and late_reason is not None:
        yield Fault(
            "/late_reason",
            "not-late",
            "It comes in time; no reason for its coming late is taken.",
            "并未逾期，无需填写逾期理由。",
        )
