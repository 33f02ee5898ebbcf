"""Rows that are known: by the name of an outside record (外部记录), or by the entry they are of.

Of the entries that a unit makes under one `source_ref` the last one stands: the same again changes
nothing, another value takes its place. A row that was read from the ledger names its entry, and is
held against just that one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID

from chassis.refusals import Fault, pointer
from scoring.rules.ledger.entries import NOT_APPLICABLE
from scoring.rules.ledger.shapes import Draft
from scoring.rules.ledger.states import (
    DRAFT,
    GIVEN_UP,
    STATES_ZH,
    SUBMITTED,
    VERIFIED,
    VOIDED,
    NotChangeable,
)

TAKEN_OUT = (*GIVEN_UP, VOIDED)
"""The states in which an entry stands no longer: its record may be entered anew."""

REASON, REVISED = "来源系统更正", "批量修订"
"""Why a verified value is restated that the outside system sends otherwise, or that was read from
the ledger and comes back otherwise."""


class Standing(NamedTuple):
    """An entry that a row is held against: the one that it names, or of those under its
    `source_ref` the latest that was neither given up nor taken out."""

    entry_id: UUID
    state: str
    restates: UUID | None
    draft: Draft

    @property
    def leaving(self) -> tuple[UUID, ...]:
        """What another value takes the place of: the entry, and what that restates."""
        return (self.entry_id,) if self.restates is None else (self.entry_id, self.restates)


class Known(NamedTuple):
    """What a unit has entered under a `source_ref`: so many entries, of which one may stand."""

    versions: int
    standing: Standing | None


UNKNOWN = Known(0, None)


class Link(NamedTuple):
    """What an entry follows: the one that it replaces or restates, why, and how many there were
    under its `source_ref` with it."""

    replaces: UUID | None = None
    restates: UUID | None = None
    reason: str | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Recognised:
    """Rows held against what their unit has entered under the same `source_ref`.

    `left` are those to be entered, `formers` what some of them take the place of, `unchanged` those
    that say what is entered already.
    """

    left: dict[int, Draft] = field(default_factory=dict)
    formers: dict[int, Standing] = field(default_factory=dict)
    unchanged: dict[int, UUID] = field(default_factory=dict)
    faults: dict[int, list[Fault]] = field(default_factory=dict)

    @property
    def leaving(self) -> dict[int, tuple[UUID, ...]]:
        """What each row takes the place of, by its position."""
        return {row: former.leaving for row, former in self.formers.items()}

    @property
    def about(self) -> dict[int, UUID]:
        """The entry that each known row is held against."""
        return self.unchanged | {row: former.entry_id for row, former in self.formers.items()}

    def refuse(self, row: int, faults: Iterable[Fault]) -> None:
        """Leave a row out that was to be entered or is known, with its faults."""
        for rows in (self.left, self.formers, self.unchanged):
            rows.pop(row, None)
        self.faults[row] = [*self.faults.get(row, ()), *faults]


def recognised(
    drafts: Mapping[int, Draft],
    known: Mapping[str, Known],
    named: Mapping[UUID, Standing],
    state: str,
) -> Recognised:
    """Say which rows are known, and how: those of a batch that is to be entered in a `state`.

    `named` are the entries of the caller's that rows may name.
    """
    found = Recognised()
    for row, draft in drafts.items():
        former = latest = known.get(draft.source_ref or "", UNKNOWN).standing
        if draft.entry_id is not None:
            former = named.get(draft.entry_id)
            fault = _not_of_its_entry(row, draft, former, latest)
        else:
            fault = _obstacle(row, draft, former)
        if fault is not None:
            found.faults[row] = [fault]
        elif former is not None and _says_the_same(draft, former, state):
            found.unchanged[row] = former.entry_id
        else:
            found.left[row] = draft
            if former is not None:
                found.formers[row] = former
    return found


def with_their_refs(
    drafts: Mapping[int, Draft], named: Mapping[UUID, Standing]
) -> dict[int, Draft]:
    """Return rows, those that name an entry without its `source_ref` with it: a correction is of
    the same outside record."""
    found = dict(drafts)
    for row, draft in drafts.items():
        if draft.source_ref is None and draft.entry_id is not None and draft.entry_id in named:
            found[row] = replace(draft, source_ref=named[draft.entry_id].draft.source_ref)
    return found


def _obstacle(row: int, draft: Draft, former: Standing | None) -> Fault | None:
    """Return why a row cannot be about the record that it names."""
    if draft.source_ref is not None and draft.panel is not None:
        # Colleagues would learn from it which marks there are.
        return _of_a_seat(row)
    if draft.seen is not None:
        return _no_entry_named(row)
    if former is None:
        return None
    if draft.slot != former.draft.slot:
        return _of_another(row, former)
    return _cannot_restate(row, draft, former, "source_ref")


def _not_of_its_entry(
    row: int, draft: Draft, former: Standing | None, latest: Standing | None
) -> Fault | None:
    """Return why a row cannot take the place of the entry that it names; `latest` is the one that
    stands under its `source_ref`."""
    if former is None:
        return _not_own(row, draft)
    if draft.seen not in (None, former.state):
        return _moved(row, draft, former)
    if (draft.slot, draft.source_ref) != (former.draft.slot, former.draft.source_ref):
        return _about_another(row, former)
    if draft.tells == former.draft.tells:
        return None
    if former.state in TAKEN_OUT:
        return _taken_out(row, former)
    if draft.panel is not None:
        return _mark_given(row, former)
    if latest is not None and latest.entry_id != former.entry_id:
        return _restated_already(row, former, latest)
    return _cannot_restate(row, draft, former, "entry_id")


def _cannot_restate(row: int, draft: Draft, former: Standing, by: str) -> Fault | None:
    moves = draft.tells != former.draft.tells and former.state == VERIFIED
    return _not_restatable(row, former, by) if moves and draft.kind == NOT_APPLICABLE else None


def _says_the_same(draft: Draft, former: Standing, state: str) -> bool:
    """Say whether a row tells what is entered already; under its `source_ref` a draft may be handed
    in by it."""
    hands_in = draft.entry_id is None and (former.state, state) == (DRAFT, SUBMITTED)
    return draft.tells == former.draft.tells and not hands_in


def repeated(
    rows: Mapping[int, Draft], about: Mapping[int, UUID] = MappingProxyType({})
) -> tuple[dict[int, int], dict[int, list[Fault]]]:
    """Return which rows say again what an earlier one says of the same entry, or of a record that
    has none yet; refuse those that say something else. `about` are the entries that rows are
    held against."""
    first, again, faults = dict[str | UUID, int](), dict[int, int](), dict[int, list[Fault]]()
    for row, draft in rows.items():
        record = about.get(row) or draft.source_ref
        if record is None:
            continue
        before = first.setdefault(record, row)
        if before == row:
            continue
        if (draft.slot, draft.tells) == (rows[before].slot, rows[before].tells):
            again[row] = before
        else:
            faults[row] = [_twice(row, before, _naming(draft))]
    return again, faults


def being_taken_out(row: int, draft: Draft, former: Standing) -> Fault:
    """Return that a reversal of what a row takes the place of was handed in already."""
    return Fault(
        pointer("entries", row, _naming(draft)),
        "being-taken-out",
        f"A reversal of entry {former.entry_id} was handed in; once it is verified the record can "
        "be entered anew.",
        f"记录 {former.entry_id} 已提交冲销；冲销审核后可重新录入。",
    )


def link_of(
    row: int, known: Mapping[str, Known], found: Recognised, reasons: Mapping[UUID, str | None]
) -> Link:
    """Return what the entry of a row follows; `reasons` are those of restatements that are
    themselves replaced."""
    draft, former = found.left[row], found.formers.get(row)
    ref = draft.source_ref
    version = None if ref is None else known.get(ref, UNKNOWN).versions + 1
    if former is None:
        return Link(version=version)
    if former.state == VERIFIED:
        reason = REASON if draft.entry_id is None else REVISED
        return Link(None, former.entry_id, reason, version)
    return Link(former.entry_id, former.restates, reasons.get(former.entry_id), version)


def replaced(formers: Iterable[Standing]) -> list[UUID]:
    """Return which entries are given up for others; one that counts stays until its restatement is
    verified."""
    return [each.entry_id for each in formers if each.state != VERIFIED]


def check_same_record(former: str | None, given: str | None) -> None:
    """Refuse a correction that names another outside record than the entry that it corrects."""
    if given not in (None, former):
        raise NotChangeable(
            "A correction is of the same outside record: leave source_ref out.",
            "更正须针对同一外部记录，请勿填写 `source_ref`。",
        )


def _naming(draft: Draft) -> str:
    """Return the field by which a row says what it is of."""
    return "source_ref" if draft.entry_id is None else "entry_id"


def _no_entry_named(row: int) -> Fault:
    return Fault(
        pointer("entries", row, "state"),
        "not-wanted",
        "The state that an entry was in is told together with its entry_id.",
        "`state` 须与 `entry_id` 一并填写。",
    )


def _not_own(row: int, draft: Draft) -> Fault:
    return Fault(
        pointer("entries", row, "entry_id"),
        "no-such-entry",
        f"{draft.entry_id} is no entry of this ledger that your unit has made.",
        f"本台账中没有由本单位录入的记录 {draft.entry_id}。",
    )


def _moved(row: int, draft: Draft, former: Standing) -> Fault:
    seen = STATES_ZH.get(draft.seen or "", draft.seen)
    return Fault(
        pointer("entries", row, "state"),
        "state-moved",
        f"Entry {former.entry_id} was {draft.seen} when it was read, and is {former.state} now.",
        f"记录 {former.entry_id} 读取时处于“{seen}”状态，现为“{STATES_ZH[former.state]}”。",
    )


def _about_another(row: int, former: Standing) -> Fault:
    return Fault(
        pointer("entries", row, "entry_id"),
        "entry-of-another",
        f"Entry {former.entry_id} is about another unit, indicator, kind, key, item, period or "
        "outside record. Withdraw or reverse that one, and enter this row without entry_id.",
        f"记录 {former.entry_id} 的单位、指标、种类、录入项、分项、期间或来源记录号与该行不同；"
        "请撤回或冲销该记录，再将该行作为新记录录入（不填 `entry_id`）。",
    )


def _taken_out(row: int, former: Standing) -> Fault:
    return Fault(
        pointer("entries", row, "entry_id"),
        "entry-taken-out",
        f"Entry {former.entry_id} is {former.state}, and is changed no more. What is to count in "
        "its place is a row without entry_id.",
        f"记录 {former.entry_id} 处于“{STATES_ZH[former.state]}”状态，不能再改；"
        "要代替它的，请作为新记录录入（不填 `entry_id`）。",
    )


def _restated_already(row: int, former: Standing, latest: Standing) -> Fault:
    return Fault(
        pointer("entries", row, "entry_id"),
        "restated-already",
        f"Entry {former.entry_id} is restated by {latest.entry_id}: change that one.",
        f"记录 {former.entry_id} 已由 {latest.entry_id} 修订，请改动后者。",
    )


def _mark_given(row: int, former: Standing) -> Fault:
    return Fault(
        pointer("entries", row, "entry_id"),
        "mark-given",
        f"Entry {former.entry_id} is a mark from a seat: correct or restate it by itself.",
        f"记录 {former.entry_id} 是席位评分，请单独更正或修订。",
    )


def _of_a_seat(row: int) -> Fault:
    return Fault(
        pointer("entries", row, "source_ref"),
        "not-wanted",
        "Marks from seats are given by persons; leave source_ref out.",
        "席位评分由本人给出，请勿填写 `source_ref`。",
    )


def _of_another(row: int, former: Standing) -> Fault:
    return Fault(
        pointer("entries", row, "source_ref"),
        "source-ref-of-another",
        f"The same source_ref names entry {former.entry_id}, which is about another unit, "
        "indicator, kind, key, item or period. Withdraw or reverse that one first.",
        f"该 `source_ref` 已用于记录 {former.entry_id}，其单位、指标、种类、录入项、分项或期间"
        "不同；请先撤回或冲销该记录。",
    )


def _not_restatable(row: int, former: Standing, by: str) -> Fault:
    return Fault(
        pointer("entries", row, by),
        "not-restatable",
        f"Entry {former.entry_id} is {former.state} and has no value to restate: reverse it.",
        f"记录 {former.entry_id} 处于“{STATES_ZH[former.state]}”状态，没有可修订的数值，请冲销。",
    )


def _twice(row: int, before: int, by: str) -> Fault:
    return Fault(
        pointer("entries", row, by),
        "source-ref-twice" if by == "source_ref" else "entry-id-twice",
        f"Entry {before} has the same {by} and says something else.",
        f"第{before}条（从0起）的 `{by}` 相同而内容不同。",
    )
