"""What is done with targets and letters of two years, held against their model."""

from copy import copy

from hypothesis import strategies as st
from tests.attacks.told_claims import YEARS
from tests.attacks.told_targets import MOVES, REQUESTS, Letter, with_deadline
from tests.attacks.two_years import (
    DECIDERS,
    INDICATORS,
    OF,
    OFFICE,
    PEOPLE,
    UNIT,
    UNITS,
    OfTwoYears,
)

from service_testing.machines import step

WHY = {"reason": "因故调整", "document_no": "绩办〔2025〕7号"}


class OfTargets(OfTwoYears):
    """Moves targets, and draws up and signs letters about them."""

    @step(
        key=st.tuples(st.sampled_from(YEARS), st.sampled_from(UNITS), st.sampled_from(INDICATORS)),
        move=st.sampled_from(["set", "set", "revise", "confirm", *MOVES, *REQUESTS, *REQUESTS]),
        who=st.sampled_from(["a", "a2", "b", "b", "v1"]),
        value=st.fixed_dictionaries({"target": st.sampled_from(["1", "99", "100", "101"])}),
    )
    def move_target(self, key, move, who, value):
        """Try a move, most of which are none that the target can make."""
        if move in ("propose", "request", "take back"):
            who = OF[key[1]]
        by_organiser = move == "support" or (move == "decline" and value["target"] == "1")
        self.move_one(key, move, "o" if by_organiser else who, value)

    @step(
        value=st.sampled_from(["50", "100", "150"]),
        another=st.sampled_from([None, None, "a", "a2", "b", "v1"]),
    )
    def go_on_with_a_target(self, data, value, another):
        """Make a move that the model allows somebody; or try it as somebody else of the office."""
        key = data.draw(st.sampled_from([*self.targets]))
        tries = [(move, who) for move in (*MOVES, *REQUESTS) for who in ("a", "b", "o", OF[key[1]])]
        can = [(move, who) for move, who in tries if self.may_move(key, move, who)]
        if can:
            move, who = data.draw(st.sampled_from(can))
            who = another if another and PEOPLE[who][2] == OFFICE else who
            self.move_one(key, move, who, {"target": value})

    def may_move(self, key, move, who):
        by = {"propose": UNIT, "request": UNIT, "take back": UNIT, "support": "organiser"}
        if PEOPLE[who][2] != by.get(move, OFFICE):
            return False
        told = copy(self.targets[key])
        told.former = [*told.former]
        return told.may(move, PEOPLE[who][0], {"target": 1}, organiser=who == "o")

    def move_one(self, key, move, who, value):
        self.touched.add(("targets", key[0]))
        told, was = self.targets[key], len(self.targets[key].former)
        named = {"unit": key[1], "indicator": key[2]}
        path, body = self.sent(move, named, {"version": max(self.moved[key], 1)}, value)
        values = {name: int(each) for name, each in value.items()}
        may = told.may(move, PEOPLE[who][0], values, organiser=who == "o")
        self.send("indicators", who, key[0], path, body, may)
        self.moved[key] += may
        if told.now is None:
            self.in_force.pop(key, None)
        elif len(told.former) > was:
            self.in_force[key] = self.moved[key]

    @staticmethod
    def sent(move, named, version, value):
        """Where a move is sent, and how it is said."""
        one = {"targets": [named | value]}
        words = {"approve": "approve", "return": "return", "confirm": "confirm", "refuse": "refuse"}
        words |= {"support": "support", "accept": "accept", "decline": "refuse"}
        by = {"approved_by": "分管市领导"}
        plain = {
            "set": ("targets", one | {"reason": "x"}),
            "propose": ("target-proposals", one),
            "revise": ("target-revisions", one | WHY | by),
            "request": ("target-revision-requests", one | WHY),
            "withdraw": ("target-withdrawals", {"targets": [named]} | WHY),
            "take back": ("target-revision-request-withdrawals", {"targets": [named | version]}),
        }
        if move in plain:
            return plain[move]
        where = "target-decisions" if move in ("approve", "return") else "target-confirmations"
        if move in REQUESTS:
            where = "target-revision-request-decisions"
        word = named | version | {"decision": words[move], "reason": "x"}
        return where, {"decisions": [word | (by if move == "accept" else {})]}

    @step(ready=lambda self: len(self.in_force) > 3, year=st.sampled_from(YEARS))
    def let_the_deadline_pass(self, year):
        if year in self.past:
            return
        steps = {"calendar": with_deadline("2026-01-31")["calendar"]}
        self.ask(self.at.publish(year, **steps))
        self.past.add(year)
        self.touched.add(("targets", year))
        for key, told in self.targets.items():
            told.past = told.past or key[0] == year

    # Letters

    def says(self, year, unit):
        """What a letter would say now."""
        held = [
            (code, self.in_force[year, unit, code], self.targets[year, unit, code].now["target"])
            for code in INDICATORS
            if (year, unit, code) in self.in_force
        ]
        return (tuple(held), year in self.past)

    @step(year=st.sampled_from(YEARS), unit=st.sampled_from(UNITS), who=st.sampled_from("abc"))
    def draw_up(self, year, unit, who):
        self.touched.add(("letters", year))
        says, versions = self.says(year, unit), self.letters[year, unit]
        may = says[0] and PEOPLE[who][1] != unit
        answer = self.send("indicators", who, year, "letters", {"units": [unit]}, may)
        if not may:
            return
        is_new = not versions or versions[-1].says != says
        (told,) = answer.json()["letters"]
        assert told["outcome"] == ("drawn_up" if is_new else "unchanged")
        if is_new:
            versions.append(Letter(says, digest=told["digest"]))
        assert (told["version"], told["digest"]) == (len(versions), versions[-1].digest)

    @step(
        ready=lambda self: any(self.letters.values()),
        who=st.sampled_from([*DECIDERS, "u1", "u2"]),
        side=st.sampled_from(["office", "unit"]),
    )
    def sign(self, data, who, side):
        have = [key for key, versions in self.letters.items() if versions]
        year, unit = data.draw(st.sampled_from(have))
        versions = self.letters[year, unit]
        self.touched.add(("letters", year))
        at = data.draw(st.sampled_from([len(versions), len(versions), 1]))
        letter, (person, own, role) = versions[at - 1], PEOPLE[who]
        of_side = (role == UNIT) == (side == "unit")
        may = of_side and letter.may_be_signed(
            side, person, own == unit, self.says(year, unit), at == len(versions)
        )
        row = {"unit": unit, "version": at, "digest": letter.digest, "side": side}
        self.send("indicators", who, year, "letter-signatures", {"signatures": [row]}, may)
        if may:
            letter.signed[side] = person

    def compare_targets(self, year):
        found = {
            (year, each["unit"], each["indicator"]): each
            for each in self.read("indicators", year, "targets")["targets"]
        }
        held = {key: version for key, version in self.in_force.items() if key[0] == year}
        assert {key: each["version"] for key, each in found.items()} == held
        for key, each in found.items():
            told = self.targets[key]
            assert (int(each["target"]), each["lowered"]) == (told.now["target"], told.lowered)
        self.compare_letters(year)

    def compare_letters(self, year):
        """A version never changes; it is outdated as soon as one would say something else."""
        for (of, unit), versions in self.letters.items():
            if of != year or not versions:
                continue
            found = self.read("indicators", year, f"letters/{unit}")["versions"]
            assert len(found) == len(versions)
            for n, (letter, told) in enumerate(zip(versions, found, strict=True), 1):
                letter.content = letter.content or told["content"]
                assert (told["digest"], told["content"]) == (letter.digest, letter.content)
                assert {each["side"] for each in told["signatures"]} == {*letter.signed}
                assert told["superseded"] is (n < len(versions))
                now = self.says(year, unit)
                assert told["outdated"] is (n == len(versions) and letter.says != now)
                said = [
                    (each["indicator"], each["version"], int(each["target"]))
                    for each in told["content"]["targets"]
                ]
                assert tuple(said) == letter.says[0]
