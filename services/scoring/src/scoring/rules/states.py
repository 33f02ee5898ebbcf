"""How an entry of the ledger goes through its states, and who may move it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from chassis.refusals import Conflict, Fault, pointer
from scoring.rules.entries import REVERSAL

DRAFT, SUBMITTED, RETURNED = "draft", "submitted", "returned"
VERIFIED, LOCKED, VOIDED = "verified", "locked", "voided"

STATES = (DRAFT, SUBMITTED, RETURNED, VERIFIED, LOCKED, VOIDED)

MOVES: Mapping[tuple[str, str], str] = {
    (DRAFT, SUBMITTED): "the data source unit hands it in",
    (SUBMITTED, RETURNED): "the performance office sends it back with a reason",
    (RETURNED, SUBMITTED): "the data source unit hands it in again",
    (SUBMITTED, VERIFIED): "the performance office accepts it; never the author or the unit itself",
    (VERIFIED, VOIDED): "a reversal of it is verified",
    (VERIFIED, LOCKED): "the ledger is sealed",
}
"""Every move an entry can make, and what makes it. What is not here cannot happen."""

COUNTED = (VERIFIED, LOCKED)
"""The states in which an entry counts towards a score."""

HELD = (SUBMITTED, VERIFIED, LOCKED)
"""The states in which an entry counts, or waits to: no other may be about the same."""

OPEN, SEALED = "open", "sealed"
"""The phases of a cycle's ledger: entries are taken until it is sealed."""

COMPUTED, FED_BACK = "computed", "fed_back"
"""The phases of a score sheet's edition: units see their own part once it is fed back."""


class LedgerSealed(Conflict):
    """The ledger of this cycle is sealed."""

    zh = "本年度台账已经封存。"


class EntriesRefused(Conflict):
    """Some of the entries cannot make this move; none was made."""

    zh = "部分记录不能这样变更状态，全部未变更。"


class NotReversible(Conflict):
    """The entry cannot be reversed."""

    zh = "该记录不能冲销。"


class NotSealable(Conflict):
    """The ledger cannot be sealed while submitted entries await verification."""

    zh = "仍有已提交而未审核的记录，台账不能封存。"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an entry stands: its kind, its state, who wrote it, and the unit it is about."""

    entry_id: UUID
    kind: str
    state: str
    author: str
    unit: str


def require_open(phase: str) -> None:
    """Refuse to write to a ledger that is not open."""
    if phase != OPEN:
        raise LedgerSealed("Nothing can be entered or changed.", "不能再录入或变更。", phase=phase)


def check_moves(
    ids: Sequence[UUID],
    standings: Mapping[UUID, Standing],
    to: str,
    actor: str,
    actor_unit: str | None,
) -> None:
    """Refuse to move the entries named by `ids` unless every one of them can go."""
    faults = [
        fault
        for row, entry_id in enumerate(ids)
        if (fault := _obstacle(entry_id, standings.get(entry_id), to, row))
        or (to == VERIFIED and (fault := _interest(standings[entry_id], actor, actor_unit, row)))
    ]
    if faults:
        raise EntriesRefused(
            f"{len(faults)} of {len(ids)} entries cannot become {to}.",
            f"{len(ids)}条记录中有{len(faults)}条不能变为“{to}”。",
            faults=faults,
        )


def _obstacle(entry_id: UUID, standing: Standing | None, to: str, row: int) -> Fault | None:
    at = pointer("entry_ids", row)
    if standing is None:
        return Fault(
            at, "unknown-entry", f"There is no entry {entry_id}.", f"没有记录 {entry_id}。"
        )
    if (standing.state, to) not in MOVES:
        return Fault(
            at,
            "wrong-state",
            f"Entry {entry_id} is {standing.state}.",
            f"记录 {entry_id} 处于“{standing.state}”状态。",
        )
    return None


def _interest(standing: Standing, actor: str, actor_unit: str | None, row: int) -> Fault | None:
    """Say what keeps the actor from verifying an entry: having written it, or gaining by it."""
    at, entry_id = pointer("entry_ids", row), standing.entry_id
    if standing.author == actor:
        return Fault(
            at,
            "own-entry",
            f"Entry {entry_id} was written by the caller; its author cannot verify it.",
            f"记录 {entry_id} 由调用者本人录入，录入人不能审核。",
        )
    if standing.unit == actor_unit:
        return Fault(
            at,
            "own-unit",
            f"Entry {entry_id} is about the caller's own unit; somebody else verifies it.",
            f"记录 {entry_id} 涉及调用者所在单位，须由他人审核。",
        )
    return None


def check_reversal(standing: Standing, reversed_before: bool) -> None:
    """Refuse to reverse an entry that does not count, is a reversal itself, or has one already."""
    if standing.kind == REVERSAL or standing.state != VERIFIED:
        raise NotReversible(
            f"Only a verified entry that is no reversal can be reversed; this {standing.kind} is "
            f"{standing.state}.",
            f"只有已审核且本身不是冲销的记录可以冲销；该记录（{standing.kind}）处于"
            f"“{standing.state}”状态。",
        )
    if reversed_before:
        raise NotReversible(
            "A reversal of this entry has been handed in already.", "该记录已经提交过冲销。"
        )


def check_seal(waiting: int) -> None:
    """Refuse to seal while `waiting` submitted entries are neither verified nor returned."""
    if waiting:
        raise NotSealable(
            f"{waiting} entries await verification.", f"{waiting}条记录尚未审核。", waiting=waiting
        )
