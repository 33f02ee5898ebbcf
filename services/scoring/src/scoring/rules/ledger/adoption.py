"""Adoption (沿用): how an entry of one cycle serves another one, where a unit is assessed in both.

It is entered once and taken over by reference: what it says may not differ, and each cycle
verifies it for itself. Both effects stand side by side; nothing is set off.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from chassis.refusals import Conflict, Fault, Missing, pointer
from scoring.rules.ledger.entries import (
    BY_OFFICE,
    EVENT,
    EXTERNAL_RESULT,
    GRADE,
    KINDS_ZH,
    LAST_YEAR,
    MEASURED_VALUE,
    MILESTONE,
    SUPERIOR_RANK,
    months_of,
    span_of,
    year_of,
)
from scoring.rules.ledger.shapes import Draft
from scoring.rules.ledger.states import COUNTED, GIVEN_UP, HELD, STATES_ZH, VOIDED

ADOPTABLE = (MEASURED_VALUE, EVENT, MILESTONE, GRADE, SUPERIOR_RANK, EXTERNAL_RESULT)
"""The kinds of entries that are facts in any cycle: no judgement of one cycle's own people, no word
about one cycle's scheme."""

GONE = (*GIVEN_UP, VOIDED)
"""The states in which an adopted entry stands no longer: its source may be taken over anew."""


class AdoptionRefused(Conflict):
    """The entry cannot be taken over into this cycle."""

    zh = "该记录不能沿用到本年度。"
    remedy = (
        "Take over an entry of another cycle that was handed in there and still stands, once, as "
        "`errors` says.",
        "请按 `errors` 所指，沿用其他评估年度中已提交且有效的记录，每条只沿用一次。",
    )


class EntryAdopted(Conflict):
    """The entry was taken over from another cycle, and says what it says there."""

    zh = "该记录沿用自其他评估年度，内容须与原记录一致。"
    remedy = (
        "Have it corrected where it was entered; here withdraw or reverse it, and take the "
        "corrected one over.",
        "请在原评估年度更正；本年度请撤回或冲销后，再沿用更正后的记录。",
    )


class NoSuchSource(Missing):
    """The caller may not know of such an entry in that cycle."""

    zh = "该评估年度没有调用者可以查阅的这条记录。"
    remedy = (
        "Look the id up in the list of entries of that cycle.",
        "请在该评估年度的台账记录清单中查对标识。",
    )


@dataclass(frozen=True, slots=True)
class Source:
    """An entry that is to be taken over: where it stands, whether it was taken over itself, and
    whether its cycle is that of the year before, of the same division."""

    cycle_id: UUID
    entry_id: UUID
    draft: Draft
    state: str
    author_unit: str
    adopted: bool
    of_year_before: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """For what an entry counts in the cycle that takes it over, where that is called otherwise."""

    indicator: str | None = None
    key: str | None = None
    item: str | None = None
    period: str | None = None


def taken_over(source: Draft, place: Place) -> Draft:
    """Return an entry as it is entered where it is taken over: it says the same, in another
    place."""
    here = replace(source, source_ref=None, panel=None, entry_id=None, seen=None)
    named = {name: getattr(place, name) for name in ("indicator", "key", "item", "period")}
    return replace(here, **{name: value for name, value in named.items() if value is not None})


def standing_in(source: Draft, here: Draft, year: int) -> Draft:
    """Return the result of another system as last year's, where it is of an earlier year: it stands
    in for this year's until that comes."""
    if source.kind != EXTERNAL_RESULT or source.period == str(year):
        return here
    return replace(here, period=str(year), item=LAST_YEAR, stands_in=True)


def digest_of(said: Draft) -> str:
    """Return the SHA-256 of all that an entry says, and of what."""
    said_of_result = (said.authority, said.about_from, said.about_until)
    tells = said.tells if any(said_of_result) else said.tells[: -len(said_of_result)]
    told = [None if each is None else str(each) for each in (*said.slot, *tells)]
    written = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def check_adoption(source: Source, here: Draft, cycle_id: UUID, *, twice: bool) -> None:
    """Refuse to take an entry over that cannot be, naming every reason; `twice` says that it was
    already, and that entry stands."""
    faults = [*_faults(source, here, cycle_id)]
    if twice:
        en, zh = (
            "It has been taken over into this cycle, and stands here.",
            "该记录已沿用到本年度，仍然有效。",
        )
        faults.append(Fault("/entry_id", "adopted-already", en, zh))
    if faults:
        raise AdoptionRefused(
            f"{len(faults)} fault(s).", f"共 {len(faults)} 处错误。", faults=faults
        )


