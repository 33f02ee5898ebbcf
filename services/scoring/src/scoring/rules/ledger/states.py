"""The states of a ledger entry, the transitions between them, and who may make them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from chassis import persons
from chassis.refusals import Conflict, Fault, pointer
from scoring.rules.ledger.entries import NOT_APPLICABLE, PROGRESS_REPORT, REVERSAL
from scoring.rules.scheme.document import Scheme

DRAFT, SUBMITTED, RETURNED = "draft", "submitted", "returned"
CHECKED = "checked"
VERIFIED, LOCKED, VOIDED = "verified", "locked", "voided"
WITHDRAWN, REPLACED = "withdrawn", "replaced"

STATES = (DRAFT, SUBMITTED, CHECKED, RETURNED, VERIFIED, LOCKED, VOIDED, WITHDRAWN, REPLACED)

STATES_ZH = {
    DRAFT: "草稿",
    SUBMITTED: "已提交",
    CHECKED: "已初审",
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
    (SUBMITTED, CHECKED): "the unit that the scheme names to review it first (`reviewed_by`) finds "
    "it right; never who wrote it, nor the unit that it is about or that wrote it",
    (SUBMITTED, RETURNED): "who reviews it first, the performance office, or the second body, "
    "sends it back with a reason",
    (
        CHECKED,
        RETURNED,
    ): "the performance office, or the second body, sends it back with a reason",
    (RETURNED, SUBMITTED): "the data source unit hands it in again",
    (RETURNED, REPLACED): "the data source unit enters another in its place",
    (RETURNED, WITHDRAWN): "the data source unit takes it back",
    (SUBMITTED, REPLACED): "the data source unit's system sends its record with another value",
    (CHECKED, REPLACED): "the same",
    (SUBMITTED, VERIFIED): "the performance office, or the second body, accepts it, where "
    "nobody else has to review it first; never who wrote it, nor the unit that it is about or that "
    "wrote it",
    (CHECKED, VERIFIED): "the same, and never who checked it",
    (VERIFIED, VOIDED): "a reversal or a restatement of it is verified",
    (VERIFIED, LOCKED): "the ledger is sealed",
}
"""Every transition between two states, and what makes it. What is not here cannot happen."""

COUNTED = (VERIFIED, LOCKED)
"""The states in which an entry counts towards a score."""

HELD = (SUBMITTED, CHECKED, VERIFIED, LOCKED)
"""The states in which an entry counts, or waits to: no other may be about the same."""

WAITING = (SUBMITTED, CHECKED)
"""The states in which an entry waits for somebody's decision; no ledger is sealed meanwhile. A
progress report waits for none."""

UNDECIDED = (DRAFT, *WAITING, RETURNED)
"""The states in which an entry can still come to count; a seal leaves it behind for good."""

GIVEN_UP = (WITHDRAWN, REPLACED)
"""The states of an entry that its author gave up: it never counted, and never will."""

KEPT_BACK = (DRAFT, *GIVEN_UP)
"""The states of an entry that its author has not handed in, or has taken back."""

OPEN, SEALED = "open", "sealed"
"""The phases of a cycle's ledger: entries are taken until it is sealed."""

SECOND_BODY = "second_body"
"""The role of accounts that decide where the performance office is barred (回避), and the relation
of the unit that the scheme names for it."""

REVIEWER = "reviewer"
"""The relation of the unit that reviews entries first (初审), because the scheme names it."""

COMPUTED, FED_BACK = "computed", "fed_back"
"""The phases of a score sheet's edition: units see their own part once it is fed back."""


class LedgerSealed(Conflict):
    """The ledger of this cycle is sealed."""

    zh = "本年度台账已经封存。"
    remedy = (
        "Nothing more can be entered or changed for this cycle.",
        "本年度不能再录入或修改。",
    )


class EntriesRefused(Conflict):
    """Some of the entries cannot make this move; none was made."""

    zh = "部分记录不能这样变更状态，全部未变更。"
    remedy = (
        "Read the entries again, leave out those that `errors` names, and have what is your own "
        "decided by another person.",
        "请重新查看记录，去掉 `errors` 所指各条；本人录入的须由另一人办理。",
    )


