"""Generated approval programs, held against a plain model of what a chain must never do.

A program is a chain, people with their units and roles, members of meetings, delegations, and many
things that somebody tries. Whatever goes through is checked against rules written down anew here;
and whenever a program halts before the end, somebody must be there who can take the next step.
"""

import datetime as dt
import os
import random
from dataclasses import dataclass, field, replace

import pytest

from chassis.refusals import Refusal
from indicators.rules.approvals import _may_decide
from ranking.rules import delegations
from ranking.rules.approval import check_order, check_person, step_of
from ranking.rules.chain import (
    ChainStep,
    Member,
    TakenStep,
    effective,
    next_step,
    state_after,
    typed_before,
)
from ranking.rules.delegations import Delegation
from ranking.rules.interest import SECOND_BODY, check_interest
from ranking.rules.meetings import Meeting, Recused, meeting_faults, reaches
from ranking.rules.turns import Saying, Typed, check_who, compared, judge, whose, word_of

PROGRAMS = 10_000 if os.environ.get("PROVE") else 400
ROLES = ("performance_office", "committee", "standing_committee", "vice_mayor")
LIST = ("U1", "U2")
"""The units that the list is about; U3 and U4 are of other categories."""

UNITS = (None, *LIST, "U3", "U4")
TODAY = dt.date(2026, 1, 20)
SHARES = ("over_half", "two_thirds", "all")


@dataclass(frozen=True)
class Person:
    """Somebody with one account."""

    name: str
    role: str
    unit: str | None


@dataclass
class Program:
    """A chain, its people, and all that was said."""

    chain: tuple[ChainStep, ...]
    people: list[Person]
    given: list[Delegation] = field(default_factory=list)
    rows: list[TakenStep] = field(default_factory=list)
    said: list[Saying] = field(default_factory=list)
    by: list[Person] = field(default_factory=list)


def generated(draw: random.Random) -> Program | None:
    """Return a program; None where its scheme is refused because somebody could never decide."""
    chain: list[ChainStep] = []
    for n in range(draw.randint(1, 5)):
        codes = [each.code for each in chain]
        step = ChainStep(
            f"S{n}",
            draw.choice(ROLES),
            send_back_to=tuple(draw.sample(codes, draw.randint(0, len(codes)))),
            needs=draw.choice(("none", "document", "minutes", "hand_in")),
        )
        chain.append(meeting(draw, step) if draw.random() < 0.5 else single(draw, step))
    if not all(possible(each) for each in chain):
        return None
    people = [
        Person(f"{role}-{n}", role, draw.choice(UNITS) if n > 2 * len(chain) else None)
        for role in (*ROLES, SECOND_BODY)
        for n in range(2 * len(chain) + 3)
    ]
    program = Program(tuple(chain), people)
    for n in range(draw.randint(0, 6)):
        giver = draw.choice([each for each in people if each.role in ROLES])
        alike = [e for e in people if e.role == giver.role or draw.random() < 0.1]
        delegate = draw.choice([each for each in alike if each is not giver])
        steps = tuple(e.code for e in chain if e.role == giver.role and draw.random() < 0.8)
        until = TODAY + dt.timedelta(days=draw.choice((-1, 0, 30)))
        program.given.append(
            Delegation(n + 1, giver.name, giver.unit, giver.role, delegate.name, steps, until)
        )
    return program


def single(draw: random.Random, step: ChainStep) -> ChainStep:
    return replace(step, delegates=draw.random() < 0.5)


def meeting(draw: random.Random, step: ChainStep) -> ChainStep:
    members = [Member(f"M{n}", unit=draw.choice(UNITS)) for n in range(draw.randint(1, 6))]
    return replace(
        step,
        kind="meeting",
        members=tuple(members),
        quorum=draw.choice(SHARES),
        majority=draw.choice(SHARES),
        at_least=draw.choice((None, draw.randint(1, len(members)))),
        instead=draw.choice((None, *(r for r in (*ROLES[1:3], SECOND_BODY) if r != step.role))),
    )


@dataclass(frozen=True)
class PlainCategory:
    """What the check of a scheme asks of a category."""

    code: str
    units: tuple[str, ...]


@dataclass(frozen=True)
class PlainScheme:
    """What the check of a scheme asks of a scheme, whose second body is of no list."""

    recusals: tuple[object, ...] = (Member("R", unit="U4"),)


@dataclass(frozen=True)
class PlainRecusal:
    """A recusal whose body is another unit."""

    body: str = "U4"


def possible(step: ChainStep) -> bool:
    """Say whether a scheme with this step may be published, by the rule of publication itself."""
    if step.kind == "single":
        return True
    scheme = PlainScheme(recusals=(PlainRecusal(),))
    return _may_decide(step, PlainCategory("C", LIST), scheme)


