"""Objections, remarks and corrections of the sealed record against one model of them: whoever makes
whichever move, on whichever day, and what the scores are then."""

import datetime as dt
from decimal import Decimal
from itertools import count
from random import Random
from uuid import uuid4

import pytest
from hypothesis import strategies as st
from services.scoring.tests.appeals.objection_model import (
    MOVES,
    OBJECTS,
    OUTCOME,
    REMARKS,
    Appeal,
    after,
)
from services.scoring.tests.appeals.record_model import (
    BEST,
    LOST,
    UNITS,
    Asked,
    Record,
    Told,
    Who,
    scheme,
)
from services.scoring.tests.conftest import Cycle

from service_testing import trials
from service_testing.machines import AskingMachine, run_machine

OFFICE, COMMITTEE, STANDING = "performance_office", "committee", "standing_committee"
OF_UNIT, SOURCE = "assessed_unit", "data_source_unit"
PEOPLE = {
    "verifier": Who("p-verifier", OFFICE, None),
    "verifier-above": Who("p-verifier", COMMITTEE, None),
    "writer": Who("p-writer", SOURCE, "ZH02"),
    "writer-above": Who("p-writer", COMMITTEE, None),
    "second": Who("p-second", OFFICE, None),
    "second-above": Who("p-second", COMMITTEE, None),
    "colleague": Who("p-colleague", OFFICE, None),
    "colleague-above": Who("p-colleague", COMMITTEE, None),
    "competing": Who("p-competing", OFFICE, "XQ05"),
    "member": Who("p-member", COMMITTEE, None),
    "another": Who("p-another", COMMITTEE, None),
    "rival": Who("p-rival", COMMITTEE, "XQ05"),
    "leader": Who("p-leader", STANDING, None),
    "member-above": Who("p-member", STANDING, None),
    "scorer": Who("p-scorer", STANDING, "ZH02"),
    "clerk": Who("p-clerk", OF_UNIT, "XQ01"),
    "head": Who("p-head", OF_UNIT, "XQ01"),
    "clerk-in-office": Who("p-clerk", OFFICE, None),
    "clerk-above": Who("p-clerk", COMMITTEE, None),
    "other": Who("p-other", OF_UNIT, "XQ02"),
    "others-head": Who("p-others-head", OF_UNIT, "XQ02"),
    "source": Who("p-source", SOURCE, "ZH02"),
    "stranger": Who("p-stranger", SOURCE, "ZH01"),
}
PROPOSERS = [*["colleague", "second"] * 3, "competing", "member", "clerk-in-office"]
HANDS = [("writer", "verifier"), ("source", "second")]
VALUES = [Decimal(each) for each in (50, 60, 70, 81, 90)]
EVENTS = [Decimal(1), Decimal(2)]
EVERYTHING = {*OUTCOME, "carry_out", "removes", "adds", "refused", "withdraw", "take_back"}
DOCUMENT = {"issuer": "云川市考评委员会", "document_no": "1号", "document_date": "2025-12-20"}


