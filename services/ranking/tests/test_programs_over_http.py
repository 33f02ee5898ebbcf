"""Generated approval programs, played over HTTP: what goes through is held against the model of
`test_approval_programs`, and whenever one halts somebody is there who can take the next step."""

import datetime as dt
import random
from dataclasses import replace

import pytest
from services.ranking.tests.test_approval_programs import (
    TODAY,
    Program,
    drawn,
    generated,
    hold,
    proper,
)

from ranking.rules.chain import TakenStep, next_step, state_after
from ranking.rules.interest import SECOND_BODY
from service_testing import trials

PROGRAMS = trials(12, 300)
PAST, LATER = dt.date(2020, 1, 1), dt.date(2099, 12, 31)
REAL = {"U1": "XQ01", "U2": "XQ02", "U3": "ZF01", "U4": "ZF02"}
"""The units of a program, of which the first two compete, by those of the county's category."""


@pytest.fixture
def handed_in(peers):
    """Everything was handed in, until the test is over."""
    before = peers.handed_in
    peers.handed_in = before | {"hand_in": {"state": "handed_in"}}
    yield
    peers.handed_in = before


class Played:
    """A program at work on an edition of a cycle of its own."""

    def __init__(self, program: Program, cycle, edition):
        self.program, self.cycle, self.edition = program, cycle, edition
        self.refused = 0

    def who(self, person):
        unit = {} if person.unit is None else {"unit": REAL[person.unit]}
        return {"role": person.role, "subject": person.name, **unit}

    async def delegate(self):
        """Give the delegations that can be given; of the others the program knows no more."""
        people, delegating = (
            {each.name: each for each in self.program.people},
            {each.code for each in self.program.chain if each.delegates},
        )
        given = []
        for each in self.program.given:
            body = {
                "delegate": each.delegate,
                "role": each.role,
                "steps": [step for step in each.steps if step in delegating],
                "until": (PAST if each.until < TODAY else LATER).isoformat(),
                "document_no": "云政办〔2026〕2号",
            }
            answer = await self.cycle.post("/delegations", body, **self.who(people[each.giver]))
            if answer.status_code == 201:
                number = answer.json()["delegation"]["number"]
                given.append(replace(each, number=number, steps=tuple(body["steps"]), until=LATER))
        self.program.given[:] = given

    async def attempt(self, person, code, said, number):
        """Say something in a step; keep what was taken."""
        out = [{"member": each.member, "reason": each.reason} for each in said.recused]
        body = {
            "step": code,
            "word": said.word,
            "sent_back_to": said.to,
            "reason": said.reason,
            "minutes_no": said.minutes_no,
            "document_nos": [*said.document_nos],
            "recused": out,
            "delegation": number,
            "anew": said.anew,
        }
        if said.meeting is not None:
            recused = [{"member": e.member, "reason": e.reason} for e in said.meeting.recused]
            names = ("held_on", "votes_for", "votes_against", "votes_abstained")
            body["meeting"] = {name: getattr(said.meeting, name) for name in names}
            body["meeting"] |= {"present": [*said.meeting.present], "recused": recused}
        path = f"/rankings/{self.edition}/steps"
        answer = await self.cycle.post(path, body, **self.who(person))
        if answer.status_code != 201:
            assert answer.status_code in (403, 404, 409, 422), answer.text
            self.refused += 1
            return
        told = answer.json()
        last = told["approvals"][-1]
        word = last.get("word") or "approved"
        row = TakenStep(code, last["subject"], word, last.get("sent_back_to"), last.get("behind"))
        self.program.rows.append(row)
        self.program.said.append(said)
        self.program.by.append(person)
        assert told["state"] == state_after(self.program.rows, self.program.chain)

    async def run(self, draw):
        """Have people try things, most of them in the step that is next."""
        program = self.program
        for _ in range(draw.randint(4, 12)):
            code = next_step(program.chain, program.rows)
            if code == "publication" or draw.random() < 0.1:
                code = draw.choice(program.chain).code
            step = next(each for each in program.chain if each.code == code)
            said, number = drawn(draw, step, program.given)
            able = [p for p in program.people if p.role in (step.role, step.instead)]
            person = draw.choice(able if draw.random() < 0.9 else program.people)
            if number is not None and draw.random() < 0.8:
                names = {each.delegate for each in program.given if each.number == number}
                person = next((p for p in program.people if p.name in names), person)
            await self.attempt(person, code, said, number)

    async def finish(self, seed):
        """Find somebody for every step that is left, after one was sent back that can be."""
        program = self.program
        returning = next((each for each in program.chain if each.send_back_to), None)
        while (code := next_step(program.chain, program.rows)) != "publication":
            step = next(each for each in program.chain if each.code == code)
            back = step.send_back_to[0] if step is returning else None
            returning = None if step is returning else returning
            assert await self.settle(step, back), (seed, code)

    async def settle(self, step, back):
        """Have a step taken or sent back by whoever can; say whether somebody could."""
        program, anew = self.program, proper(step).meeting is not None
        for person in program.people:
            if person.role not in (step.role, step.instead):
                continue
            count = len(program.rows)
            said = replace(proper(step, back_to=back), anew=anew)
            await self.attempt(person, step.code, said, None)
            if len(program.rows) > count:
                anew = False  # what somebody entered wrongly before stands no longer
                if program.rows[-1].word != "entered":
                    return True
        return False


def scheme_of(program: Program):
    """Return what the scheme says of a program's chain."""
    names = ("code", "role", "kind", "quorum", "at_least", "majority", "needs", "delegates")
    steps = [
        {name: getattr(each, name) for name in names}
        | {"send_back_to": [*each.send_back_to], "instead": each.instead}
        | {"members": [{"code": m.code, "unit": REAL.get(m.unit or "")} for m in each.members]}
        for each in program.chain
    ]
    return {"approval": {"steps": steps}, "recusals": [{"unit": "YQ01", "body": REAL["U4"]}]}


async def test_programs_over_http_keep_to_what_a_chain_must_never_do(
    another_cycle, peers, handed_in
):
    """Planted bugs: a step asks nobody for the own unit; a return keeps the step that it goes to;
    minutes that one person typed twice count."""
    played = returns = refused = seed = 0
    while played < PROGRAMS:
        seed += 1
        draw = random.Random(f"over HTTP {seed}")  # noqa: S311 - a seed that repeats it
        program = generated(draw)
        if program is None:
            continue
        program.people[:] = [
            replace(each, unit="U4") if each.role == SECOND_BODY else each
            for each in program.people
        ]
        cycle = another_cycle()
        peers.by_cycle[str(cycle.cycle_id)] = scheme_of(program)
        at_work = Played(program, cycle, await cycle.rank())
        await at_work.delegate()
        await at_work.run(draw)
        hold(program, seed)
        await at_work.finish(seed)
        hold(program, seed)
        answer = await cycle.get(f"/rankings/{at_work.edition}", "auditor")
        assert answer.json()["state"] == "approved"
        played += 1
        returns += sum(row.word == "sent_back" for row in program.rows)
        refused += at_work.refused
    assert min(returns, refused) > PROGRAMS // 6
