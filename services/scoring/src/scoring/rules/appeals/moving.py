"""Whether an objection (异议) may be filed, and whether somebody may make a move of it."""

import datetime as dt
from collections.abc import Iterator, Sequence

from chassis import persons
from chassis.refusals import Fault, pointer
from scoring.rules.appeals.standing import (
    MOST_OBJECTIONS,
    MOST_REMARKS,
    Beside,
    Filing,
    MadeMove,
    ObjectionActor,
    ObjectionNow,
    Saying,
)
from scoring.rules.appeals.states import (
    APPEAL,
    BY_DECIDER,
    BY_OFFICE,
    BY_UNIT,
    CARRY_OUT,
    MOVES_ZH,
    PENDING,
    REJECT,
    SPOKEN,
    STATES_ZH,
    STEPS,
    SUBJECTS,
    WAVE,
)
from scoring.rules.ledger.states import SECOND_BODY
from scoring.rules.scheme.document import ObjectionPolicy

OFFICE, SOURCE = "performance_office", "data_source_unit"


def filing_faults(new: Filing, beside: Beside) -> Iterator[Fault]:
    """Yield what keeps a unit from objecting: what it is about is named by just the fields of its
    kind and is the unit's, in time, and it has not objected to the same before."""
    named = [*_named(new)]
    yield from named or _known(new)
    if new.fed_back_on is not None:
        last = beside.calendar.after(new.fed_back_on, beside.policy.file_within)
        yield from _in_time(beside.day, new.fed_back_on, last, "filed-too-late")
    yield from _files(new.existed_on, beside.year)
    most = MOST_REMARKS if new.fed_back_on is None else MOST_OBJECTIONS
    if new.filed_before >= most:
        yield _fault("too-many-objections", f"The unit filed {most}.", f"本单位已提出{most}件。")


def first_level(policy: ObjectionPolicy, put_to: str | None) -> int:
    """Return the level at which an objection begins: the next one where nobody is to answer who
    entered what it is about."""
    levels = policy.levels
    return 2 if levels[0] == SOURCE and put_to is None and len(levels) > 1 else 1


def _named(new: Filing) -> Iterator[Fault]:
    """Yield the fields that are wanting of what it is about, and those of other things."""
    wanted, names = SUBJECTS[new.about], {n for each in SUBJECTS.values() for n in each}
    given = {name for name in names if new.fields.get(name) is not None}
    for name in wanted:
        if name not in given:
            yield Fault(pointer(name), "missing", f"Say which {name}.", f"须填写 `{name}`。")
    for name in sorted(given - {*wanted}):
        yield _not_wanted(name, new.about)


def _known(new: Filing) -> Iterator[Fault]:
    at = pointer(SUBJECTS[new.about][0])
    if not new.known:
        en, zh = "The unit has no such thing that counts.", "本单位没有这一计分事项。"
        yield Fault(at, "not-the-units", en, zh)
    elif new.objected:
        yield Fault(
            at,
            "objected-before",
            "The unit objected to the same before, and nothing of it has changed.",
            "本单位已就同一事项提出异议，其后没有变化。",
        )


def moving_faults(
    now: ObjectionNow, said: Saying, actor: ObjectionActor, beside: Beside
) -> Iterator[Fault]:
    """Yield what keeps somebody from making a move; what it says is looked at only if they may."""
    step = STEPS.get((now.last.state, said.move))
    if step is None:
        zh = STATES_ZH[now.last.state]
        yield _fault(
            "wrong-state",
            f"The objection is {now.last.state}; {said.move} is no move of that state.",
            f"该异议处于“{zh}”状态，不能办理“{MOVES_ZH[said.move]}”。",
        )
        return
    who = [*_barred(step.by, now, actor, beside)]
    yield from who
    if said.move == APPEAL:
        yield from _appeal(now, beside)
        yield from _of_another(now, actor)
    if not who and step.by != BY_UNIT:
        yield from _stands(said)
        yield from _carried_out(now, said)
    yield from _files(said.existed_on, beside.year)


def _barred(by: str, now: ObjectionNow, actor: ObjectionActor, beside: Beside) -> Iterator[Fault]:
    if by == BY_DECIDER:
        yield from deciding_faults(now, actor, beside)
    elif by == BY_OFFICE:
        yield from carrying_faults(now, actor, beside)


def carrying_faults(now: ObjectionNow, actor: ObjectionActor, beside: Beside) -> Iterator[Fault]:
    """Yield what keeps somebody from saying what an objection was carried out by: it is not of the
    office, or of the body that stands in for it, or of a unit that gains or loses by it, or spoke
    for the unit in it."""
    if not _is_of(OFFICE, actor, beside):
        yield _fault("not-the-callers", "The office says so.", "由绩效办办理。")
        return
    yield from _own_category(actor, beside)
    yield from _took_part([each for each in now.moves if each.move in SPOKEN], actor)


def deciding_faults(now: ObjectionNow, actor: ObjectionActor, beside: Beside) -> Iterator[Fault]:
    """Yield what keeps somebody from deciding at the level at which an objection is: another role
    decides there, a unit of the category gains or loses by it, or they had a part in it."""
    if _answers(now, actor, beside):
        yield from _took_part(now.moves, actor)
        return
    if not _is_of(_level(now.last.level, beside), actor, beside):
        yield _fault("not-the-callers", "Others decide at this level.", "该层级由其他人员复核。")
        return
    yield from _own_category(actor, beside)
    if actor.unit is not None and actor.unit in beside.involved.units:
        yield _fault(
            "scorers-unit",
            "The caller's unit entered, reviewed or collected what it is about.",
            "所涉内容由调用者所在单位录入、初审或采集，应当回避。",
        )
    yield from _own_part(now, actor, beside)


