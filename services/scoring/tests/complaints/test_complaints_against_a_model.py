"""Complaints against a model of them: whoever makes whichever move, on whichever day."""

import datetime as dt

from hypothesis import strategies as st
from services.scoring.tests.complaints.handling import Complaints

from chassis.deadlines import PLAIN_WEEKS
from service_testing.machines import AskingMachine, run_machine, step

PEOPLE = {
    # person, roles, unit
    "office": ("p-office", "performance_office", None),
    "office-again": ("P-OFFICE", "performance_office", None),
    "colleague": ("p-colleague", "performance_office", None),
    "inside": ("p-inside", "performance_office", "B"),
    "lead": ("p-lead", "assessed_unit", "A"),
    "lead-in-office": ("p-lead", "performance_office", None),
    "support": ("p-support", "assessed_unit", "B"),
    "other": ("p-other", "assessed_unit", "C"),
}
UNITS = {"A": "XQ01", "B": "XQ02", "C": "XQ03"}
ACCEPT, FINISH, LONGER = 1, 13, 5

OFFICE, LEAD, UNIT = "office", "lead", "unit"
TABLE = {
    # state and move: the state that follows, whose it is, whose moves bar a person
    ("raised", "accept"): ("accepted", OFFICE, ()),
    ("raised", "refuse"): ("refused", OFFICE, ("raise",)),
    ("raised", "call_malicious"): ("suspected", OFFICE, ()),
    ("suspected", "confirm_malice"): ("malicious", OFFICE, ("raise", "call_malicious")),
    ("suspected", "clear"): ("raised", OFFICE, ("call_malicious",)),
    ("accepted", "assign"): ("assigned", OFFICE, ()),
    ("assigned", "assign"): ("assigned", OFFICE, ()),
    ("assigned", "urge"): ("assigned", OFFICE, ()),
    ("assigned", "return"): ("accepted", UNIT, ()),
    ("assigned", "answer"): ("answered", LEAD, ("assign",)),
    ("assigned", "ask_extension"): ("extension_asked", LEAD, ()),
    ("extension_asked", "grant_extension"): ("assigned", OFFICE, ()),
    ("extension_asked", "refuse_extension"): ("assigned", OFFICE, ()),
    ("extension_asked", "answer"): ("answered", LEAD, ("assign",)),
    ("answered", "revisit"): ("revisited", OFFICE, ()),
    ("revisited", "close"): ("closed", OFFICE, ("revisit",)),
    ("revisited", "redo"): ("assigned", OFFICE, ()),
}
MOVES = sorted({move for _, move in TABLE})
UNIT_MOVES = ("return", "answer", "ask_extension")
ENDS = ("refuse", "call_malicious", "confirm_malice")


def add(day, count):
    return PLAIN_WEEKS.after(day, count)


class Model:
    """One complaint as it should stand: its state, its units, its day, and what it has earned."""

    def __init__(self, person, today):
        self.state, self.units, self.step, self.word = "raised", (), 1, None
        self.by = {"raise": person}
        self.acted, self.asked, self.redone = set(), False, False
        self.had = set()
        self.returned, self.waiting = {}, []
        self.due, self.term, self.since = add(today, ACCEPT), 0, None
        self.earned = set()

    def is_near(self, who, move):
        _, by, _ = TABLE.get((self.state, move), (None, None, None))
        wanted = "performance_office" if by == OFFICE else "assessed_unit"
        return by is not None and PEOPLE[who][1] == wanted

    def may(self, who, move, today, units):
        person, _, unit = PEOPLE[who]
        person = person.lower()
        if not self.is_near(who, move):
            return False
        then = TABLE[self.state, move]
        if person in {self.by.get(each) for each in then[2]}:
            return False
        if then[1] == OFFICE:
            if unit in self.units or person in self.acted:
                return False
        elif unit not in self.units or (then[1] == LEAD and unit != self.units[0]):
            return False
        return self.fits(move, unit, today, units)

    def fits(self, move, unit, today, units):
        if move == "ask_extension":
            return not self.asked and today <= self.due
        if move == "return":
            return unit not in self.returned
        if move == "assign" and self.state == "assigned":
            return today > self.due and units[0] != self.units[0]
        return move != "close" or self.word != "dissatisfied" or self.redone

    def make(self, who, move, today, word, units):
        person, _, unit = PEOPLE[who]
        self.step += 1
        self.late(move, today)
        if move == "assign" and self.state == "assigned":
            self.due, self.term = add(today, FINISH), self.step
        self.state = TABLE[self.state, move][0]
        self.by[move] = person.lower()
        if move in UNIT_MOVES:
            self.acted.add(person.lower())
            self.had.add(unit)
        self.asked = self.asked or move == "ask_extension"
        self.word = word if move == "revisit" else self.word
        self.days(move, today)
        if move == "redo":
            self.redone, self.since = True, today
            self.earned.add(("redone", self.step, self.units[0]))
        if move == "return":
            self.returned[unit], self.units = self.step, ()
            self.waiting.append(unit)
        if move == "assign":
            self.assign(units, today)

    def days(self, move, today):
        if move in ("accept", "redo"):
            self.due, self.term = add(today, FINISH), self.step
        if move == "grant_extension":
            self.due = add(self.due, LONGER)

    def assign(self, units, today):
        self.units, self.since = units, today
        again = [unit for unit in self.waiting if unit in units]
        self.earned |= {("returned", self.returned[unit], unit) for unit in again}
        self.waiting = []

    def late(self, move, today):
        """Note that the lead has missed its day, as time goes by or as it answers."""
        stands = self.state == "assigned" or (self.state == "extension_asked" and move == "answer")
        told = any(what == "overdue" and step == self.term for what, step, _ in self.earned)
        if stands and self.since <= self.due < today and not told:
            self.earned.add(("overdue", self.term, self.units[0]))

    def light(self, today):
        if self.state not in ("raised", "suspected", "accepted", "assigned", "extension_asked"):
            return "none"
        if today > self.due:
            return "red"
        return "yellow" if add(self.due, -3) <= today else "none"