class TheWayBack(AskingMachine):
    """What is entered, objected to, decided, sealed, corrected and computed anew, each by anybody,
    beside a model."""

    def __init__(self):
        super().__init__()
        make, self.clock = type(self).world()
        self.cycle = make()
        self.record, self.appeals = Record(), {}
        self.today = dt.date.fromisoformat(self.ask(self.clock.today()))
        for n, unit in enumerate(UNITS):
            self.enter(HANDS[n % 2], Told(unit, BEST, VALUES[n], set()))
        self.enter(HANDS[0], Told("XQ02", LOST, EVENTS[0], set()))
        self.score()
        self.feed_back()

    def pick(self, options):
        return self.drawn.choice(options)

    def ready(self):
        """What may be done now, what is to be done more often several times."""
        record, appeals = self.record, self.appeals
        ready = [self.file, self.file, self.score, self.days_pass]
        ready += [self.move] * 8 if appeals else []
        ready += [] if record.editions[-1].fed_back else [self.feed_back] * 2
        if not record.is_sealed:
            return [*ready, self.change, self.add_event, *[self.seal] * 2 * (len(appeals) > 1)]
        asked = [*[self.decide] * 10, self.take_back] if record.asked else []
        return [*ready, *[self.propose] * 6, *asked]

    def client(self, who):
        """An account; those with the same person may write its name otherwise."""
        person, role, unit = PEOPLE[who]
        person = person.upper() if who.endswith("-above") else person
        return self.cycle.caller(role, unit=unit, subject=who, person=person)

    def post(self, who, path, body=None, what=None):
        answer = self.ask(self.cycle.post(self.client(who), path, body))
        return self.told(f"x/{what or path}", answer)

    def done(self, who, path, body=None):
        answer = self.post(who, path, body)
        assert answer.is_success, (who, path, answer.text)
        return answer.json()

    def get(self, path, who="verifier"):
        answer = self.ask(self.client(who).get(f"{self.cycle.path}/{path}"))
        assert answer.status_code == 200, (who, path, answer.text)
        return answer.json()

    def changed(self, told, *ids):
        """Note what has changed for those whose objections it may carry out."""
        for each in self.appeals.values():
            if each.is_upheld and (each.unit, self.mark_of(each)) == (told.unit, told.indicator):
                each.changes |= {*ids}

    def mark_of(self, appeal):
        what, which = appeal.about
        return which if what == "mark" else self.record.told[which].indicator

    def enter(self, hands, told):
        writer, verifier = hands
        told.hands = {PEOPLE[writer].person, PEOPLE[verifier].person}
        body = {"entries": [told.body()], "state": "submitted"}
        [row] = self.done(writer, "ledger-entries", body)["rows"]
        self.done(verifier, "ledger-entries/verification", {"all_submitted": True})
        self.record.enter(row["entry_id"], told)
        self.changed(told, row["entry_id"])

    # Before the seal

    def change(self):
        """The source reverses what it entered, and enters another value."""
        unit, hands, value = map(self.pick, (UNITS[:2], HANDS, VALUES))
        [old] = self.record.of(unit, BEST)
        self.done(hands[0], f"ledger-entries/{old}/reversal", {"reason": "x"})
        by = {PEOPLE[each].person for each in hands}
        self.enter(hands, Told(unit, BEST, value, set()))
        self.record.take_out(old, by)
        self.changed(self.record.told[old], old)

    def add_event(self):
        unit, hands, value = map(self.pick, (UNITS[:2], HANDS, EVENTS))
        self.enter(hands, Told(unit, LOST, value, set()))

    def seal(self):
        seen = self.done("verifier", "ledger/seal?mode=check", {})["seen"]
        self.done("verifier", "ledger/seal", {"seen": seen})
        self.record.is_sealed = True

    # Editions

    def score(self):
        before = self.record.editions[-1].totals if self.record.editions else None
        made = self.record.compute()
        number = self.done("verifier", "score-sheets", {"categories": ["COUNTY"]})["edition"]
        assert number == len(self.record.editions)
        assert self.totals(number) == made.totals
        if before is not None:
            path = f"score-sheets/{number}/differences?against={number - 1}"
            listed = self.get(path)["units"]
            moved = {each["unit"] for each in listed if each["before"] != each["after"]}
            assert moved == {u for u in UNITS if made.totals[u] != before[u]}

    def totals(self, number):
        told = self.get(f"score-sheets/{number}")["units"]
        return {e["unit"]: None if e["total"] is None else Decimal(e["total"]) for e in told}

    def feed_back(self):
        self.done("verifier", f"score-sheets/{len(self.record.editions)}/feedback")
        self.record.editions[-1].fed_back = True
        self.last = after(self.today, 5)

    # Objections and remarks

    def file(self):
        things = [("mark", BEST), ("mark", LOST), *[("entry", each) for each in self.record.told]]
        who = ["clerk", "other", "head", "others-head", "colleague"]
        every = [(w, f, a) for w in who for f in (OBJECTS, REMARKS) for a in things]
        right = [each for each in every if self.may_file(PEOPLE[each[0]], *each[1:])]
        who, form, about = self.pick(every if self.pick([1, 2, 3, 4]) == 1 else right or every)
        by = PEOPLE[who]
        field = {"mark": "indicator", "entry": "entry_id"}[about[0]]
        body = {"form": form, "about": about[0], field: about[1], "asks": "x", "text": "x"}
        answer = self.post(who, "objections", body, form)
        may = self.may_file(by, form, about)
        assert answer.is_success == may, (who, body, answer.text)
        if may:
            made = self.appeals[answer.json()["objection_id"]] = Appeal(form, about, by, self.today)
            made.score = self.score_of(by.unit, form, about)

    def score_of(self, unit, form, about):
        if form == REMARKS or about[0] != "mark":
            return None
        return self.record.fed_back.marks[about[1]][unit]

    def may_file(self, by, form, about):
        if by.role != OF_UNIT:
            return False
        same = [a for a in self.appeals.values() if (a.form, a.about) == (form, about)]
        same = [each for each in same if each.unit == by.unit]
        if about[0] == "entry" and not self.is_entry(about[1], by.unit):
            return False
        if form == REMARKS:
            return not self.record.is_sealed and not any(e.state == "pending" for e in same)
        score = self.score_of(by.unit, form, about)
        stands = [e for e in same if e.state != "withdrawn" and e.score == score]
        return self.today <= self.last and not stands

    def is_entry(self, entry_id, unit):
        """Whether it is an entry about the unit that counts in the ledger, whatever is laid over
        it."""
        told = self.record.told[entry_id]
        stands = entry_id not in self.record.asked and not told.is_reversed
        return stands and told.unit == unit

    def move(self):
        objection_id, way = self.pick([*self.appeals]), self.pick(["right", "near", "near", "any"])
        appeal, both = self.appeals[objection_id], [(w, m) for w in PEOPLE for m in MOVES]
        hands = self.hands_of(appeal)
        right = [(w, m) for w, m in both if m != "withdraw" and self.may(appeal, w, m, hands)]
        near = [(w, m) for w, m in both if appeal.is_near(PEOPLE[w], m)]
        right = [each for each in right if each[1] == "carry_out"] or right
        who, move = self.pick({"right": right, "near": near}.get(way) or both)
        if move == "carry_out":
            self.carry_out(objection_id, who)
            return
        may = self.may(appeal, who, move, hands)
        answer = self.say(objection_id, who, move)
        assert answer.is_success == may, (who, move, appeal.__dict__, answer.text)
        if may:
            appeal.make(PEOPLE[who], move, self.today)

    def may(self, appeal, who, move, hands):
        if move == "carry_out":
            return any(appeal.may_carry_out(PEOPLE[who], each) for each in appeal.proper)
        return appeal.may(PEOPLE[who], move, self.today, hands)

    def hands_of(self, appeal):
        what, which = appeal.about
        if what == "mark":
            return self.record.hands_of_mark(appeal.unit, which)
        return self.record.hands_of_entry(which)

    def say(self, objection_id, who, move, **more):
        [found] = self.get(f"objections?objection_id={objection_id}")["items"]
        body = {"step": found["step"], "move": move, "text": "x"} | more
        body |= {"stands": "x"} if move.startswith("uphold") else {}
        where = "answers" if move in ("appeal", "withdraw") else "decisions"
        return self.post(who, f"objections/{objection_id}/{where}", body, move)

    def carry_out(self, objection_id, who):
        appeal, record = self.appeals[objection_id], self.record
        others = [*record.told, *record.asked]
        named = self.pick(sorted(appeal.proper) * len(others) + others)
        may = appeal.may_carry_out(PEOPLE[who], named)
        answer = self.say(objection_id, who, "carry_out", carried_out_by=named)
        assert answer.is_success == may, (who, named, appeal.__dict__, answer.text)
        if may:
            appeal.make(PEOPLE[who], "carry_out", self.today, named)

    # Corrections of the sealed record

    def propose(self):
        who = self.pick(PROPOSERS)
        what = self.pick(["replaces", "replaces", "removes", "adds"])
        record, rests_on, told = self.record, None, self.about(what)
        if self.appeals and self.pick([True, True, False]):
            upheld = [i for i in self.appeals if self.holds(Asked(what, told, "", i))]
            rests_on = self.pick(upheld * len(self.appeals) + [*self.appeals])
        asked = Asked(what, told, PEOPLE[who].person, rests_on)
        answer = self.post(who, "corrections", self.body_of(asked), what)
        may = record.may_propose(PEOPLE[who], asked, self.spoke_in(asked)) and self.holds(asked)
        assert answer.is_success == may, (who, asked, answer.text)
        if may:
            record.asked[answer.json()["correction"]["correction_id"]] = asked

    def spoke_in(self, asked):
        return set() if asked.rests_on is None else self.appeals[asked.rests_on].spoke

    def about(self, what):
        record, corrects = self.record, None
        if what == "adds":
            unit, indicator = self.pick(UNITS), self.pick([BEST, LOST])
        else:
            corrects = self.pick([*record.counts] * 3 + [*record.told])
            unit, indicator = record.told[corrects].unit, record.told[corrects].indicator
        value = self.pick(VALUES if indicator == BEST else EVENTS)
        return Told(unit, indicator, value, set(), corrects)

    def body_of(self, asked):
        told, more = asked.told.body(), {}
        if asked.what != "adds":
            more = {"corrects": asked.told.corrects}
            told = {"value": told["value"]} if asked.what == "replaces" else {}
        origin = {"origin": "audit"}
        if asked.rests_on is not None:
            origin = {"origin": "objection", "objection_id": asked.rests_on}
        return DOCUMENT | {"what": asked.what, "reason": "x"} | more | told | origin

    def holds(self, asked):
        """Whether nothing is wanting of the objection on which a correction rests."""
        if asked.rests_on is None:
            return True
        appeal, told = self.appeals[asked.rests_on], asked.told
        if self.record.is_carried(asked, appeal.carried):
            return False
        what, which = appeal.about
        indicator = which if what == "mark" else self.record.told[which].indicator
        return appeal.is_upheld and (appeal.unit, indicator) == (told.unit, told.indicator)

    def decide(self):
        record, way = self.record, self.pick(["right", "near", "near", "any"])
        decision = self.pick(["approved"] * 4 + ["refused"])
        every = [i for i, each in record.asked.items() if each.state == "proposed"]
        correction = self.pick(every * len(record.asked) + [*record.asked])
        asked = record.asked[correction]
        near = [who for who, each in PEOPLE.items() if each.role == COMMITTEE]
        about = correction, decision, self.spoke_in(asked)
        right = [who for who in near if record.may_decide(PEOPLE[who], *about)]
        who = self.pick({"right": right, "near": near}.get(way) or [*PEOPLE])
        may = record.may_decide(PEOPLE[who], *about)
        holds = decision == "refused" or self.holds(asked)
        body, path = {"decision": decision, "text": "x"}, f"corrections/{correction}/decision"
        answer = self.post(who, path, body, decision)
        assert answer.is_success == (may and holds), (who, decision, asked, answer.text)
        if may and holds:
            record.decide(PEOPLE[who].person, correction, decision)
            if decision == "approved" and asked.rests_on:
                self.appeals[asked.rests_on].rested.add(correction)
                self.appeals[asked.rests_on].carried.add(correction)

    def take_back(self):
        record, who = self.record, self.pick([*PROPOSERS, *PEOPLE])
        every = [i for i, each in record.asked.items() if each.state == "proposed"]
        correction = self.pick(every * len(record.asked) + [*record.asked])
        asked = record.asked[correction]
        may = record.may_take_back(PEOPLE[who], correction, self.spoke_in(asked))
        path = f"corrections/{correction}/withdrawal"
        answer = self.post(who, path, {"text": "x"}, "take_back")
        assert answer.is_success == may, (who, asked, answer.text)
        asked.state = "withdrawn" if may else asked.state

    def days_pass(self):
        days = self.pick([1, 2, 3, 7])
        self.ask(self.clock.pass_days(days))
        self.today += dt.timedelta(days=days)

    # What is told of it

    def compare(self):
        found = {each["objection_id"]: each for each in self.get("objections")["items"]}
        assert [*found] == [*self.appeals]
        for objection_id, appeal in self.appeals.items():
            each = found[objection_id]
            told = (each["form"], each["state"], each["level"], each["light"])
            stands = (appeal.form, appeal.state, appeal.level, appeal.light(self.today))
            assert told == stands
            assert each["to_carry_out"] == appeal.is_to_carry_out
            assert each["due"] in (None, appeal.due.isoformat())
            assert appeal.score == (None if each["score"] is None else Decimal(each["score"]))
        self.compare_corrections()
        for number, edition in enumerate(self.record.editions, 1):
            assert self.totals(number) == edition.totals
        self.compare_readers()
        self.score()

    def compare_corrections(self):
        told = {e["correction_id"]: e["state"] for e in self.get("corrections")["items"]}
        assert told == {i: each.state for i, each in self.record.asked.items()}

    def compare_readers(self):
        """A unit reads its own, and corrections once a sheet with them was fed back."""
        fed_back = (each.corrections for each in self.record.editions if each.fed_back)
        told = set().union(*fed_back)
        for who in ("clerk", "other", "source"):
            unit = PEOPLE[who].unit
            shown = self.get("objections", who)["items"]
            own = [i for i, a in self.appeals.items() if a.unit == unit]
            if who == "source":
                own = [i for i, a in self.appeals.items() if a.form == REMARKS]
            else:
                assert [each["objection_no"] for each in shown] == [*range(1, len(own) + 1)]
                read = {e["correction_id"] for e in self.get("corrections", who)["items"]}
                assert read == {i for i in told if self.record.asked[i].told.unit == unit}
            assert [each["objection_id"] for each in shown] == own


