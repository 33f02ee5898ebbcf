"""A model of objections and remarks: who may make which move, by whom, and on which days."""

import datetime as dt

from services.scoring.tests.appeals.record_model import SOURCE_UNIT, STANDING, UNITS, Who

from chassis.deadlines import PLAIN_WEEKS

OBJECTS, REMARKS = "objection", "remark"
LEVELS = {OBJECTS: STANDING, REMARKS: ("data_source_unit", *STANDING[:2])}
DAYS = {OBJECTS: (5, 10), REMARKS: (3, 3)}
"""Within how many working days it is taken further, and is decided."""

OUTCOME = {"uphold": "upheld", "uphold_part": "partly_upheld", "reject": "rejected"}
MOVES = ("appeal", "withdraw", *OUTCOME, "carry_out")


def after(day: dt.date, count: int) -> dt.date:
    return PLAIN_WEEKS.after(day, count)


class Appeal:
    """One objection or remark as it should stand."""

    def __init__(self, form: str, about: tuple[str, str], by: Who, today: dt.date) -> None:
        self.form, self.about, self.unit = form, about, by.unit
        self.levels, (self.further, self.within) = LEVELS[form], DAYS[form]
        self.state, self.level, self.people = "pending", 1, {by.person}
        self.spoke = {by.person}  # for the unit
        self.told, self.due = today, after(today, self.within)
        self.score = None
        self.is_done = False
        # What of it has changed since it was decided, and the corrections that rest on it: they
        # carry it out whenever they were approved.
        self.changes: set[str] = set()
        self.rested: set[str] = set()
        self.named: set[str] = set()
        # What it carried out since it was decided: it does so once.
        self.carried: set[str] = set()

    def may(self, who: Who, move: str, today: dt.date, hands: set[str]) -> bool:
        """Whether somebody may make a move, where `hands` brought about what it is about."""
        if move in OUTCOME:
            return self.state == "pending" and self.may_decide(who, hands)
        if (who.role, who.unit) != ("assessed_unit", self.unit):
            return False
        if move == "withdraw":
            return self.state == "pending"
        if self.level == 3 or (self.form == REMARKS and who.person in self.people):
            return False
        if self.state == "pending":
            return today > self.due
        in_time = today <= after(self.told, self.further)
        return self.state in ("partly_upheld", "rejected") and in_time

    def may_decide(self, who: Who, hands: set[str]) -> bool:
        role = self.levels[self.level - 1]
        if who.role != role:
            return False
        if role == "data_source_unit":
            return who.unit == SOURCE_UNIT and who.person not in self.people
        return who.unit not in (*UNITS, SOURCE_UNIT) and who.person not in self.people | hands

    def may_carry_out(self, who: Who, named: str) -> bool:
        of_office = who.role == STANDING[0] and who.unit not in UNITS
        of_office = of_office and who.person not in self.spoke
        return self.is_upheld and of_office and named in self.proper

    @property
    def proper(self) -> set[str]:
        """What may be named as what it was carried out by."""
        return (self.changes | self.rested) - self.named

    @property
    def is_upheld(self) -> bool:
        return self.state in ("upheld", "partly_upheld")

    def is_near(self, who: Who, move: str) -> bool:
        """Whether somebody has the role that makes such a move now, whoever else is barred."""
        if move == "carry_out":
            return self.is_upheld and who.role == STANDING[0]
        if move in OUTCOME:
            return self.state == "pending" and who.role == self.levels[self.level - 1]
        return move == "appeal" and who.unit == self.unit

    @property
    def is_to_carry_out(self) -> bool:
        return self.is_upheld and not self.is_done

    def make(self, who: Who, move: str, today: dt.date, named: str | None = None) -> None:
        self.people |= {who.person}
        self.spoke |= {who.person} if move in ("appeal", "withdraw") else set()
        if named is not None:
            self.named.add(named)
            self.is_done = True
        elif move == "appeal":
            self.level, self.state = self.level + 1, "pending"
            self.due = after(today, self.within)
        else:
            self.state, self.told = OUTCOME.get(move, "withdrawn"), today
            self.is_done, self.changes, self.carried = False, set(), set()

    def light(self, today: dt.date) -> str:
        if self.state != "pending":
            return "none"
        if today > self.due:
            return "red"
        return "yellow" if after(self.due, -3) <= today else "none"