class OneComplaint(AskingMachine):
    """Makes moves of a few complaints, each by anybody, and compares where they stand."""

    def __init__(self):
        super().__init__()
        self.complaints, self.clock = type(self).world()
        self.models = {}
        self.today = dt.date.fromisoformat(self.ask(self.clock.today()))

    def client(self, who):
        person, role, unit = PEOPLE[who]
        return self.complaints.cycle.caller(role, unit=UNITS.get(unit), subject=who, person=person)

    @step(who=st.sampled_from(["office", "colleague"]))
    def register(self, who):
        if len(self.models) < 4:
            new = self.complaints.registered(by=self.client(who), kind="hotline")
            self.models[self.ask(new)] = Model(PEOPLE[who][0], self.today)

    @step(
        ready=lambda self: self.models,
        fitting=st.sampled_from(["right", "right", "right", "near", "any"]),
        word=st.sampled_from(["satisfied", "dissatisfied", "not_reached"]),
        units=st.sampled_from([("A", "B"), ("A", "B"), ("C",)]),
    )
    def move(self, data, fitting, word, units):
        complaint_id = data.draw(st.sampled_from([*self.models]))
        model = self.models[complaint_id]
        both = [(who, move) for who in sorted(PEOPLE) for move in MOVES]
        right = [(w, m) for w, m in both if model.may(w, m, self.today, units)]
        right = [(w, m) for w, m in right if m not in ENDS]
        # What somebody of the office, or of a unit, might do in this state, and this one may not.
        near = [(w, m) for w, m in both if model.is_near(w, m) and (w, m) not in right]
        drawn = {"right": right, "near": near}.get(fitting) or both
        who, move = data.draw(st.sampled_from(drawn))
        may = model.may(who, move, self.today, units)
        sent = self.ask(self.send(complaint_id, who, move, word, units))
        answer = self.told(f"x/{move}", sent)
        assert answer.is_success == may, (who, move, model.state, answer.text)
        if may:
            model.make(who, move, self.today, word, units)

    async def send(self, complaint_id, who, move, word, units):
        more = {"step": self.models[complaint_id].step, "text": "x"}
        if move == "accept":
            more["kind"] = "hotline"
        if move == "revisit":
            more["word"] = word
        if move == "assign":
            roles = zip(units, ("lead", "support"), strict=False)
            more["units"] = [{"unit": UNITS[unit], "role": role} for unit, role in roles]
        if move in UNIT_MOVES:
            return await self.complaints.answer(complaint_id, move, by=self.client(who), **more)
        return await self.complaints.direct(complaint_id, move, by=self.client(who), **more)

    @step(days=st.sampled_from([1, 1, 2, 5, 14]))
    def days_pass(self, days):
        self.ask(self.clock.pass_days(days))
        self.today += dt.timedelta(days=days)
        for model in self.models.values():
            model.late(None, self.today)

    @step()
    def write(self):
        office = self.complaints.cycle.office
        answer = self.ask(self.complaints.cycle.post(office, "complaint-events", None))
        assert answer.is_success, answer.text

    def compare(self):
        if self.models:
            self.write()
        for complaint_id, model in self.models.items():
            found = self.ask(self.complaints.now(complaint_id))
            told = (found["state"], found["step"], found["light"])
            assert told == (model.state, model.step, model.light(self.today)), model.by
            assert [each["unit"] for each in found["units"]] == [UNITS[u] for u in model.units]
            if model.state not in ("refused", "malicious"):
                assert found["due"] == model.due.isoformat()
            events = [(each["what"], each["step"], each["unit"]) for each in found["events"]]
            assert sorted(events) == sorted((w, n, UNITS[u]) for w, n, u in model.earned)
        for unit, code in UNITS.items():
            shown = self.ask(self.complaints.listed(by=self.complaints.of(code)))
            assert set(shown) == {i for i, m in self.models.items() if unit in m.units}
            for complaint_id, model in self.models.items():
                charged = model.had | {each for _, _, each in model.earned}
                read = self.ask(self.complaints.read(complaint_id, self.complaints.of(code)))
                reads = unit in model.units or unit in charged
                assert read.status_code == (200 if reads else 404)


def _machine():
    from hypothesis.stateful import rule

    class Whole(OneComplaint):
        @rule(data=st.data())
        def anything(self, data):
            often = [*[self.register] * 2, *[self.move] * 12, self.days_pass, self.write]
            self.one_of(data, *often)

        def teardown(self):
            self.compare()

    return Whole


async def test_complaints_stand_where_a_model_of_them_does(new_complaints, clock):
    """Planted bugs: accounts compared and not persons; a support that answers; an extension that
    is counted from the day on which it is granted; closed by whoever revisited; taken back from a
    unit on its last day; answered by who gave it to the unit; no day of its own for a unit that
    gets what another let lapse; what a unit has returned it reads no more."""
    tally = await run_machine(_machine(), lambda: (new_complaints(), clock), (8, 40), (100, 50))
    made = {each.removesuffix(" kept") for each in tally if each.endswith(" kept")}
    assert {"accept", "assign", "answer", "revisit", "return"} <= made, tally
    assert isinstance(new_complaints(), Complaints)
