"""Whether somebody may make a move of a complaint (投诉办理), and how it stands after it."""

from collections.abc import Iterator

from chassis import persons
from chassis.refusals import Fault, pointer
from scoring.rules.complaints.naming import naming_faults
from scoring.rules.complaints.standing import (
    MOST_MOVES,
    ComplaintActor,
    ComplaintNow,
    Setting,
    Spoken,
)
from scoring.rules.complaints.states import (
    ACCEPT,
    ACCEPTED,
    ANSWER,
    ANSWERED,
    ASK_EXTENSION,
    ASSIGN,
    ASSIGNED,
    BY_CITIZEN,
    BY_LEAD,
    BY_UNIT,
    CALL_MALICIOUS,
    CLEAR,
    CLOSE,
    CONFIRM_MALICE,
    DISSATISFIED,
    EXTENSION_ASKED,
    FINDINGS,
    LEAD,
    LINK,
    MOVES_ZH,
    RAISED,
    RATE,
    REDO,
    REFUSE,
    REFUSE_EXTENSION,
    RETURN,
    REVISIT,
    STATES_ZH,
    STEPS,
    SUPPORT,
    SUSPECTED,
    UNIT_MOVES,
    Step,
)
from scoring.rules.items.earned import UPHELD

_TEXT = frozenset(
    {REFUSE, LINK, CALL_MALICIOUS, CONFIRM_MALICE, CLEAR, RETURN, ANSWER, ASK_EXTENSION}
    | {REFUSE_EXTENSION, REDO}
)
_TAKEN = {
    "kind": {ACCEPT},
    "about": {ACCEPT},
    "units": {ASSIGN},
    "first": {LINK},
    "word": {RATE, REVISIT, CLOSE},
}
_WANTED = {"kind": ACCEPT, "units": ASSIGN, "first": LINK}


def complaint_faults(
    now: ComplaintNow, said: Spoken, actor: ComplaintActor, setting: Setting
) -> Iterator[Fault]:
    """Yield what keeps somebody from making a move; what it says is looked at only if they may."""
    step = STEPS.get((now.state, said.move))
    if step is None:
        yield _fault(
            "wrong-state",
            f"The complaint is {now.state}; {said.move} is no move of that state.",
            f"该投诉处于“{STATES_ZH[now.state]}”状态，不能办理“{MOVES_ZH[said.move]}”。",
        )
        return
    who = [*who_faults(now, step, actor)]
    yield from who
    if not who:
        yield from _said(said)
        yield from _when(now, said, actor, setting)
        yield from naming_faults(now, said, setting)
    made = sum(each.move != RATE for each in now.moves)
    if made >= MOST_MOVES and said.move != CLOSE:
        yield _fault("too-many-moves", f"It made {MOST_MOVES} moves.", f"已办理{MOST_MOVES}步。")


def who_faults(now: ComplaintNow, step: Step, actor: ComplaintActor) -> Iterator[Fault]:
    """Yield what keeps somebody from a step of a complaint, whatever they would say with it."""
    role = now.role_of(actor.unit)
    if step.by not in actor.by:
        yield _fault(
            "not-the-callers", "This move is somebody else's now.", "此时该步骤由他人办理。"
        )
    elif step.by in (BY_LEAD, BY_UNIT):
        if role not in (LEAD, SUPPORT):
            yield _fault("not-given", "It is not given to the unit.", "该投诉不由本单位承办。")
        elif step.by == BY_LEAD and role != LEAD:
            yield _fault("not-the-lead", "The lead unit does this.", "此步骤由牵头单位办理。")
        elif _made_before(now, step, actor):
            yield _fault(
                "gave-it-himself",
                "The caller gave it to the unit; another person answers for that.",
                "该投诉由调用者本人交办，须由承办单位其他人员答复。",
            )
    elif step.by != BY_CITIZEN:
        yield from _office_faults(now, step, actor, role)


def _office_faults(
    now: ComplaintNow, step: Step, actor: ComplaintActor, role: str | None
) -> Iterator[Fault]:
    if role is not None:
        yield _fault(
            "own-unit",
            "It is given to the caller's own unit, or about it; somebody else does this.",
            "该投诉由调用者所在单位承办或针对该单位，应当回避。",
        )
    if not actor.decides:
        yield _fault(
            "recused",
            "Another body handles it: it is about the office, or units that it is barred from.",
            "该投诉针对绩效办或其应当回避的单位，由方案指定的其他机构办理。",
        )
    yield from _another(now, step, actor)


def _made_before(now: ComplaintNow, step: Step, actor: ComplaintActor) -> list[str]:
    """Return the moves by which somebody is barred from a step."""
    before = [made for move in step.against if (made := now.latest(move)) is not None]
    return [made.move for made in before if persons.is_same(made.person, actor.person)]


def _another(now: ComplaintNow, step: Step, actor: ComplaintActor) -> Iterator[Fault]:
    mine = _made_before(now, step, actor)
    if mine:
        yield _fault(
            "own-act",
            f"The caller made the move {mine[0]} that this decides on; another person does it.",
            f"所决定的步骤（{MOVES_ZH[mine[0]]}）由调用者本人办理，须由他人决定。",
        )
    elif any(
        made.move in UNIT_MOVES and persons.is_same(made.person, actor.person) for made in now.moves
    ):
        yield _fault(
            "acted-for-its-unit",
            "The caller has acted for one of its units; another person does this.",
            "调用者曾代表承办单位办理该投诉，须由他人办理。",
        )


