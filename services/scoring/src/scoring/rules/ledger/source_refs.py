"""Outside records (外部记录), recognised by how the system that sends them names them.

Of the entries that a unit makes under one `source_ref` the last one stands: the same again changes
nothing, another value takes its place.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
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

REASON = "来源系统更正"
"""Why a verified value is restated that the outside system sends otherwise."""


class Standing(NamedTuple):
    """The latest of the entries that a unit made under a `source_ref` that may count, or still come
    to: it was neither given up nor taken out."""

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


def recognised(drafts: Mapping[int, Draft], known: Mapping[str, Known], state: str) -> Recognised:
    """Say which rows are known, and how: those of a batch that is to be entered in a `state`."""
    found = Recognised()
    for row, draft in drafts.items():
        former = known.get(draft.source_ref or "", UNKNOWN).standing
        if (fault := _obstacle(row, draft, former)) is not None:
            found.faults[row] = [fault]
        elif former is not None and _says_the_same(draft, former, state):
            found.unchanged[row] = former.entry_id
        else:
            found.left[row] = draft
            if former is not None:
                found.formers[row] = former
    return found


def _obstacle(row: int, draft: Draft, former: Standing | None) -> Fault | None:
    """Return why a row cannot be about the record that it names."""
    if draft.source_ref is not None and draft.panel is not None:
        # Colleagues would learn from it which marks there are.
        return _of_a_seat(row)
    if former is None:
        return None
    if draft.slot != former.draft.slot:
        return _of_another(row, former)
    moves = draft.tells != former.draft.tells and former.state == VERIFIED
    return _not_restatable(row, former) if moves and draft.kind == NOT_APPLICABLE else None


def _says_the_same(draft: Draft, former: Standing, state: str) -> bool:
    """Say whether a row tells what is entered already; a draft may be handed in by it."""
    return draft.tells == former.draft.tells and (former.state, state) != (DRAFT, SUBMITTED)


def repeated(rows: Mapping[int, Draft]) -> tuple[dict[int, int], dict[int, list[Fault]]]:
    """Return which rows say again what an earlier one says under the same `source_ref`; refuse
    those that say something else."""
    first, again, faults = dict[str, int](), dict[int, int](), dict[int, list[Fault]]()
    for row, draft in rows.items():
        if draft.source_ref is None:
            continue
        before = first.setdefault(draft.source_ref, row)
        if before == row:
            continue
        if (draft.slot, draft.tells) == (rows[before].slot, rows[before].tells):
            again[row] = before
        else:
            faults[row] = [_twice(row, before)]
    return again, faults


def being_taken_out(row: int, former: Standing) -> Fault:
    """Return that a reversal of what a row takes the place of was handed in already."""
    return Fault(
        pointer("entries", row, "source_ref"),
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
    ref = found.left[row].source_ref
    if ref is None:
        return Link()
    version = known.get(ref, UNKNOWN).versions + 1
    former = found.formers.get(row)
    if former is None:
        return Link(version=version)
    if former.state == VERIFIED:
        return Link(None, former.entry_id, REASON, version)
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


def _not_restatable(row: int, former: Standing) -> Fault:
    return Fault(
        pointer("entries", row, "source_ref"),
        "not-restatable",
        f"Entry {former.entry_id} is {former.state} and has no value to restate: reverse it.",
        f"记录 {former.entry_id} 处于“{STATES_ZH[former.state]}”状态，没有可修订的数值，请冲销。",
    )


def _twice(row: int, before: int) -> Fault:
    return Fault(
        pointer("entries", row, "source_ref"),
        "source-ref-twice",
        f"Entry {before} has the same source_ref and says something else.",
        f"第{before}条（从0起）的 `source_ref` 相同而内容不同。",
    )
