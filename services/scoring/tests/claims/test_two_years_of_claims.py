"""Drawn sequences of claims over two cycles, against a plain model of what counts.

A sequence is about one document: an award of one unit, or a list that names several. It is claimed
again and again, by the units that it names, in both years, before and after what was carried over
arrives; some claims are rejected or taken back. Whatever happens, each named holder has its award
at most once, and has it where one good claim was confirmed.
"""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count

import pytest

from service_testing import trials

from .test_carried_claims import arrive, sealed, two_years
from .test_confirming_claims import COUNTIES, decided

__all__ = ["two_years"]

SEQUENCES = trials(50, 200)
HERE, NEXT = 2025, 2026
_claims = count(1)


@dataclass
class Drawn:
    """A claim of the model; `has` says whether it has the award, `into` to which it gave way."""

    unit: str
    year: int
    work_year: int
    claim_no: str
    claim_id: str = ""
    state: str = "handed_in"
    has: bool = False
    into: "Drawn | None" = None


@dataclass
class Sequence:
    """A document with what is claimed on it; `listed` says that it names several."""

    number: int
    listed: bool
    dated: str
    claims: list[Drawn] = field(default_factory=list)

    def worth(self, claim):
        """What the rules say of a claim: it counts, is carried over, or neither."""
        year = int(self.dated[:4])
        if year == claim.year and claim.work_year in (year, year - 1):
            return "counts"
        carried = (claim.year, claim.work_year, year) == (HERE, HERE, NEXT)
        return "carried" if carried else "nothing"

    def ruling(self, claim, moves):
        """What somebody says who has the document before them; the award may move to the claim."""
        others = [each for each in self.claims if each is not claim]
        having = [each for each in others if each.has]
        same = [each for each in having if each.unit == claim.unit or not self.listed]
        if same:
            # What counts in another year stays there.
            here = moves and same[0].year == claim.year
            return {"kind": "same", "counts": (claim if here else same[0]).claim_id}
        if self.listed:
            return {"kind": "listed"}
        waiting = any(each.state == "handed_in" for each in others)
        return {"kind": "same", "counts": claim.claim_id} if waiting else None

    def decide(self, claim, ruling):
        claim.state = "confirmed"
        counts = ruling.get("counts") if ruling else None
        elsewhere = counts if counts != claim.claim_id else None
        claim.has = self.worth(claim) == "counts" and not elsewhere
        claim.into = next((o for o in self.claims if elsewhere and o.claim_id == elsewhere), None)
        for each in self.claims:
            rivals = each is not claim and (each.unit == claim.unit or not self.listed)
            if claim.has and each.has and rivals:
                each.has, each.into = False, claim

    def wait_again(self, sealed):
        """Let what gave way to a claim that was taken back wait for a word; name those."""
        lost = [o for o in self.claims if o.into and o.year not in sealed and self.is_lost(o.into)]
        for each in lost:
            each.state, each.into = "handed_in", None
        return lost

    def is_lost(self, claim):
        """Say whether the award counts nowhere in a claim, or in that to which it gave way."""
        if claim.into:
            return self.is_lost(claim.into)
        nothing = claim.state == "confirmed" and not claim.has and self.worth(claim) != "carried"
        return nothing or claim.state in ("rejected", "withdrawn")

    def wanted(self):
        """The holders that have the award: all of whom a good claim stands confirmed."""
        good = {
            each.unit
            for each in self.claims
            if each.state == "confirmed" and self.worth(each) == "counts"
        }
        return len(good) if self.listed else min(len(good), 1)


