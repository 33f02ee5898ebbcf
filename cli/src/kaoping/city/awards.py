"""Claims that are hard to decide about, drawn for the units of a category, and what is said of
each when it is examined (加减分申报的疑难情形).

One document under two spellings, awards of several units, honours of a list, work of the year
before, documents that came late, holders that are not the unit or are so no longer, more awards
than the cap lets count, one event twice, decisions against the rules. What counts of them is not
known here: that is for the system to say, and for whoever computes it otherwise.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from kaoping.city.earlier import EVERYTHING, YEARS_BACK, earlier_year
from kaoping.city.generated import leaves
from kaoping.city.particulars import rules_of
from kaoping.city.special_awards import (
    of_grade,
    of_leaders,
    of_points,
    of_two_years,
    since_revoked,
)
from kaoping.plan import Document, EvidenceFile, Plan, Ruling

RENAMED_ON = "2025-06-15"
"""On this day one unit of each category gets another name."""

DRAWN_FROM = 100_000
"""Files of claims are drawn from numbers above those of entries."""


@dataclass
class Awards:
    """Claims, what is said of them, the units that are renamed, who adds which files, and which
    claims of an earlier year some look back at."""

    claims: list[Document] = field(default_factory=list)
    rulings: dict[str, Ruling] = field(default_factory=dict)
    counted_before: dict[str, bool] = field(default_factory=dict)
    renamed: dict[str, tuple[str, str]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    earlier: list[Document] = field(default_factory=list)

    def draw(
        self,
        scheme: Document,
        category: Mapping[str, Any],
        names: Mapping[str, str],
        situations: "Sequence[Situation]",
    ) -> None:
        """Add what the units of a category claim in some situations."""
        code = category["code"]
        random = Random(f"awards {scheme['assessment_year']} {code}")  # noqa: S311 - no secret
        units = random.sample(category["units"], len(category["units"]))
        indicators = [leaf["code"] for leaf in leaves(category)]
        hand = Hand(self, rules_of(scheme, category), code, units, names, indicators, random)
        if _renamed in situations:
            self.renamed[hand.last_unit] = new_name(names[hand.last_unit]), RENAMED_ON
        for situation in situations:
            situation(hand)

    @property
    def evidence(self) -> dict[str, EvidenceFile]:
        """The files that back claims, each drawn from a number of its own."""
        files = (EvidenceFile(name, "pdf", n) for n, name in enumerate(self.files, DRAWN_FROM))
        return {file.name: file for file in files}


def with_awards(plan: Plan, categories: Collection[str], *, is_full: bool) -> Plan:
    """Return a year in which the units of some categories claim what is hard to decide about: in
    every situation that there is, or each in one of four."""
    names = {unit["code"]: unit["name"] for unit in plan.units}
    drawn = Awards(files={**plan.added_by})
    chosen = [each for each in plan.scheme["categories"] if each["code"] in categories]
    for place, category in enumerate(chosen):
        part = (*SITUATIONS, *LOOKING_BACK) if is_full else SITUATIONS[place % 4 :: 4]
        drawn.draw(plan.scheme, category, names, part)
    return replace(
        plan,
        claims=plan.claims + drawn.claims,
        counted_before={**plan.counted_before, **drawn.counted_before},
        rulings=drawn.rulings,
        renamed=drawn.renamed,
        evidence=drawn.evidence,
        added_by=drawn.files,
        earlier=earlier_year(plan, drawn.earlier),
    )


def new_name(name: str) -> str:
    """Return what a unit is called once it was renamed."""
    return f"{name}本部" if "云川" in name else f"云川{name}"


@dataclass
class Hand:
    """What is drawn with, and where to."""

    drawn: Awards
    rules: Document
    category: str
    units: Sequence[str]
    names: Mapping[str, str]
    indicators: Sequence[str]
    random: Random
    _claimed: int = 0
    _taken: int = 0
    _documents: int = 0

    def some(self, number: int) -> list[str]:
        """Return the next units in their drawn order, each of them another."""
        self._taken += number
        return [self.units[n % len(self.units)] for n in range(self._taken - number, self._taken)]

    @property
    def last_unit(self) -> str:
        """The unit that is renamed."""
        return self.units[-1]

    @property
    def one(self) -> str:
        """The next unit."""
        return self.some(1)[0]

    def number(self) -> int:
        """Return the number of a new document."""
        self._documents += 1
        return self._documents

    def award(self, unit: str, level: str = "provincial", **more: object) -> str:
        """Have a unit claim a right award, but for what is said otherwise; return its number."""
        rules = self.rules["bonus"]["rules"]
        rule = next(each for each in rules if each["level"] == level)
        n, month, day = self.number(), self.random.randint(1, 12), self.random.randint(1, 28)
        claim = {
            "claim_no": self._next(),
            "kind": "bonus",
            "unit": unit,
            "level": level,
            "authority": self.random.choice(rule["authorities"]),
            "linked_indicator": self.random.choice(self.indicators),
            "document_no": f"虚表{self.category}〔2025〕{n}号",
            "document_date": f"2025-{month:02}-{day:02}",
            "work_year": 2025,
            "event_key": f"honour-{n}",
            "evidence_ids": [self._file_of(unit)],
            **more,
        }
        self.drawn.claims.append({"holder_name": self._name(unit, claim["document_date"]), **claim})
        return str(claim["claim_no"])

    def _name(self, unit: str, day: str) -> str:
        """Return what a unit is called on a day."""
        later, since = self.drawn.renamed.get(unit, ("", "9999"))
        return self.names[unit] if day < since else later

    def _next(self) -> str:
        self._claimed += 1
        return f"{self.category}-A{self._claimed:02}"

    def criticism(self, unit: str, **more: object) -> str:
        """Have the office report a criticism of a unit; return its number."""
        rules = [r for r in self.rules["deductions"]["rules"] if "by_place" not in r]
        n = self.number()
        claim = {
            "claim_no": self._next(),
            "kind": "deduction",
            "unit": unit,
            "rule": self.random.choice(rules)["code"],
            "document_no": f"虚督{self.category}〔2025〕{n}号",
            "document_date": f"2025-{self.random.randint(1, 12):02}-15",
            "work_year": 2025,
            "event_key": f"criticism-{n}",
            **more,
        }
        self.drawn.claims.append(claim)
        return str(claim["claim_no"])

    def revocation(self, unit: str, revoked: str) -> None:
        """Have the office report that an award of an earlier year was revoked."""
        self.criticism(unit, revokes=revoked)
        for name in ("rule", "work_year"):
            del self.last[name]

    def earlier_award(self, unit: str, level: str, event: str) -> str:
        """Have a unit claim a right award in an earlier year; return its number there."""
        year, n = 2025 - YEARS_BACK, len(self.drawn.earlier) + 1
        rule = next(each for each in self.rules["bonus"]["rules"] if each["level"] == level)
        day = f"{year}-{self.random.randint(1, 12):02}-18"
        claim = {
            "claim_no": f"{self.category}-V{n:02}",
            "kind": "bonus",
            "unit": unit,
            "level": level,
            "authority": self.random.choice(rule["authorities"]),
            "holder_name": self._name(unit, day),
            "linked_indicator": EVERYTHING,
            "document_no": f"虚表{self.category}〔{year}〕{n}号",
            "document_date": day,
            "work_year": year,
            "event_key": event,
        }
        self.drawn.earlier.append(claim)
        return str(claim["claim_no"])

    def _file_of(self, unit: str) -> str:
        """Return the file that backs a unit's claims."""
        name = f"{unit}荣誉.pdf"
        self.drawn.files.setdefault(name, unit)
        return name

    def say(
        self, claim_no: str, turn: int = 0, decision: str = "confirmed", **more: object
    ) -> None:
        """Say what is decided about a claim, and whose turn it is among those of its document."""
        self.drawn.rulings[claim_no] = Ruling(turn, {"decision": decision, **more})

    @property
    def one_more(self) -> int:
        """Return whether it is one too many, which it is in every other category."""
        return self.category not in {"GOV_COMP", "INST", "PARTY"}

    @property
    def last(self) -> Document:
        """The claim that was drawn last."""
        return self.drawn.claims[-1]


