"""The states of a ledger entry, the transitions between them, and who may make them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from chassis import persons
from chassis.refusals import Conflict, Fault, pointer
from scoring.rules.ledger.entries import NOT_APPLICABLE, REVERSAL

DRAFT, SUBMITTED, RETURNED = "draft", "submitted", "returned"
VERIFIED, LOCKED, VOIDED = "verified", "locked", "voided"
WITHDRAWN, REPLACED = "withdrawn", "replaced"

STATES = (DRAFT, SUBMITTED, RETURNED, VERIFIED, LOCKED, VOIDED, WITHDRAWN, REPLACED)

STATES_ZH = {
    DRAFT: "草稿",
    SUBMITTED: "已提交",
    RETURNED: "已退回",
    VERIFIED: "已审核",
    LOCKED: "已封存",
    VOIDED: "已冲销",
    WITHDRAWN: "已撤回",
    REPLACED: "已更正",
}
"""What the states are called in Chinese."""

TRANSITIONS: Mapping[tuple[str, str], str] = {
    (DRAFT, SUBMITTED): "the data source unit hands it in",
    (DRAFT, REPLACED): "the data source unit enters another in its place",
    (DRAFT, WITHDRAWN): "the data source unit takes it back",
    (
        SUBMITTED,
        RETURNED,
    ): "the performance office, or the second body, sends it back with a reason",
    (RETURNED, SUBMITTED): "the data source unit hands it in again",
    (RETURNED, REPLACED): "the data source unit enters another in its place",
    (RETURNED, WITHDRAWN): "the data source unit takes it back",
    (SUBMITTED, VERIFIED): "the performance office, or the second body, accepts it; never who "
    "wrote it, nor the unit that it is about or that wrote it",
    (VERIFIED, VOIDED): "a reversal or a restatement of it is verified",
    (VERIFIED, LOCKED): "the ledger is sealed",
}
"""Every transition between two states, and what makes it. What is not here cannot happen."""

COUNTED = (VERIFIED, LOCKED)
"""The states in which an entry counts towards a score."""

HELD = (SUBMITTED, VERIFIED, LOCKED)
"""The states in which an entry counts, or waits to: no other may be about the same."""

UNDECIDED = (DRAFT, SUBMITTED, RETURNED)
"""The states in which an entry can still come to count; a seal leaves it behind for good."""

GIVEN_UP = (WITHDRAWN, REPLACED)
"""The states of an entry that its author gave up: it never counted, and never will."""

OPEN, SEALED = "open", "sealed"
"""The phases of a cycle's ledger: entries are taken until it is sealed."""

SECOND_BODY = "second_body"
"""The role of accounts that decide where the performance office is barred (回避), and the relation
of the unit that the scheme names for it."""

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


class NotRestatable(Conflict):
    """The entry cannot be restated."""

    zh = "该记录不能修订。"


class NotChangeable(Conflict):
    """The entry can be neither replaced nor withdrawn."""

    zh = "该记录不能更正或撤回。"


@dataclass(frozen=True, slots=True)
class EntryStanding:
    """What decides about transitions of an entry: kind, state, authors, and the unit it is about.

    `persons` are the people who wrote it, and for a reversal or a restatement also who wrote what
    it takes out.
    """

    entry_id: UUID
    kind: str
    state: str
    unit: str
    author_unit: str
    persons: frozenset[str]


@dataclass(frozen=True, slots=True)
class Decider:
    """Who decides about entries: the person and the unit, and the scheme's recusals (回避).

    With `office` it is the performance office, otherwise the second body of some units.
    """

    person: str
    unit: str | None
    office: bool
    recusals: Mapping[str, str]

    def decides(self, unit: str) -> bool:
        """Say whether entries about a unit are the caller's to decide."""
        body = self.recusals.get(unit)
        return body is None if self.office else body is not None and body == self.unit


def require_open(phase: str) -> None:
    """Refuse to write to a ledger that is not open."""
    if phase != OPEN:
        raise LedgerSealed("Nothing can be entered or changed.", "不能再录入或变更。", phase=phase)