class NotReversible(Conflict):
    """The entry cannot be reversed."""

    zh = "该记录不能冲销。"
    remedy = (
        "Reverse only a verified entry that counts; correct or withdraw one that is not yet "
        "verified.",
        "只能冲销已审核且有效的记录；尚未审核的请更正或撤回。",
    )


class NotRestatable(Conflict):
    """The entry cannot be restated."""

    zh = "该记录不能修订。"
    remedy = (
        "Restate only a verified value that counts; correct or withdraw one that is not yet "
        "verified.",
        "只能修订已审核且有效的记录；尚未审核的请更正或撤回。",
    )


class NotChangeable(Conflict):
    """The entry can be neither replaced nor withdrawn."""

    zh = "该记录不能更正或撤回。"
    remedy = (
        "Only a draft or a returned entry can be replaced; have a submitted one returned first, "
        "and restate a verified one.",
        "只能更正或撤回草稿和被退回的记录；已提交的请先退回，已审核的请修订。",
    )


@dataclass(frozen=True, slots=True)
class EntryStanding:
    """What decides about transitions of an entry: kind, state, authors, and the unit it is about.

    `persons` are the people who wrote it, and for a reversal or a restatement also who wrote what
    it takes out; `checkers` those who found it right at its first review, `signers` those who
    signed it, or what it takes out, off for their unit; `deciders` those who decided about a
    supervised item what it costs.
    """

    entry_id: UUID
    kind: str
    state: str
    unit: str
    author_unit: str
    persons: frozenset[str]
    indicator: str = ""
    checkers: frozenset[str] = frozenset()
    signers: frozenset[str] = frozenset()
    deciders: frozenset[str] = frozenset()


class Reviewers:
    """Who reviews which entries first (初审): `reviewed_by` of their indicator.

    No unit reviews what is about itself or what it wrote; there the decision is the office's alone.
    """

    def __init__(self, scheme: Scheme) -> None:
        self._groups = [
            (
                category.units,
                {
                    code: each.reviewed_by
                    for code, each in category.indicators().items()
                    if each.reviewed_by is not None
                },
            )
            for category in scheme.categories
        ]
        self._named = {unit: named for units, named in self._groups for unit in units}

    def of(self, unit: str, indicator: str, author_unit: str) -> str | None:
        """Return who has to find an entry right before it is verified; None where nobody has."""
        named = self._named.get(unit, {}).get(indicator)
        return None if named in (unit, author_unit) else named

    def cells_of(self, reviewer: str | None) -> list[tuple[list[str], list[str]]]:
        """Return what a unit reviews first, category by category: of which units, which
        indicators."""
        found = list[tuple[list[str], list[str]]]()
        for units, named in self._groups:
            if codes := [code for code, each in named.items() if each == reviewer]:
                found.append(([unit for unit in units if unit != reviewer], codes))
        return found


@dataclass(frozen=True, slots=True)
class Decider:
    """Who decides about entries: the person and the unit, and what the scheme says of others.

    With `office` it is the performance office, with `stands_in` the second body of some units by
    the scheme's `recusals` (回避), with `reviews` a unit that the scheme names to review first.
    """

    person: str
    unit: str | None
    recusals: Mapping[str, str]
    reviewers: Reviewers
    office: bool = False
    stands_in: bool = False
    reviews: bool = False

    def decides(self, unit: str) -> bool:
        """Say whether entries about a unit are the caller's to accept."""
        body = self.recusals.get(unit)
        if self.office:
            return body is None
        return self.stands_in and body is not None and body == self.unit

    def reviewer_of(self, standing: EntryStanding) -> str | None:
        """Return who still has to find an entry right before it can be accepted."""
        if standing.state != SUBMITTED:
            return None
        return self.reviewers.of(standing.unit, standing.indicator, standing.author_unit)

    def has_before_it(self, standing: EntryStanding) -> bool:
        """Say whether the caller's unit is to review an entry first, and has not yet."""
        named = self.reviewer_of(standing)
        return self.reviews and named is not None and named == self.unit


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
            fault = _barred(standings[entry_id], to, decider, row)
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
    return _own_words(standing, to, row)


