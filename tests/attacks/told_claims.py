"""A model of claims over two years, written from docs/claims.md.

A document has honours, and each counts once: for one, in shares, or for each that a list names.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

WORTH = {"national": Decimal(2), "provincial": Decimal(1)}
COST = Decimal(1)
CAP = Decimal(3)
"""What the bonus of a unit comes to at most."""
YEARS = (2025, 2026)


@dataclass(eq=False, repr=False)
class Filed:
    """A claim, and what became of it. `paper` is kind, document and year of its date."""

    no: str
    year: int
    unit: str
    paper: tuple
    holder: str
    level: str
    work_year: int | None
    event: str
    author: str
    author_unit: str | None
    state: str = "handed_in"
    share: Decimal | None = None
    item: str = ""
    listed: bool = False
    against: Decimal | None = None
    counts: "Filed | None" = None
    earlier: bool = False
    before: Decimal | None = None
    decided_by: str | None = None
    came_from: "Filed | None" = None

    def __repr__(self):
        told = (self.year, self.no, self.unit, *self.paper, self.holder, self.state, self.share)
        return " ".join(map(str, told))

    @property
    def kind(self):
        return self.paper[0]

    @property
    def points(self):
        """What the rules give or cost, whether or not it counts."""
        return WORTH[self.level] if self.kind == "bonus" else COST

    @property
    def verdict(self):
        """`counts` or `carried` by its name and years, or None."""
        if self.kind == "bonus" and self.holder != f"单位{self.unit}":
            return None
        dated, work = self.paper[2], self.work_year or self.year
        if dated == self.year:
            return "counts" if work in (self.year, self.year - 1) else None
        return "carried" if dated == self.year + 1 and work == self.year else None

    @property
    def is_live(self):
        """Whether it counts, or waits for a word."""
        return self.share is not None or self.state == "handed_in"

    @property
    def gave_way(self):
        """Whether its honour is to count in another claim."""
        return self.state == "confirmed" and self.counts not in (None, self)

    @property
    def ends_in(self):
        """The claim in which its honour is to count in the end."""
        return self.counts.ends_in if self.gave_way else self

    @property
    def is_lost(self):
        """Whether nothing counts in it, neither before nor later, nor may."""
        counts = self.share is not None or self.earlier or self.verdict == "carried"
        return self.state in ("rejected", "withdrawn") or (self.state == "confirmed" and not counts)

    def is_near(self, other):
        """Whether another is of its unit, or of the holder that it names."""
        named = self.kind == "bonus" and self.holder == other.holder
        return self.unit == other.unit or named


@dataclass
class Ruling:
    """A decision: `award` is sole, listed, another, same or joint; `other` the claim it names."""

    rejects: bool = False
    reason: bool = True
    award: str = "sole"
    item: str = ""
    other: Filed | None = None
    shares: tuple = ()
    against: Decimal | None = None


class Claims:
    """All claims of two years."""

    def __init__(self, across="each_year"):
        self.all, self.sealed, self.across = list[Filed](), set[int](), across
        self.fed_back = False

    def looks_back(self, claim):
        """Say whether it matters what its event brought the year before."""
        return claim.year == YEARS[1] and self.across != "each_year"

    def on_its_event(self, claim, year):
        """The claims of a year on the event of a claim."""
        event = (claim.unit, claim.kind, claim.event)
        return [e for e in self.all if e.year == year and (e.unit, e.kind, e.event) == event]

    def may_look_back(self, claim, ruling):
        """Say whether the other year knows what the event brought there, or leaves it to this."""
        if self.looks_back(claim):
            there = self.on_its_event(claim, YEARS[0])
            return self.fed_back or all(e.state in ("rejected", "withdrawn") for e in there)
        later = self.on_its_event(claim, YEARS[1]) if claim.year == YEARS[0] else []
        counts = any(e.share is not None and e.before is not None for e in later)
        return not (counts and self.takes(claim, ruling))

    def takes(self, claim, ruling):
        """Say whether a claim takes something of its honour by a decision."""
        elsewhere = ruling.award == "same" and ruling.other is not claim
        return not elsewhere and (claim.verdict == "counts" or ruling.against is not None)

    def others(self, claim):
        return [each for each in self.all if each.paper == claim.paper and each is not claim]

    def in_the_way(self, claim, item):
        """The claims that have the honour: what a list gives to others is none of this one's."""
        having = [
            each for each in self.others(claim) if each.share is not None and each.item == item
        ]
        near = [each for each in having if claim.is_near(each)]
        if any(each.listed for each in near):
            return near
        return [each for each in having if each in near or not each.listed]

    def may_rule(self, claim, person, unit, ruling):
        """Say whether somebody may decide so."""
        others = self.others(claim)
        interested = {claim.unit, *(each.unit for each in others if each.state != "withdrawn")}
        if claim.year in self.sealed or person == claim.author or unit in interested:
            return False
        anew = claim.state != "handed_in"
        if claim.state == "withdrawn" or ((anew or ruling.rejects) and not ruling.reason):
            return False
        if ruling.rejects:
            return claim.state != "rejected"
        may = self.may_weigh(claim, ruling) and self.may_award(claim, ruling)
        return may and self.may_look_back(claim, ruling)

    def may_weigh(self, claim, ruling):
        """Say whether the points may be such: others than the rules', with a reason."""
        if ruling.against is None:
            return True
        most = max(WORTH.values()) if claim.kind == "bonus" else COST
        as_proposed = claim.verdict == "counts" and ruling.against == claim.points
        return ruling.reason and ruling.against <= most and not as_proposed

    def may_award(self, claim, ruling):
        """Say whether the honour may be given so."""
        others, way = self.others(claim), self.in_the_way(claim, ruling.item)
        held = any(each.is_live for each in others)
        if ruling.award == "sole":
            return not held
        if ruling.award == "listed":
            return not any(claim.is_near(each) for each in way)
        if ruling.award == "another":
            return not way
        if not held:
            return False
        if ruling.award == "joint":
            return self.may_share(claim, ruling, way)
        if ruling.other is not claim:
            return ruling.other in others and ruling.other.is_live
        if not way:
            return not any(each.share is not None for each in others)
        return all(each.year == claim.year for each in way)

    def may_share(self, claim, ruling, way):
        """Say whether the shares name whoever counts, each unit once, and come to no more than
        one; those of the other year stay as they are."""
        mine, partner = ruling.shares
        fixed = ruling.other.year == claim.year or ruling.other.share in (None, partner)
        elsewhere = ruling.other.share is not None and ruling.other not in way
        return (
            ruling.other.unit != claim.unit
            and all(each is ruling.other for each in way)
            and mine + partner <= 1
            and not elsewhere
            and (fixed or ruling.other not in way)
        )

    def rule(self, claim, person, ruling):
        """Make a decision that is allowed."""
        self.decide(claim, person, ruling)
        self.confirm_again()

    def confirm_again(self):
        """Let what gave way to a claim in which nothing counts wait for a word again."""
        lost = [
            each
            for each in self.all
            if each.gave_way and each.year not in self.sealed and each.ends_in.is_lost
        ]
        for each in lost:
            each.state, each.counts, each.earlier = "handed_in", None, False
            each.against, each.item, each.decided_by, each.before = None, "", None, None

    def decide(self, claim, person, ruling):
        way = self.in_the_way(claim, ruling.item)
        claim.decided_by = person
        claim.share, claim.item, claim.listed, claim.counts = None, "", False, None
        claim.against, claim.earlier, claim.before = None, False, None
        if ruling.rejects:
            claim.state = "rejected"
            return
        claim.state, claim.item, claim.against = "confirmed", ruling.item, ruling.against
        claim.before = self.brought_before(claim) if self.looks_back(claim) else None
        claim.counts = ruling.other if ruling.award == "same" else None
        elsewhere = claim.counts not in (None, claim)
        if elsewhere and claim.counts.year != claim.year and claim.counts.share is not None:
            claim.earlier = True
        if not self.takes(claim, ruling):
            return
        claim.share = ruling.shares[0] if ruling.award == "joint" else Decimal(1)
        claim.listed = ruling.award == "listed"
        for each in way if ruling.award in ("same", "joint") else ():
            self.give_way(each, claim, person, ruling)

    def give_way(self, each, claim, person, ruling):
        if ruling.award == "joint":
            if each.share != ruling.shares[1]:
                each.share, each.decided_by, each.listed = ruling.shares[1], person, False
            return
        claim.listed = claim.listed or each.listed
        each.share, each.decided_by, each.counts, each.listed = None, person, claim, False

    def may_withdraw(self, claim, person, unit, is_office, document):
        """Say whether somebody may take a claim back."""
        if claim.year in self.sealed or claim.state not in ("handed_in", "confirmed"):
            return False
        own = claim.unit == unit and (claim.kind == "bonus" or claim.author_unit == unit)
        if own and not is_office and claim.state == "handed_in":
            return True
        if not is_office or claim.unit == unit:
            return False
        return claim.state == "handed_in" or (document and claim.decided_by != person)

    def withdraw(self, claim, person):
        claim.state, claim.share, claim.decided_by = "withdrawn", None, person
        claim.listed, claim.item, claim.counts, claim.against = False, "", None, None
        claim.earlier, claim.before = False, None
        self.confirm_again()

    def carried(self):
        """What the first year carries over and that has not arrived in the second."""
        arrived = [each.came_from for each in self.all]
        return [
            each
            for each in self.all
            if each.year == YEARS[0]
            and each.state == "confirmed"
            and each.verdict == "carried"
            and each.share is None
            and not each.earlier
            and each.counts in (None, each)
            and each not in arrived
        ]

    def to_come(self):
        """Say whether the second year has to wait before it is sealed: for what arrives, or for the
        first, which may still carry some over."""
        return bool(self.carried()) or YEARS[0] not in self.sealed

    def worth(self, claim):
        """What a claim is worth by itself, beside what its event brought the year before."""
        worth = (claim.points if claim.against is None else claim.against) * claim.share
        if not self.looks_back(claim) or not claim.before:
            return worth
        return max(worth - claim.before, Decimal(0)) if self.across == "excess" else Decimal(0)

    def brought(self, year):
        """What claims bring or cost in a year: of one event the weightiest, up to the cap."""
        best = dict[tuple, Filed]()
        for each in sorted(self.all, key=lambda each: each.no):
            key = (each.unit, each.kind, each.event)
            if each.year == year and each.share is not None:
                beats = key not in best or self.worth(each) > self.worth(best[key])
                best[key] = each if beats else best[key]
        found, room = dict[Filed, Decimal](), defaultdict[str, Decimal](lambda: CAP)
        for each in sorted(best.values(), key=lambda each: (-self.worth(each), each.no)):
            found[each] = self.worth(each)
            if each.kind == "bonus":
                found[each] = min(found[each], room[each.unit])
                room[each.unit] -= found[each]
        return found

    def brought_before(self, claim):
        """What the event of a claim brought the year before."""
        there = self.brought(YEARS[0])
        return sum(
            (there.get(e, Decimal(0)) for e in self.on_its_event(claim, YEARS[0])), Decimal(0)
        )

    def totals(self, year):
        """What each unit gains and loses in a year."""
        sums = defaultdict[tuple, Decimal](Decimal)
        for each, points in self.brought(year).items():
            sums[each.unit, each.kind] += points if each.kind == "bonus" else -points
        return {key: value for key, value in sums.items() if value}

    def counts_twice(self):
        """Name the honours of which more than the whole counts, or one holder more than once."""
        whole, holders = defaultdict(Decimal), defaultdict(int)
        for each in self.all:
            if each.share is None:
                continue
            honour = (each.paper, each.item)
            if not each.listed:
                whole[honour] += each.share
            holders[honour, "unit", each.unit] += 1
            if each.kind == "bonus":
                holders[honour, "name", each.holder] += 1
        return [h for h, share in whole.items() if share > 1] + [
            h for h, n in holders.items() if n > 1
        ]