def _said(said: Spoken) -> Iterator[Fault]:
    """Yield what a move lacks, and what it has no use for."""
    if said.text is None and said.move in _TEXT:
        yield Fault("/text", "missing", "This move needs words.", "此步骤须填写说明。")
    for name, takers in _TAKEN.items():
        given = getattr(said, name)
        if given and said.move not in takers:
            yield Fault(
                pointer(name),
                "not-wanted",
                f"This move has no use for {name}.",
                f"此步骤不填 `{name}`。",
            )
        elif not given and _WANTED.get(name) == said.move:
            yield Fault(pointer(name), "missing", "This move needs it.", "此步骤须填写此项。")
    yield from _worded(said)


def _worded(said: Spoken) -> Iterator[Fault]:
    """Yield that a move says nothing of an answer, or what is said with others."""
    if said.word is None and said.move in (RATE, REVISIT):
        yield Fault("/word", "missing", "This move needs it.", "此步骤须填写此项。")
    elif said.word is not None and (said.word in FINDINGS) != (said.move == CLOSE):
        yield Fault(
            "/word",
            "not-wanted",
            "As it is closed it is upheld or unfounded; other words are of its answer.",
            "办结时填写属实或不属实，评价答复时填写其他各项。",
        )


def _when(
    now: ComplaintNow, said: Spoken, actor: ComplaintActor, setting: Setting
) -> Iterator[Fault]:
    due = now.last.due
    if said.move == ASK_EXTENSION:
        if now.latest(ASK_EXTENSION) is not None:
            yield _fault(
                "asked-before", "Time was asked for before.", "已申请过延期，不得再次申请。"
            )
        if due is not None and setting.day > due:
            yield _fault(
                "asked-too-late",
                f"It was due on {due}; more time is asked for before that is over.",
                f"期限为 {due}，延期须在期限届满前申请。",
            )
    elif said.move == RETURN:
        yield from _returning(now, actor)
    elif said.move == ASSIGN and now.state == ASSIGNED:
        yield from _taking_back(now, said, setting)
    elif said.move == CLOSE:
        yield from _closing(now, said)


def _closing(now: ComplaintNow, said: Spoken) -> Iterator[Fault]:
    if word_of(now) == DISSATISFIED:
        yield from _closing_dissatisfied(now, said)
    if said.word == UPHELD and not (now.about or now.about_office):
        yield Fault(
            "/word",
            "about-nobody",
            "It complains of no unit of which it could be upheld.",
            "该投诉未写明所针对的单位，无从认定属实。",
        )


def _taking_back(now: ComplaintNow, said: Spoken, setting: Setting) -> Iterator[Fault]:
    due = now.last.due
    if due is not None and setting.day <= due:
        yield _fault(
            "not-overdue",
            f"The unit has until {due}; it is given to others once that is over.",
            f"承办期限为 {due}，届满后方可改交其他单位。",
        )
    if said.text is None:
        yield Fault("/text", "missing", "This move needs words.", "此步骤须填写说明。")
    for n, each in enumerate(said.units):
        if each.role == LEAD and each.unit == now.lead:
            yield Fault(
                f"/units/{n}/unit",
                "same-lead",
                "This unit leads it already; another one is given it.",
                "该单位已是牵头单位，须改交其他单位牵头。",
            )


def _returning(now: ComplaintNow, actor: ComplaintActor) -> Iterator[Fault]:
    if any(each.move == RETURN and each.unit == actor.unit for each in now.moves):
        yield _fault(
            "returned-before",
            "The unit has returned it before; it does so once.",
            "本单位已退回过一次，不得再次退回。",
        )


def _closing_dissatisfied(now: ComplaintNow, said: Spoken) -> Iterator[Fault]:
    if not now.was_redone:
        yield _fault(
            "redo-first",
            "Whoever raised it is not satisfied: it is done again once before it is closed.",
            "投诉人不满意，须先退回重办一次，方可办结。",
        )
    elif said.text is None:
        yield Fault("/text", "missing", "Say why it is closed.", "须说明办结理由。")


def word_of(now: ComplaintNow) -> str | None:
    """Return what was said of the latest answer: who raised it goes before who asked him."""
    answered = now.latest(ANSWER)
    since = [each for each in now.moves if answered and each.step > answered.step]
    own = [each.word for each in since if each.move == RATE]
    asked = [each.word for each in since if each.move == REVISIT]
    return (own or asked or [None])[-1]


_NEXT = {
    RAISED: ACCEPT,
    SUSPECTED: CLEAR,
    ACCEPTED: ASSIGN,
    ASSIGNED: ANSWER,
    EXTENSION_ASKED: REFUSE_EXTENSION,
    ANSWERED: REVISIT,
}


def waiting_move(now: ComplaintNow) -> str:
    """Return a move that a complaint waits for; of several of one person any will do."""
    again = word_of(now) == DISSATISFIED and not now.was_redone
    return _NEXT.get(now.state, REDO if again else CLOSE)


def _fault(code: str, en: str, zh: str) -> Fault:
    return Fault("", code, en, zh)