def spelled(document_no: str, random: Random) -> str:
    """Return a document number as somebody else writes it."""
    head, _, tail = document_no.partition("〔2025〕")
    number = int(tail.removesuffix("号"))
    wide = str(number).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    return random.choice(
        [
            f"{head}[2025]第{number:03}号",
            f"{head}（2025）{wide}号",
            f"{head}字〔2025〕{number}號文件",
            f" {head} 〔二〇二五〕 {number} 号",
            f"{head.translate(WIDE)}【2025】{number}",
        ]
    )


WIDE = {ord(c): ord(c) + 0xFEE0 for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}


def _respelled(hand: Hand) -> None:
    """Claim an award again with its document under another spelling."""
    unit = hand.one
    first = hand.award(unit, "national")
    document, day = hand.last["document_no"], hand.last["document_date"]
    again = hand.award(
        unit, "national", document_no=spelled(document, hand.random), document_date=day
    )
    for turn, number in enumerate((first, again)):
        hand.say(number, turn, award={"kind": "same", "counts": first})


def _of_another(hand: Hand) -> None:
    """Claim an award that another unit has, and its list does not name."""
    owner, other = hand.some(2)
    right = hand.award(owner)
    document, day = hand.last["document_no"], hand.last["document_date"]
    wrong = hand.award(other, document_no=spelled(document, hand.random), document_date=day)
    hand.say(wrong, 0, "rejected", reason="表彰名单未列该单位")
    hand.say(right, 1)


