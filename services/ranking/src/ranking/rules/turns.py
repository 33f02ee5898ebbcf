"""Whose turn a step of a chain is, and what has to be said with it."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

from chassis import persons
from chassis.refusals import Fault, pointer
from ranking.rules.approval import check_role
from ranking.rules.chain import ChainStep, Word
from ranking.rules.interest import OFFICE, SECOND_BODY, check_interest, check_office
from ranking.rules.meetings import (
    Meeting,
    Recused,
    StepFaulty,
    day_faults,
    is_able,
    meeting_faults,
    recusal_faults,
    refuse_differing,
)


@dataclass(frozen=True, slots=True)
class Saying:
    """What somebody says in a step: that it is taken or goes back, why, and what that rests on."""

    word: Literal["approved", "sent_back"] = "approved"
    to: str | None = None
    reason: str | None = None
    minutes_no: str | None = None
    document_nos: tuple[str, ...] = ()
    meeting: Meeting | None = None
    recused: tuple[Recused, ...] = ()
    delegated: bool = False
    anew: bool = False

    @property
    def out(self) -> list[str]:
        """The members who are said to have no part in it."""
        return [each.member for each in (*self.recused, *(self.meeting or _NOBODY).recused)]

    def basis(self) -> dict[str, Any]:
        """Return what it rests on, as it is stored, and where minutes are typed twice compared."""
        told: dict[str, Any] = {}
        if self.minutes_no is not None:
            told["minutes_no"] = self.minutes_no
        if self.document_nos:
            told["document_nos"] = sorted(self.document_nos)
        if self.recused:
            told["recused"] = _by_member(self.recused)
        if self.meeting is not None:
            told |= asdict(self.meeting) | {
                "present": sorted(self.meeting.present),
                "recused": _by_member(self.meeting.recused),
                "decided": self.word,
            }
        return told


_NOBODY = Meeting("", (), (), 0, 0, 0)


def _by_member(recused: Sequence[Recused]) -> list[dict[str, str]]:
    return [asdict(each) for each in sorted(recused, key=lambda one: one.member)]


@dataclass(frozen=True, slots=True)
class Turn:
    """The role that decides a step about a category, and whether as a meeting."""

    role: str
    meets: bool


def whose(
    step: ChainStep, units: Collection[str], out: Collection[str] = (), *, recused: bool = False
) -> Turn:
    """Return who decides a step about a list of these units.

    A meeting of which too few may vote leaves it to the role that its step names instead; where it
    names none, nobody else can decide, and who is not barred by the own unit has to vote. The
    office, where it is `recused`, leaves its steps to the second body.
    """
    role = SECOND_BODY if recused and step.role == OFFICE else step.role
    if step.kind == "single":
        return Turn(role, meets=False)
    if step.instead is not None and not is_able(step, units, out):
        return Turn(step.instead, meets=False)
    return Turn(role, meets=True)


def check_who(
    step: ChainStep,
    turn: Turn,
    units: Collection[str],
    bodies: Collection[str],
    *,
    unit: str | None,
    roles: Collection[str],
) -> None:
    """Refuse a caller of a unit and with roles who has no part in a step about these units.

    `bodies` take the office's place, nobody mostly. Who types what a meeting decided is barred like
    who decides alone: whether its members are says the meeting's own rule.
    """
    if step.role == OFFICE and turn.role != step.instead:
        check_office(bodies, unit, roles)
    check_interest(units, unit)
    check_role(step.code, turn.role, roles)


def judge(
    step: ChainStep, units: Collection[str], said: Saying, turn: Turn, days: tuple[date, date]
) -> None:
    """Refuse what is not what the step takes, with all its faults; a meeting was held on one of the
    `days` from the first to the last."""
    faults = [*_word_faults(step, said), *_form_faults(step, said, turn)]
    if turn.meets and said.meeting is not None:
        faults += meeting_faults(step, units, said.meeting)
        faults += day_faults(said.meeting, *days)
    if faults:
        raise StepFaulty(
            " ".join(each.en for each in faults[:5]),
            "".join(each.zh for each in faults[:5]),
            faults=faults[:100],
        )


def _word_faults(step: ChainStep, said: Saying) -> Iterator[Fault]:
    at = pointer("sent_back_to")
    if said.word == "sent_back":
        if said.reason is None:
            yield Fault(pointer("reason"), "reason-missing", "Say why.", "须说明退回理由。")
        if said.to not in step.send_back_to:
            may = ", ".join(step.send_back_to) or "no step"
            zh = "、".join(step.send_back_to) or "无"
            yield Fault(at, "not-sent-back-to", f"It goes back to {may}.", f"可退回的步骤：{zh}。")
    elif said.to is not None:
        yield Fault(at, "goes-nowhere", "What is approved goes on.", "同意的不能同时退回。")


def _form_faults(step: ChainStep, said: Saying, turn: Turn) -> Iterator[Fault]:
    if turn.meets and said.meeting is None:
        en, zh = "A meeting decides this step.", "该步骤由会议决定，须录入会议记录。"
        yield Fault(pointer("meeting"), "meeting-missing", en, zh)
    for name in _beside(step, said, turn):
        en, zh = f"{name} has no meaning in this step.", f"该步骤不适用 {name}。"
        yield Fault(pointer(name), "not-of-this-step", en, zh)
    if step.kind == "meeting" and not turn.meets:
        yield from recusal_faults(step, said.recused, ("recused",))
    yield from _paper_faults(step, said, turn)


def _paper_faults(step: ChainStep, said: Saying, turn: Turn) -> Iterator[Fault]:
    by_recusal = step.kind == "meeting" and bool(said.recused)
    if said.minutes_no is None and (turn.meets or by_recusal or _wants(step, said, "minutes")):
        en, zh = "Name the minutes.", "须注明会议纪要文号。"
        yield Fault(pointer("minutes_no"), "minutes-missing", en, zh)
    if not said.document_nos and _wants(step, said, "document"):
        en, zh = "Name a document.", "须注明文件文号。"
        yield Fault(pointer("document_nos"), "document-missing", en, zh)


def _beside(step: ChainStep, said: Saying, turn: Turn) -> list[str]:
    """Return what is said that has no meaning in a step."""
    wrong: dict[str, object] = {"recused": said.recused, "delegation": said.delegated}
    if not turn.meets:
        wrong = {"meeting": said.meeting, "anew": said.anew and not said.recused}
    if step.kind == "single":
        wrong["recused"] = said.recused
    return [name for name, given in wrong.items() if given]


def _wants(step: ChainStep, said: Saying, what: str) -> bool:
    return step.needs == what and said.word == "approved"


@dataclass(frozen=True, slots=True)
class Typed:
    """Minutes that somebody typed: who, and what."""

    person: str
    said: dict[str, Any]


def word_of(turn: Turn, said: Saying, person: str, before: Typed | None) -> Word:
    """Return what the row of a step says: minutes count once a second person typed the same.

    So does that a meeting cannot decide because members are recused, which nobody says alone.
    `before` is the newest entry of the same minutes since it was the step's turn.
    """
    if not turn.meets and not said.recused:
        return said.word
    if before is None or said.anew or persons.is_same(before.person, person):
        return "entered"
    refuse_differing(before.said, compared(said.basis(), said.to, said.reason))
    return said.word


def compared(basis: dict[str, Any], to: str | None, reason: str | None) -> dict[str, Any]:
    """Return everything in which two entries of the same minutes have to agree."""
    return basis | {"sent_back_to": to, "reason": reason}