def _answers(now: ObjectionNow, actor: ObjectionActor, beside: Beside) -> bool:
    """Say whether somebody is of the unit that a remark is put to: it answers for what it
    entered."""
    level = _level(now.last.level, beside)
    is_asked = now.put_to is not None and actor.unit == now.put_to
    return level == SOURCE and is_asked and SOURCE in actor.roles


def _own_part(now: ObjectionNow, actor: ObjectionActor, beside: Beside) -> Iterator[Fault]:
    if any(persons.is_same(each, actor.person) for each in beside.involved.persons):
        yield _fault(
            "own-act",
            "The same person entered, checked, signed or verified what it is about.",
            "所涉内容由同一人录入、初审、签发或审核，应当由他人复核。",
        )
    yield from _took_part(now.moves, actor)


def _took_part(moves: Sequence[MadeMove], actor: ObjectionActor) -> Iterator[Fault]:
    if any(persons.is_same(each.person, actor.person) for each in moves):
        yield _fault(
            "decided-before",
            "The same person took part in it before.",
            "同一人已办理过该异议，应当由他人复核。",
        )


def _of_another(now: ObjectionNow, actor: ObjectionActor) -> Iterator[Fault]:
    """Yield that who spoke for the unit before takes a remark further: a unit goes up its own
    ladder with it."""
    if now.is_remark and any(persons.is_same(e.person, actor.person) for e in now.moves):
        yield _fault(
            "same-person",
            "Another person of the unit takes it further.",
            "应由本单位另一人（逐级）提交上一级。",
        )


def _level(level: int, beside: Beside) -> str:
    """Return the role that decides at a level."""
    levels = beside.policy.levels
    return levels[min(level, len(levels)) - 1]


def _own_category(actor: ObjectionActor, beside: Beside) -> Iterator[Fault]:
    if actor.unit is not None and actor.unit in beside.competing:
        yield _fault(
            "own-category",
            "A unit of the category gains or loses by it.",
            "调用者所在单位在该类别参评，应当回避。",
        )


def _is_of(role: str, actor: ObjectionActor, beside: Beside) -> bool:
    """Say whether somebody is of a role; a second body stands in the place of the office. Whoever
    entered something answers only what is put to them."""
    if role == SOURCE:
        return False
    if role == OFFICE and beside.second_body is not None:
        return SECOND_BODY in actor.roles and actor.unit == beside.second_body
    return role in actor.roles


def _appeal(now: ObjectionNow, beside: Beside) -> Iterator[Fault]:
    last = now.last
    if last.level >= len(beside.policy.levels):
        yield _fault("last-level", "There is no further level.", "已是最后一级，不能再申诉。")
    if last.state != PENDING:
        until = beside.calendar.after(now.told_on, beside.policy.file_within)
        yield from _in_time(beside.day, now.told_on, until, "appealed-too-late")
    elif last.due is not None and beside.day <= last.due:
        yield _fault(
            "not-overdue",
            f"It is to be decided by {last.due}; until then it stays where it is.",
            f"复核期限为 {last.due}，期满未复核的方可提交上一级。",
        )


def _in_time(day: dt.date, since: dt.date, until: dt.date, code: str) -> Iterator[Fault]:
    if day > until:
        yield _fault(
            code,
            f"It could be said until {until}, of what was told on {since}.",
            f"{since} 告知，期限为 {until}，已经超过。",
        )


def _stands(said: Saying) -> Iterator[Fault]:
    if said.move in (REJECT, CARRY_OUT):
        if said.stands is not None:
            yield _not_wanted("stands", said.move)
    elif said.stands is None:
        yield Fault(pointer("stands"), "missing", "Say what should stand.", "须写明应当如何认定。")


def _carried_out(now: ObjectionNow, said: Saying) -> Iterator[Fault]:
    """Yield what is wrong with what an objection is said to be carried out by: of a wave there is
    nothing in the record to name."""
    at, given = pointer("carried_out_by"), said.carried_out_by
    if said.move != CARRY_OUT or now.about == WAVE:
        if given is not None:
            yield _not_wanted("carried_out_by", said.move)
    elif given is None:
        en, zh = "Say which entry or claim.", "须写明据以办理的记录或申报。"
        yield Fault(at, "missing", en, zh)
    elif not said.has_changed:
        yield Fault(
            at,
            "not-changed-since",
            "It is no entry or claim of the unit that the objection touches, or has not been "
            "verified, voided or moved since it was upheld; nor a correction that rests on it.",
            "不是该异议所涉的本单位记录或申报，或者在异议成立之后没有审核、冲销或变动；"
            "也不是据该异议批准的更正。",
        )
    elif any(each.carried_out_by == given for each in now.moves):
        yield Fault(at, "named-twice", "It was named before.", "已经列明。")


def _files(existed_on: Sequence[dt.date], year: int) -> Iterator[Fault]:
    """Yield files that did not exist in the year: nothing is made up for an objection."""
    last = dt.date(year, 12, 31)
    for n, day in enumerate(existed_on):
        if day > last:
            yield Fault(
                pointer("evidence", n, "existed_on"),
                "evidence-of-later",
                f"Only what existed by {last} is looked at.",
                f"只采纳 {last} 及以前已经存在的材料。",
            )


def _not_wanted(name: str, what: str) -> Fault:
    en, zh = f"There is no use for {name} here ({what}).", f"此处（`{what}`）不填 `{name}`。"
    return Fault(pointer(name), "not-wanted", en, zh)


def _fault(code: str, en: str, zh: str) -> Fault:
    return Fault("", code, en, zh)
