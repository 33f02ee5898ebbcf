"""Whether somebody may make a move of a supervised item (督办事项)."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from chassis import persons
from chassis.refusals import Fault, pointer
from scoring.rules.items.clock import DISPUTE_WITHIN, RETURN_WITHIN
from scoring.rules.items.disputes import answered_of, over_since
from scoring.rules.items.given import (
    Term,
    share_faults,
    term_faults,
    term_missing,
    undecided_faults,
)
from scoring.rules.items.standing import MOST_MOVES, Around, ItemActor, ItemNow, Made, Said
from scoring.rules.items.states import (
    ACCEPT_PART,
    ASK_EXTENSION,
    BY_LEAD,
    BY_OFFICE,
    BY_UNIT,
    CALL_OFF,
    CLOSE,
    DISPATCH,
    DISPUTE,
    DISPUTED,
    GRANT_EXTENSION,
    INSIST,
    LEAD,
    MOVES_ZH,
    REASSIGN,
    REDO,
    REFUSE_EXTENSION,
    REOPEN,
    REPLY,
    REPORT,
    RETURN,
    STATES_ZH,
    STEPS,
    SUSPEND,
    UNIT_MOVES,
    Step,
)

_TEXT = frozenset(
    {CALL_OFF, RETURN, DISPUTE, REPORT, REPLY, ASK_EXTENSION, INSIST, REASSIGN, REFUSE_EXTENSION}
    | {SUSPEND, REDO, ACCEPT_PART, REOPEN}
)
_FILES = frozenset({RETURN, DISPUTE, REPORT, REPLY})
_COMPLETION = frozenset({REPORT, REPLY})
_TERM_TAKEN = frozenset({ASK_EXTENSION, REASSIGN, REDO, REOPEN, GRANT_EXTENSION})


def move_faults(
    item: ItemNow, said: Said, actor: ItemActor, around: Around, at: str = ""
) -> Iterator[Fault]:
    """Yield what keeps somebody from making a move; what it says is looked at only if they may."""
    step = STEPS.get((item.state, said.move))
    if step is None:
        yield _wrong_state(at, item, said)
        return
    who = [*who_faults(at, item, step, actor)]
    yield from who
    if not who:
        yield from _when(at, item, said, actor, around)
        yield from _said(at, said)
        yield from _given(at, item, said, around)
    if len(item.moves) >= MOST_MOVES:
        yield _fault(
            at, "too-many-moves", f"It made {MOST_MOVES} moves.", f"已办理{MOST_MOVES}步。"
        )


def who_faults(at: str, item: ItemNow, step: Step, actor: ItemActor) -> Iterator[Fault]:
    """Yield what keeps somebody from a step of an item, whatever they would say with it."""
    role = item.role_of(actor.unit)
    if item.restored:
        yield _fault(
            at,
            "restored",
            "It came back out of an archive, which does not tell who moved it; it moves no more.",
            "该事项由归档恢复，归档不含办理人，不能再办理。",
        )
    elif step.by not in actor.by:
        yield _fault(
            at, "not-the-callers", "This move is somebody else's now.", "此时该步骤由他人办理。"
        )
    elif step.by in (BY_LEAD, BY_UNIT):
        if role is None:
            yield _fault(at, "not-given", "It is not given to the unit.", "该事项不由本单位承办。")
        elif step.by == BY_LEAD and role != LEAD:
            yield _fault(at, "not-the-lead", "The lead unit does this.", "此步骤由牵头单位办理。")
    else:
        if role is not None:
            yield _fault(
                at,
                "own-unit",
                "The item is given to the caller's own unit; somebody else does this.",
                "该事项由调用者所在单位承办，应当回避。",
            )
        if step.by == BY_OFFICE and not actor.decides:
            yield _fault(
                at,
                "recused",
                "Another body decides about its units.",
                "所涉单位由方案指定的其他机构办理。",
            )
        yield from _another(at, item, step, actor)


def _another(at: str, item: ItemNow, step: Step, actor: ItemActor) -> Iterator[Fault]:
    before = _decided_on(item, step)
    mine = [made.move for made in before if persons.is_same(made.person, actor.person)]
    if mine:
        yield _fault(
            at,
            "own-act",
            f"The caller made the move {mine[0]} that this decides on; another person does it.",
            f"所决定的步骤（{MOVES_ZH[mine[0]]}）由调用者本人办理，须由他人决定。",
        )
    elif any(
        made.move in UNIT_MOVES and persons.is_same(made.person, actor.person)
        for made in item.moves
    ):
        yield _fault(
            at,
            "acted-for-its-unit",
            "The caller has acted for one of its units; another person does this.",
            "调用者曾代表承办单位办理该事项，须由他人办理。",
        )


def _decided_on(item: ItemNow, step: Step) -> list[Made]:
    """Return the moves that a step decides on; a ruling those of the return that is disputed."""
    dispute = item.latest(DISPUTE) if item.state == DISPUTED else None
    own = dispute and answered_of(item.moves, dispute.unit)
    if own is not None and dispute is not None:
        return [own.returned, own.answer, dispute]
    return [made for move in step.against if (made := item.latest(move)) is not None]


def _when(at: str, item: ItemNow, said: Said, actor: ItemActor, around: Around) -> Iterator[Fault]:
    if said.move == RETURN:
        yield from _returning(at, item, actor, around)
    elif said.move == DISPUTE:
        yield from _disputing(at, item, actor, around)
    elif said.move == ASK_EXTENSION and item.clock.due is not None:
        if around.day > item.clock.due:
            yield _fault(
                at,
                "asked-too-late",
                f"It was due on {item.clock.due}; more time is asked for before that is over.",
                f"期限为 {item.clock.due}，延期须在期限届满前申请。",
            )
    elif said.move == CLOSE and item.completion < 100:
        yield _fault(
            at,
            "in-part",
            f"{item.completion} percent are done: accept the part, or have it done again.",
            f"完成{item.completion}%，请按部分办结处理或退回重办。",
        )
    elif said.move == ACCEPT_PART and item.completion >= 100:
        yield _fault(at, "not-in-part", "The reply says that all is done.", "答复称已全部办结。")


def _returning(at: str, item: ItemNow, actor: ItemActor, around: Around) -> Iterator[Fault]:
    given = item.latest(DISPATCH, REASSIGN)
    if given and around.calendar.between(given.day, around.day) > RETURN_WITHIN:
        yield _fault(
            at,
            "return-too-late",
            f"It was given on {given.day}; there are {RETURN_WITHIN} working days.",
            f"交办日为 {given.day}，须在{RETURN_WITHIN}个工作日内退回。",
        )
    if any(each.move == RETURN and each.unit == actor.unit for each in item.moves):
        yield _fault(
            at,
            "returned-before",
            "The unit has returned it before; it does so once.",
            "本单位已退回过一次，不得再次退回。",
        )


def _disputing(at: str, item: ItemNow, actor: ItemActor, around: Around) -> Iterator[Fault]:
    own = answered_of(item.moves, actor.unit)
    if own is None:
        yield _fault(
            at,
            "not-returned",
            "Who has returned it disagrees with the answer to that.",
            "仅退回该事项的单位可对处理意见提出异议。",
        )
    elif own.dispute is not None:
        yield _fault(at, "ruled-already", "A leader has ruled.", "领导已作裁定。")
    elif own.went_on is not None:
        yield _fault(
            at,
            "went-on-already",
            f"The unit has gone on with it since, by the move {own.went_on.move}.",
            f"本单位在处理意见作出后已办理该事项（{MOVES_ZH[own.went_on.move]}），不能再提出异议。",
        )
    elif (over := over_since(item.moves, own.answer, around.calendar)) and around.day >= over:
        yield _fault(
            at,
            "dispute-too-late",
            f"The answer is of {own.answer.day}; there are {DISPUTE_WITHIN} working days.",
            f"处理意见作于 {own.answer.day}，须在{DISPUTE_WITHIN}个工作日内提出异议。",
        )


def _said(at: str, said: Said) -> Iterator[Fault]:
    """Yield what a move lacks, and what it has no use for."""
    if said.text is None and said.move in _TEXT:
        yield Fault(f"{at}/text", "missing", "This move needs words.", "此步骤须填写说明。")
    given = {
        "evidence_ids": (said.files > 0, _FILES),
        "completion": (said.completion is not None, _COMPLETION),
        "units": (bool(said.shares), {REASSIGN}),
        "until": (said.term.until is not None, _TERM_TAKEN),
        "within": (said.term.within is not None, _TERM_TAKEN),
    }
    for name, (is_there, takers) in given.items():
        if is_there and said.move not in takers:
            yield Fault(
                f"{at}{pointer(name)}",
                "not-wanted",
                f"This move has no use for {name}.",
                f"此步骤不填 `{name}`。",
            )


def _given(at: str, item: ItemNow, said: Said, around: Around) -> Iterator[Fault]:
    """Yield what is wrong with the units and the term of a move, or of what is dispatched."""
    if said.move == DISPATCH:
        faults = _term(at, item.term, around, None)
        yield from (replace(each, pointer=at) for each in faults)
        return
    if said.move == REASSIGN:
        yield from share_faults(f"{at}/units", said.shares, around.assessed)
        yield from undecided_faults(f"{at}/units", said.shares, around.bodies)
    if said.move in _TERM_TAKEN:
        yield from _given_term(at, item, said, around)


def _given_term(at: str, item: ItemNow, said: Said, around: Around) -> Iterator[Fault]:
    """Yield what is wrong with the term that a move gives; who grants an extension without one
    grants what was asked for, while that is to come."""
    granted = said.move == GRANT_EXTENSION
    as_asked = granted and item.asked is not None and item.asked >= around.day
    if not said.term.is_given and not as_asked:
        yield term_missing(at)
    later = item.clock.due if granted or said.move == ASK_EXTENSION else None
    yield from _term(at, said.term, around, later)


def _term(at: str, term: Term, around: Around, later: dt.date | None) -> Iterator[Fault]:
    yield from term_faults(at, term, around.day, around.last, around.calendar, later)


def _wrong_state(at: str, item: ItemNow, said: Said) -> Fault:
    return _fault(
        at,
        "wrong-state",
        f"The item is {item.state}; {said.move} is no move of that state.",
        f"该事项处于“{STATES_ZH[item.state]}”状态，不能办理“{MOVES_ZH[said.move]}”。",
    )


def _fault(at: str, code: str, en: str, zh: str) -> Fault:
    return Fault(at, code, en, zh)
