"""Which entries a second person of their unit has to sign off (单位内二人签发), and who may.

An entry never changes, so that a signature holds for good: also where it is sent back and handed in
again. What takes its place is another entry, and is signed off anew.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol
from uuid import UUID

from chassis import persons
from chassis.refusals import Conflict, Fault, pointer
from scoring.rules.ledger.entries import BY_OFFICE, PROGRESS_REPORT
from scoring.rules.ledger.states import CHECKED, DRAFT, STATES_ZH, SUBMITTED
from scoring.rules.scheme.document import Scheme

SIGNABLE = (DRAFT, SUBMITTED, CHECKED)
"""The states in which an entry is signed off: before anybody has decided about it."""


class SignaturesRefused(Conflict):
    """Some of the entries cannot be signed off; none was."""

    zh = "部分记录不能签发，全部未签发。"
    remedy = (
        "Leave out what `errors` names; what you wrote yourself another person of your unit signs.",
        "请去掉 `errors` 所指各条；本人录入的由本单位另一人签发。",
    )


class Made(Protocol):
    """An entry, as far as it matters whether anybody has to sign it off."""

    @property
    def indicator(self) -> str:
        """The indicator that it is for."""

    @property
    def kind(self) -> str:
        """What it is."""

    @property
    def panel(self) -> str | None:
        """The panel whose seat it is a mark from, where it is one."""

    @property
    def author_unit(self) -> str:
        """The unit that made it."""


class Signable(Made, Protocol):
    """An entry, as far as it matters who may sign it off, and when."""

    @property
    def author_person(self) -> str:
        """Who wrote it."""

    @property
    def state(self) -> str:
        """The state that it is in."""


class Signing:
    """The entries that a scheme has a second person of their unit sign off."""

    def __init__(self, scheme: Scheme) -> None:
        policy = scheme.duties
        known = (code for each in scheme.categories for code in each.indicators())
        self.indicators = frozenset(known if policy.signed_off else policy.signed_off_for)

    def wants(self, entry: Made) -> bool:
        """Say whether an entry is signed off: a mark from a seat is one person's, a card has no
        unit that hands it in, and a progress report counts nowhere."""
        if entry.kind == PROGRESS_REPORT or entry.author_unit == BY_OFFICE:
            return False
        return entry.panel is None and entry.indicator in self.indicators


def check_signatures(
    ids: Sequence[UUID],
    rows: Mapping[UUID, Signable],
    signing: Signing,
    signed: Collection[UUID],
    person: str,
    checkers: Mapping[UUID, Collection[str]],
    sources: Mapping[UUID, str],
    others: Iterable[Fault] = (),
) -> None:
    """Refuse to have entries signed off by a person unless all of them can be.

    `signed` are those that are already, `checkers` who found which right at its first review,
    `sources` who wrote what which was taken over from; `others` are faults that were found before.
    """
    faults = list(others)
    for place, entry_id in enumerate(ids):
        fault = _obstacle(entry_id, rows.get(entry_id), signing, signed, person)
        if fault is None and persons.is_same(person, sources.get(entry_id)):
            fault = _own_entry(entry_id)
        if fault is None and persons.is_among(person, checkers.get(entry_id, ())):
            fault = _own_check(entry_id)
        if fault is not None:
            faults.append(Fault(pointer("entry_ids", place), *fault))
    if faults:
        count = len({fault.pointer for fault in faults})
        raise SignaturesRefused(
            f"{count} of {len(ids)} entries cannot be signed off.",
            f"{len(ids)}条记录中有{count}条不能签发。",
            faults=faults,
        )


def _obstacle(
    entry_id: UUID,
    row: Signable | None,
    signing: Signing,
    signed: Collection[UUID],
    person: str,
) -> tuple[str, str, str] | None:
    if row is None:
        return "unknown-entry", f"There is no entry {entry_id}.", f"没有记录 {entry_id}。"
    if not signing.wants(row):
        en = f"The scheme has entry {entry_id} signed off by nobody."
        return "not-wanted", en, f"方案不要求签发记录 {entry_id}。"
    if entry_id in signed:
        en, zh = f"Entry {entry_id} is signed off.", f"记录 {entry_id} 已签发。"
        return "signed-already", en, zh
    if row.state not in SIGNABLE:
        zh = f"记录 {entry_id} 处于“{STATES_ZH[row.state]}”状态。"
        return "wrong-state", f"Entry {entry_id} is {row.state}.", zh
    if persons.is_same(person, row.author_person):
        return _own_entry(entry_id)
    return None


def _own_entry(entry_id: UUID) -> tuple[str, str, str]:
    en = f"Entry {entry_id} was written by the caller; another person of the unit signs it."
    return "own-entry", en, f"记录 {entry_id} 由调用者本人录入，须由本单位另一人签发。"


def _own_check(entry_id: UUID) -> tuple[str, str, str]:
    en = f"Entry {entry_id} was reviewed first by the caller; another person of the unit signs it."
    return "own-check", en, f"记录 {entry_id} 由调用者本人初审，须由本单位另一人签发。"


def unsigned_faults(ids: Iterable[UUID], lacking: Collection[UUID]) -> list[Fault]:
    """Return the faults of those of the named entries that lack the signature they want."""
    return [
        Fault(
            pointer("entry_ids", place),
            "not-signed-off",
            f"Entry {entry_id} has to be signed off by a second person of its unit first.",
            f"记录 {entry_id} 尚未由报送单位另一人签发。",
        )
        for place, entry_id in enumerate(ids)
        if entry_id in lacking
    ]