def _own_words(standing: EntryStanding, to: str, row: int) -> Fault | None:
    """Return that nobody decides about what a unit says of itself; it may be returned."""
    if standing.kind != PROGRESS_REPORT or to not in (CHECKED, VERIFIED):
        return None
    return Fault(
        pointer("entry_ids", row),
        "never-scored",
        f"Entry {standing.entry_id} is a unit's own words, which are not verified and count "
        "nowhere; return it where it is to say something else.",
        f"记录 {standing.entry_id} 为单位自述的进展情况，不审核、不计分；需要修改的请退回。",
    )


def _barred(standing: EntryStanding, to: str, decider: Decider, row: int) -> Fault | None:
    """Return why somebody may not decide so about an entry: an interest, or another's turn."""
    if (fault := _interest(standing, decider, row)) is not None:
        return fault
    first = decider.has_before_it(standing)
    if to == CHECKED or (first and to == RETURNED):
        return None if first else _not_before_it(standing, row)
    if (fault := _recused(standing, decider, row)) is not None:
        return fault
    named = decider.reviewer_of(standing)
    return None if named is None or to != VERIFIED else _unchecked(standing, named, row)


def may_decide(standing: EntryStanding, to: str, decider: Decider) -> bool:
    """Say whether somebody may bring an entry that stands so into a state, by the rules of
    `check_transitions`."""
    possible = (standing.state, to) in TRANSITIONS and _own_words(standing, to, 0) is None
    return possible and _barred(standing, to, decider, 0) is None


def _not_before_it(standing: EntryStanding, row: int) -> Fault:
    return Fault(
        pointer("entry_ids", row),
        "not-the-reviewer",
        f"Entry {standing.entry_id} does not wait for the caller's unit to review it first.",
        f"记录 {standing.entry_id} 并非等待调用者所在单位初审。",
    )


def _unchecked(standing: EntryStanding, named: str, row: int) -> Fault:
    return Fault(
        pointer("entry_ids", row),
        "not-checked",
        f"Entry {standing.entry_id} has to be reviewed by {named} first.",
        f"记录 {standing.entry_id} 尚未经 {named} 初审。",
    )


def _interest(standing: EntryStanding, decider: Decider, row: int) -> Fault | None:
    """Return what bars somebody from deciding about an entry: a part in it, or an interest."""
    at, entry_id = pointer("entry_ids", row), standing.entry_id
    if persons.is_among(decider.person, standing.persons):
        return Fault(
            at,
            "own-entry",
            f"Entry {entry_id} was written by the caller; its author cannot decide about it.",
            f"记录 {entry_id} 由调用者本人录入，录入人不能办理。",
        )
    if persons.is_among(decider.person, standing.deciders):
        return Fault(
            at,
            "own-decision",
            f"Entry {entry_id} is what the caller's own decision about a supervised item costs; "
            "another person decides about it.",
            f"记录 {entry_id} 由调用者本人对督办事项的决定产生，须由他人办理。",
        )
    if persons.is_among(decider.person, standing.checkers):
        return Fault(
            at,
            "own-check",
            f"Entry {entry_id} was reviewed first by the caller; another person decides.",
            f"记录 {entry_id} 由调用者本人初审，须由他人办理。",
        )
    if persons.is_among(decider.person, standing.signers):
        return Fault(
            at,
            "own-signature",
            f"Entry {entry_id} was signed off for its unit by the caller; another person decides.",
            f"记录 {entry_id} 由调用者本人代表报送单位签发，须由他人办理。",
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
    return None


def _recused(standing: EntryStanding, decider: Decider, row: int) -> Fault | None:
    if decider.decides(standing.unit):
        return None
    at, entry_id = pointer("entry_ids", row), standing.entry_id
    if not decider.office:  # somebody who reviews first, and has done so, or need not
        return _not_before_it(standing, row)
    body = decider.recusals.get(standing.unit)
    return Fault(
        at,
        "recused",
        f"Entry {entry_id} is about {standing.unit}, about which {body} decides and not the "
        "performance office.",
        f"记录 {entry_id} 涉及 {standing.unit}，绩效办应回避，由 {body} 办理。",
    )


def check_change(standing: EntryStanding, to: str) -> None:
    """Refuse to replace or withdraw what is no draft and was not returned, and any reversal."""
    # What was handed in only the system changes that it comes from, with its record.
    handed_in = standing.state in WAITING
    if (standing.state, to) not in TRANSITIONS or handed_in or standing.kind == REVERSAL:
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
