"""What a seal closes besides entries: periods that nobody entered, items in hand, objections
that are not settled, checks that were fixed and not drawn, drawn entries that are gone, findings
that nobody decided, self-evaluations that nobody compared, and costs that nobody has written."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from chassis.refusals import Conflict
from scoring.rules.duties.lacking import Unentered


class SealUnseen(Conflict):
    """The seal would close more than entries, and does not say that this was seen."""

    zh = (
        "封存时尚有期间数值未录入、督办事项未办结、异议未了结、检查未抽取、抽中的记录已不计入、检查结论未决定、"
        "自评未比对，或应计分的事项未写入台账。"
    )
    remedy = (
        "Read the preview (`mode=check`), which names it; settle, draw, decide, compare, enter and "
        "write what is to count (`POST …/duty-cards`, `POST …/supervised-item-events`, "
        "`POST …/complaint-events`), or send the preview's `seen`.",
        "请预览（`mode=check`）查看明细；应计分的，请先复核办理、抽取、决定、比对、录入或写入"
        "（`POST …/duty-cards`、`POST …/supervised-item-events`、`POST …/complaint-events`）；"
        "确不再计的，请附预览的 `seen`。",
    )


UNENTERED, OPEN_ITEMS, OPEN_OBJECTIONS = "unentered", "open_items", "open_objections"
UNDECIDED_FINDINGS, UNCOMPARED = "undecided_findings", "uncompared_rounds"
UNDRAWN_CHECKS, GONE_ENTRIES = "undrawn_checks", "gone_entries"
UNWRITTEN_CARDS, UNWRITTEN_ITEM_EVENTS = "unwritten_cards", "unwritten_item_events"
UNWRITTEN_COMPLAINT_EVENTS = "unwritten_complaint_events"

LEFT_OPEN: Mapping[str, tuple[str, str]] = {
    UNENTERED: ("values of periods that nobody entered", "期间数值未录入"),
    OPEN_ITEMS: ("supervised items that are not closed", "督办事项未办结"),
    OPEN_OBJECTIONS: (
        "objections that are not decided, or upheld and not carried out",
        "异议未复核，或成立后未办理",
    ),
    UNDRAWN_CHECKS: (
        "checks whose lists were fixed and that nobody drew",
        "检查名单已固定而未抽取",
    ),
    GONE_ENTRIES: (
        "drawn entries that count no longer, and about which nothing was found",
        "被抽中而已不计入、未作结论的记录",
    ),
    UNDECIDED_FINDINGS: ("findings of checks that nobody decided", "检查结论未决定"),
    UNCOMPARED: ("rounds of self-evaluation that nobody compared", "自评轮次未比对"),
    UNWRITTEN_CARDS: ("cards that count and are not written", "应计分的黄牌、红牌未写入"),
    UNWRITTEN_ITEM_EVENTS: (
        "events of supervised items that count and are not written",
        "应计分的督办事项未写入",
    ),
    UNWRITTEN_COMPLAINT_EVENTS: (
        "events of complaints that count and are not written",
        "应计分的投诉未写入",
    ),
}
"""What a seal closes besides entries, in English and in Chinese."""


class OpenItem(NamedTuple):
    """A supervised item that is not closed, as it stands."""

    item_id: UUID
    title: str
    state: str
    due: dt.date | None


class OpenFinding(NamedTuple):
    """A finding of a check that nobody decided, as it stands, and until when the unit answers."""

    finding_id: UUID
    check: str
    unit: str
    state: str
    answer_by: dt.date


class GoneEntry(NamedTuple):
    """A drawn entry that counts no longer, in whose cell nothing took its place, and about which
    nobody found anything."""

    check: str
    unit: str
    entry_id: UUID


class OpenObjection(NamedTuple):
    """An objection that is not decided, or upheld and not carried out."""

    objection_id: UUID
    unit: str
    objection_no: int
    state: str


@dataclass(frozen=True, slots=True)
class LeftOpen:
    """What a seal closes besides entries: periods of values that are put together and that nobody
    entered, supervised `items` that are not closed, and how many `cards`, `item_events` and
    `complaint_events` count and are not written; `findings` that nobody decided, `rounds` of
    self-evaluation that nobody compared, `objections` that are not settled, and `undrawn` checks,
    whose lists were fixed, and drawn entries that are `gone`."""

    unentered: Unentered = field(default_factory=dict)
    items: Sequence[OpenItem] = ()
    cards: int = 0
    item_events: int = 0
    findings: Sequence[OpenFinding] = ()
    rounds: Sequence[str] = ()
    complaint_events: int = 0
    objections: Sequence[OpenObjection] = ()
    undrawn: Sequence[str] = ()
    gone: Sequence[GoneEntry] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How much there is of each, of what there is any of."""
        found = {
            UNENTERED: sum(map(len, self.unentered.values())),
            OPEN_ITEMS: len(self.items),
            OPEN_OBJECTIONS: len(self.objections),
            UNDRAWN_CHECKS: len(self.undrawn),
            GONE_ENTRIES: len(self.gone),
            UNDECIDED_FINDINGS: len(self.findings),
            UNCOMPARED: len(self.rounds),
            UNWRITTEN_CARDS: self.cards,
            UNWRITTEN_ITEM_EVENTS: self.item_events,
            UNWRITTEN_COMPLAINT_EVENTS: self.complaint_events,
        }
        return {what: number for what, number in found.items() if number}

    def told(self) -> list[object]:
        """Return all of it in one order, for a digest."""
        periods = sorted((*about, *periods) for about, periods in self.unentered.items())
        items = sorted((str(each.item_id), each.state) for each in self.items)
        findings = sorted((str(each.finding_id), each.state) for each in self.findings)
        objections = sorted((str(each.objection_id), each.state) for each in self.objections)
        written = [self.cards, self.item_events, self.complaint_events]
        gone = sorted((each.check, str(each.entry_id)) for each in self.gone)
        checks = [*self.rounds], objections, [*self.undrawn], gone
        return [periods, items, *written, findings, *checks]


def check_left_open(found: LeftOpen, seen: str | None) -> None:
    """Refuse to close what is not entered, closed or written, but to who names a preview: each one
    tells of it."""
    counts = found.counts
    if counts and seen is None:
        raise SealUnseen(
            "There are "
            + ", ".join(f"{n} {LEFT_OPEN[what][0]}" for what, n in counts.items())
            + ".",
            "目前有："
            + "、".join(f"{LEFT_OPEN[what][1]}{n}项" for what, n in counts.items())
            + "。",
            left_open=counts,
        )