def attempt(program: Program, person: Person, code: str, said: Saying, number: int | None) -> None:
    """Say something in a step as the command does, or refuse it."""
    step = step_of(program.chain, code)
    signed = None
    if number is not None:
        signed = delegations.require(
            program.given,
            number,
            step,
            program.chain,
            delegate=person.name,
            roles={person.role},
            today=TODAY,
        )
    turn = whose(step, LIST, said.out)
    roles = {person.role} if signed is None else {turn.role}
    check_who(step, turn, LIST, (), unit=person.unit, roles=roles)
    if signed is not None:
        delegations.require_own(signed, turn.role)
        check_interest(LIST, signed.unit)
    check_order(program.rows, code, program.chain)
    check_person(program.rows, code, person.name, *([signed.giver] if signed else []))
    judge(step, LIST, said, turn, (dt.date(2025, 1, 1), TODAY))
    last = typed_before(program.rows)
    typed = None
    if last is not None:
        before = program.said[last]
        typed = Typed(program.rows[last].person, compared(before.basis(), before.to, before.reason))
    word = word_of(turn, said, person.name, typed)
    behind = signed.giver if signed else None
    program.rows.append(TakenStep(code, person.name, word, said.to, behind))
    program.said.append(said)
    program.by.append(person)


def drawn(
    draw: random.Random, step: ChainStep, given: list[Delegation]
) -> tuple[Saying, int | None]:
    """Return something that somebody might say in a step, mostly nearly right."""
    back = bool(step.send_back_to) and draw.random() < 0.25
    said = proper(step, back_to=draw.choice(step.send_back_to) if back else None)
    if said.meeting is not None and draw.random() < 0.6:
        out = [m for m in step.members if m.unit in LIST or draw.random() < 0.3]
        there = [m.code for m in step.members if m not in out and draw.random() < 0.8]
        there += [m.code for m in out if draw.random() < 0.05]
        in_favour = draw.randint(0, len(there))
        against = draw.randint(0, len(there) - in_favour)
        found = Meeting(
            "2026-01-20",
            tuple(there),
            tuple(Recused(m.code, "x") for m in out if draw.random() < 0.95),
            in_favour,
            against,
            len(there) - in_favour - against,
        )
        said = replace(said, meeting=found)
    if step.kind == "meeting" and draw.random() < 0.2:
        out = tuple(Recused(m.code, "x") for m in step.members if draw.random() < 0.7)
        said = replace(said, meeting=None, recused=out)
    if draw.random() < 0.1:
        said = replace(said, minutes_no=None, document_nos=(), anew=draw.random() < 0.5)
    fitting = [each.number for each in given if step.code in each.steps]
    number = draw.choice([*fitting, 1]) if draw.random() < 0.5 else None
    return replace(said, delegated=number is not None), number


def proper(step: ChainStep, back_to: str | None = None) -> Saying:
    """Return what decides a step, where its members come and agree."""
    free = [m.code for m in step.members if m.unit not in LIST]
    meets = step.kind == "meeting" and (step.instead is None or len(free) >= (step.at_least or 1))
    out = tuple(Recused(m.code, "x") for m in step.members if m.unit in LIST)
    found = Meeting("2026-01-20", tuple(free), out, len(free), 0, 0) if meets else None
    return Saying(
        "approved" if back_to is None else "sent_back",
        back_to,
        None if back_to is None else "x",
        "纪要 1",
        ("文 1",),
        found,
    )


def test_programs_keep_to_what_a_chain_must_never_do(figure):
    """Planted bugs: the quorum counted with those recused; a return that skips a step; a delegate
    who takes another step in his own name; minutes that one person typed twice; one who says alone
    that members are recused, so that the meeting cannot decide."""
    refused = finished = returns = delegated = 0
    for seed in range(PROGRAMS):
        draw = random.Random(seed)  # noqa: S311 - a seed that repeats it
        program = generated(draw)
        if program is None:
            refused += 1
            continue
        run(program, draw)
        hold(program, seed)
        finish(program, seed)
        hold(program, seed)
        finished += 1
        returns += sum(row.word == "sent_back" for row in program.rows)
        delegated += sum(row.behind is not None for row in program.rows)
    assert min(refused, finished, returns, delegated) > PROGRAMS // 40
    figure("programs", PROGRAMS)


def run(program: Program, draw: random.Random) -> None:
    """Have people try things, most of them in the step that is next."""
    for _ in range(draw.randint(0, 30)):
        code = next_step(program.chain, program.rows)
        if code == "publication" or draw.random() < 0.1:
            code = draw.choice(program.chain).code
        step = step_of(program.chain, code)
        said, number = drawn(draw, step, program.given)
        able = [p for p in program.people if p.role in (step.role, step.instead)]
        person = draw.choice(able if draw.random() < 0.9 else program.people)
        if number is not None and draw.random() < 0.8:
            names = {each.delegate for each in program.given if each.number == number}
            person = next((p for p in program.people if p.name in names), person)
        try:
            attempt(program, person, code, said, number)
        except Refusal:
            continue