def _faults(source: Source, here: Draft, cycle_id: UUID) -> Iterator[Fault]:
    kind, at = source.draft.kind, "/entry_id"
    if source.cycle_id == cycle_id:
        en, zh = "The entry is of this very cycle.", "该记录就属于本年度。"
        yield Fault("/from_cycle_id", "same-cycle", en, zh)
    if source.adopted:
        en = "It was taken over itself: take over the one that it comes from."
        yield Fault(at, "adopted-itself", en, "该记录本身是沿用的，请沿用其原记录。")
    if kind not in ADOPTABLE:
        en = f"A {kind} is of its own cycle alone."
        zh = f"“{KINDS_ZH[kind]}”只属于其所在评估年度，不能沿用。"
        yield Fault(at, "kind-not-adoptable", en, zh)
    elif source.author_unit == BY_OFFICE:
        en, zh = (
            "A card is about what is owed in one cycle.",
            "黄牌、红牌只涉及一个评估年度的报送。",
        )
        yield Fault(at, "kind-not-adoptable", en, zh)
    if source.state not in HELD:
        en = f"It is {source.state} there: only what was handed in and stands is taken over."
        zh = f"该记录处于“{STATES_ZH[source.state]}”状态；只能沿用已提交且有效的记录。"
        yield Fault(at, "not-standing", en, zh)
    if here.stands_in:
        yield from _as_last_years(source, here)
    elif not _same_time(source.draft, here):
        en = f"It is about {source.draft.period}: another period would say something else."
        zh = f"该记录的期间为 {source.draft.period}，改为其他期间会改变其含义。"
        yield Fault("/period", "another-period", en, zh)


def _as_last_years(source: Source, here: Draft) -> Iterator[Fault]:
    """Yield why a result cannot stand in for that of the year after."""
    if not source.of_year_before:
        en = "Only a result of the year before, of the same division, stands in for this year's."
        zh = "只能沿用同一区划上一评估年度的结果。"
        yield Fault("/from_cycle_id", "not-the-year-before", en, zh)
    if source.state not in COUNTED:
        en, zh = "It does not count there.", "该结果在上一年度未计分。"
        yield Fault("/entry_id", "not-counted", en, zh)
    if source.draft.indicator != here.indicator or source.draft.key != here.key:
        en, zh = "It is a result of something else.", "该结果所属指标或录入项不同。"
        yield Fault("/indicator", "another-result", en, zh)


def _same_time(there: Draft, here: Draft) -> bool:
    """Say whether an entry is about the same time in both cycles: what happened within a month
    happened within its quarter too, and what has a day lies in every period of that day."""
    if here.period == there.period:
        return True
    if there.kind != EVENT or year_of(here.period) is None:
        return False
    if there.occurred_on is not None:
        first, last = span_of(here.period)
        return first <= there.occurred_on <= last
    same_year = year_of(here.period) == year_of(there.period)
    return same_year and months_of(there.period) <= months_of(here.period)


def adopted_fault(row: int, entry_id: UUID) -> Fault:
    """Return the fault of a row of a batch that would change an entry that was taken over."""
    return Fault(
        pointer("entries", row),
        "adopted",
        f"Entry {entry_id} was taken over from another cycle, and says what it says there.",
        f"记录 {entry_id} 沿用自其他评估年度，内容须与原记录一致。",
    )


def refuse_if_adopted(adopted: Collection[UUID]) -> None:
    """Refuse to have an entry that was taken over say something else."""
    for entry_id in adopted:
        fault = adopted_fault(0, entry_id)
        raise EntryAdopted(fault.en, fault.zh)


def outdated_faults(ids: Iterable[UUID], outdated: Collection[UUID]) -> list[Fault]:
    """Return the faults of those of the named entries whose source stands no longer."""
    return [
        Fault(
            pointer("entry_ids", place),
            "source-stands-no-longer",
            f"Entry {entry_id} was taken over from an entry that stands no longer.",
            f"记录 {entry_id} 沿用的原记录已不再有效。",
        )
        for place, entry_id in enumerate(ids)
        if entry_id in outdated
    ]


def of_the_place(faults: Iterable[Fault]) -> list[Fault]:
    """Return the faults of a batch of one with pointers to what of it was said in a `Place`: the
    rest is what the source says."""
    own, found = {"indicator", "key", "item", "period"}, list[Fault]()
    for fault in faults:
        field = fault.pointer.rpartition("/")[2]
        found.append(replace(fault, pointer=f"/{field if field in own else 'entry_id'}"))
    return found