def _joint(hand: Hand) -> None:
    """Have two units claim one award in full, which they have together."""
    one, other = hand.some(2)
    first = hand.award(one, "national")
    of = {name: hand.last[name] for name in ("document_no", "document_date", "authority")}
    second = hand.award(other, "national", **of)
    shares = {first: "0.6", second: "0.4"}
    for turn, number in enumerate((first, second)):
        hand.say(number, turn, award={"kind": "joint", "shares": shares}, reason="两单位联合获奖")


def _listed(hand: Hand) -> None:
    """Have the units that a decision of commendation lists claim each for itself."""
    first, *others = hand.some(3)
    numbers = [hand.award(first)]
    of = {name: hand.last[name] for name in ("document_no", "document_date", "authority")}
    numbers += [hand.award(unit, **of) for unit in others]
    for number in numbers:
        hand.say(number, 0, award={"kind": "listed"})


def _two_honours(hand: Hand) -> None:
    """Claim two honours that one document brings."""
    unit = hand.one
    first = hand.award(unit)
    of = {name: hand.last[name] for name in ("document_no", "document_date", "authority")}
    second = hand.award(unit, **of)
    for turn, (number, item) in enumerate(((first, "先进集体"), (second, "优秀组织奖"))):
        hand.say(number, turn, award={"kind": "another_award", "item": item})


def _one_event(hand: Hand) -> None:
    """Claim honours of two levels for one event, under a key that is written in two ways."""
    unit = hand.one
    hand.award(unit, "provincial", event_key=f"试点-{hand.category}-1")
    hand.award(unit, "national", event_key=f" 试点－{hand.category.lower()}－１")


def _over_the_cap(hand: Hand) -> None:
    """Claim more than the cap lets count."""
    unit = hand.one
    for _ in range(4):
        hand.award(unit, "national")


def _carried(hand: Hand) -> None:
    """Claim work of the year before, which counted then or did not."""
    for counted in (False, True):
        number = hand.award(hand.one, work_year=2024)
        hand.drawn.counted_before[number] = counted


def _out_of_time(hand: Hand) -> None:
    """Claim with documents that are too old, or came too late for this year."""
    hand.award(hand.one, document_date="2024-11-05", work_year=2024)
    hand.award(hand.one, document_date="2026-01-20")
    hand.award(hand.one, document_date="2026-02-11", level="national")


def _holders(hand: Hand) -> None:
    """Claim what a body of the unit has won, and what is tied to no indicator of it."""
    unit = hand.one
    hand.award(unit, holder_name=f"{hand.names[unit]}工会")
    hand.award(hand.one, linked_indicator="X99")


def _renamed(hand: Hand) -> None:
    """Claim under the names of a unit before and after it was renamed."""
    unit = hand.last_unit
    for name in (hand.names[unit], new_name(hand.names[unit])):
        for day in ("2025-06-14", RENAMED_ON):
            hand.award(unit, holder_name=name, document_date=day)


def _authorities(hand: Hand) -> None:
    """Claim what several authorities gave together, and what one gave that is not listed."""
    hand.award(hand.one, authority="省委、省政府")
    hand.award(hand.one, authority="省农业厅")


def _decided(hand: Hand) -> None:
    """Decide against what the rules propose, in either direction, and as they do not know."""
    hand.say(hand.award(hand.one), 0, "rejected", reason="经核实，文件系复印件且无法核对原件")
    points = {"points": "0.5"}
    for authority in ("省直厅局", "省委"):
        number = hand.award(hand.one, authority=authority)
        hand.say(number, 0, against=points, reason="经评估办集体研究，按市级表彰计分")


def _taken_back(hand: Hand) -> None:
    """Take a claim back before anybody examined it."""
    hand.say(hand.award(hand.one), 0, "withdrawn", reason="重复申报，自行撤回")


def _criticised(hand: Hand) -> None:
    """Criticise two units in one notice, and one of them for one event twice; and one without a
    document that has a date."""
    one, other = hand.some(2)
    numbers = [hand.criticism(one, event_key=f"通报-{hand.category}")]
    of = {name: hand.last[name] for name in ("document_no", "document_date")}
    numbers.append(hand.criticism(other, **of))
    for turn, (number, unit) in enumerate(zip(numbers, (one, other), strict=True)):
        hand.say(number, turn, award={"kind": "another_award", "item": hand.names[unit]})
    hand.criticism(one, event_key=f"通报—{hand.category}")
    hand.criticism(other, document_no=None, document_date=None)


Situation = Callable[[Hand], None]

SITUATIONS: Sequence[Situation] = (
    _respelled,
    _one_event,
    _carried,
    _joint,
    _over_the_cap,
    _listed,
    _renamed,
    _criticised,
    _two_honours,
    _decided,
    _out_of_time,
    _of_another,
    _holders,
    _authorities,
    _taken_back,
    of_points,
    of_grade,
    of_leaders,
)

LOOKING_BACK: Sequence[Situation] = (of_two_years, since_revoked)
"""What is claimed with an earlier year in view, which then has to be there."""