def _machine():
    from hypothesis.stateful import rule

    class Whole(TheWayBack):
        # One number for all that is drawn in a step: what there is to choose from depends on the
        # day of the week, and what is drawn may not.
        @rule(seed=st.integers(0, 2**32 - 1))
        def anything(self, seed):
            self.tally["steps"] += 1
            self.drawn = Random(seed)  # noqa: S311 - nothing secret
            self.pick(self.ready())()

        def teardown(self):
            self.compare()

    return Whole


@pytest.fixture
def new_record(shifted, others, document):
    """A factory of cycles whose scheme is that of the model."""
    numbers = count(1)

    def make():
        cycle_id = uuid4()
        others.schemes[cycle_id] = scheme(document)
        return Cycle(shifted, cycle_id, f"/api/v1/cycles/{cycle_id}", next(numbers))

    return make


async def test_the_way_back_is_what_a_model_of_it_is(new_record, clock):
    """Planted bugs: `own-act` left out, so that who entered or verified it decides; `own-part` of
    corrections left out, likewise."""
    tally = await run_machine(_machine(), lambda: (new_record, clock), (6, 40), (130, 50))
    made = {each.removesuffix(" kept") for each in tally if each.endswith(" kept")}
    assert tally["steps"] >= trials(100, 5_000)
    usual = {OBJECTS, REMARKS, "uphold", "reject", "appeal", "replaces", "approved"}
    assert trials(usual, usual | EVERYTHING) <= made, tally
