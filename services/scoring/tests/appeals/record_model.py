"""A model of the record: what counts of a few units, what is corrected, and what it is worth."""

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

UNITS = ("XQ01", "XQ02", "XQ05")
BEST, LOST = "BEST", "LOST"
PLACES = Decimal("0.0001")
SOURCE_UNIT = "ZH02"
STANDING = ("performance_office", "committee", "standing_committee")


def scheme(document: dict) -> dict:
    """A scheme of one value, held against the best, and of events that lose points, with
    objections and remarks."""
    of = {"data_source_unit": SOURCE_UNIT, "children": [], "allow_exceed": False}
    of |= {"frequency": "yearly"}
    best = {"code": BEST, "name": "比", "points": "20", "method": "relative_to_best", "params": {}}
    lost = {"code": LOST, "name": "扣", "points": "200", "method": "deduct_events"}
    indicators = [best | of, lost | of | {"params": {"per_event": {"late": "2"}}}]
    block = {"code": "function", "name": "板块", "points": "220", "indicators": indicators}
    category = {"code": "COUNTY", "name": "县", "units": [*UNITS], "blocks": [block]}
    return document | {
        "categories": [category | {"organiser": "ZH40"}],
        "ledger": {"zero_report_required": False},
        "composition": document["composition"] | {"parts": ["function"]},
        "objections": {"file_within": 5, "decide_within": 10, "remarks": {"answer_within": 3}},
        "corrections": {"may_fall": True},
    }


class Who(NamedTuple):
    """An account: the human being behind it, its role and unit."""

    person: str
    role: str
    unit: str | None


@dataclass
class Told:
    """What an entry says, or a correction in its place, and who had a hand in it."""

    unit: str
    indicator: str
    value: Decimal
    hands: set[str]
    corrects: str | None = None
    is_reversed: bool = False

    def is_of(self, other: "Told") -> bool:
        return (self.unit, self.indicator) == (other.unit, other.indicator)

    def body(self) -> dict:
        kind = ("measured_value", "value", "2025") if self.indicator == BEST else _EVENT
        told = dict(zip(("kind", "key", "period"), kind, strict=True))
        return {"unit": self.unit, "indicator": self.indicator, "value": str(self.value)} | told


_EVENT = ("event", "late", "2025-03")


@dataclass
class Asked:
    """A correction as it was proposed, on which objection it rests, and what became of it."""

    what: str
    told: Told
    proposer: str
    rests_on: str | None = None
    state: str = "proposed"

    def says(self, other: "Asked") -> bool:
        """Whether it adds the same, by the same document, and stands."""
        both = self.told.is_of(other.told) and self.told.value == other.told.value
        return self.what == other.what and both and self.state in ("proposed", "approved")


@dataclass
class Edition:
    """A score sheet: marks by indicator and unit, totals, which corrections are among it."""

    marks: dict[str, dict[str, Decimal | None]]
    corrections: set[str]
    totals: dict[str, Decimal | None] = field(default_factory=dict)
    fed_back: bool = False