class Years:
    """The two cycles, in which claims are handed in and decided about for all sequences at once."""

    def __init__(self, cycles, rng, holders):
        self.cycles = dict(zip((HERE, NEXT), cycles, strict=True))
        self.rng, self.holders, self.sealed = rng, holders, set[int]()
        dates = (f"{HERE}-05-06", f"{NEXT}-01-15", f"{NEXT}-03-04")
        self.sequences = [
            Sequence(n, rng.random() < 0.5, rng.choice(dates)) for n in range(SEQUENCES)
        ]

    async def claim(self, year, chance):
        made = []
        for each in self.sequences:
            if self.rng.random() < chance:
                unit, work = self.rng.choice(COUNTIES[:4]), self.rng.choice([year, year, HERE])
                each.claims.append(Drawn(unit, year, work, f"N{next(_claims)}"))
                made.append((each, each.claims[-1]))
        rows = [self.written(each, claim) for each, claim in made]
        cycle = self.cycles[year]
        for (_, claim), claim_id in zip(made, await cycle.claim(*rows), strict=True):
            claim.claim_id = claim_id
        return made

    def written(self, each, claim):
        cycle = self.cycles[HERE]
        return {
            "claim_no": claim.claim_no, "unit": claim.unit, "kind": "bonus",
            "level": "provincial", "authority": "省委", "holder_name": self.holders[claim.unit],
            "document_no": f"省序〔2025〕{cycle.number}{each.number:03}号",
            "document_date": each.dated, "work_year": claim.work_year,
            "event_key": claim.claim_no, "linked_indicator": "C09",
        }  # fmt: skip

    async def decide(self, year, made, rejecting=0.15):
        """Confirm most claims, a list of two hundred at a time, and reject some."""
        decisions = []
        for each, claim in made:
            one = {"claim_id": claim.claim_id, "reason": "经核对原件"}
            if self.rng.random() < rejecting:
                claim.state = "rejected"
                decisions.append(one | {"decision": "rejected"})
                continue
            ruling = each.ruling(claim, self.rng.random() < 0.4)
            each.decide(claim, ruling)
            decisions.append(one | {"decision": "confirmed", "award": ruling})
        if not decisions:
            return
        body = {"decisions": decisions}
        cycle = self.cycles[year]
        answer = await cycle.post(cycle.colleague, "claims/confirmation", body)
        assert answer.status_code == 200, answer.text

    async def withdraw(self, year, chance):
        """Take some back that have the award, and decide anew about what gave way to each."""
        cycle, gone, heirs = self.cycles[year], [], dict[int, list]()
        for each in self.sequences:
            mine = [claim for claim in each.claims if claim.year == year]
            for claim in mine:
                if claim.has and self.rng.random() < chance:
                    claim.state, claim.has = "withdrawn", False
                    gone.append(claim.claim_id)
            lost = [one for one in each.wait_again(self.sealed) if one.year == year]
            for turn, one in enumerate(lost):
                heirs.setdefault(turn, []).append((each, one))
        if not gone:
            return
        body = {"claim_ids": gone, "reason": "表彰撤销", "document_no": "省办〔2025〕9号"}
        answer = await cycle.post(cycle.office, "claims/withdrawal", body)
        assert answer.status_code == 200, answer.text
        for made in heirs.values():
            await self.decide(year, made, rejecting=0)

    async def receive(self):
        """Let what was carried over arrive, by several who say so at once; return it by rounds."""
        later, origins = self.cycles[NEXT], {}
        for each in self.sequences:
            for claim in each.claims:
                carried = claim.state == "confirmed" and each.worth(claim) == "carried"
                if claim.year == HERE and carried:
                    origins[claim.claim_id] = (each, claim)
        answers = await asyncio.gather(*(arrive(later) for _ in range(4)))
        came = [one for a in answers if a.status_code == 201 for one in a.json()["arrived"]]
        assert Counter(one["from_claim_id"] for one in came) == Counter([*origins])
        rounds = {}
        for one in came:
            each, claim = origins[one["from_claim_id"]]
            here = Drawn(claim.unit, NEXT, claim.work_year, one["claim_no"], one["claim_id"])
            each.claims.append(here)
            rounds.setdefault(sum(c.year == NEXT for c in each.claims), []).append((each, here))
        return rounds.values()


@pytest.mark.prove
async def test_over_two_cycles_nothing_is_counted_twice_or_lost(two_years, raw, others, document):
    """Planted bugs: let a carried claim take its award in the first year; carry what was rejected,
    or twice; let the list count for a unit again in the second year; release no award that was
    taken back; in `same`, take it from every holder that is listed."""
    bonus = document["adjustments"]["bonus"] | {"cap_total": None}
    for cycle in two_years:
        scheme = others.schemes.get(cycle.cycle_id, document)
        rules = scheme["adjustments"] | {"bonus": bonus}
        others.schemes[cycle.cycle_id] = scheme | {"adjustments": rules}
    holders = {u["code"]: u["name_zh"] for u in raw.scheme["units"]}
    years = Years(two_years, random.Random(20251128), holders)  # noqa: S311 - drawn sequences
    for chance in (1, 0.6, 0.4):
        await years.decide(HERE, await years.claim(HERE, chance))
    await years.withdraw(HERE, 0.1)
    await years.decide(HERE, await years.claim(HERE, 0.3))
    await sealed(years.cycles[HERE])
    years.sealed.add(HERE)
    early = await years.claim(NEXT, 0.4)
    arrived = await years.receive()
    await years.decide(NEXT, early)
    for made in arrived:
        await years.decide(NEXT, made)
    await years.withdraw(NEXT, 0.1)
    await years.decide(NEXT, await years.claim(NEXT, 0.5))

    points = {year: await decided(cycle) for year, cycle in years.cycles.items()}
    had = Counter()
    for each in years.sequences:
        told = [points[claim.year][claim.claim_no] for claim in each.claims]
        assert [value for _, value in told] == [int(claim.has) for claim in each.claims], each
        counted = sum((value for _, value in told), Decimal(0))
        assert counted == each.wanted(), each
        had[each.listed, int(counted)] += 1
    # What was drawn is worth the while: some have nothing, some one, some lists count for three.
    kinds = [(False, 0), (False, 1), (True, 0), (True, 1), (True, 2)]
    assert all(had[kind] for kind in kinds)
    words = Counter(word for year in points.values() for word, _ in year.values())
    assert words["carried_to_next_year"] > 5 < words["accepted_carried_over"]