def check_transitions(
    ids: Sequence[UUID],
    standings: Mapping[UUID, EntryStanding],
    to: str,
    decider: Decider | None = None,
    others: Iterable[Fault] = (),
) -> None:
    """Refuse to bring the entries named by `ids` into a state unless all of them can get there.

    `others` are faults that were found before; with a `decider` it is somebody's decision.
    """
    faults = list(others)
    for row, entry_id in enumerate(ids):
        fault = _obstacle(entry_id, standings.get(entry_id), to, row)
        if fault is None and decider is not None:
            fault = _interest(standings[entry_id], decider, row)
        faults += [] if fault is None else [fault]
    if faults:
        count = len({fault.pointer for fault in faults})
        raise EntriesRefused(
            f"{count} of {len(ids)} entries cannot become {to}.",
            f"{len(ids)}条记录中有{count}条不能变为“{STATES_ZH[to]}”。",
            faults=sorted(faults, key=lambda fault: int(fault.pointer.rsplit("/", 1)[1])),
        )


def _obstacle(entry_id: UUID, standing: EntryStanding | None, to: str, row: int) -> Fault | None:
    at = pointer("entry_ids", row)
    if standing is None:
        return Fault(
            at, "unknown-entry", f"There is no entry {entry_id}.", f"没有记录 {entry_id}。"
        )
    if (standing.state, to) not in TRANSITIONS:
        return Fault(
            at,
            "wrong-state",
            f"Entry {entry_id} is {standing.state}.",
            f"记录 {entry_id} 处于“{STATES_ZH[standing.state]}”状态。",
        )
    return None


def _interest(standing: EntryStanding, decider: Decider, row: int) -> Fault | None:
    """Return what bars somebody from deciding about an entry: having written it, or an interest."""
    at, entry_id = pointer("entry_ids", row), standing.entry_id
    if persons.is_among(decider.person, standing.persons):
        return Fault(
            at,
            "own-entry",
            f"Entry {entry_id} was written by the caller; its author cannot decide about it.",
            f"记录 {entry_id} 由调用者本人录入，录入人不能办理。",
        )
    if standing.unit == decider.unit:
        return Fault(
            at,
            "own-unit",
            f"Entry {entry_id} is about the caller's own unit; somebody else decides.",
            f"记录 {entry_id} 涉及调用者所在单位，须由他人办理。",
        )
    if standing.author_unit == decider.unit:
        return Fault(
            at,
            "own-source",
            f"Entry {entry_id} was made by the caller's own unit; somebody else decides.",
            f"记录 {entry_id} 由调用者所在单位报送，须由他人办理。",
        )
    body = decider.recusals.get(standing.unit)
    if not decider.decides(standing.unit):
        return Fault(
            at,
            "recused",
            f"Entry {entry_id} is about {standing.unit}, about which {body} decides and not the "
            "performance office.",
            f"记录 {entry_id} 涉及 {standing.unit}，绩效办应回避，由 {body} 办理。",
        )
    return None


def check_change(standing: EntryStanding, to: str) -> None:
    """Refuse to replace or withdraw what is no draft and was not returned, and any reversal."""
    if (standing.state, to) not in TRANSITIONS or standing.kind == REVERSAL:
        raise NotChangeable(
            f"Only drafts and returned entries that are no reversals can be changed; this "
            f"{standing.kind} is {standing.state}.",
            "只有草稿和退回的记录可以更正或撤回，冲销除外；该记录"
            f"{'为冲销，' if standing.kind == REVERSAL else ''}"
            f"当前状态为“{STATES_ZH[standing.state]}”。",
            state=standing.state,
        )


def check_restatement(standing: EntryStanding, taken_out_before: bool) -> None:
    """Refuse to restate an entry that does not count, has no value, or is about to be taken out."""
    if standing.kind in (REVERSAL, NOT_APPLICABLE) or standing.state != VERIFIED:
        raise NotRestatable(
            f"Only a verified entry with a value or a status is restated; this {standing.kind} is "
            f"{standing.state}.",
            "只有已审核的数值、事件、状态或等级记录可以修订；该记录当前状态为"
            f"“{STATES_ZH[standing.state]}”。",
            state=standing.state,
        )
    if taken_out_before:
        raise NotRestatable(
            "A reversal or a restatement of this entry has been handed in already.",
            "该记录已经提交过冲销或修订。",
            state=standing.state,
        )


def check_reversal(standing: EntryStanding, taken_out_before: bool) -> None:
    """Refuse to reverse an entry that does not count, is a reversal itself, or has one already."""
    if standing.kind == REVERSAL or standing.state != VERIFIED:
        raise NotReversible(
            f"Only a verified entry that is no reversal can be reversed; this {standing.kind} is "
            f"{standing.state}.",
            f"只有已审核且本身不是冲销的记录可以冲销；该记录当前状态为"
            f"“{STATES_ZH[standing.state]}”。",
        )
    if taken_out_before:
        raise NotReversible(
            "A reversal or a restatement of this entry has been handed in already.",
            "该记录已经提交过冲销或修订。",
        )