def finish(program: Program, seed: int) -> None:
    """Find somebody for every step that is left: a chain that the scheme allows never halts."""
    while (code := next_step(program.chain, program.rows)) != "publication":
        step = step_of(program.chain, code)
        held, anew = len(effective(program.chain, program.rows)), proper(step).meeting is not None
        for person in program.people:
            try:
                attempt(program, person, code, replace(proper(step), anew=anew), None)
            except Refusal:
                continue
            anew = False  # what somebody entered wrongly before stands no longer
            if len(effective(program.chain, program.rows)) > held:
                break
        assert len(effective(program.chain, program.rows)) > held, (seed, code)


def hold(program: Program, seed: int) -> None:
    """Hold what a program has done against the model."""
    place = {step.code: n for n, step in enumerate(program.chain)}
    reached, parts = 0, dict[str, str]()
    entered: tuple[str, Saying] | None = None
    for row, said, person in zip(program.rows, program.said, program.by, strict=True):
        why = (seed, row)
        step = program.chain[place[row.step]]
        assert place[row.step] == reached, why
        assert person.unit not in LIST, why
        for name in filter(None, (row.person, row.behind)):
            assert parts.setdefault(name, row.step) == row.step, why
        if said.meeting is not None:
            hold_quorum(step, said.meeting, why)
        else:
            hold_single(program, step, row, said, person, why)
        if said.meeting is not None or said.recused:
            if row.word == "entered":
                entered = row.person, said
                continue
            assert entered is not None, why
            assert entered[0] != row.person, why
            assert replace(entered[1], anew=False) == replace(said, anew=False), why
        entered = None
        reached = place[row.to] if row.word == "sent_back" else reached + 1
    count = len(effective(program.chain, program.rows))
    assert count == reached, seed
    wanted = {0: "ranked", len(program.chain): "approved"}.get(reached, "in_approval")
    assert state_after(program.rows, program.chain) == wanted, seed


def hold_quorum(step: ChainStep, found: Meeting, why: object) -> None:
    out = {each.member for each in found.recused}
    may = [m.code for m in step.members if m.code not in out]
    assert not any(m.unit in LIST and m.code not in out for m in step.members), why
    assert set(found.present) <= set(may), why
    there, part = len(found.present), {"over_half": 0.5001, "two_thirds": 2 / 3, "all": 1}
    assert there >= part[step.quorum] * len(may), why
    assert there >= (step.at_least or 1), why
    assert found.votes_for >= part[step.majority] * there, why


def hold_single(
    program: Program,
    step: ChainStep,
    row: TakenStep,
    said: Saying,
    person: Person,
    why: object,
) -> None:
    if row.behind is not None:
        given = [d for d in program.given if d.giver == row.behind and d.delegate == row.person]
        assert given[-1].until >= TODAY, why
        assert row.step in given[-1].steps, why
        assert given[-1].unit not in LIST, why
        assert step.delegates, why
        assert person.role == step.role or person.role not in {e.role for e in program.chain}, why
        return
    if step.kind == "meeting":
        out = {each.member for each in said.recused}
        free = [m for m in step.members if m.unit not in LIST and m.code not in out]
        assert len(free) < (step.at_least or 1), why
        assert person.role == step.instead, why
        return
    assert person.role == step.role, why


@pytest.mark.parametrize(
    ("share", "part", "whole", "enough"),
    [
        ("over_half", 3, 6, False),
        ("over_half", 4, 6, True),
        ("two_thirds", 4, 6, True),
        ("two_thirds", 3, 5, False),
        ("all", 5, 5, True),
        ("all", 4, 5, False),
        ("all", 0, 0, False),
    ],
)
def test_shares_are_exact(share, part, whole, enough):
    """Planted bug: half counts as more than half."""
    assert reaches(share, part, whole) is enough


def test_the_quorum_is_of_those_who_are_not_recused():
    """Planted bugs: of all members; who is recused counts as there."""
    members = tuple(Member(f"M{n}") for n in range(6))
    step = ChainStep("S", "committee", kind="meeting", members=members)
    out = tuple(Recused(f"M{n}", "x") for n in range(3))
    two = Meeting("2026-01-20", ("M3", "M4"), out, 2, 0, 0)
    assert meeting_faults(step, LIST, two) == []
    one = replace(two, present=("M3",), votes_for=1)
    assert [each.code for each in meeting_faults(step, LIST, one)] == ["quorum-not-reached"]