class Record:
    """The ledger, what is laid over it once it is sealed, and the editions that were computed."""

    def __init__(self) -> None:
        self.is_sealed = False
        self.told: dict[str, Told] = {}
        self.counts: list[str] = []
        self.asked: dict[str, Asked] = {}
        self.editions: list[Edition] = []

    def enter(self, entry_id: str, told: Told) -> None:
        self.told[entry_id] = told
        self.counts.append(entry_id)

    def take_out(self, entry_id: str, hands: set[str]) -> None:
        self.told[entry_id].hands |= hands
        self.told[entry_id].is_reversed = True
        self.counts.remove(entry_id)

    def of(self, unit: str, indicator: str) -> list[str]:
        wanted = unit, indicator
        told = self.told
        return [e for e in self.counts if (told[e].unit, told[e].indicator) == wanted]

    def marks(self) -> dict[str, dict[str, Decimal | None]]:
        """The scores as the regulation says: by hand, and not as the product computes them."""
        values = {}
        for unit in UNITS:
            found = self.of(unit, BEST)
            values[unit] = self.told[found[0]].value if found else None
        best = max((each for each in values.values() if each is not None), default=None)
        shown = {u: None if v is None else _rounded(20 * v / best) for u, v in values.items()}
        lost = {u: sum(self.told[e].value for e in self.of(u, LOST)) for u in UNITS}
        return {BEST: shown, LOST: {u: _rounded(Decimal(200) - 2 * n) for u, n in lost.items()}}

    def compute(self) -> Edition:
        marks = self.marks()
        approved = {i for i, each in self.asked.items() if each.state == "approved"}
        made = Edition(marks, approved)
        for unit in UNITS:
            pair = [marks[each][unit] for each in (BEST, LOST)]
            made.totals[unit] = None if None in pair else sum(pair)
        self.editions.append(made)
        return made

    @property
    def fed_back(self) -> Edition:
        """The newest edition that the units were told."""
        return next(each for each in reversed(self.editions) if each.fed_back)

    def parts_in(self, entry_id: str) -> set[str]:
        """Who had a hand in what stands under an id, and in whatever stood there before."""
        told = self.told[entry_id]
        before = self.parts_in(told.corrects) if told.corrects else set()
        return told.hands | before

    def hands_of_mark(self, unit: str, indicator: str) -> set[str]:
        every = (t for t in self.told.values() if (t.unit, t.indicator) == (unit, indicator))
        return set().union(*(each.hands for each in every))

    def hands_of_entry(self, entry_id: str) -> set[str]:
        """Those of an entry, and of what corrects the same mark."""
        told = self.told[entry_id]
        mine = [i for i, each in self.told.items() if each.is_of(told) and i in self.asked]
        return told.hands.union(*(self.told[each].hands for each in mine))

    def fits(self, asked: Asked, but: str | None = None) -> bool:
        """Whether something counts, and alone, that a correction would change."""
        told, waiting = asked.told, self.waiting(but)
        if asked.what == "adds":
            if but is None and any(each.says(asked) for each in self.asked.values()):
                return False
            return told.indicator == LOST or not self.of(told.unit, BEST)
        if told.corrects not in self.counts or told.corrects in waiting:
            return False
        return asked.what == "removes" or told.value != self.told[told.corrects].value

    def waiting(self, but: str | None) -> set[str | None]:
        asked = self.asked.items()
        return {e.told.corrects for i, e in asked if e.state == "proposed" and i != but}

    def may_propose(self, who: Who, asked: Asked, spoke: set[str]) -> bool:
        of_office = who.role == "performance_office" and who.unit not in UNITS
        return self.is_sealed and of_office and who.person not in spoke and self.fits(asked)

    def may_take_back(self, who: Who, correction_id: str, spoke: set[str]) -> bool:
        of_office = who.role == "performance_office" and who.unit not in UNITS
        waits = self.asked[correction_id].state == "proposed"
        return of_office and who.person not in spoke and waits

    def is_carried(self, asked: Asked, carried: set[str]) -> bool:
        """Whether one of the corrections that an objection carried out already did the same."""
        if asked.what == "adds":
            return any(
                self.asked[each].what == "adds" and self.told[each].is_of(asked.told)
                for each in carried
            )
        at = asked.told.corrects
        while at is not None and at not in carried:
            at = self.told[at].corrects
        return at is not None

    def may_decide(self, who: Who, correction_id: str, decision: str, spoke: set[str]) -> bool:
        """Whether somebody decides, where some `spoke` in the objection that it rests on."""
        asked = self.asked[correction_id]
        if (
            who.role != "committee"
            or who.unit in {*UNITS, SOURCE_UNIT}
            or asked.state != "proposed"
        ):
            return False
        corrects = asked.told.corrects
        parts = self.parts_in(corrects) if corrects else set()
        if who.person in parts | {asked.proposer} | spoke:
            return False
        return decision == "refused" or self.fits(asked, correction_id)

    def decide(self, person: str, correction_id: str, decision: str) -> None:
        asked = self.asked[correction_id]
        asked.state = decision
        if decision == "refused":
            return
        told = asked.told
        told.hands = {asked.proposer, person}
        self.told[correction_id] = told
        if told.corrects:
            self.counts.remove(told.corrects)
        if asked.what == "removes":
            # It leads to what it took out, though it counts nowhere itself.
            return
        self.counts.append(correction_id)


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(PLACES, ROUND_HALF_UP)
